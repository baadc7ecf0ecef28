"""What an operator wants to see of the database at a moment: what waits, since when, and how the sources fare. Only counts and times.

Not here: showing them (``bot/metrics.py``), coverage day by day (``coverage.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from storage.mailbox import PRIORITY
from storage.tables import ArticleTopic, Inbox, Outbox, SourceRow, Subscriber, table

WAITING = ("pending", "later", "sending")
# Farewells go out with replies, and are counted with them.
_KINDS = {priority: kind for kind, priority in PRIORITY.items() if kind != "farewell"}
_HEARD_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """Sources of one standing: those that are polled, and those of them that were heard within a day."""

    on: int
    heard: int


@dataclass(frozen=True, slots=True)
class Measures:
    """The database at a moment.

    ``letters``: kind -> waiting messages. ``updates``: new or bad -> updates. ``unsent_since``: when the digest was due or written that is
    unsent the longest. ``sources``: standing -> sources. ``troubles``: trouble -> sources that are polled, "" for those without one.
    ``check_due_since``: when the source was due that is overdue the longest. ``subscribers``: those that receive digests.
    """

    letters: Mapping[str, int]
    updates: Mapping[str, int]
    unsent_since: datetime | None
    sources: Mapping[str, Heard]
    troubles: Mapping[str, int]
    check_due_since: datetime | None
    subscribers: int


def measure(connection: Connection, now: datetime) -> Measures:
    """Look at everything but the archive, by indexes where that is large."""
    return Measures(
        letters=_letters(connection),
        updates=_updates(connection),
        unsent_since=_unsent_since(connection, now),
        sources=_sources(connection, now),
        troubles=_troubles(connection),
        check_due_since=_check_due_since(connection, now),
        subscribers=connection.scalar(select(func.count()).where(table(Subscriber).c.state == "on")) or 0,
    )


def matches_after(connection: Connection, number: int) -> dict[str, int]:
    """How many articles with numbers above that one are about each topic."""
    kept = table(ArticleTopic)
    statement = select(kept.c.topic, func.count()).where(kept.c.article_id > number).group_by(kept.c.topic)
    return _counts(connection, statement)


def _counts(connection: Connection, statement: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(statement)}


def _letters(connection: Connection) -> dict[str, int]:
    outbox = table(Outbox)
    statement = select(outbox.c.priority, func.count()).where(outbox.c.state.in_(WAITING)).group_by(outbox.c.priority)
    counted = {_KINDS[priority]: count for priority, count in connection.execute(statement)}
    return {kind: counted.get(kind, 0) for kind in _KINDS.values()}


def _updates(connection: Connection) -> dict[str, int]:
    inbox = table(Inbox)
    statement = select(inbox.c.state, func.count()).where(inbox.c.state.in_(["new", "bad"])).group_by(inbox.c.state)
    return {"new": 0, "bad": 0} | _counts(connection, statement)


def _unsent_since(connection: Connection, now: datetime) -> datetime | None:
    outbox, subscribers = table(Outbox), table(Subscriber)
    digests = outbox.c.state.in_(WAITING), outbox.c.priority == PRIORITY["digest"]
    written = connection.scalar(select(outbox.c.created_at).where(*digests).order_by(outbox.c.priority, outbox.c.id).limit(1))
    due = connection.scalar(
        select(func.min(subscribers.c.next_due_at)).where(subscribers.c.state == "on", subscribers.c.next_due_at <= now)
    )
    return min(filter(None, [written, due]), default=None)


def _sources(connection: Connection, now: datetime) -> dict[str, Heard]:
    sources = table(SourceRow)
    heard = func.sum(case((sources.c.last_success_at > now - _HEARD_WITHIN, 1), else_=0))
    statement = select(sources.c.standing, func.count(), heard).where(sources.c.state == "on").group_by(sources.c.standing)
    return {standing: Heard(on, heard_of) for standing, on, heard_of in connection.execute(statement)}


def _troubles(connection: Connection) -> dict[str, int]:
    sources = table(SourceRow)
    statement = select(sources.c.trouble, func.count()).where(sources.c.state == "on").group_by(sources.c.trouble)
    return _counts(connection, statement)


def _check_due_since(connection: Connection, now: datetime) -> datetime | None:
    sources = table(SourceRow)
    due: datetime | None = connection.scalar(
        select(func.min(sources.c.next_check_at)).where(sources.c.state == "on", sources.c.next_check_at <= now)
    )
    return due
