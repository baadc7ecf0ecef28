"""Forgetting a chat wholly, and the proof of it: every row of every table that is about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select

from storage import watches
from storage.tables import Digest, Row, Subscriber, Subscription, table


def forget(connection: Connection, chat_id: int) -> int:
    """Delete every row of every table that is about a chat, with its threads, and return how many there were."""
    subscribers = table(Subscriber)
    ids = list(connection.scalars(select(subscribers.c.id).where(subscribers.c.chat_id == chat_id)))
    deleted = watches.forget(connection, ids)
    for owned in (Subscription, Digest):
        deleted += connection.execute(delete(table(owned)).where(table(owned).c.subscriber_id.in_(ids))).rowcount
    for about in chat_tables():
        deleted += connection.execute(delete(about).where(about.c.chat_id == chat_id)).rowcount
    return deleted


def remaining(connection: Connection, chat_id: int) -> int:
    """How many rows are about a chat, over all tables: the proof that it was forgotten. Asked before, it counts what there is."""
    subscribers = table(Subscriber)
    ids = list(connection.scalars(select(subscribers.c.id).where(subscribers.c.chat_id == chat_id)))
    owned = [select(func.count()).select_from(table(row)).where(table(row).c.subscriber_id.in_(ids)) for row in (Subscription, Digest)]
    return (
        watches.remaining(connection, ids)
        + sum(int(connection.scalar(count) or 0) for count in owned)
        + sum(
            int(connection.scalar(select(func.count()).select_from(about).where(about.c.chat_id == chat_id)) or 0)
            for about in chat_tables()
        )
    )


def chat_tables() -> Sequence[Any]:
    """Every table with a column that names a chat."""
    return [each for each in Row.metadata.sorted_tables if "chat_id" in each.c]
