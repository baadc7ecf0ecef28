"""Asking the full-text index for numbers of articles, newest or oldest first: a statement is put together once for each kind of condition.

FTS5 gives rows in the order of their numbers. A GIN index gathers all that fit, which of a frequent word is a tenth of the archive. So the
index, which knows in which block of numbers a row stands (``FullText.blocks``), is asked for one span of blocks after another until enough
are found; where no words are asked for, after the nearest rows were looked through one by one. Not here: what to ask (``search.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, TextClause, bindparam, select, text

from storage.blocks import Between, Levels
from storage.full_text import FullText
from storage.tables import Article, table

STATEMENTS = 200  # kept as they were put together
# So many of the nearest rows are looked at where no words are asked for, but days, a language or a source, which many have. Too few have a
# word: looking took a third of the time of most questions.
_NEAR = 200
# Sentences of this file alone; what people type is bound.
_ALL = "SELECT rowid FROM search_index WHERE {matches} AND {between}{condition} {in_order}"
_NEAREST = (
    "SELECT rowid FROM (SELECT rowid, words FROM search_index WHERE {between} ORDER BY rowid {order} LIMIT :near) AS search_index"
    " WHERE {matches}{condition} {in_order}"
)
# What a span has is gathered without an order, lest the server walk through all numbers in theirs.
_BY_SPANS = (
    "SELECT hit.rowid FROM unnest(CAST(:spans AS text[])) AS span(blocks) CROSS JOIN LATERAL"
    " (WITH hits AS MATERIALIZED (SELECT rowid FROM search_index WHERE {matches} AND {in_span})"
    " SELECT rowid FROM hits AS search_index WHERE {between}{condition} {in_order}) AS hit LIMIT :limit"
)
_COUNT = "SELECT count(*) FROM ({sentence}) AS counted"
# Where articles begin that were seen later than a moment, or up to so many numbers further: found by halving, as numbers rise with time.
_CLOSE = 16
_SEEN_SINCE = text(
    "WITH RECURSIVE half(low, high) AS (SELECT CAST(:low AS bigint), CAST(:high AS bigint) UNION ALL"
    " SELECT CASE WHEN seen < :moment THEN middle ELSE low END, CASE WHEN seen < :moment THEN high ELSE middle END FROM"
    " (SELECT low, high, (low + high) / 2 AS middle,"
    " (SELECT first_seen_at FROM articles WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) AS seen FROM half WHERE high - low > :close)"
    " AS halves) SELECT high FROM half ORDER BY high - low LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: an expression of the index's language, and what the tables have to say of a hit, as SQL with its values.

    ``dated``: another expression that has to hold, if any; ``likely``: where nearly all hits are, None where they may be anywhere;
    ``worded``: words are among what is looked for.
    """

    match: str
    dated: str = ""
    likely: Between | None = None
    condition: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    worded: bool = True

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the values that are lists."""
        return tuple(name for name, value in self.values.items() if isinstance(value, list))


def everywhere(connection: Connection) -> Between:
    """The numbers of all articles there are."""
    number = table(Article).c.id
    lowest, highest = (connection.scalar(select(number).order_by(order).limit(1)) for order in (number, number.desc()))
    return Between(lowest - 1, highest + 1) if lowest is not None and highest is not None else Between(0, 0)


def seen_between(connection: Connection, among: Between, first: date | None, end: date | None) -> Between:
    """Those numbers of articles that were first seen from one day (UTC) on and before another, and a few more; not those of imports."""
    above = _seen_since(connection, among, first) - _CLOSE - 1 if first else among.above
    found = among.within(above, _seen_since(connection, among, end) if end else among.below)
    # It would be empty if the clock had once been wrong.
    return found or among


def _seen_since(connection: Connection, among: Between, day: date) -> int:
    moment = datetime.combine(day, time(), UTC)
    bounds = {"low": max(among.above, 0), "high": among.below, "close": _CLOSE, "moment": moment}
    return int(connection.scalar(_SEEN_SINCE, bounds) or 0)


def numbers(connection: Connection, index: FullText, asked: Question, between: Between, limit: int) -> list[int]:
    """The numbers of the first hits, at most ``limit``."""
    levels = _levels(index, asked)
    if levels is None:
        return list(connection.scalars(_statement(_ALL, index, asked, between), _bounds(asked, between, limit)))
    found = list[int]()
    for part, spans in parts(between, asked.likely, levels):
        bounds = _bounds(asked, part, limit - len(found))
        some: Sequence[int] = ()
        if not asked.worded and len(spans) > 1:
            some = connection.scalars(_statement(_NEAREST, index, asked, part), {**bounds, "near": _NEAR}).all()
        if len(some) < limit - len(found):
            some = connection.scalars(_statement(_BY_SPANS, index, asked, part), bounds | _keys(spans)).all()
        found += some
        if len(found) == limit:
            break
    return found


def count(connection: Connection, index: FullText, asked: Question, between: Between, limit: int) -> int:
    """How many hits there are, counted up to ``limit``."""
    levels = _levels(index, asked)
    if levels is None:
        statement = _statement(_COUNT.replace("{sentence}", _ALL), index, asked, between)
        return int(connection.scalar(statement, _bounds(asked, between, limit)) or 0)
    found, statement = 0, _statement(_COUNT.replace("{sentence}", _BY_SPANS), index, asked, between)
    for part, spans in parts(between, asked.likely, levels):
        found += int(connection.scalar(statement, _bounds(asked, part, limit - found) | _keys(spans)) or 0)
        if found == limit:
            break
    return found


def parts(between: Between, likely: Between | None, levels: Levels) -> list[tuple[Between, list[list[int]]]]:
    """The parts that numbers are gone through in, each with the blocks of its spans.

    Where hits are likely, the spans are those of ``Levels.spans``; what lies before and behind is one span.
    """
    if likely is None:
        return [(between, levels.spans(between))] if between else []
    outside = [between.within(likely.below - 1, between.below), between.within(between.above, likely.above + 1)]
    before, behind = outside[::-1] if between.rising else outside
    middle = between.within(likely.above, likely.below)
    wanted = [(before, _joined(levels.spans(before))), (middle, levels.spans(middle)), (behind, _joined(levels.spans(behind)))]
    return [(part, spans) for part, spans in wanted if part]


def _joined(spans: list[list[int]]) -> list[list[int]]:
    return [[block for span in spans for block in span]]


def _levels(index: FullText, asked: Question) -> Levels | None:
    # The few articles that a list names are looked up one by one, whatever their order.
    return None if asked.lists else index.blocks


def _bounds(asked: Question, between: Between, limit: int) -> dict[str, object]:
    dated = {"dated": asked.dated} if asked.dated else {}
    return {"match": asked.match, **dated, "above": between.above, "below": between.below, "limit": limit, **asked.values}


def _keys(spans: list[list[int]]) -> dict[str, object]:
    # As text, since arrays in an array would all have to be equally long.
    return {"spans": [f"{{{','.join(map(str, blocks))}}}" for blocks in spans]}


def _statement(sentence: str, index: FullText, asked: Question, between: Between) -> TextClause:
    return _written(sentence, index, asked.condition, asked.lists, dated=bool(asked.dated), rising=between.rising)


@lru_cache(maxsize=STATEMENTS)
def _written(sentence: str, index: FullText, condition: str, expanding: tuple[str, ...], *, dated: bool, rising: bool) -> TextClause:
    lists: list[BindParameter[Any]] = [bindparam(name, expanding=True) for name in expanding]
    order = "ASC" if rising else "DESC"
    written = sentence.format(
        matches=f"{index.matches} AND {index.matches.replace(':match', ':dated')}" if dated else index.matches,
        in_span=f"{index.blocks.of_row} && CAST(span.blocks AS bigint[])" if index.blocks else "",
        condition=condition,
        between="rowid > :above AND rowid < :below",
        order=order,
        in_order=f"ORDER BY rowid {order} LIMIT :limit",
    )
    return text(written).bindparams(*lists)
