"""What goes out without being asked for, besides digests: alerts, announcements, and deleting what is to fade."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot import alerts, announcing
from bot.subjects import Subjects
from storage import archive, errands, fading, mailbox, turns
from storage.mailbox import Outgoing

MOST_FADED = 100


def anything(connection: Connection, now: datetime) -> bool:
    """Whether there may be something to do."""
    return bool(
        turns.alert_cursors(connection, archive.latest(connection))
        or errands.waiting(connection, announcing.RUNNING, 1)
        or fading.faded(connection, now, 1)
    )


def write(connection: Connection, subjects: Subjects, now: datetime) -> int:
    """Write all that is to go out now, and return how many letters that is."""
    return alerts.write_alerts(connection, subjects, now) + announcing.go_on(connection, now) + _fade(connection, now)


def _fade(connection: Connection, now: datetime) -> int:
    gone = fading.faded(connection, now, MOST_FADED)
    fading.note_faded(connection, gone)
    # As farewells these leave no row.
    calls = [Outgoing(chat_id, "deleteMessage", {"chat_id": chat_id, "message_id": number}, "farewell") for chat_id, number in gone]
    mailbox.put_out(connection, calls, now)
    return len(calls)
