"""A query's meaning in the index's own language (``full_text.py``), and what is left to the tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from storage.full_text import Syntax
from storage.query import Among, Both, Dates, Either, Node, Not, Tagged, Term
from storage.records import QueryError, sentence
from storage.search_index import MATCHED, UNMATCHED
from storage.words import tag

MOST_BRANCHES = 16
# As long as looking up a tag takes, a third of a day's articles can be passed over, of a million in eight years.
_TAGS_A_DAY = 3
_NOTHING = "_nothing"
_CENTURY = date(2000, 1, 1)  # years before it begin with a 0 or a 1
_NO_NEWS_BEFORE = 1900  # articles may claim any date; a longer span of years would be as many words to look up


@dataclass(frozen=True, slots=True)
class Expression:
    """Of the index's language; ``negative``: what it does not find is meant."""

    text: str
    negative: bool = False

    def __invert__(self) -> Expression:
        return Expression(self.text, not self.negative)


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a query: what the index has to say, and what the tables, each to hold or (false) not to hold."""

    node: Node
    among: tuple[tuple[Among, bool], ...] = ()


def branches(root: Node) -> list[Branch]:
    """The parts of a query of which one has to hold: only one where the tables aren't asked. QueryError: too many."""
    found = [_branch(literals) for literals in _alternatives(root, holds=True)]
    if len(found) > MOST_BRANCHES:
        raise QueryError(sentence("story: and has: stand in too many alternatives here."), 0, "too many alternatives")
    return found


def match(node: Node, year: int, syntax: Syntax, *, title: bool = False, unmatched: bool = False) -> str:
    """The expression that finds what a node means, its words in the title if so wanted. ``year``: no article is of a later one."""
    writer = _Writer(syntax, year)
    found = writer.expression(node, title=title)
    if found.negative:
        everything = writer.tags((MATCHED, UNMATCHED)) if unmatched else syntax.tag(MATCHED)
        return f"{everything}{syntax.without}({found.text})"
    # Not AND what matched: the index would look for each candidate in that long list; NOT is asked of what was found alone.
    return found.text if unmatched or _tells_topic(node) else f"({found.text}){syntax.without}{syntax.tag(UNMATCHED)}"


def days(node: Node) -> tuple[date | None, date | None]:
    """The first day and the first day after those that a node restricts its articles to; None: it doesn't."""
    found = [each for each in _conjuncts(node) if isinstance(each, Dates)]
    return max((each.first for each in found if each.first), default=None), min((each.end for each in found if each.end), default=None)


def divided(node: Node) -> tuple[Node, Node | None]:
    """A node and the days that it is restricted to beside something else; None: it isn't."""
    parts = tuple(_conjuncts(node))
    when, others = tuple(each for each in parts if isinstance(each, Dates)), tuple(each for each in parts if not isinstance(each, Dates))
    return (Both(others), Both(when)) if when and others else (node, None)


def date_tags(first: date, end: date) -> tuple[list[str], list[str]]:
    """The tags that find the days from ``first`` on and before ``end`` soonest: those to find, and those to leave out of them.

    Few tags, and few days left out at the end: what is newest is looked at first, and what is left out is looked at one by one.
    """
    ways = [
        ([*_covering(begin, close)], [*_covering(begin, first), *_covering(end, close)], (close - end).days)
        for begin in (first, first.replace(day=1), first.replace(month=1, day=1))
        for close in (end, _next_month(end), _next_year(end))
    ]
    wanted, unwanted, _ = min(ways, key=lambda way: len(way[0]) + len(way[1]) + _TAGS_A_DAY * way[2])
    return wanted, unwanted


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes expressions in the language of one index."""

    syntax: Syntax
    year: int

    def expression(self, node: Node, *, title: bool) -> Expression:
        if isinstance(node, Term):
            return Expression(self.syntax.term(node.stems, node.prefix, title))
        if isinstance(node, Tagged):
            # That a title is about a topic isn't known; that it has the words is.
            return Expression(self.tags(() if node.named and title else node.tags))
        if isinstance(node, Dates):
            return self._dates(node)
        if isinstance(node, Not):
            return ~self.expression(node.operand, title=False)
        assert isinstance(node, Both | Either), node  # noqa: S101 - the others never come here: see meaning.py and branches()
        found = [self.expression(operand, title=title) for operand in node.operands]
        return self._all(found) if isinstance(node, Both) else ~self._all([~each for each in found])

    def tags(self, tags: Iterable[str]) -> str:
        """One of these tags."""
        written = self.syntax.either.join(map(self.syntax.tag, tags))
        return f"({written})" if written else self.syntax.tag(_NOTHING)

    def _all(self, found: list[Expression]) -> Expression:
        """All of these hold."""
        wanted = [each.text for each in found if not each.negative]
        unwanted = [each.text for each in found if each.negative]
        if not wanted:
            return Expression(self._joined(self.syntax.either, unwanted), negative=True)
        text = self._joined(self.syntax.both, wanted)
        return Expression(f"{text}{self.syntax.without}({self._joined(self.syntax.either, unwanted)})" if unwanted else text)

    def _joined(self, operator: str, texts: list[str]) -> str:
        return operator.join(f"({each})" for each in texts) if len(texts) > 1 else f"({texts[0]})" if texts else self.syntax.tag(_NOTHING)

    def _dates(self, node: Dates) -> Expression:
        first = node.first if node.first is None or node.first.year >= _NO_NEWS_BEFORE else None
        if node.end is not None and node.end.year < _NO_NEWS_BEFORE:
            first = node.first
        if first is None:
            return self._before(node.end)
        end = min(node.end or date.max, date(self.year + 1, 1, 1))
        if first >= end:
            return Expression(self.syntax.tag(_NOTHING))
        wanted, unwanted = date_tags(first, end)
        return Expression(f"{self.tags(wanted)}{self.syntax.without}{self.tags(unwanted)}" if unwanted else self.tags(wanted))

    def _before(self, end: date | None) -> Expression:
        """All days before one, or all days. Not what doesn't come later: that would be passed over one by one, from the newest on."""
        if end is None:
            return Expression(self.syntax.tag(_NOTHING), negative=True)
        if end < _CENTURY:
            return ~self._dates(Dates(end, None))
        wanted, unwanted = date_tags(_CENTURY, min(end, date(self.year + 1, 1, 1)))
        early = [self.syntax.term((tag("year", begin),), True, False) for begin in ("0", "1")]  # noqa: FBT003 - as Syntax has it
        text = f"({self._joined(self.syntax.either, [*early, *map(self.syntax.tag, wanted)])})"
        return Expression(f"{text}{self.syntax.without}{self.tags(unwanted)}" if unwanted else text)


def _conjuncts(node: Node) -> Iterator[Node]:
    """The nodes of which all have to hold."""
    if isinstance(node, Both):
        for operand in node.operands:
            yield from _conjuncts(operand)
    else:
        yield node


def _covering(first: date, end: date) -> Iterator[str]:
    while first < end:
        year, month, day = first.isoformat().split("-")
        if first.month == first.day == 1 and _next_year(first + timedelta(days=1)) <= end:
            yield tag("year", year)
            first = _next_year(first + timedelta(days=1))
        elif first.day == 1 and _next_month(first + timedelta(days=1)) <= end:
            yield tag("month", f"{year}{month}")
            first = _next_month(first + timedelta(days=1))
        else:
            yield tag("day", f"{year}{month}{day}")
            first += timedelta(days=1)


def _next_month(day: date) -> date:
    """The first day of a month that isn't before ``day``."""
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _next_year(day: date) -> date:
    """The first day of a year that isn't before ``day``."""
    return day if day.day == day.month == 1 else date(day.year + 1, 1, 1)


def _tells_topic(node: Node) -> bool:
    """Whether only what is about a topic can be found by it, so that it needn't be said again."""
    if isinstance(node, Both):
        return any(map(_tells_topic, node.operands))
    if isinstance(node, Either):
        return all(map(_tells_topic, node.operands))
    return isinstance(node, Tagged) and bool(node.tags) and all(each.startswith(tag("topic", "")) for each in node.tags)


def _has_among(node: Node) -> bool:
    if isinstance(node, Both | Either):
        return any(map(_has_among, node.operands))
    return _has_among(node.operand) if isinstance(node, Not) else isinstance(node, Among)


def _alternatives(node: Node, *, holds: bool) -> list[list[tuple[Node, bool]]]:
    """Lists of nodes with whether they have to hold; one list of them has to be true. Only what the tables know is taken apart."""
    if not _has_among(node) or isinstance(node, Among):
        return [[(node, holds)]]
    if isinstance(node, Not):
        return _alternatives(node.operand, holds=not holds)
    assert isinstance(node, Both | Either), node  # noqa: S101 - nothing else has parts
    parts = [_alternatives(operand, holds=holds) for operand in node.operands]
    if isinstance(node, Either) is holds:
        return [literals for part in parts for literals in part]
    combined: list[list[tuple[Node, bool]]] = [[]]
    for part in parts:
        combined = [[*before, *literals] for before, literals in product(combined, part)][: MOST_BRANCHES + 1]
    return combined


def _branch(literals: list[tuple[Node, bool]]) -> Branch:
    nodes = tuple(node if holds else Not(node) for node, holds in literals if not isinstance(node, Among))
    return Branch(Both(nodes), tuple((node, holds) for node, holds in literals if isinstance(node, Among)))
