"""Does this article belong to that story? Pure: features and profiles in, a decision with its reason out.

A story's profile holds the sums of its members' vectors: what an article has in common with all members, whatever their number, is one
product. The cosine of the sums decides of an article, not the mean over pairs: a flood is told by its warning, its dead and its repairs,
and the more is told of it, the less two accounts of it resemble each other; all name the river. Accounts that contradict each other in a
title's ordinals, dates or places are never one story. Across alphabets several strong signals have to agree; topic and day alone never do.
Not here: features (``features.py``), putting it right later (``repair.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import fsum, hypot, inf, sqrt
from typing import TypeVar

from feeds.sameness.features import Alphabet, Features
from feeds.sameness.specifics import apart, is_specific, is_strong, vague
from feeds.sameness.vectors import NOWHERE, added, leading, product

# Tuned on the tuning parts of tests/samples/sameness. Accounts of what is watched are alike by their subject: more is asked of them.
LEAST_SIMILARITY, LEAST_ACROSS = 0.19, 0.40
SUBJECT_FACTOR = 1.35
# Ukrainian words only partly meet Russian ones.
UKRAINIAN_RUSSIAN = 0.85
LONGEST_SILENCE_HOURS = 72  # a story that nobody told for so long is over
FRESH_HOURS = 24  # beyond these every further day makes an article more distant
LARGE_STORY, LARGE_STORY_FACTOR = 20, 1.2
TOLD_BY_MANY, MOST_BY_ONE_WORD = 10, 0.17  # all name the town of a flood: that name alone makes nothing else there part of it
NUMBERS_DISAGREE_FACTOR, NUMBERS_DISAGREE_HOURS = 1.35, 14
FEWEST_SHARED, WORDS_FOR_EACH = (2, 4), 4  # two words of one phrase don't make two articles one event; of a headline they may
ONE_NAME_FACTOR = 1.3  # one word in common is enough for two headlines where it is a name: "Storm Berta", "Berta claims first life"
FEWEST_SIGNALS_ACROSS, FEWEST_KINDS_ACROSS = 3, 2
ECHO_MARGIN = 1.5
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Side:
    """The members of a story that are written in one alphabet: how many they are, and the sums of their vectors.

    ``telling``: how many of the words are whole words and not only their beginnings. ``length`` and ``common_length``: of the two sums.
    """

    count: int
    words: Mapping[str, float]
    common: Mapping[str, float]
    languages: frozenset[str]
    telling: int
    length: float
    common_length: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A story as articles are compared with it. The sets unite what its members say; ``last_at``: when the last was first seen."""

    sides: Mapping[Alphabet, Side]
    ordinals: frozenset[int]
    title_numbers: frozenset[str]
    numbers: frozenset[str]
    title_dates: frozenset[str]
    places: frozenset[str]
    title_places: frozenset[str]
    first_at: datetime
    last_at: datetime

    @property
    def count(self) -> int:
        """How many articles the story has."""
        return sum(side.count for side in self.sides.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an article fits a story: 1 and more is enough. ``similarity`` is the cosine.

    ``because`` says why, in words, when it is asked: of the dozen stories that an article is compared with, nobody reads it.
    """

    margin: float
    similarity: float
    because: Callable[[], str]

    @property
    def reason(self) -> str:
        """What decided, in words."""
        return self.because()


@dataclass(frozen=True, slots=True)
class Joining:
    """The story that an article joins, or None where it opens one; ``fit`` is that to the best story, joined or not."""

    story: int | None
    fit: Fit | None


def profile(features: Features, at: datetime) -> Profile:
    """The profile of a story of one article."""
    side = _side(1, features.words, features.common, frozenset({features.language}))
    found = features.quantities
    return Profile(
        sides={features.alphabet: side},
        ordinals=found.ordinals,
        title_numbers=found.title_numbers,
        numbers=found.numbers,
        title_dates=found.title_dates,
        places=features.places,
        title_places=features.title_places,
        first_at=at,
        last_at=at,
    )


def merged(one: Profile, other: Profile) -> Profile:
    """The profile of two stories taken together."""
    alphabets = one.sides.keys() | other.sides.keys()
    return Profile(
        sides={alphabet: _together(one.sides.get(alphabet), other.sides.get(alphabet)) for alphabet in alphabets},
        ordinals=one.ordinals | other.ordinals,
        title_numbers=one.title_numbers | other.title_numbers,
        numbers=one.numbers | other.numbers,
        title_dates=one.title_dates | other.title_dates,
        places=one.places | other.places,
        title_places=one.title_places | other.title_places,
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
    )


def join(alone: Profile, candidates: Sequence[tuple[int, Profile]]) -> Joining:
    """Decide which of the ``candidates`` (ids with their profiles) an article joins, by its profile ``alone``; None: it opens one."""
    best: tuple[float, int, Fit] | None = None
    spread = spread_of(alone, [known for _, known in candidates])
    for story, known in candidates:
        found = fit(alone, known, spread)
        if best is None or (found.margin, -story) > (best[0], -best[1]):
            best = found.margin, story, found
    if best is None:
        return Joining(None, None)
    return Joining(best[1] if best[0] >= 1 else None, best[2])


def echo(alone: Profile, candidates: Sequence[tuple[int, Profile]]) -> int | None:
    """Which of these stories, all over by then, an article comes back to that opens a story of its own; None where it is to none.

    Time makes them no more distant, so more is asked for: a later event on one theme isn't an echo.
    """
    fits = [(_fit(alone, known, FRESH_HOURS).margin, story) for story, known in candidates if known.last_at < alone.first_at]
    margin, story = max(fits, default=(0.0, None), key=lambda found: (found[0], found[1]))
    return story if margin >= ECHO_MARGIN else None


def spread_of(one: Profile, stories: Iterable[Profile]) -> Mapping[str, int]:
    """How many of these stories have each word of ``one``, of those that are told by several articles.

    Who acts in several events tells less of which it is. A story of one article may be a piece of another that it has yet to join.
    """
    several = [story.sides for story in stories if story.count > 1]
    having = (
        side.words.keys() & sides[alphabet].words.keys() for sides in several for alphabet, side in one.sides.items() if alphabet in sides
    )
    return Counter(chain.from_iterable(having))


def fit(one: Profile, story: Profile, spread: Mapping[str, int] = NOWHERE) -> Fit:
    """How well an article, or another story, fits ``story``. The order makes no difference.

    ``spread``: how many stories of several articles have a word, these two among them.
    """
    hours = max(0.0, (one.first_at - story.last_at).total_seconds(), (story.first_at - one.last_at).total_seconds()) / 3600
    if hours > LONGEST_SILENCE_HOURS:
        return Fit(0.0, 0.0, lambda: f"{hours:.0f} hours lie between them")
    return _fit(one, story, hours, spread)


def _fit(one: Profile, story: Profile, hours: float, spread: Mapping[str, int] = NOWHERE) -> Fit:
    contradiction = contradicts(one, story, hours)
    if contradiction:
        return Fit(0.0, 0.0, lambda: contradiction)
    factor = _strictness(one, story, hours)
    elsewhere = _elsewhere(spread, (one.count > 1) + (story.count > 1)) if spread else spread
    fits = [
        _alike(left, story.sides[alphabet], hours, factor, elsewhere) for alphabet, left in one.sides.items() if alphabet in story.sides
    ]
    if len(fits) > 1:  # two stories, each told in both alphabets: they have to agree in both
        return Fit(fsum(found.margin for found in fits) / len(fits), fits[0].similarity, fits[0].because)
    for mine, left in one.sides.items():
        fits += [_across(left, right, hours, factor) for theirs, right in story.sides.items() if theirs != mine]
    return max(fits, key=lambda found: found.margin, default=Fit(0.0, 0.0, lambda: "nothing to compare"))


def contradicts(one: Profile, other: Profile, hours: float) -> str | None:
    """On what two accounts disagree so that they can't be of one event; None where they don't."""
    if _disjoint(one.ordinals, other.ordinals):
        return f"other ordinals: {_listed(one.ordinals)} / {_listed(other.ordinals)}"
    if _disjoint(one.title_dates, other.title_dates):
        return f"other dates: {_listed(one.title_dates)} / {_listed(other.title_dates)}"
    if _disjoint(one.title_places, other.places) and _disjoint(other.title_places, one.places):
        return f"other places: {_listed(one.title_places)} / {_listed(other.title_places)}"
    if hours >= NUMBERS_DISAGREE_HOURS and _numbers_disagree(one, other):
        return f"other numbers, {hours:.0f} hours apart: {_listed(one.title_numbers)} / {_listed(other.title_numbers)}"
    return None


def _elsewhere(spread: Mapping[str, int], among: int) -> Mapping[str, int]:
    """How many other stories have a word, where there are such, of which ``among`` are those that are compared."""
    return {word: count - among for word, count in spread.items() if count > among}


def _alike(one: Side, other: Side, hours: float, factor: float, elsewhere: Mapping[str, int]) -> Fit:
    # Ukrainian and Russian share whole phrases by their kinship alone.
    more = one.languages.isdisjoint(other.languages)
    shared = one.words.keys() & other.words.keys()
    needed = _needed(min(one.telling, other.telling)) + more
    if len(shared) < needed or _count_words(shared) < needed:
        if needed > FEWEST_SHARED[0] or not shared or not _share_name(one, other):
            return Fit(0.0, 0.0, lambda: f"too few words in common: {leading(one.words, other.words) or 'none'}")
        factor *= ONE_NAME_FACTOR
    lengths = one.length * other.length
    most = MOST_BY_ONE_WORD * lengths if max(one.count, other.count) >= TOLD_BY_MANY else inf
    similarity = _distant(_similarity(product(one.words, other.words, shared, most, elsewhere), one, other, lengths), hours)
    least = LEAST_SIMILARITY * factor
    if more:
        least *= UKRAINIAN_RUSSIAN
    if similarity >= least:
        least *= apart(one.common, other.common) * (vague(one.common.keys() & other.common.keys()) if more else 1.0)
        least *= SUBJECT_FACTOR if _is_watched(one) or _is_watched(other) else 1.0
    return Fit(
        similarity / least,
        similarity,
        lambda: f"their words are alike by {similarity:.2f}, {least:.2f} is needed: {leading(one.words, other.words)}",
    )


def _similarity(common: float, one: Side, other: Side, lengths: float) -> float:
    """The cosine of two sums that have so much in ``common``; of two stories of several its geometric mean with the mean over their pairs.

    A brand or a country that all members name makes two stories alike, though no two of their members be.
    """
    cosine = common / lengths
    return cosine if 1 in (one.count, other.count) else sqrt(cosine * common / (one.count * other.count))


def _share_name(one: Side, other: Side) -> bool:
    return any(map(is_specific, one.common.keys() & other.common.keys()))


def _is_watched(side: Side) -> bool:
    return any(term[0] == "@" for term in side.common)


def _count_words(terms: Iterable[str]) -> int:
    return sum([term[0] != "^" for term in terms])


def _needed(words: int) -> int:
    """How many words have to be shared where the shorter side has so many: two of a headline's, four of a lead's."""
    fewest, most = FEWEST_SHARED
    return max(fewest, min(most, words // WORDS_FOR_EACH))


def _across(one: Side, other: Side, hours: float, factor: float) -> Fit:
    shared = one.common.keys() & other.common.keys()
    signals = [term for term in shared if term[0] != "@"]
    kinds = {term[0] for term in signals}
    if len(signals) < FEWEST_SIGNALS_ACROSS or len(kinds) < FEWEST_KINDS_ACROSS or not any(map(is_strong, signals)):
        return Fit(0.0, 0.0, lambda: f"in two languages, and too little agrees: {_listed(signals) or 'nothing'}")
    found = product(one.common, other.common, shared)
    similarity = _distant(_similarity(found, one, other, one.common_length * other.common_length), hours)
    least = LEAST_ACROSS * factor
    if similarity >= least:
        least *= apart(one.common, other.common) * vague(signals)
    return Fit(
        similarity / least,
        similarity,
        lambda: (
            f"in two languages names, numbers and words agree by {similarity:.2f}, {least:.2f} is needed: "
            f"{leading(one.common, other.common)}"
        ),
    )


def _strictness(one: Profile, other: Profile, hours: float) -> float:
    factor = LARGE_STORY_FACTOR if max(one.count, other.count) > LARGE_STORY else 1.0
    return factor * (NUMBERS_DISAGREE_FACTOR if hours < NUMBERS_DISAGREE_HOURS and _numbers_disagree(one, other) else 1.0)


def _numbers_disagree(one: Profile, other: Profile) -> bool:
    return _disjoint(one.title_numbers, other.numbers) and _disjoint(other.title_numbers, one.numbers)


def _distant(similarity: float, hours: float) -> float:
    """A similarity after the first day: the distance (1 - similarity) grows with the hours."""
    return max(0.0, 1 - (1 - similarity) * max(1.0, hours / FRESH_HOURS))


def _together(one: Side | None, other: Side | None) -> Side:
    if one is None or other is None:
        found = one or other
        return found or _side(0, {}, {}, frozenset())
    return _side(one.count + other.count, added(one.words, other.words), added(one.common, other.common), one.languages | other.languages)


def _side(count: int, words: Mapping[str, float], common: Mapping[str, float], languages: frozenset[str]) -> Side:
    return Side(count, words, common, languages, _count_words(words), hypot(*words.values()), hypot(*common.values()))


def _disjoint(one: frozenset[_Value], other: frozenset[_Value]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)


def _listed(values: Collection[object]) -> str:
    return ", ".join(sorted(map(str, values))[:5])
