"""Expressions of several words that stand for one term in all languages: Вечный огонь, Вічний вогонь, Eternal Flame. Pure.

They are listed in ``story_words.toml``: sights and institutions, whose names are translated and not romanised; groups of the watchlist;
and what is one word in one language and several in another. Not here: single words (``story_words.py``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from feeds.sameness.names import consonants
from feeds.sameness.story_words import empty_stems, families, meanings, story_words
from storage.folding import fold, plain_words
from storage.words import stem

# What the tables of the file hold, by the mark of their terms among those common to all languages (features.py).
_TABLES = {"landmarks": "&", "institutions": "+", "groups": "!", "expressions": "="}
_VARIANT, _WORD = re.compile(r"\s*\|\s*"), re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """``term`` with its mark; ``rest``: the stems after the first; ``names``: its words' consonants, which are no names of their own.

    ``place``: the consonants of the town that it stands in, where there is only one.
    """

    term: str
    rest: tuple[str, ...]
    names: frozenset[str]
    place: str | None


def content_stems(folded: str) -> list[str]:
    """The stems of a folded text that say something, in order."""
    empty, bare = empty_stems(), folded.replace("'", "")
    words = _WORD.findall(bare) if "_" in bare else plain_words(bare)
    return [one for one in map(stem, words) if one not in empty and (len(one) > 1 or one.isdigit())]


@cache
def phrases() -> Mapping[str, Sequence[Phrase]]:
    """The phrases by their first stem, or what that stands for; longer ones first."""
    found: dict[str, dict[tuple[str, ...], Phrase]] = defaultdict(dict)
    for table, mark in _TABLES.items():
        for name, written in story_words()[table].items():
            for one in _variants(f"{mark}{stem(name) if mark == '=' else name}", written):
                found[one[0]].setdefault(one[1].rest, one[1])
    return {first: sorted(known.values(), key=lambda phrase: -len(phrase.rest)) for first, known in found.items()}


@cache
def _towns() -> dict[str, str]:
    """The consonants of the town of each sight."""
    return {sight: consonants(town) for town, sights in story_words()["sights"].items() for sight in _VARIANT.split(sights)}


def _variants(term: str, written: str) -> Iterator[tuple[str, Phrase]]:
    """Each variant by its first stem, as it is read in a Russian text and in others."""
    folded = fold(written).text
    names = frozenset(consonants(word) for word in _WORD.findall(folded))
    place = _towns().get(term[1:])
    for variant in _VARIANT.split(folded):
        stems = content_stems(variant)
        for known in (families(), meanings()):
            first, *rest = (known.get(one, one) for one in stems)
            yield first, Phrase(term, tuple(rest), names, place)


def joined(stems: Sequence[str], standing: Sequence[str]) -> tuple[list[tuple[str, str]], list[Phrase]]:
    """The stems of a text, each with what it stands for, without those of phrases; and these.

    ``stems`` and ``standing`` are as long as each other. A stem of a phrase stands for nothing else.
    """
    words = list(zip(stems, standing, strict=True))
    found = list(_found(standing))
    for position, phrase in reversed(found):
        del words[position : position + 1 + len(phrase.rest)]
    return words, [phrase for _, phrase in found]


def _found(standing: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
    """The phrases of a text and where they begin; none overlaps another."""
    known, end = phrases(), 0
    for position in [position for position, one in enumerate(standing) if one in known]:
        for phrase in known[standing[position]] if position >= end else ():
            if tuple(standing[position + 1 : position + 1 + len(phrase.rest)]) == phrase.rest:
                end = position + 1 + len(phrase.rest)
                yield position, phrase
                break
