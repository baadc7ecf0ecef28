"""A second look at articles that got other words: what they are copies of, and which story they tell now.

A source rewrites an article under its address; its title is another, or a third of its text. What was decided by the old words is decided
anew, and the change of story is recorded like any other. Nothing becomes news by it. Not here: what a revision changed
(``sameness/changes.py``), the first look (``placing.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import reduce

from sqlalchemy import Connection

from feeds.originals import decide, find_originals, hashes_of
from feeds.recent import Recent, features_of
from feeds.repairing import MOST_MEMBERS, renew
from feeds.sameness.changes import needs_another_look
from feeds.sameness.shingles import likeness
from feeds.sameness.story import join, merged, profile
from storage import articles, likeness as copies, stories, story_changes
from storage.archive import Rewritten
from storage.articles import Teller

REASON = "its words were changed"


def look_again(connection: Connection, rewritten: Iterable[Rewritten], groups: Collection[str], now: datetime) -> list[int]:
    """Look again at those of these articles whose words changed much, and return their numbers. What a person placed stays there."""
    before = {each.article_id: each for each in rewritten}
    looked_at: list[int] = []
    for teller in articles.tellers(connection, list(before)):
        if teller.story_id is None or teller.placed_by_hand:
            continue
        old = likeness(before[teller.id].title, before[teller.id].text, outlet=teller.publisher)
        if needs_another_look(old, likeness(teller.title, teller.text, outlet=teller.publisher)):
            copies.drop(connection, teller.id, hashes_of(old))
            _look_at(connection, teller, teller.story_id, groups, now)
            looked_at.append(teller.id)
    return looked_at


def _look_at(connection: Connection, teller: Teller, story: int, groups: Collection[str], now: datetime) -> None:
    _release_copies(connection, teller)
    bare = replace(teller, story_id=None, copy_of=None)
    kin = find_originals(connection, [bare], now, learn=False).get(teller.id)
    target = kin.other.story_id if kin else _story(connection, bare, story, groups)
    moved = story if target == story else story_changes.move(connection, [teller.id], target, reason=REASON, by_hand=False, now=now)
    if kin is not None and kin.first:
        stories.take_over(connection, teller.id, kin.other.id, kin.decision.containment)
    elif kin is not None:
        stories.mark_copy(connection, [teller.id], kin.other.id, kin.decision.containment)
    else:
        stories.mark_copy(connection, [teller.id], None)
    renew(connection, {story, moved}, groups)


def _release_copies(connection: Connection, teller: Teller) -> None:
    """What was copied from the old words and isn't like the new ones is a copy of the earliest of its kind."""
    others = [
        other
        for other in articles.tellers(connection, articles.copies_of(connection, teller.id))
        if decide(connection, other, teller).outcome != "copy"
    ]
    if others:
        heir, *rest = [other.id for other in others]
        stories.mark_copy(connection, [heir], None)
        stories.mark_copy(connection, rest, heir)


def _story(connection: Connection, teller: Teller, story: int, groups: Collection[str]) -> int | None:
    """The story that an article tells by its new words; None for one of its own. It stays where it is if it still fits there."""
    others = [
        other
        for other in articles.tellers(connection, articles.originals_of(connection, story, MOST_MEMBERS))
        if other.id != teller.id and other.copy_of is None
    ]
    features = features_of(connection, [teller, *others], groups)
    recent = Recent.of(connection, [features[teller.id]])
    candidates = [each for each in recent.candidates(features[teller.id]) if each[0] != story]
    if others:
        rest = reduce(merged, (profile(features[other.id], other.first_seen_at) for other in others))
        candidates.append((story, rest))
    joined = join(profile(features[teller.id], teller.first_seen_at), candidates).story
    return joined if joined is not None or others else story
