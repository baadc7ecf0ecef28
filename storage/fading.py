"""What was said to chats that want it deleted again after some hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, tuple_, update

from storage.tables import Outbox, Subscriber, table

# Telegram lets a bot delete what it said within 48 hours: https://core.telegram.org/bots/api#deletemessage
HOURS = (1, 6, 24, 47)


def faded(connection: Connection, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Messages (chat, number) that are to be deleted by now."""
    outbox, subscribers = table(Outbox), table(Subscriber)
    found: list[tuple[int, int]] = []
    for hours in connection.scalars(select(subscribers.c.fade_hours).where(subscribers.c.fade_hours.is_not(None)).distinct()).all():
        chats = select(subscribers.c.chat_id).where(subscribers.c.fade_hours == hours)
        said = outbox.c.chat_id.in_(chats), outbox.c.state == "sent", outbox.c.message_id.is_not(None)
        old = outbox.c.settled_at <= now - timedelta(hours=hours)
        statement = select(outbox.c.chat_id, outbox.c.message_id).where(*said, old).distinct().limit(limit)
        found += [(row.chat_id, row.message_id) for row in connection.execute(statement)]
    return found[:limit]


def note_faded(connection: Connection, gone: list[tuple[int, int]]) -> None:
    """Remember that these messages are being deleted."""
    outbox = table(Outbox)
    connection.execute(update(outbox).where(tuple_(outbox.c.chat_id, outbox.c.message_id).in_(gone)).values(message_id=None))
