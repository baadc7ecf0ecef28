"""The rule language: words, "phrases", prefix*, AND, OR, NOT, NEAR/n, BEFORE/n, SAME SENTENCE, parentheses, @list, and THIS.

From tightest to loosest: NOT before a single operand; NEAR/n, BEFORE/n and SAME SENTENCE, which may have NOT before them; AND, which may be
left out; OR. ``wives NEAR/3 "mobilised men" AND NOT film`` reads as people expect. Operators are written in capitals. ``@list`` (a list
of words) and ``THIS`` (the alias whose company a rule describes) are for the watchlist only.

Not here: what a rule finds in a text (``evaluate.py``), and regular expressions, which nobody is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from storage.folding import fold
from storage.records import Sentence, WatchlistError, sentence

MOST_CHARACTERS = 4000
MOST_WORDS = 200
DEEPEST = 20
WIDEST_NEAR = 50
SHORTEST_PREFIX = 3


class RuleError(WatchlistError):
    """A rule can't be read; ``position`` is the index of the offending character in the rule as typed, ``problem`` says what is wrong."""

    def __init__(self, problem: Sentence, position: int) -> None:
        super().__init__(f"{problem} (character {position + 1})")
        self.problem = problem
        self.position = position


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase or, where ``prefix`` is true, the beginning of a word, as typed. It is found under its ``owner``."""

    text: str
    prefix: bool = False
    owner: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Made once: a rule looks its words up in every item.
        object.__setattr__(self, "owner", f"term:{self.text}*" if self.prefix else f"term:{self.text}")


@dataclass(frozen=True, slots=True)
class Named:
    """A list of the watchlist, or THIS, whose ``name`` is empty. Its words are found under its ``owner``."""

    name: str
    owner: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner", self.name)


@dataclass(frozen=True, slots=True)
class Not:
    """Nothing of ``operand`` is found."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Both:
    """All of the operands are found somewhere in the item."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the operands is found."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """``left`` with ``right`` in its sentence, no more than ``words`` words between; None: anywhere in it.

    ``ordered``: only where ``left`` comes first. ``absent``: only where there is no such ``right``.
    """

    left: Node
    right: Node
    words: int | None
    ordered: bool = False
    absent: bool = False


Node: TypeAlias = Term | Named | Not | Both | Either | Near
THIS = Named("")

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<open>\()|(?P<close>\))|[\"«“„](?P<phrase>[^\"»”“„«]*)[\"»”“]|(?P<quote>[\"«»“”„])|(?P<word>[^\s()\"«»“”„]+)"
)
_NEAR = re.compile(r"(NEAR|BEFORE)/(\d{1,9})")
_LIKE_NEAR = re.compile(r"(NEAR|BEFORE)/.*")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "BEFORE", "SAME", "SENTENCE"})
_MEANT = {"and": "AND", "or": "OR", "и": "AND", "или": "OR", "і": "AND", "й": "AND", "або": "OR"}  # where they join words, in small letters


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(rule: str, *, lists: bool = False) -> Node:
    """The tree of a rule. ``lists`` allows @list and THIS. Raises RuleError, which names the character."""
    if len(rule) > MOST_CHARACTERS:
        raise RuleError(sentence("A rule has at most {most} characters", most=MOST_CHARACTERS), MOST_CHARACTERS)
    parser = _Parser(list(_tokens(rule)), lists=lists, end=len(rule))
    node = parser.either(0)
    parser.expect_end()
    if not _finds_something(node):
        raise RuleError(sentence("A rule needs something to find, not only NOT"), parser.lonely_not())
    return node


def word_for_operator(rule: str) -> tuple[str, str] | None:
    """A word of a rule that reads like an operator and is looked for, such as “and”, and the operator; None where there is none."""
    words = [match["word"] for match in _TOKEN.finditer(rule) if match["word"]]
    meant = [(word, _MEANT[word.lower()]) for word in words if word not in _OPERATORS and word.lower() in _MEANT]
    return meant[0] if meant else None


def terms(node: Node) -> Iterator[Term | Named]:
    """Every word, phrase, prefix and list that a rule looks at."""
    if isinstance(node, Term | Named):
        yield node
    elif isinstance(node, Not):
        yield from terms(node.operand)
    elif isinstance(node, Near):
        yield from terms(node.left)
        yield from terms(node.right)
    else:
        for operand in node.operands:
            yield from terms(operand)


def needed(node: Node) -> list[list[Term | Named]]:
    """Lists of words of which each has at least one that is found wherever ``node`` holds. THIS, which is always there, stands in none.

    None where ``node`` may hold without any.
    """
    if isinstance(node, Term | Named):
        return [] if node == THIS else [[node]]
    if isinstance(node, Near):
        return needed(node.left) + ([] if node.absent else needed(node.right))
    if isinstance(node, Either):
        of_each = [needed(operand) for operand in node.operands]
        return [[term for lists in of_each for term in lists[0]]] if all(of_each) else []
    if isinstance(node, Both):
        return [words for operand in node.operands for words in needed(operand)]
    return []


def _finds_something(node: Node) -> bool:
    if isinstance(node, Not):
        return False
    if isinstance(node, Both):
        return any(map(_finds_something, node.operands))
    if isinstance(node, Either):
        return all(map(_finds_something, node.operands))
    return not isinstance(node, Near) or (_finds_something(node.left) and _finds_something(node.right))


def _tokens(rule: str) -> Iterator[_Token]:
    words = 0
    for match in _TOKEN.finditer(rule):
        kind, text = str(match.lastgroup), match.group(str(match.lastgroup))
        if kind == "quote":
            raise RuleError(sentence("A phrase needs quotes on both sides"), match.start())
        words += kind in {"word", "phrase"}
        if words > MOST_WORDS:
            raise RuleError(sentence("A rule has at most {most} words", most=MOST_WORDS), match.start())
        if kind == "word" and (likeness := _LIKE_NEAR.fullmatch(text)) and not _NEAR.fullmatch(text):
            raise _no_number(likeness[1], match.start())
        if kind == "word" and (text in _OPERATORS or text == "THIS" or _NEAR.fullmatch(text)):
            kind = "operator" if text != "THIS" else "this"
        if kind != "space":
            yield _Token(kind, text, match.start())


def _no_number(operator: str, position: int) -> RuleError:
    return RuleError(sentence("{operator} needs a number of words: {operator}/5", operator=operator), position)


class _Parser:
    """Reads tokens by recursive descent, no deeper than DEEPEST."""

    def __init__(self, tokens: list[_Token], *, lists: bool, end: int) -> None:
        self._tokens = tokens
        self._lists = lists
        self._next = 0
        self._end = _Token("end", "", end)

    def expect_end(self) -> None:
        token = self._peek()
        if token.kind == "close":
            raise RuleError(sentence("This parenthesis was never opened"), token.position)
        if token.kind != "end":
            raise RuleError(sentence("“{word}” isn't expected here", word=token.text), token.position)

    def lonely_not(self) -> int:
        """Where a NOT stands that says only what isn't to be found; one before NEAR, BEFORE or SAME SENTENCE says more."""
        nots = [token.position for token, after in pairwise([*self._tokens, self._end]) if token.text == "NOT" and after.kind != "operator"]
        return nots[0] if nots else 0

    def either(self, depth: int) -> Node:
        operands = [self._both(depth)]
        while self._take("OR"):
            operands.append(self._both(depth))
        return operands[0] if len(operands) == 1 else Either(tuple(operands))

    def _both(self, depth: int) -> Node:
        operands = [self._near(depth)]
        while self._take("AND") or self._starts_operand():
            operands.append(self._near(depth))
        return operands[0] if len(operands) == 1 else Both(tuple(operands))

    def _near(self, depth: int) -> Node:
        node = self._operand(depth)
        while (found := self._nearness()) is not None:
            words, ordered, absent = found
            node = Near(node, self._operand(depth), words, ordered, absent)
        return node

    def _nearness(self) -> tuple[int | None, bool, bool] | None:
        """How near the next operand has to be, whether in order, and whether absent; None where nothing of the kind follows."""
        before = self._next
        absent = self._take("NOT")
        token = self._peek()
        distance = _NEAR.fullmatch(token.text) if token.kind == "operator" else None
        if distance is not None:
            self._next += 1
            if int(distance[2]) > WIDEST_NEAR:
                raise RuleError(sentence("{operator} reaches {most} words at most", operator=distance[1], most=WIDEST_NEAR), token.position)
            return int(distance[2]), distance[1] == "BEFORE", absent
        if self._take("NEAR") or self._take("BEFORE"):
            raise _no_number(token.text, token.position)
        if self._take("SAME"):
            if not self._take("SENTENCE"):
                raise RuleError(sentence("SAME is followed by SENTENCE"), token.position)
            return None, False, absent
        self._next = before
        return None

    def _operand(self, depth: int) -> Node:
        token = self._peek()
        if depth > DEEPEST:
            raise RuleError(sentence("Parentheses and NOT go at most {most} deep", most=DEEPEST), token.position)
        self._next += 1
        if token.kind == "open":
            node = self.either(depth + 1)
            if self._peek().kind != "close":
                raise RuleError(sentence("This parenthesis is never closed"), token.position)
            self._next += 1
            return node
        if token.kind == "operator" and token.text == "NOT":
            return Not(self._operand(depth + 1))
        return self._leaf(token)

    def _leaf(self, token: _Token) -> Node:
        if token.kind in {"end", "close", "operator"}:
            raise RuleError(sentence("A word, a phrase or a parenthesis is missing here"), token.position)
        if token.kind == "this" or (token.kind == "word" and token.text.startswith("@") and self._lists):
            if not self._lists:
                raise RuleError(sentence("THIS belongs to the watchlist; put the word in quotes to find it"), token.position)
            return Named(token.text[1:]) if token.kind == "word" else THIS
        prefix = token.kind == "word" and token.text.endswith("*")
        text = token.text[:-1] if prefix else token.text
        letters = sum(map(str.isalnum, fold(text).text))
        if not letters or "*" in text:
            raise RuleError(sentence("There is no word to find here; * is for the end of a word"), token.position)
        if prefix and letters < SHORTEST_PREFIX:
            raise RuleError(sentence("A prefix has at least {least} letters", least=SHORTEST_PREFIX), token.position)
        return Term(text, prefix)

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take(self, operator: str) -> bool:
        token = self._peek()
        found = token.kind == "operator" and token.text == operator
        self._next += found
        return found

    def _starts_operand(self) -> bool:
        token = self._peek()
        return token.kind in {"word", "phrase", "open", "this"} or (token.kind == "operator" and token.text == "NOT")
