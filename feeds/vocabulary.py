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

from feeds.reading import Reading, flatten

Find: TypeAlias = tuple[int, int, int]  # number of the wording, first token, one after the last


@dataclass(frozen=True, slots=True)
class Wording:
    """The forms of one alias that are looked for, already inflected. ``prefix``: they are beginnings of words."""

    forms: tuple[str, ...]
    prefix: bool = False


class Vocabulary:
    """Wordings, numbered in the order given, ready to be found. Immutable, so threads may share it."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        patterns: dict[bytes, list[int]] = {}
        for number, wording in enumerate(wordings):
            ending = b"" if wording.prefix else b" "
            for flat in filter(None, map(flatten, wording.forms)):
                patterns.setdefault(b" " + flat + ending, []).append(number)
        self._wordings = [tuple(numbers) for numbers in patterns.values()]
        self._lengths = [pattern.count(b" ", 1, -1) + 1 for pattern in patterns]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(patterns), implementation=ahocorasick_rs.Implementation.ContiguousNFA)

    def find(self, reading: Reading) -> Iterator[Find]:
        """Every find in ``reading``, in the order of their first tokens."""
        matches = self._automaton.find_matches_as_indexes(reading.flat, overlapping=True)
        matches.sort(key=itemgetter(1))
        flat, position, token = reading.flat, 0, 0
        for pattern, start, _ in matches:
            token += flat.count(b" ", position, start)
            position = start
            for wording in self._wordings[pattern]:
                yield wording, token, token + self._lengths[pattern]
