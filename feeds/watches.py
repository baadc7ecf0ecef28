"""Subscribers' own rules: tens of thousands of them, looked for in one pass.

A watch is evaluated only where the item has a word without which it can't hold, so rules that have nothing to do with an item cost nothing.
Words are found in all their forms, whatever the item's language. The forms aren't kept on disk, where a person's words would outlive
their watch. Not here: keeping watches (``storage``), topics (``match.py``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

from feeds.evaluate import Span, evaluate
from feeds.reading import Reading
from feeds.rules import Named, Node, Term, needed
from feeds.vocabulary import Vocabulary
from feeds.wordings import rule_entries, wordings

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class WatchMatch(Generic[Id]):
    """A watch that holds for an item, with the places that it found: field, first character, one after the last."""

    watch: Id
    places: tuple[tuple[str, int, int], ...]


class Watches(Generic[Id]):
    """Watches ready to be matched. Immutable, so threads may share it; ``changed`` gives another one."""

    def __init__(self, rules: Mapping[Id, Node]) -> None:
        self._parts: tuple[_Part[Id], ...] = (_Part(rules),)
        self._gone: frozenset[Id] = frozenset()

    def changed(self, added: Mapping[Id, Node], removed: AbstractSet[Id]) -> Watches[Id]:
        """These watches with some more and some fewer, built in no time; after some hundreds of changes, build them anew."""
        after: Watches[Id] = Watches({})
        after._parts = (*(part.without(added.keys()) for part in self._parts), _Part(added))
        after._gone = (self._gone | removed) - added.keys()
        return after

    def match(self, reading: Reading) -> list[WatchMatch[Id]]:
        """Every watch that holds for ``reading``."""
        return [match for part in self._parts for match in part.match(reading) if match.watch not in self._gone]


class _Part(Generic[Id]):
    """Watches whose words share an automaton."""

    def __init__(self, rules: Mapping[Id, Node]) -> None:
        self._rules = dict(rules)
        entries = rule_entries(rules.values())
        self._owners = [entry.owner for entry in entries]
        self._vocabulary = Vocabulary(wordings(entries, None))
        self._asking: dict[str, list[Id]] = {}
        for watch, node in rules.items():
            for term in needed(node)[0]:
                self._asking.setdefault(term.owner, []).append(watch)

    def without(self, replaced: AbstractSet[Id]) -> _Part[Id]:
        """The same part; watches in ``replaced`` no longer hold here."""
        if replaced.isdisjoint(self._rules):
            return self
        part: _Part[Id] = object.__new__(_Part)
        part.__dict__.update(self.__dict__)
        part._rules = {watch: node for watch, node in self._rules.items() if watch not in replaced}
        return part

    def match(self, reading: Reading) -> Iterator[WatchMatch[Id]]:
        """Every watch of this part that holds for ``reading``."""
        found: dict[str, list[Span]] = {}
        for number, start, end in self._vocabulary.find(reading):
            found.setdefault(self._owners[number], []).append((start, end))

        def lookup(term: Term | Named) -> list[Span]:
            return found.get(term.owner, []) if isinstance(term, Term) else []

        candidates = dict.fromkeys(watch for owner in found for watch in self._asking.get(owner, ()) if watch in self._rules)
        for watch in candidates:
            spans = evaluate(self._rules[watch], reading, lookup)
            if spans:
                yield WatchMatch(watch, tuple(reading.place(*span) for span in spans))
