"""Where an article belongs: it is a copy of an earlier one, or it joins a story, or it opens one.

Articles are placed when somebody comes to want them: when they are admitted, when a changed watchlist matches them, when a new watch finds
them. What they are compared with is looked up for a batch at once, inside the transaction that stores the outcome; every decision is a pure
function of ``feeds/sameness``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from feeds.sameness import profiles
from feeds.sameness.copies import Decision, compare
from feeds.sameness.features import Features, Frequencies, Terms, countable_terms, terms, weigh
from feeds.sameness.furniture import countable_keys, is_furniture, is_learnt
from feeds.sameness.shingles import MOST_ARTICLES_OF_A_HASH, SHARED_TO_BE_CANDIDATE, Likeness, likeness
from feeds.sameness.story import LONGEST_SILENCE_HOURS, Profile, join, merged, profile
from storage import articles, likeness as copies, stories, story_index
from storage.articles import Teller
from storage.stories import Placement

# A story is looked up for somewhat longer than articles may join it, which is reckoned from its last one.
WINDOW = timedelta(hours=LONGEST_SILENCE_HOURS + 24)
MOST_COMPARED = 8  # candidates that a text is compared with, those with most in common first
MOST_STORIES_OF_A_TERM = 200  # a term that more recent stories have tells nothing
MOST_STORIES_COMPARED = 12
# How rare a term is, is a share: a sample tells it as well as all articles would, and counting costs as much as comparing.
COUNTED_EVERY = 4
# A copy that is much longer than its original is looked up by as well: others may have copied what only it has.
_LONGER = 1.5


@lru_cache(maxsize=500)
def _likeness(title: str, text: str, outlet: str, furniture: frozenset[int]) -> Likeness:
    """The likeness of an article. What many copy is compared again and again: the likenesses used last are kept."""
    return likeness(title, text, outlet=outlet, furniture=furniture)


@dataclass(slots=True)
class _Texts:
    """Articles as texts: what the ones to be placed and their candidates are like, and who has what in common."""

    tellers: dict[int, Teller]
    waiting: frozenset[int]
    known: Mapping[str, Mapping[int, int]]
    keys: Mapping[int, Sequence[int]]
    likenesses: dict[int, Likeness] = field(default_factory=dict)
    postings: dict[int, list[int]] = field(default_factory=dict)

    def like(self, number: int) -> Likeness:
        """What an article is compared by, without its publisher's furniture."""
        if number not in self.likenesses:
            teller = self.tellers[number]
            counts = self.known.get(teller.publisher, {})
            of = counts.get(copies.TOTAL, 0)
            furniture = frozenset(key for key, groups in counts.items() if key != copies.TOTAL and is_furniture(groups, of))
            self.likenesses[number] = _likeness(teller.title, teller.text, teller.publisher, furniture)
        return self.likenesses[number]

    def learnt(self, publisher: str) -> bool:
        """Whether a publisher has shown its furniture."""
        return is_learnt(self.known.get(publisher, {}).get(copies.TOTAL, 0))

    def candidates(self, number: int) -> list[int]:
        """The articles that share most hashes with one, or its title; those that are there and were seen before it."""
        like, shared = self.like(number), Counter[int]()
        for hashed in like.sketch:
            numbers = self.postings.get(hashed, [])
            if len(numbers) <= MOST_ARTICLES_OF_A_HASH:
                shared.update(numbers)
        titled = self.postings.get(like.title_key, []) if like.title_key is not None else []
        shared.update(dict.fromkeys(titled[:MOST_ARTICLES_OF_A_HASH], SHARED_TO_BE_CANDIDATE))
        likely = [other for other, count in shared.most_common(4 * MOST_COMPARED) if count >= SHARED_TO_BE_CANDIDATE and other < number]
        return likely[:MOST_COMPARED]


def place(connection: Connection, ids: Sequence[int], groups: Collection[str], now: datetime) -> set[int]:
    """Place articles that have no place yet, and return those that are copies. ``groups``: the topics that are groups of people."""
    waiting = [teller for teller in articles.tellers(connection, ids) if teller.story_id is None]
    if not waiting:
        return set()
    found = _find_originals(connection, waiting, now)
    story_of = _tell(connection, [teller for teller in waiting if teller.id not in found], groups)
    # A copy belongs to the story of its original, which is stored or among those that are placed now.
    story_of |= {number: original.story_id or story_of[original.id] for number, (original, _) in found.items()}
    stories.place(connection, [_placement(teller, story_of[teller.id], found.get(teller.id)) for teller in waiting])
    return set(found)


def decide(connection: Connection, one: Teller, other: Teller) -> Decision:
    """Whether two articles are the same text, by what is known of their publishers now."""
    keys = {teller.id: countable_keys(teller.text) for teller in (one, other)}
    return _compared(_Texts({one.id: one, other.id: other}, frozenset(), _furniture(connection, (one, other), keys), keys), one, other)


def _placement(teller: Teller, story: int, copied: tuple[Teller, Decision] | None) -> Placement:
    return Placement(
        article_id=teller.id,
        story_id=story,
        copy_of=copied[0].id if copied else None,
        copy_score=copied[1].containment if copied else None,
        language=teller.language,
        at=teller.first_seen_at,
    )


def _find_originals(connection: Connection, waiting: Sequence[Teller], now: datetime) -> dict[int, tuple[Teller, Decision]]:
    """The originals of those that are copies, never copies themselves; what is to be looked up by later is stored."""
    texts = _texts(connection, waiting)
    found: dict[int, tuple[Teller, Decision]] = {}
    sketches: dict[int, list[int]] = {}
    for teller in waiting:
        original = _original(texts, teller, found)
        if original is not None:
            found[teller.id] = original
        like = texts.like(teller.id)
        if original is None or len(like.shingles) > _LONGER * len(texts.like(original[0].id).shingles):
            hashes = [*like.sketch, *([like.title_key] if like.title_key is not None else [])]
            sketches[teller.id] = [each for each in hashes if len(texts.postings.setdefault(each, [])) <= MOST_ARTICLES_OF_A_HASH]
            for hashed in sketches[teller.id]:
                texts.postings[hashed].append(teller.id)
    copies.add(connection, sketches)
    _count_furniture(connection, texts, waiting, found, now)
    return found


def _texts(connection: Connection, waiting: Sequence[Teller]) -> _Texts:
    keys = {teller.id: countable_keys(teller.text) for teller in waiting}
    texts = _Texts({teller.id: teller for teller in waiting}, frozenset(keys), _furniture(connection, waiting, keys), keys)
    hashes = [
        hashed for teller in waiting for like in [texts.like(teller.id)] for hashed in (*like.sketch, like.title_key) if hashed is not None
    ]
    texts.postings = copies.articles_with(connection, hashes)
    likely = {other for teller in waiting for other in texts.candidates(teller.id)} - texts.tellers.keys()
    others = articles.tellers(connection, sorted(likely))
    roots = {other.copy_of for other in others if other.copy_of is not None} - texts.tellers.keys() - likely
    others += articles.tellers(connection, sorted(roots))
    texts.tellers |= {other.id: other for other in others}
    texts.known = {**_furniture(connection, others, {other.id: countable_keys(other.text) for other in others}), **texts.known}
    return texts


def _furniture(connection: Connection, tellers: Iterable[Teller], keys: Mapping[int, Sequence[int]]) -> dict[str, dict[int, int]]:
    wanted: dict[str, set[int]] = {}
    for teller in tellers:
        wanted.setdefault(teller.publisher, set()).update(keys[teller.id])
    return copies.furniture(connection, wanted)


def _original(texts: _Texts, teller: Teller, found: Mapping[int, tuple[Teller, Decision]]) -> tuple[Teller, Decision] | None:
    best: tuple[Teller, Decision] | None = None
    tried: set[int] = set()
    for number in texts.candidates(teller.id):
        other = _root(texts, number, found)
        if other is None or other.id in tried or other.id >= teller.id:
            continue
        tried.add(other.id)
        decision = _compared(texts, teller, other)
        if decision.outcome == "copy" and (best is None or (decision.containment, -other.id) > (best[1].containment, -best[0].id)):
            best = other, decision
    return best


def _root(texts: _Texts, number: int, found: Mapping[int, tuple[Teller, Decision]]) -> Teller | None:
    """The original of a candidate, which may be itself; None where it has left the archive or nobody wants it any more."""
    if number in found:
        return found[number][0]
    teller = texts.tellers.get(number)
    if teller is not None and teller.copy_of is not None:
        teller = texts.tellers.get(teller.copy_of)
    return teller if teller is not None and (teller.story_id is not None or teller.id in texts.waiting) else None


def _compared(texts: _Texts, one: Teller, other: Teller) -> Decision:
    hours = abs((one.first_seen_at - other.first_seen_at).total_seconds()) / 3600
    learnt = texts.learnt(one.publisher) and texts.learnt(other.publisher)
    same = one.publisher == other.publisher
    return compare(texts.like(one.id), texts.like(other.id), hours=hours, same_publisher=same, learnt=learnt)


def _count_furniture(
    connection: Connection, texts: _Texts, waiting: Sequence[Teller], found: Mapping[int, tuple[Teller, Decision]], now: datetime
) -> None:
    """Count each publisher's sentences once for each group of copies that it takes part in."""
    publishers = articles.publishers_of(connection, [original.id for original, _ in found.values()])
    counted: list[tuple[str, int]] = []
    for teller in waiting:
        group = found[teller.id][0].id if teller.id in found else teller.id
        told = publishers.setdefault(group, set())
        if teller.id == group or teller.publisher not in told:
            counted += [(teller.publisher, key) for key in (copies.TOTAL, *texts.keys[teller.id])]
        told.add(teller.publisher)
    copies.count_furniture(connection, counted, now.date())


def _tell(connection: Connection, tellers: Sequence[Teller], groups: Collection[str]) -> dict[int, int]:
    """The story of each article that is no copy: one that is told already, or its own."""
    found = {teller.id: _terms(teller, groups) for teller in tellers}
    weighed = _weighed(connection, found)
    recent = _Recent.of(connection, weighed.values())
    story_of: dict[int, int] = {}
    for teller in tellers:
        features = weighed[teller.id]
        story = join(features, teller.first_seen_at, recent.candidates(features)).story or teller.id
        story_of[teller.id] = story
        recent.add(story, features, teller.first_seen_at)
    recent.keep(connection)
    sample = [each for number, each in found.items() if number % COUNTED_EVERY == 0]
    counted = Counter(term for each in sample for term in countable_terms(each))
    counted[story_index.TOTAL] = len(sample)
    story_index.count_terms(connection, counted)
    return story_of


def features_of(connection: Connection, tellers: Iterable[Teller], groups: Collection[str]) -> dict[int, Features]:
    """What articles are compared by as reports of events, by their numbers."""
    return _weighed(connection, {teller.id: _terms(teller, groups) for teller in tellers})


def _weighed(connection: Connection, found: Mapping[int, Terms]) -> dict[int, Features]:
    counts = story_index.term_counts(connection, {term for each in found.values() for term in countable_terms(each)})
    frequencies = Frequencies(counts.get(story_index.TOTAL, 0.0), counts)
    return {number: weigh(each, frequencies) for number, each in found.items()}


def _terms(teller: Teller, groups: Collection[str]) -> Terms:
    themes = [topic for topic in teller.topics if topic not in groups]
    return terms(teller.title, teller.text, teller.language, themes, [topic for topic in teller.topics if topic in groups])


@dataclass(slots=True)
class _Recent:
    """The recent stories that a batch of articles may belong to, kept up to date while it is placed."""

    stories_of: dict[str, list[int]]
    known: dict[int, Profile]
    changed: set[int] = field(default_factory=set)
    new_terms: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, weighed: Collection[Features]) -> _Recent:
        """The stories that have rare terms of these articles."""
        stories_of = story_index.stories_with(connection, {term for each in weighed for term in each.postings})
        recent = cls(stories_of, {})
        wanted = {story for each in weighed for story in recent.likely(each)}
        stored = story_index.profiles(connection, wanted)
        loaded = {story: profiles.load(written) for story, written in stored.items()}
        recent.known = {story: each for story, each in loaded.items() if each is not None}
        return recent

    def likely(self, features: Features) -> list[int]:
        """The stories that share most rare terms with an article."""
        shared = Counter[int]()
        for term in features.postings:
            having = self.stories_of.get(term, [])
            if len(having) <= MOST_STORIES_OF_A_TERM:
                shared.update(having)
        return [story for story, _ in shared.most_common(MOST_STORIES_COMPARED)]

    def candidates(self, features: Features) -> list[tuple[int, Profile]]:
        """The same with their profiles."""
        return [(story, self.known[story]) for story in self.likely(features) if story in self.known]

    def add(self, story: int, features: Features, at: datetime) -> None:
        """An article belongs to a story, which may be its own."""
        alone = profile(features, at)
        self.known[story] = merged(self.known[story], alone) if story in self.known else alone
        self.changed.add(story)
        for term in features.postings:
            having = self.stories_of.setdefault(term, [])
            if story not in having and len(having) <= MOST_STORIES_OF_A_TERM:
                having.append(story)
                self.new_terms.setdefault(story, set()).add(term)

    def keep(self, connection: Connection) -> None:
        """Store what has changed."""
        changed = {story: (profiles.dump(self.known[story]), self.known[story].last_at) for story in self.changed}
        story_index.keep(connection, changed, self.new_terms)
