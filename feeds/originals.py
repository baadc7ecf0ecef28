"""Which earlier article is one a copy of? The candidates are looked up for a batch at once; ``feeds/sameness/copies.py`` decides.

What is to be looked up by later, sketches and furniture, is stored with the outcome. Not here: stories (``placing.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain

from sqlalchemy import Connection

from feeds.sameness.copies import Decision, compare
from feeds.sameness.furniture import countable_keys, is_furniture, is_learnt
from feeds.sameness.shingles import MOST_ARTICLES_OF_A_HASH, SHARED_TO_BE_CANDIDATE, Likeness, likeness
from storage import articles, likeness as copies
from storage.articles import Teller

MOST_COMPARED = 8  # candidates that a text is compared with, those with most in common first
# A copy that is much longer than its original is looked up by as well: others may have copied what only it has.
_LONGER = 1.5


@lru_cache(maxsize=500)
def _likeness(title: str, text: str, outlet: str, furniture: frozenset[int]) -> Likeness:
    """The likeness of an article. What many copy is compared again and again: the likenesses used last are kept."""
    return likeness(title, text, outlet=outlet, furniture=furniture)


@dataclass(frozen=True, slots=True)
class Kin:
    """The original with the same text as an article, and why. ``first``: the article was seen before it and is to take its place."""

    other: Teller
    decision: Decision
    first: bool


@dataclass(slots=True)
class _Texts:
    """Articles as texts: what the ones to be placed and their candidates are like, and who has what in common.

    ``heirs``: those that take an original's place, by its number.
    """

    tellers: dict[int, Teller]
    waiting: frozenset[int]
    known: Mapping[str, Mapping[int, int]]
    keys: Mapping[int, Sequence[int]]
    likenesses: dict[int, Likeness] = field(default_factory=dict)
    postings: dict[int, list[int]] = field(default_factory=dict)
    heirs: dict[int, Teller] = field(default_factory=dict)

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
        """The articles that share most hashes with one, or its title, of those that have been placed before it."""
        like = self.like(number)
        having = (self.postings.get(hashed, ()) for hashed in like.sketch)
        shared = Counter(chain.from_iterable(numbers for numbers in having if len(numbers) <= MOST_ARTICLES_OF_A_HASH))
        titled = self.postings.get(like.title_key, []) if like.title_key is not None else []
        shared.update(dict.fromkeys(titled[:MOST_ARTICLES_OF_A_HASH], SHARED_TO_BE_CANDIDATE))
        likely = [other for other, count in shared.most_common(4 * MOST_COMPARED) if count >= SHARED_TO_BE_CANDIDATE and other != number]
        return likely[:MOST_COMPARED]


def find_originals(connection: Connection, waiting: Sequence[Teller], now: datetime, *, learn: bool = True) -> dict[int, Kin]:
    """The originals with the texts of those that aren't alone with theirs, never copies; what is to be looked up by later is stored.

    An article may have been seen before those that were placed before it: an older one that a changed watchlist matches, or an import.

    ``learn``: also what the articles show of their publishers' furniture; not where they have shown it before.
    """
    texts = _texts(connection, waiting)
    found: dict[int, Kin] = {}
    sketches: dict[int, list[int]] = {}
    for teller in waiting:
        kin = _kin(texts, teller, found)
        if kin is not None:
            found[teller.id] = kin
            if kin.first:
                texts.heirs[kin.other.id] = teller
        like = texts.like(teller.id)
        if kin is None or kin.first or len(like.shingles) > _LONGER * len(texts.like(kin.other.id).shingles):
            sketches[teller.id] = [each for each in hashes_of(like) if len(texts.postings.setdefault(each, [])) <= MOST_ARTICLES_OF_A_HASH]
            for hashed in sketches[teller.id]:
                texts.postings[hashed].append(teller.id)
    copies.add(connection, sketches)
    if learn:
        _count_furniture(connection, texts, waiting, found, now)
    return found


def hashes_of(like: Likeness) -> list[int]:
    """What an article is looked up by: the hashes of its sketch and of its title."""
    return [*like.sketch, *([like.title_key] if like.title_key is not None else [])]


def _texts(connection: Connection, waiting: Sequence[Teller]) -> _Texts:
    keys = {teller.id: countable_keys(teller.text) for teller in waiting}
    texts = _Texts({teller.id: teller for teller in waiting}, frozenset(keys), _furniture(connection, waiting, keys), keys)
    hashes = {hashed for teller in waiting for hashed in hashes_of(texts.like(teller.id))}
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


def _kin(texts: _Texts, teller: Teller, found: Mapping[int, Kin]) -> Kin | None:
    """The original that shares most of an article's text, the earliest of them."""
    copied: list[tuple[Teller, Decision]] = []
    tried = {teller.id}
    for number in texts.candidates(teller.id):
        other = _root(texts, number, found)
        if other is None or other.id in tried:
            continue
        tried.add(other.id)
        decision = _compared(texts, teller, other)
        if decision.outcome == "copy":
            copied.append((other, decision))
    if not copied:
        return None
    other, decision = min(copied, key=lambda each: (-each[1].containment, _seen(each[0])))
    return Kin(other, decision, first=_seen(teller) < _seen(other))


def _root(texts: _Texts, number: int, found: Mapping[int, Kin]) -> Teller | None:
    """The original of a candidate, which may be itself; None where it has left the archive or nobody wants it any more."""
    if number in found and not found[number].first:
        teller: Teller | None = found[number].other
    else:
        teller = texts.tellers.get(number)
        if teller is not None and teller.copy_of is not None:
            teller = texts.tellers.get(teller.copy_of)
    while teller is not None and teller.id in texts.heirs:
        teller = texts.heirs[teller.id]
    return teller if teller is not None and (teller.story_id is not None or teller.id in texts.waiting) else None


def _seen(teller: Teller) -> tuple[datetime, int]:
    """What articles are ordered by: which was seen first."""
    return teller.first_seen_at, teller.id


def _compared(texts: _Texts, one: Teller, other: Teller) -> Decision:
    hours = abs((one.first_seen_at - other.first_seen_at).total_seconds()) / 3600
    learnt = texts.learnt(one.publisher) and texts.learnt(other.publisher)
    same = one.publisher == other.publisher
    return compare(texts.like(one.id), texts.like(other.id), hours=hours, same_publisher=same, learnt=learnt)


def _count_furniture(connection: Connection, texts: _Texts, waiting: Sequence[Teller], found: Mapping[int, Kin], now: datetime) -> None:
    """Count each publisher's sentences once for each group of copies that it takes part in."""
    publishers = articles.publishers_of(connection, [kin.other.id for kin in found.values()])
    counted: list[tuple[str, int]] = []
    for teller in waiting:
        group = found[teller.id].other.id if teller.id in found else teller.id
        told = publishers.setdefault(group, set())
        if teller.id == group or teller.publisher not in told:
            counted += [(teller.publisher, key) for key in (copies.TOTAL, *texts.keys[teller.id])]
        told.add(teller.publisher)
    copies.count_furniture(connection, counted, now.date())


def decide(connection: Connection, one: Teller, other: Teller) -> Decision:
    """Whether two articles are the same text, by what is known of their publishers now."""
    keys = {teller.id: countable_keys(teller.text) for teller in (one, other)}
    return _compared(_Texts({one.id: one, other.id: other}, frozenset(), _furniture(connection, (one, other), keys), keys), one, other)
