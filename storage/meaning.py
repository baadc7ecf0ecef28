"""What a query means in this archive: fields become tags of the index, and words that name a topic stand for the topic as well.

Not here: the language (``query.py``), the index's own expressions (``expression.py``), finding (``search.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from storage import fields
from storage.query import Among, Both, Dates, Either, Node, Not, Property, Query, Tagged, Term
from storage.records import QueryError, Sentence, sentence
from storage.search_index import occurs
from storage.tables import SourceRow, table
from storage.words import tag


def _no_name(_words: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics that there are. ``called``: the topic that some words, as typed, name; names have up to ``longest`` words."""

    ids: tuple[str, ...] = ()
    called: Callable[[str], str | None] = _no_name
    longest: int = 1


@dataclass(frozen=True, slots=True)
class Named:
    """Words of the query, as typed, that name a topic."""

    words: str
    topic: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A query whose fields are tags. ``named``: the topics that its words name; ``topics``: those and the ones that its fields ask for."""

    root: Node
    named: tuple[Named, ...]
    topics: tuple[str, ...]


def meaning(connection: Connection, query: Query, topics: Topics) -> Meaning:
    """Ask the archive what a query's fields stand for. QueryError: there is no such source, publisher or topic, or no such day."""
    reader = _Reader(connection, query.typed, topics)
    root = reader.node(query.root, wanted=True)
    return Meaning(root, tuple(dict.fromkeys(reader.named)), tuple(dict.fromkeys(reader.asked)))


class _Reader:
    def __init__(self, connection: Connection, typed: str, topics: Topics) -> None:
        self.named: list[Named] = []
        self.asked: list[str] = []
        self._connection = connection
        self._typed = typed
        self._topics = topics
        self._sources: Sequence[tuple[int, str, str, str]] | None = None

    def node(self, node: Node, *, wanted: bool) -> Node:
        """The same with tags; ``wanted`` is false for what mustn't be there, where words are only words."""
        if isinstance(node, Not):
            return Not(self.node(node.operand, wanted=not wanted))
        if isinstance(node, Either):
            return Either(tuple(self.node(operand, wanted=wanted) for operand in node.operands))
        if isinstance(node, Both):
            return self._both(node, wanted=wanted)
        if isinstance(node, Property):
            return self._property(node, wanted=wanted)
        return self._run([node]) or node if wanted else node

    def _both(self, node: Both, *, wanted: bool) -> Node:
        found: list[Node] = []
        rest = list(_with_one_span(node.operands))
        while rest:
            run, length = self._name(rest) if wanted else (None, 1)
            found.append(self.node(rest[0], wanted=wanted) if run is None else run)
            rest = rest[length:]
        return found[0] if len(found) == 1 else Both(tuple(found))

    def _name(self, rest: Sequence[Node]) -> tuple[Node | None, int]:
        """The longest name of a topic that the first of these words make, and of how many of them."""
        for length in range(min(self._topics.longest, len(rest)), 1, -1):
            run = self._run(rest[:length])
            if run is not None:
                return run, length
        return None, 1

    def _run(self, nodes: Sequence[Node]) -> Node | None:
        """Words side by side, or the topic that they name; None where they name none."""
        terms = [node for node in nodes if isinstance(node, Term) and not node.prefix]
        if len(terms) < len(nodes):
            return None
        typed = " ".join(self._typed[term.start : term.end].strip(_QUOTATION) for term in terms)
        topic = self._topics.called(typed)
        if topic is None:
            return None
        self.named.append(Named(typed, topic))
        self.asked.append(topic)
        words: Node = terms[0] if len(terms) == 1 else Both(tuple(terms))
        return Either((words, Tagged((tag("topic", topic),), named=True)))

    def _property(self, node: Property, *, wanted: bool) -> Node:
        if node.name == "topic":
            topic = self._topic(node)
            self.asked += [topic] if wanted else []
            return Tagged((tag("topic", topic),))
        if node.name in {"story", "has"}:
            return Among("story", int(node.value)) if node.name == "story" else Among(node.value)
        if node.name == "lang":
            return Tagged((tag("language", node.value),))
        if node.name == "standing":
            return Tagged(self._of(lambda _name, _publisher, standing: standing == node.value))
        return self._outlet(node)

    def _topic(self, node: Property) -> str:
        """The id of the topic with that id or name. Where no topics are known, any id will do."""
        ids = {tag("", each): each for each in self._topics.ids}
        found = ids.get(tag("", node.value)) or self._topics.called(node.value)
        if found is None and not self._topics.ids:
            return node.value
        if found is None:
            near = fields.nearest(node.value, self._topics.ids)
            raise self._unknown(sentence("There is no topic “{name}”.", name=node.value[:60]), node, near)
        return found

    def _outlet(self, node: Property) -> Node:
        """Articles of a source or publisher, and those that aggregators bring with its name."""
        wanted, outlet = tag("", node.value), tag("outlet", node.value)
        if node.name == "source":
            tags = self._of(lambda name, _publisher, _standing: tag("", name) == wanted)
        else:
            tags = self._of(lambda _name, publisher, _standing: tag("", publisher) == wanted)
        if not tags and not occurs(self._connection, outlet):
            known = {each.casefold(): each for _, *both, _ in self._known() for each in (both[0 if node.name == "source" else 1],)}
            near = fields.nearest(node.value, known)
            named = node.value[:60]
            there = sentence("There is no source “{name}”.", name=named), sentence("There is no publisher “{name}”.", name=named)
            raise self._unknown(there[node.name == "publisher"], node, known[near] if near else None)
        return Tagged((*tags, outlet))

    def _unknown(self, problem: Sentence, node: Property, near: str | None) -> QueryError:
        quoted = self._typed[node.start - 1 : node.start] != ":"
        instead = f'"{near}"' if near and not quoted and re.search(r'[\s()|"]', near) else near
        return QueryError(problem, node.start, f"unknown {node.name}", (node.start, node.end, instead) if instead else None)

    def _of(self, fits: Callable[[str, str, str], bool]) -> tuple[str, ...]:
        return tuple(tag("source", str(number)) for number, name, publisher, standing in self._known() if fits(name, publisher, standing))

    def _known(self) -> Iterable[tuple[int, str, str, str]]:
        if self._sources is None:
            sources = table(SourceRow)
            rows = self._connection.execute(select(sources.c.id, sources.c.name, sources.c.publisher, sources.c.standing))
            self._sources = [(row.id, row.name, row.publisher, row.standing) for row in rows]
        return self._sources


_QUOTATION = '"«»“”„‟ '


def _with_one_span(operands: Sequence[Node]) -> Iterable[Node]:
    """The same operands, all their dates as one span. QueryError: it has no day."""
    spans = [operand for operand in operands if isinstance(operand, Dates)]
    if not spans:
        return operands
    first = max((span.first for span in spans if span.first), default=None)
    end = min((span.end for span in spans if span.end), default=None)
    if first and end and first >= end:
        raise QueryError(sentence("No day is within all of these dates."), spans[-1].start, "no day")
    return [*(operand for operand in operands if not isinstance(operand, Dates)), replace(spans[0], first=first, end=end)]
