"""Who was let in where access is by list: invitations, each for one chat, and the chats that came by one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage.tables import Guest, Invitation, insert_rows, table

PREFIX = "invite_"  # before the code in a deep link
VALID = timedelta(days=7)
_BYTES = 16


def invite(connection: Connection, now: datetime) -> str:
    """Make an invitation and return its code."""
    code = secrets.token_hex(_BYTES)
    insert_rows(connection, Invitation, [{"code": code, "made_at": now}])
    return code


def let_in(connection: Connection, chat_id: int, code: str, now: datetime) -> bool:
    """Let a chat in by an invitation, which is used up; False where there is none, or it is too old."""
    invitations = table(Invitation)
    used = connection.execute(delete(invitations).where(invitations.c.code == code, invitations.c.made_at > now - VALID)).rowcount > 0
    if used and not known(connection, chat_id):
        insert_rows(connection, Guest, [{"chat_id": chat_id}])
    return used


def known(connection: Connection, chat_id: int) -> bool:
    """Whether a chat came by an invitation."""
    guests = table(Guest)
    return connection.scalar(select(guests.c.chat_id).where(guests.c.chat_id == chat_id)) is not None


def every(connection: Connection) -> list[int]:
    """The chats that came by an invitation."""
    return sorted(connection.scalars(select(table(Guest).c.chat_id)))


def sweep(connection: Connection, now: datetime) -> None:
    """Let go of invitations that nobody used in time."""
    invitations = table(Invitation)
    connection.execute(delete(invitations).where(invitations.c.made_at <= now - VALID))


def withdraw_all(connection: Connection) -> int:
    """Make every open invitation worthless, and return how many there were."""
    return connection.execute(delete(table(Invitation))).rowcount
