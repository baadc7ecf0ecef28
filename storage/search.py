"""Searching the archive: pages of hits, newest or best first, and how many there are.

    page = search(connection, parse("путь домой -фильм after:2023-11"))
    page.hits, page.count, page.older    # give ``page.older`` as ``cursor`` to get the next page

The best are those with the words in the title, then the others, each newest first: weighing every hit of a frequent word by its rareness
takes a second (FTS5's bm25), this doesn't. Not here: the language (``query.py``), the index (``search_index.py``), what to offer where
nothing is found (``nearest.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select, text

from storage import archive, asking, hits
from storage.asking import Question
from storage.batches import batches
from storage.blocks import Between
from storage.expression import branches, days, divided, match
from storage.full_text import Syntax
from storage.hits import Hit
from storage.kinds import kind_of
from storage.meaning import Meaning, Named, Topics, meaning
from storage.query import Among, Node, Query, beginnings, mended, parse, reread, terms
from storage.tables import Article, SourceRow, table
from storage.words import stems

__all__ = ["MOST_COUNTED", "Cursor", "Found", "Hit", "Named", "Page", "Topics", "newest_with", "numbers", "parse", "search"]

MOST_COUNTED = 1_000
# Of so few articles each is looked up in the index; of more, those that the index gives are looked up in the tables.
_FEW = 500
_LOWEST, _HIGHEST = -(2**62), 2**62
_NEWEST, _TITLE, _BODY = "n", "t", "b"
_CURSOR = re.compile(r"~(-?\d{1,18})\.(-?\d{1,18})\.([ntb])([on])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two pages. What came after article ``anchor`` isn't on any of them.

    The page goes on from article ``last``, found by ``stage`` (all, titles or bodies), to the older or the newer.
    """

    anchor: int
    last: int
    stage: str
    older: bool

    def __str__(self) -> str:
        return f"~{self.anchor}.{self.last}.{self.stage}{'o' if self.older else 'n'}"


def cursor_of(written: str) -> Cursor | None:
    """A cursor as it was written down; None where it is none."""
    found = _CURSOR.fullmatch(written)
    return Cursor(int(found[1]), int(found[2]), found[3], found[4] == "o") if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of hits. ``count``: of all pages, at most MOST_COUNTED + 1. ``older``, ``newer``: cursors of its neighbours, if any.

    ``named``: words of the query that name a topic, whose articles in all languages are among the hits.
    """

    hits: tuple[Hit, ...]
    count: int
    older: Cursor | None
    newer: Cursor | None
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An article with one of the words that were looked for."""

    id: int
    title: str
    text: str
    url: str
    outlet: str
    first_seen_at: datetime


def search(
    connection: Connection,
    query: Query,
    *,
    topics: Topics | None = None,
    cursor: Cursor | None = None,
    limit: int = 5,
    unmatched: bool = False,
) -> Page:
    """A page of the articles that fit; ``unmatched`` looks also among articles about none of the topics.

    ``topics``: those that there are; without them words name none. QueryError: a field names what the archive doesn't have.
    """
    meant = understood(connection, query, topics)
    index = _Index(connection, meant, best=query.best, unmatched=unmatched)
    anchor = archive.latest(connection) if cursor is None else cursor.anchor
    places, more = index.page(cursor, anchor, limit)
    found = hits.read(connection, [number for _, number in places], list(terms(meant.root)), meant.topics)
    back = cursor is not None and not cursor.older
    return Page(
        found,
        index.count(anchor),
        older=Cursor(anchor, places[-1][1], places[-1][0], older=True) if places and (more or back) else None,
        newer=Cursor(anchor, places[0][1], places[0][0], older=False) if places and cursor and (more or not back) else None,
        named=meant.named,
    )


def numbers(
    connection: Connection, query: Query, *, topics: Topics | None = None, before: int | None = None, limit: int, unmatched: bool = False
) -> list[int]:
    """The numbers of the articles that fit, newest first, below ``before``: for going through all of them."""
    index = _Index(connection, understood(connection, query, topics), best=False, unmatched=unmatched)
    return index.rows(_NEWEST, _LOWEST, _HIGHEST if before is None else before, limit)


def counted(connection: Connection, query: Query, *, topics: Topics | None = None, unmatched: bool = False) -> int:
    """How many articles fit, at most MOST_COUNTED + 1."""
    return _Index(connection, understood(connection, query, topics), best=False, unmatched=unmatched).count(_HIGHEST)


def understood(connection: Connection, query: Query, topics: Topics | None = None) -> Meaning:
    """What a query means in this archive. QueryError: a field names what it doesn't have."""
    known = topics or Topics()
    return mended(query.typed, lambda typed: meaning(connection, query if typed == query.typed else reread(typed), known))


class _Index:
    """A query, ready to be looked up."""

    def __init__(self, connection: Connection, meant: Meaning, *, best: bool, unmatched: bool) -> None:
        self._connection = connection
        self._index = kind_of(connection).full_text
        year, syntax = _last_year(connection), self._index.syntax
        parts = branches(meant.root)
        # An index that is asked by spans passes over what is of other days at once, where days are a condition of their own.
        nodes = [divided(part.node) if self._index.blocks else (part.node, None) for part in parts]
        whole = [match(node, year, syntax, unmatched=unmatched) for node, _ in nodes]
        dated = [match(when, year, syntax, unmatched=True) if when else "" for _, when in nodes]
        expressions = {_NEWEST: whole}
        # Where no word is looked for, none can stand in the title; of several parts, one's title hit may be another's body hit.
        self.stages = (_TITLE, _BODY) if best and len(parts) == 1 and any(terms(meant.root)) else (_NEWEST,)
        if _TITLE in self.stages:
            titles = [match(node, year, syntax, title=True, unmatched=unmatched) for node, _ in nodes]
            expressions[_TITLE] = titles
            expressions[_BODY] = [f"({all_}){syntax.without}({title})" for all_, title in zip(whole, titles, strict=True)]
        self._everywhere = asking.everywhere(connection)
        conditions = [_conditions(connection, part.among) for part in parts]
        likely = [self._likely(part.node) for part in parts]
        worded = [any(terms(part.node)) for part in parts]
        self._asked = {
            stage: [Question(*each[:3], *each[3], worded=each[4]) for each in zip(matches, dated, likely, conditions, worded, strict=True)]
            for stage, matches in expressions.items()
        }

    def page(self, cursor: Cursor | None, anchor: int, limit: int) -> tuple[list[tuple[str, int]], bool]:
        """The stage and number of each hit of a page, in order, and whether there are more in the direction of the cursor."""
        rising = cursor is not None and not cursor.older
        stages = self.stages[::-1] if rising else self.stages
        at = stages.index(cursor.stage) if cursor is not None and cursor.stage in stages else 0
        found: list[tuple[str, int]] = []
        for stage in stages[at:]:
            last = cursor.last if cursor is not None and stage == cursor.stage else None
            above = last if rising and last is not None else _LOWEST
            below = last if not rising and last is not None else _HIGHEST
            ids = self.rows(stage, above, min(below, anchor + 1), limit + 1 - len(found), rising=rising)
            found += [(stage, number) for number in ids]
            if len(found) > limit:
                break
        shown = found[:limit]
        return (shown[::-1] if rising else shown), len(found) > limit

    def _likely(self, node: Node) -> Between | None:
        """Where nearly all that a node finds must be, by the days that it is restricted to."""
        first, end = days(node)
        if not self._index.blocks or (first is None and end is None):
            return None
        return asking.seen_between(self._connection, self._everywhere, first, end)

    def rows(self, stage: str, above: int, below: int, limit: int, *, rising: bool = False) -> list[int]:
        """Numbers of hits between two, newest first or (``rising``) oldest first."""
        between = replace(self._everywhere.within(above, below), rising=rising)
        found: set[int] = set()
        for asked in self._asked[stage]:
            found |= set(asking.numbers(self._connection, self._index, asked, between, limit))
        return sorted(found, reverse=not rising)[:limit]

    def count(self, anchor: int) -> int:
        """How many hits there are up to a number, and no more than MOST_COUNTED + 1."""
        if len(self._asked[_NEWEST]) > 1:
            return len(self.rows(_NEWEST, _LOWEST, anchor + 1, MOST_COUNTED + 1))
        between = self._everywhere.within(_LOWEST, anchor + 1)
        return asking.count(self._connection, self._index, self._asked[_NEWEST][0], between, MOST_COUNTED + 1)


# What the tables know of the article that the index found.
_HOLDS = {
    "story": "EXISTS (SELECT 1 FROM articles WHERE articles.id = search_index.rowid AND story_id = :number)",
    "copy": (
        "EXISTS (SELECT 1 FROM articles WHERE articles.id = search_index.rowid AND (copy_of IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM articles AS copies WHERE copies.copy_of = articles.id)))"
    ),
    "revision": "EXISTS (SELECT 1 FROM revisions WHERE article_id = search_index.rowid)",
}
# The articles themselves, at most so many.
_THOSE = {
    "story": "SELECT id FROM articles WHERE story_id = :number LIMIT :most",
    "copy": (
        "SELECT id FROM (SELECT id FROM articles WHERE copy_of IS NOT NULL LIMIT :most) AS copies"
        " UNION SELECT copy_of FROM (SELECT copy_of FROM articles WHERE copy_of IS NOT NULL LIMIT :most) AS originals"
    ),
    "revision": "SELECT DISTINCT article_id FROM revisions LIMIT :most",
}


def _conditions(connection: Connection, among: Sequence[tuple[Among, bool]]) -> tuple[str, Mapping[str, object]]:
    """What the tables have to say about a hit, as SQL with its values."""
    conditions, values = list[str](), dict[str, object]()
    for place, (each, holds) in enumerate(among):
        number, ids = f"number{place}", f"ids{place}"
        found = connection.scalars(text(_THOSE[each.kind]), {"number": each.number, "most": _FEW + 1}).all() if holds else ()
        if holds and len(found) <= _FEW:
            conditions.append(f" AND rowid IN :{ids}")
            values[ids] = list(found)
        else:
            conditions.append(f" AND {'' if holds else 'NOT '}{_HOLDS[each.kind].replace(':number', f':{number}')}")
            values |= {number: each.number} if each.kind == "story" else {}
    return "".join(conditions), values


def _last_year(connection: Connection) -> int:
    """No article counts for a later year: neither the newest that came nor any that was imported, which can't be from the future.

    The year is only where a span of dates without an end is cut, so it does no harm that it comes from the database's own clock.
    """
    articles = table(Article)
    newest = connection.scalar(select(articles.c.first_seen_at).order_by(articles.c.id.desc()).limit(1))
    today: date = connection.execute(select(func.current_date())).scalar_one()
    return max(today.year, newest.year if newest else 0)


def newest_with(connection: Connection, wanted: Sequence[tuple[str, bool]], *, after: int, limit: int) -> list[Found]:
    """The newest articles, matched or not, with a number after ``after`` that have one of the words or phrases, in any inflected form.

    Each of ``wanted`` is a text and whether it is only the beginning of a word.
    """
    index = kind_of(connection).full_text
    expression = index.syntax.either.join(
        term for term in (_term(index.syntax, written, prefix=prefix) for written, prefix in wanted) if term
    )
    if not expression:
        return []
    between = asking.everywhere(connection).within(after, _HIGHEST)
    ids = asking.numbers(connection, index, Question(expression), between, limit)
    articles, sources = table(Article), table(SourceRow)
    found = list[Found]()
    for chosen in batches(ids):
        rows = connection.execute(
            select(
                articles.c.id,
                articles.c.title,
                articles.c.text,
                articles.c.url,
                articles.c.outlet,
                sources.c.name,
                articles.c.first_seen_at,
            )
            .join(sources, sources.c.id == articles.c.source_id)
            .where(articles.c.id.in_(bindparam("ids", expanding=True)))
            .order_by(articles.c.id.desc()),
            {"ids": chosen},
        )
        found += [Found(row.id, row.title, row.text, row.url, row.outlet or row.name, row.first_seen_at) for row in rows]
    return found


def _term(syntax: Syntax, written: str, *, prefix: bool) -> str:
    found = stems(written)
    if prefix and len(found) == 1:
        begun, *shorter = beginnings(written)
        return syntax.either.join([syntax.term((begun,), True, False), *map(syntax.tag, shorter)])  # noqa: FBT003 - as Syntax has it
    return syntax.term(found, False, False) if found else ""  # noqa: FBT003 - as Syntax has it
