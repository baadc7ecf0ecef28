"""Where an article belongs: it is a copy of an earlier one, or it joins a story, or it opens one.

Articles are placed when somebody comes to want them: when they are admitted, when a changed watchlist matches them, when a new watch finds
them. What they are compared with is looked up for a batch at once, inside the transaction that stores the outcome; every decision is a pure
function of ``feeds/sameness``. Not here: whether one is a copy (``originals.py``), which stories are near (``recent.py``), looking again
when its words change (``second_look.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from feeds.originals import Kin, find_originals
from feeds.recent import Recent, echoes, terms_of, weighed
from feeds.sameness.features import Features, Terms, countable_terms
from feeds.sameness.story import Profile, join, profile
from storage import articles, stories, story_index
from storage.articles import Teller
from storage.stories import Placement

# How rare a term is, is a share: a sample tells it as well as all articles would, and counting costs as much as comparing.
COUNTED_EVERY = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """Which articles are copies, and the terms that the others were placed by."""

    copies: frozenset[int] = frozenset()
    terms: Mapping[int, Terms] = field(default_factory=dict)


def place(connection: Connection, ids: Sequence[int], groups: Collection[str], now: datetime) -> Placed:
    """Place articles that have no place yet. ``groups``: the topics that are groups of people."""
    waiting = [teller for teller in articles.tellers(connection, ids) if teller.story_id is None]
    if not waiting:
        return Placed()
    found = find_originals(connection, waiting, now)
    tellers = [teller for teller in waiting if teller.id not in found]
    terms = {teller.id: terms_of(teller, groups) for teller in tellers}
    story_of, echo_of = _tell(connection, tellers, terms)
    # A copy belongs to the story of its original, which is stored or among those that are placed now.
    for number, kin in found.items():
        story_of[number] = kin.other.story_id or story_of[kin.other.id]
    copied = {number: kin for number, kin in found.items() if not kin.first}
    stories.place(
        connection, [_placement(teller, story_of[teller.id], copied.get(teller.id), echo_of.get(teller.id)) for teller in waiting]
    )
    for number, kin in found.items():
        if kin.first:
            stories.take_over(connection, number, kin.other.id, kin.decision.containment)
    return Placed(frozenset(copied), terms)


def _placement(teller: Teller, story: int, kin: Kin | None, echo_of: int | None) -> Placement:
    return Placement(
        article_id=teller.id,
        story_id=story,
        copy_of=kin.other.id if kin else None,
        copy_score=kin.decision.containment if kin else None,
        language=teller.language,
        at=teller.first_seen_at,
        echo_of=echo_of,
    )


def _tell(connection: Connection, tellers: Sequence[Teller], found: Mapping[int, Terms]) -> tuple[dict[int, int], dict[int, int]]:
    """The story of each article that is no copy, by its terms: one that is told already, or its own; and which past ones those echo."""
    sample = [each for number, each in found.items() if number % COUNTED_EVERY == 0]
    counted = Counter(term for each in sample for term in countable_terms(each))
    counted[story_index.TOTAL] = len(sample)
    # What many of a batch have is no sign of one event, though nothing was known of it before.
    features_of = weighed(connection, found, counted)
    recent = Recent.of(connection, features_of.values())
    story_of: dict[int, int] = {}
    opened: dict[int, tuple[Features, Profile]] = {}
    for teller in tellers:
        features = features_of[teller.id]
        alone = profile(features, teller.first_seen_at)
        story = join(alone, recent.candidates(features)).story or teller.id
        story_of[teller.id] = story
        recent.add(story, alone, features.postings)
        if story == teller.id:
            opened[story] = features, alone
    recent.keep(connection)
    story_index.count_terms(connection, counted)
    return story_of, echoes(connection, opened)
