"""Which story does an article tell? The recent stories that it may belong to, looked up for a batch at once.

``feeds/sameness/story.py`` decides. Not here: storing the outcome (``placing.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nlargest
from itertools import chain
from types import MappingProxyType

from sqlalchemy import Connection

from feeds.sameness import profiles
from feeds.sameness.features import Features, Rarities, Terms, countable_terms, terms, weigh
from feeds.sameness.story import LONGEST_SILENCE_HOURS, Profile, echo, merged, profile
from storage import story_index
from storage.articles import Teller

# A story is looked up for somewhat longer than articles may join it, which is reckoned from its last one.
WINDOW = timedelta(hours=LONGEST_SILENCE_HOURS + 24)
MOST_STORIES_OF_A_TERM = 200  # a term that more recent stories have tells nothing
MOST_STORIES_COMPARED = 12
FEWEST_TERMS_OF_AN_ECHO = 2  # rare ones in common: of those found on the samples none had fewer, of the stories looked at nearly all
# So long after it was over an echo is linked to a story.
ECHO_WINDOW = timedelta(days=30)


def features_of(
    connection: Connection, tellers: Iterable[Teller], groups: Collection[str], read: Mapping[int, Terms] = MappingProxyType({})
) -> dict[int, Features]:
    """What articles are compared by as reports of events, by their numbers. ``read``: the terms of those that were read before."""
    return weighed(connection, {teller.id: read.get(teller.id) or terms_of(teller, groups) for teller in tellers})


def weighed(connection: Connection, found: Mapping[int, Terms], counted: Mapping[str, int] = MappingProxyType({})) -> dict[int, Features]:
    """The terms of articles weighed by how rare they are in the archive, and in what is ``counted`` beside."""
    counts = story_index.term_counts(connection, {term for each in found.values() for term in countable_terms(each)})
    for term, count in counted.items():
        counts[term] = counts.get(term, 0.0) + count
    rarities = Rarities(counts.get(story_index.TOTAL, 0.0), counts)
    return {number: weigh(each, rarities) for number, each in found.items()}


def terms_of(teller: Teller, groups: Collection[str]) -> Terms:
    """The terms of a stored article. ``groups``: the topics that are groups of people."""
    themes = [topic for topic in teller.topics if topic not in groups]
    return terms(teller.title, teller.text, teller.language, themes, [topic for topic in teller.topics if topic in groups])


def recall(connection: Connection, tellers: Sequence[Teller], groups: Collection[str]) -> dict[int, Terms]:
    """Let stories be found again that were over, by these articles of theirs, oldest first; their terms. Others are found already."""
    read = {teller.id: terms_of(teller, groups) for teller in tellers}
    features = weighed(connection, read)
    stored = story_index.profiles(connection, {teller.story_id for teller in tellers if teller.story_id is not None})
    recent = Recent({}, _loaded(stored))
    for teller in tellers:
        known = recent.known.get(teller.story_id) if teller.story_id is not None else None
        if teller.story_id is not None and (known is None or known.last_at < teller.first_seen_at):
            recent.add(teller.story_id, profile(features[teller.id], teller.first_seen_at), features[teller.id].postings)
    story_index.drop(connection, recent.changed - stored.keys())
    recent.keep(connection)
    return read


def echoes(connection: Connection, opened: Mapping[int, tuple[Features, Profile]]) -> dict[int, int]:
    """Which articles that opened a story come back to one that is over: from the article to that story."""
    past = Recent.of(connection, [features for features, _ in opened.values()], past=True)
    likely = {number: past.candidates(features) for number, (features, _) in opened.items()}
    found = {number: echo(opened[number][1], candidates) for number, candidates in likely.items()}
    return {number: story for number, story in found.items() if story is not None}


def _loaded(stored: Mapping[int, bytes]) -> dict[int, Profile]:
    """The stored profiles of stories, but for those in the form of another version."""
    return {story: each for story, written in stored.items() if (each := profiles.load(written)) is not None}


@dataclass(slots=True)
class Recent:
    """The recent stories that a batch of articles may belong to, kept up to date while it is placed."""

    stories_of: dict[str, list[int]]
    known: dict[int, Profile]
    fewest: int = 1  # rare terms in common
    changed: set[int] = field(default_factory=set)
    new_terms: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, wanted: Collection[Features], *, past: bool = False) -> Recent:
        """The stories that have rare terms of these articles; ``past``: of those that are over."""
        stories_of = story_index.stories_with(connection, {term for each in wanted for term in each.postings}, past=past)
        recent = cls(stories_of, {}, FEWEST_TERMS_OF_AN_ECHO if past else 1)
        stored = story_index.profiles(connection, {story for each in wanted for story in recent.likely(each)}, past=past)
        recent.known = _loaded(stored)
        return recent

    def likely(self, features: Features) -> list[int]:
        """The stories that share most rare terms with an article."""
        having = (self.stories_of.get(term, ()) for term in features.postings)
        shared = Counter(chain.from_iterable(stories for stories in having if len(stories) <= MOST_STORIES_OF_A_TERM))
        enough = [story for story, count in shared.items() if count >= self.fewest]
        return nlargest(MOST_STORIES_COMPARED, enough, key=shared.__getitem__) if len(enough) > MOST_STORIES_COMPARED else enough

    def candidates(self, features: Features) -> list[tuple[int, Profile]]:
        """The same with their profiles."""
        return [(story, self.known[story]) for story in self.likely(features) if story in self.known]

    def add(self, story: int, alone: Profile, postings: Iterable[str]) -> None:
        """An article, by its profile and its rare terms, belongs to a story, which may be its own."""
        self.known[story] = merged(self.known[story], alone) if story in self.known else alone
        self.changed.add(story)
        for term in postings:
            having = self.stories_of.setdefault(term, [])
            if story not in having and len(having) <= MOST_STORIES_OF_A_TERM:
                having.append(story)
                self.new_terms.setdefault(story, set()).add(term)

    def keep(self, connection: Connection) -> None:
        """Store what has changed."""
        changed = {story: (profiles.dump(self.known[story]), self.known[story].last_at) for story in self.changed}
        story_index.keep(connection, changed, self.new_terms)
