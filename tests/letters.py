"""Letters for the tests of the outbox, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from storage import mailbox
from storage.mailbox import Outgoing
from storage.outbox import Letter
from storage.tables import Outbox, table


def put(connection: Connection, now: datetime, *messages: tuple[int, str, mailbox.Kind]) -> None:
    """Write letters down: to a chat, a text, of a kind."""
    mailbox.put_out(
        connection, [Outgoing(chat, "sendMessage", {"chat_id": chat, "text": text}, kind) for chat, text, kind in messages], now
    )


def texts(letters: Iterable[Letter]) -> list[str]:
    """What they say."""
    return [letter.payload["text"] for letter in letters]


def states(connection: Connection) -> list[str]:
    """The state of every letter, in the order of writing."""
    return list(connection.scalars(select(table(Outbox).c.state).order_by(table(Outbox).c.id)))
