"""How polling went day by day: what a source brings, and which part of the sources was heard on which day.

Days are those of UTC. Not here: how a source fares at the moment (``sources.py``), judging it (``feeds/health.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, bindparam, case, delete, func, literal_column, select

from storage.cursors import seq_before
from storage.kinds import kind_of
from storage.tables import Article, Revision, SourceDay, SourceRow, table

# Of a source since yesterday, and of each of its articles that was revised at all. A live page is revised as often, but it is one article.
MANY_REVISIONS, MANY_OF_AN_ARTICLE = 100, 10


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of a source: whether it failed, and how many new items and matches it brought."""

    source_id: int
    day: date
    failed: bool
    items: int
    matched: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a source brought over its last ``days`` on which it was heard at all.

    ``restless``: since yesterday it has changed its articles again and again.
    """

    days: int
    items: int
    matched: int
    restless: bool = False

    @property
    def items_a_day(self) -> float:
        """New items a day."""
        return self.items / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a group of sources: how many of them were polled and how many of those were heard, and what they brought."""

    day: date
    group: str
    sources: int
    heard: int
    items: int
    matched: int


def note(connection: Connection, polls: Iterable[Poll]) -> None:
    """Add polls to their days."""
    days = table(SourceDay)
    rows = [
        {
            "source_id": poll.source_id,
            "day": poll.day,
            "polls": 1,
            "failures": int(poll.failed),
            "items": poll.items,
            "matched": poll.matched,
        }
        for poll in polls
    ]
    if rows:
        added = kind_of(connection).insert(days)
        counts = {name: days.c[name] + added.excluded[name] for name in ("polls", "failures", "items", "matched")}
        connection.execute(added.on_conflict_do_update(index_elements=["source_id", "day"], set_=counts), rows)


def rhythms(connection: Connection, today: date, days: int) -> dict[int, Rhythm]:
    """The rhythm of every source over the whole days before today, or that of today where it is restless."""
    kept = table(SourceDay)
    statement = (
        select(kept.c.source_id, func.count(), func.sum(kept.c["items"]), func.sum(kept.c.matched))
        .where(kept.c.day >= today - timedelta(days=days), kept.c.day < today, kept.c.polls > kept.c.failures)
        .group_by(kept.c.source_id)
    )
    rows = connection.execute(statement).all()
    found = {int(source): Rhythm(int(days_heard), int(items), int(matched)) for source, days_heard, items, matched in rows}
    restless = _restless(connection, today - timedelta(days=1))
    return found | {source_id: replace(found.get(source_id, Rhythm(0, 0, 0)), restless=True) for source_id in restless}


def _restless(connection: Connection, since: date) -> list[int]:
    """The sources whose articles were each revised many times since then."""
    articles, revised = table(Article), table(Revision)
    after = seq_before(connection, datetime.combine(since, time(), tzinfo=UTC))
    statement = (
        select(articles.c.source_id)
        .join(revised, revised.c.article_id == articles.c.id)
        .where(revised.c.seq > after)
        .group_by(articles.c.source_id)
        .having(func.count() >= MANY_REVISIONS, func.count() >= MANY_OF_AN_ARTICLE * func.count(articles.c.id.distinct()))
    )
    return [int(number) for number in connection.scalars(statement)]


def of_sources(connection: Connection, first: date) -> dict[int, list[dict[str, object]]]:
    """Every source's days since ``first``, oldest first: day, polls, failures, items and matched."""
    kept = table(SourceDay)
    found: dict[int, list[dict[str, object]]] = {}
    for row in connection.execute(select(kept).where(kept.c.day >= first).order_by(kept.c.day)).mappings():
        found.setdefault(row["source_id"], []).append({name: value for name, value in row.items() if name != "source_id"})
    return found


def by_day(connection: Connection, group: str, first: date) -> list[Cell]:
    """Each day since ``first`` by a column of the sources: language or standing; of no language: "". Removed sources count as well."""
    kept, sources = table(SourceDay), table(SourceRow)
    name = func.coalesce(sources.c[group], literal_column("''"))
    heard = func.sum(case((kept.c.polls > kept.c.failures, 1), else_=0))
    statement = (
        select(kept.c.day, name, func.count(), heard, func.sum(kept.c["items"]), func.sum(kept.c.matched))
        .join(sources, sources.c.id == kept.c.source_id)
        .where(kept.c.day >= first)
        .group_by(kept.c.day, name)
        .order_by(kept.c.day, name)
    )
    return [Cell(day, group, *map(int, counts)) for day, group, *counts in connection.execute(statement)]


def forget_before(connection: Connection, day: date) -> None:
    """Delete days before that one."""
    kept = table(SourceDay)
    connection.execute(delete(kept).where(kept.c.day < bindparam("day")), {"day": day})
