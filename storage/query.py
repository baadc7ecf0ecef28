"""The query language of the archive: what was typed becomes a tree. Pure, and linear in the length of what was typed.

Words (in any inflected form), "phrases", prefix*, field:value; side by side or joined by AND all have to hold, OR or | wants one of them,
NOT or - none; parentheses. From tightest to loosest: NOT, AND, OR. What isn't an operator, a field or punctuation of the language is
looked for as words: 10:30, https://… and the syntax of other languages. Not here: what the archive makes of it (``meaning.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, TypeVar

from storage import fields
from storage.records import QueryError, sentence
from storage.tokens import JOINING, Token, tokens
from storage.words import stems, words

LONGEST_QUERY = 1_000
MOST_TERMS = 30
DEEPEST = 20
SHORTEST_PREFIX = 3
MOST_PREFIXES = 5  # the index gathers all words that begin so, which takes some ms for each
_MOST_MENDED = 8
_ENGLISH_ENDINGS = ("e", "ed", "ing", "ation")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Term:
    """Stems that stand side by side: a word or a phrase. ``prefix``: the last is only the beginning of one.

    ``start`` and ``end`` are its place in the query as typed.
    """

    stems: tuple[str, ...]
    prefix: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Property:
    """A field with its value: topic, source, publisher, standing, lang, story or has. ``start`` and ``end``: the value's place."""

    name: str
    value: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Dates:
    """Days from ``first`` on and before ``end``; None: without a limit."""

    first: date | None
    end: date | None
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of the index's tags, which stand for a property once the archive has been asked. ``named``: a word named the topic."""

    tags: tuple[str, ...]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """What the tables know and the index doesn't: articles of the story ``number``, or those that have a "copy" or "revision"."""

    kind: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """``operand`` doesn't hold."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Both:
    """All operands hold. ``places``: where each of them was typed."""

    operands: tuple[Node, ...]
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Either:
    """One of the operands holds."""

    operands: tuple[Node, ...]


Node: TypeAlias = Term | Property | Dates | Tagged | Among | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read: what has to hold, and whether the best come first or the newest."""

    root: Node
    best: bool
    typed: str


def parse(typed: str) -> Query:
    """Read a query as typed. QueryError says what can't be read, where, and what was probably meant."""
    return mended(typed, reread)


def mended(typed: str, reading: Callable[[str], _Read]) -> _Read:
    """What ``reading`` makes of a query; its QueryError then offers the query with every mistake put right, where that can be."""
    try:
        return reading(typed)
    except QueryError as error:
        error.meant = _put_right(typed, error, reading)
        raise


def _put_right(typed: str, error: QueryError, reading: Callable[[str], object]) -> str:
    for _ in range(_MOST_MENDED):
        if error.mend is None:
            return ""
        start, end, instead = error.mend
        typed = f"{typed[:start]}{instead}{typed[end:]}"
        try:
            reading(typed)
        except QueryError as another:
            error = another
        else:
            return " ".join(typed.split())
    return ""


def terms(node: Node) -> Iterator[Term]:
    """The words and phrases that may be found where the query holds."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Both | Either):
        for operand in node.operands:
            yield from terms(operand)


def reread(typed: str) -> Query:
    """The same as ``parse``, without a thought for what was meant where it can't be read."""
    if len(typed) > LONGEST_QUERY:
        problem = sentence("A search has at most {most} characters.", most=LONGEST_QUERY)
        raise QueryError(problem, LONGEST_QUERY, "too long")
    parser = _Parser([token for token in tokens(typed) if token.kind != "space"], len(typed))
    root = parser.either(0) if typed.strip() else None
    parser.expect_end()
    if root is None or not _looks_for_something(root):
        raise QueryError(sentence("Say at least one word to look for; words to leave out (-word) don't do alone."), 0, "empty")
    return Query(root, parser.best, typed)


def _looks_for_something(node: Node) -> bool:
    if isinstance(node, Both | Either):
        return any(map(_looks_for_something, node.operands))
    return not isinstance(node, Not)


class _Parser:
    """Reads tokens by recursive descent, no deeper than DEEPEST. A node is None where there are only signs and no words."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.best = False
        self._tokens = tokens
        self._next = 0
        self._terms = self._prefixes = 0
        self._end = Token("end", "", end, end)

    def expect_end(self) -> None:
        token = self._peek()
        if token.kind != "end":
            raise QueryError(sentence("This parenthesis was never opened."), token.start, "unopened", (token.start, token.end, ""))

    def either(self, depth: int) -> Node | None:
        operands = [self._both(depth)]
        while self._take("or"):
            operands.append(self._both(depth))
        found = tuple(operand for operand in operands if operand is not None)
        return Either(found) if len(found) > 1 else found[0] if found else None

    def _both(self, depth: int) -> Node | None:
        found: list[tuple[Node, tuple[int, int]]] = []
        while True:
            start = self._peek().start
            operand = self._operand(depth)
            if operand is not None:
                found.append((operand, (start, self._tokens[self._next - 1].end)))
            if not self._take("and") and self._peek().kind in {"end", "close", "or"}:
                break
        if len(found) > 1:
            return Both(tuple(node for node, _ in found), tuple(place for _, place in found))
        return found[0][0] if found else None

    def _operand(self, depth: int) -> Node | None:
        token = self._peek()
        if depth > DEEPEST:
            raise QueryError(sentence("Parentheses and NOT go at most {most} deep.", most=DEEPEST), token.start, "too deep")
        if token.kind in {"end", "close", "or", "and"}:
            raise QueryError(
                sentence("A word, a phrase or a parenthesis is missing here."), token.start, "nothing to join", self._stray_operator()
            )
        self._next += 1
        if token.kind == "open":
            return self._group(token, depth)
        if token.kind == "not":
            operand = self._operand(depth + 1)
            return None if operand is None else Not(operand)
        return self._leaf(token)

    def _group(self, token: Token, depth: int) -> Node | None:
        if self._take("close"):
            return None
        node = self.either(depth + 1)
        if not self._take("close"):
            raise QueryError(sentence("This parenthesis is never closed."), token.start, "unclosed", (self._end.start, self._end.end, ")"))
        return node

    def _stray_operator(self) -> tuple[int, int, str] | None:
        """What to take away where an operand is missing: the operator before it, else the one that stands in its place."""
        before = self._tokens[self._next - 1] if self._next else None
        if before is not None and (before.kind in JOINING or (before.kind == "open" and self._peek() is self._end)):
            return before.start, before.end, ""
        stray = self._peek()
        return (stray.start, stray.end, "") if stray.kind in JOINING else None

    def _leaf(self, token: Token) -> Node | None:
        if token.kind == "field":
            return self._field(token)
        text = token.text
        found = tuple(stems(text))
        if not found:
            return None
        self._count(token)
        if not text.rstrip().endswith("*"):
            return Term(found, start=token.start, end=token.end)
        begun, *shorter = beginnings(text)
        if len(begun) < SHORTEST_PREFIX:
            problem = sentence("A prefix has at least {least} letters.", least=SHORTEST_PREFIX)
            raise QueryError(problem, token.start, "short prefix", (token.start, token.end, token.text.replace("*", "")))
        self._prefixes += 1
        if self._prefixes > MOST_PREFIXES:
            raise QueryError(sentence("A search has at most {most} words with *.", most=MOST_PREFIXES), token.start, "too many prefixes")
        begins = Term((*found[:-1], begun), prefix=True, start=token.start, end=token.end)
        return Either((begins, *(Term((*found[:-1], each), start=token.start, end=token.end) for each in shorter))) if shorter else begins

    def _field(self, token: Token) -> Node | None:
        name = fields.NAMES[token.text]
        try:
            return self._property(name, token)
        except QueryError as error:
            error.mend = error.mend or (token.start, token.end, f'"{token.text}:{token.value}"')
            raise

    def _property(self, name: str, token: Token) -> Node | None:
        value, start = token.value, token.value_start
        if name == "sort":
            self.best = fields.one_of(name, value, start) == "best"
            return None
        self._count(token)
        if name in {"after", "before", "on"}:
            first, end = fields.days(name, value, start)
            return Dates(None if name == "before" else first, first if name == "before" else end if name == "on" else None, start)
        if name == "story":
            value = str(fields.number(name, value, start))
        elif name in {"standing", "lang", "has"}:
            value = fields.one_of(name, value, start)
        return Property(name, value, start, start + len(token.value))

    def _count(self, token: Token) -> None:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise QueryError(sentence("A search has at most {most} words and phrases.", most=MOST_TERMS), token.start, "too many")

    def _peek(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take(self, kind: str) -> bool:
        found = self._peek().kind == kind
        self._next += found
        return found


def beginnings(text: str) -> list[str]:
    """What the stems of words that begin like ``text`` begin with, and then shorter stems that such words may have.

    “Mobilised” is stored as “mobil”, and mobilis* must meet it.
    """
    *_, last = words(text)
    # Stems have no apostrophes.
    folded = text.rstrip("* \t\n")[last.start : last.end].lower().replace("'", "").replace("’", "")
    # «мобилизаци*» must meet the stem «мобилизац»: where stemming only shortens the word, the stem is the better prefix.
    begun = last.stem if folded.startswith(last.stem) else folded
    ended = [stems(f"{folded}{ending}") for ending in _ENGLISH_ENDINGS] if folded.isascii() else []
    return list(dict.fromkeys([begun, *(found[-1] for found in ended if found and begun.startswith(found[-1]))]))
