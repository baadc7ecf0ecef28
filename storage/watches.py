"""Subscribers' own rules as stored, and the articles that they found.

A watch's rule is kept as it was typed. Not here: reading and matching rules (``feeds/rules.py``, ``feeds/watches.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, literal, select, update

from storage.tables import Counter, Watch, WatchHit, table

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A watch of a subscriber, with how many articles it found that are still kept."""

    id: int
    name: str
    rule: str
    hits: int


def of_subscriber(connection: Connection, subscriber_id: int) -> list[Kept]:
    """A subscriber's watches, oldest first."""
    watches, hits = table(Watch), table(WatchHit)
    found = select(func.count()).where(hits.c.watch_id == watches.c.id).scalar_subquery()
    statement = select(watches.c.id, watches.c.name, watches.c.rule, found).where(watches.c.subscriber_id == subscriber_id)
    return [Kept(*row) for row in connection.execute(statement.order_by(watches.c.id))]


def add(connection: Connection, subscriber_id: int, name: str, rule: str) -> int:
    """Keep a rule, and return its number."""
    made = connection.execute(
        table(Watch).insert().returning(table(Watch).c.id), {"subscriber_id": subscriber_id, "name": name, "rule": rule}
    )
    number = int(made.scalar_one())
    _note_change(connection)
    return number


def rename(connection: Connection, subscriber_id: int, watch_id: int, name: str) -> None:
    """Give a subscriber's watch another name."""
    watches = table(Watch)
    connection.execute(update(watches).where(watches.c.id == watch_id, watches.c.subscriber_id == subscriber_id).values(name=name))


def remove(connection: Connection, subscriber_id: int, watch_id: int) -> bool:
    """Delete a subscriber's watch with what it found; False where it isn't theirs."""
    watches = table(Watch)
    gone = connection.execute(delete(watches).where(watches.c.id == watch_id, watches.c.subscriber_id == subscriber_id)).rowcount > 0
    if gone:
        _note_change(connection)
    return gone


def forget(connection: Connection, subscriber_ids: Sequence[int]) -> int:
    """Delete everything about the watches of these subscribers, and return how many rows that were."""
    watches, hits = table(Watch), table(WatchHit)
    theirs = select(watches.c.id).where(watches.c.subscriber_id.in_(subscriber_ids))
    found = connection.execute(delete(hits).where(hits.c.watch_id.in_(theirs))).rowcount
    kept = connection.execute(delete(watches).where(watches.c.subscriber_id.in_(subscriber_ids))).rowcount
    if kept:
        _note_change(connection)
    return found + kept


def every(connection: Connection) -> dict[int, str]:
    """The rule of every watch, by number."""
    watches = table(Watch)
    return {int(number): str(rule) for number, rule in connection.execute(select(watches.c.id, watches.c.rule))}


def version(connection: Connection) -> int:
    """A number that grows whenever a watch is added or removed."""
    counters = table(Counter)
    return int(connection.scalar(select(counters.c.value).where(counters.c.name == "watches")) or 0)


def keep_hits(connection: Connection, hits: Mapping[int, Sequence[int]]) -> None:
    """Store which watches hold for which articles (article -> watches); watches that were removed meanwhile are left out."""
    watches, found = table(Watch), table(WatchHit)
    for article_id, numbers in hits.items():
        there = select(watches.c.id, literal(article_id)).where(watches.c.id.in_(list(numbers)))
        connection.execute(found.insert().from_select(["watch_id", "article_id"], there))


def drop_hits(connection: Connection, article_ids: Sequence[int]) -> None:
    """Delete what watches found of these articles."""
    found = table(WatchHit)
    statement = delete(found).where(found.c.article_id.in_(bindparam("ids", expanding=True)))
    for start in range(0, len(article_ids), _BATCH):
        connection.execute(statement, {"ids": list(article_ids[start : start + _BATCH])})


def _note_change(connection: Connection) -> None:
    counters = table(Counter)
    connection.execute(update(counters).where(counters.c.name == "watches").values(value=counters.c.value + 1))
