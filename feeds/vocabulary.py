"""All words that are looked for, as one automaton, and where an item has them.

Each wording is entered in all its forms; one pass of Aho-Corasick over the flat text finds them all. Not here: what a find means
(``match.py``, ``watches.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

import ahocorasick_rs

from feeds.reading import Reading, flatten_folded
from feeds.romanise import skeleton

Find: TypeAlias = tuple[int, int, int]  # number of the wording, first token, one after the last


@dataclass(frozen=True, slots=True)
class Wording:
    """The forms of one alias that are looked for, already inflected and folded. ``prefix``: they are beginnings of words.

    ``skeletons``: those of its Latin spellings (``romanise.py``).
    """

    forms: tuple[str, ...]
    prefix: bool = False
    skeletons: tuple[bytes, ...] = ()


class _Patterns:
    """Flat wordings in one automaton, with the numbers that each stands for."""

    def __init__(self, patterns: dict[bytes, list[int]]) -> None:
        one_of_each: dict[tuple[int, ...], tuple[int, ...]] = {}  # the forms of a wording share theirs: there are five times as many
        self._wordings = [one_of_each.setdefault(found, found) for found in map(tuple, patterns.values())]
        self._lengths = [pattern.count(b" ", 1, -1) + 1 for pattern in patterns]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(patterns), implementation=ahocorasick_rs.Implementation.ContiguousNFA)

    def find(self, flat: bytes) -> Iterator[Find]:
        """Every find in ``flat``, in the order of their first tokens."""
        if not self._wordings:
            return
        matches = self._automaton.find_matches_as_indexes(flat, overlapping=True)
        matches.sort(key=itemgetter(1))
        position, token = 0, 0
        for pattern, start, _ in matches:
            token += flat.count(b" ", position, start)
            position = start
            for wording in self._wordings[pattern]:
                yield wording, token, token + self._lengths[pattern]


class Vocabulary:
    """Wordings, numbered in the order given, ready to be found. Immutable, so threads may share it."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        patterns: dict[bytes, list[int]] = {}
        latin: dict[bytes, list[int]] = {}
        for number, wording in enumerate(wordings):
            ending = b"" if wording.prefix else b" "
            for flat in dict.fromkeys(filter(None, map(flatten_folded, wording.forms))):
                patterns.setdefault(b" " + flat + ending, []).append(number)
            for flat in wording.skeletons:
                latin.setdefault(b" " + flat + b" ", []).append(number)
        self._patterns = _Patterns(patterns)
        self._latin = _Patterns(latin) if latin else None

    def find(self, reading: Reading) -> Iterator[Find]:
        """Every find in ``reading``: in the order of their first tokens, Latin spellings of Cyrillic names last."""
        yield from self._patterns.find(reading.flat)
        if self._latin is not None and reading.is_latin:
            yield from self._latin.find(skeleton(reading.flat))
