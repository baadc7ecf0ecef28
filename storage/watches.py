"""Subscribers' own rules as stored, and the articles that they found.

A watch's rule is kept as it was typed. Not here: reading and matching rules (``feeds/rules.py``, ``feeds/watches.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, literal, select, update

from storage import stories
from storage.batches import batches
from storage.tables import Counter, Watch, WatchHit, insert_rows, table


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


def owners(connection: Connection, subscriber_ids: Sequence[int]) -> set[int]:
    """Those of these subscribers who have watches."""
    watches = table(Watch)
    statement = select(watches.c.subscriber_id).where(watches.c.subscriber_id.in_(bindparam("ids", expanding=True))).distinct()
    return {int(owner) for batch in batches(subscriber_ids) for owner in connection.scalars(statement, {"ids": batch})}


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
    mine = (watches.c.id == watch_id, watches.c.subscriber_id == subscriber_id)
    if connection.scalar(select(watches.c.id).where(*mine)) is None:
        return False
    found = _found_by(connection, [watch_id])
    connection.execute(delete(watches).where(*mine))
    stories.leave_unwanted(connection, found)
    _note_change(connection)
    return True


def forget(connection: Connection, subscriber_ids: Sequence[int]) -> int:
    """Delete everything about the watches of these subscribers, and return how many rows that were."""
    watches, hits = table(Watch), table(WatchHit)
    theirs = list(connection.scalars(select(watches.c.id).where(watches.c.subscriber_id.in_(subscriber_ids))))
    found = _found_by(connection, theirs)
    deleted = connection.execute(delete(hits).where(hits.c.watch_id.in_(theirs))).rowcount
    deleted += connection.execute(delete(watches).where(watches.c.id.in_(theirs))).rowcount
    if theirs:
        stories.leave_unwanted(connection, found)
        _note_change(connection)
    return deleted


def remaining(connection: Connection, subscriber_ids: Sequence[int]) -> int:
    """How many rows there are about the watches of these subscribers."""
    watches, hits = table(Watch), table(WatchHit)
    theirs = select(watches.c.id).where(watches.c.subscriber_id.in_(subscriber_ids))
    counts = (
        select(func.count()).select_from(watches).where(watches.c.subscriber_id.in_(subscriber_ids)),
        select(func.count()).select_from(hits).where(hits.c.watch_id.in_(theirs)),
    )
    return sum(int(connection.scalar(count) or 0) for count in counts)


def save_hits(connection: Connection, watch_id: int, article_ids: Sequence[int]) -> None:
    """Store that a new watch holds for these articles."""
    insert_rows(connection, WatchHit, [{"watch_id": watch_id, "article_id": article_id} for article_id in article_ids])


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


def not_yet(connection: Connection, watch_id: int, article_ids: Sequence[int]) -> list[int]:
    """Those of these articles that the watch isn't known to hold for, in their order."""
    found = table(WatchHit)
    known = set(connection.scalars(select(found.c.article_id).where(found.c.watch_id == watch_id, found.c.article_id.in_(article_ids))))
    return sorted(set(article_ids) - known)


def has_hits(connection: Connection, article_id: int) -> bool:
    """Whether a watch found this article."""
    found = table(WatchHit)
    return connection.scalar(select(found.c.watch_id).where(found.c.article_id == article_id).limit(1)) is not None


def drop_hits(connection: Connection, article_ids: Sequence[int]) -> None:
    """Delete what watches found of these articles."""
    found = table(WatchHit)
    statement = delete(found).where(found.c.article_id.in_(bindparam("ids", expanding=True)))
    for chosen in batches(article_ids):
        connection.execute(statement, {"ids": chosen})


def _found_by(connection: Connection, watch_ids: Sequence[int]) -> list[int]:
    hits = table(WatchHit)
    return [int(number) for number in connection.scalars(select(hits.c.article_id).where(hits.c.watch_id.in_(watch_ids)).distinct())]


def _note_change(connection: Connection) -> None:
    counters = table(Counter)
    connection.execute(update(counters).where(counters.c.name == "watches").values(value=counters.c.value + 1))
