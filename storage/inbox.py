"""The inbox of updates: each that came in is written down once, and handled once.

Not here: taking updates (``bot/receive.py``) and handling them (``bot/handling.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.kinds import kind_of
from storage.tables import Inbox, table


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came, without names."""

    update_id: int
    chat_id: int | None
    body: Mapping[str, Any]


def take_in(connection: Connection, updates: Sequence[Incoming], now: datetime) -> None:
    """Write down updates; those that are known already are left alone."""
    rows = [
        {
            "update_id": one.update_id,
            "chat_id": one.chat_id,
            "body": dict(one.body),
            "state": "new",
            "reason": None,
            "received_at": now,
        }
        for one in updates
    ]
    if rows:
        connection.execute(kind_of(connection).insert(table(Inbox)).on_conflict_do_nothing(), rows)


def waiting(connection: Connection) -> list[Incoming]:
    """Updates that haven't been handled, in order."""
    inbox = table(Inbox)
    rows = connection.execute(select(inbox).where(inbox.c.state == "new").order_by(inbox.c.update_id))
    return [Incoming(row.update_id, row.chat_id, row.body or {}) for row in rows]


def finish(connection: Connection, update_id: int, problem: str | None = None) -> None:
    """Mark an update as handled, or as set aside for ``problem``; either way its body and chat are erased."""
    inbox = table(Inbox)
    connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(state="done" if problem is None else "bad", reason=problem, body=None, chat_id=None)
    )


def sweep(connection: Connection, before: datetime) -> int:
    """Delete the ids of updates that were handled and came before that time, and return how many.

    Telegram repeats an update for a day at most, and after a week without any its numbers begin somewhere else: an old id must not be
    there to be met again.
    """
    inbox = table(Inbox)
    return connection.execute(delete(inbox).where(inbox.c.state != "new", inbox.c.received_at < before)).rowcount
