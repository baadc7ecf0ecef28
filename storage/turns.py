"""Whose turn it is: subscribers whose digest is due, and those whose alerts are behind.

Not here: working out local times (``bot/clock.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Update, bindparam, func, select, update

from storage.batches import run_many
from storage.subscribers import Chat, read_chats, served
from storage.tables import Subscriber, table

# A time table is a week's, so nobody is due later than this, whatever the clocks of their place do.
FAR_OFF = timedelta(days=9)


def due(connection: Connection, now: datetime, limit: int) -> list[Chat]:
    """Subscribers whose digest is due, longest due first."""
    subscribers = table(Subscriber)
    ready = (subscribers.c.state == "on", subscribers.c.next_due_at <= now)
    return read_chats(connection, select(subscribers).where(*ready).order_by(subscribers.c.next_due_at).limit(limit))


def anybody_due(connection: Connection, now: datetime) -> bool:
    """Whether anybody's digest is due, or so far off that a clock must have run ahead."""
    subscribers = table(Subscriber)
    moments = (subscribers.c.next_due_at <= now, subscribers.c.next_due_at > now + FAR_OFF)
    found = [connection.scalar(select(subscribers.c.id).where(subscribers.c.state == "on", moment).limit(1)) for moment in moments]
    return any(each is not None for each in found)


def far_off(connection: Connection, now: datetime, limit: int) -> list[Chat]:
    """Subscribers who are due later than any time table has it."""
    subscribers = table(Subscriber)
    return read_chats(
        connection, select(subscribers).where(subscribers.c.state == "on", subscribers.c.next_due_at > now + FAR_OFF).limit(limit)
    )


def count_due(connection: Connection) -> int:
    """How many subscribers have digests at their hours."""
    subscribers = table(Subscriber)
    statement = select(func.count()).select_from(subscribers).where(subscribers.c.state == "on", subscribers.c.next_due_at.is_not(None))
    return int(connection.scalar(statement) or 0)


def move_on(connection: Connection, served: Sequence[tuple[int, int, datetime | None]]) -> None:
    """Set, for subscribers by their numbers, how far they have been served and when they are due next."""
    run_many(connection, _moving(), [{"the_id": one, "cursor": cursor, "next_due_at": moment} for one, cursor, moment in served])


@cache
def _moving() -> Update:
    subscribers = table(Subscriber)
    return (
        update(subscribers)
        .where(subscribers.c.id == bindparam("the_id"))
        .values(cursor=bindparam("cursor"), next_due_at=bindparam("next_due_at", type_=subscribers.c.next_due_at.type))
    )


def alert_cursors(connection: Connection, up_to: int) -> list[int]:
    """How far alerts have come, each number once, where it isn't as far as ``up_to``."""
    subscribers = table(Subscriber)
    behind = subscribers.c.alert_cursor < up_to, subscribers.c.alert_cursor.is_not(None), served()
    return sorted(connection.scalars(select(subscribers.c.alert_cursor).where(*behind).distinct()))


def alerted(connection: Connection, cursor: int) -> list[Chat]:
    """The subscribers with alerts that have come so far."""
    subscribers = table(Subscriber)
    return read_chats(connection, select(subscribers).where(subscribers.c.alert_cursor == cursor, served()))


def move_alerts(connection: Connection, cursor: int, up_to: int, *, but: Collection[int] = ()) -> None:
    """Let alerts that have come so far come further, but not those of some subscribers."""
    subscribers = table(Subscriber)
    moved = subscribers.c.alert_cursor == cursor, served()
    held = [subscribers.c.id.not_in(bindparam("held", expanding=True))] if but else []
    statement = update(subscribers).where(*moved, *held).values(alert_cursor=up_to)
    connection.execute(statement, {"held": list(but)} if but else {})
