"""Errands: work that a command began and whose outcome is said later, such as looking at an address. Each is a row until it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.tables import Errand, table


@dataclass(frozen=True, slots=True)
class Waiting:
    """An errand of a chat or thread. ``kind`` says what is to be done with ``argument``."""

    id: int
    chat_id: int
    thread_id: int
    kind: str
    argument: str


def begin(connection: Connection, chat_id: int, thread_id: int, now: datetime, *, kind: str, argument: str) -> int:
    """Write down an errand and return its number."""
    errands = table(Errand)
    values = {"chat_id": chat_id, "thread_id": thread_id, "kind": kind, "argument": argument, "created_at": now}
    return int(connection.execute(errands.insert().returning(errands.c.id), values).scalar_one())


def cancel(connection: Connection, chat_id: int, thread_id: int) -> int:
    """Give up everything that a chat or thread began and that isn't done, and return how much that was."""
    errands = table(Errand)
    return connection.execute(delete(errands).where(errands.c.chat_id == chat_id, errands.c.thread_id == thread_id)).rowcount


def find(connection: Connection, errand_id: int, chat_id: int, kind: str) -> Waiting | None:
    """A chat's errand of that kind."""
    errands = table(Errand)
    row = connection.execute(
        select(*_columns()).where(errands.c.id == errand_id, errands.c.chat_id == chat_id, errands.c.kind == kind)
    ).one_or_none()
    return Waiting(*row) if row else None


def turn(connection: Connection, errand_id: int, kind: str, argument: str) -> bool:
    """Make another errand of one, under its number; False where it was gone."""
    errands = table(Errand)
    return connection.execute(update(errands).where(errands.c.id == errand_id).values(kind=kind, argument=argument)).rowcount > 0


def sweep(connection: Connection, before: datetime) -> None:
    """Let go of what nobody came back to."""
    errands = table(Errand)
    connection.execute(delete(errands).where(errands.c.created_at < before))


def waiting(connection: Connection, kind: str, limit: int) -> list[Waiting]:
    """Errands of a kind, oldest first."""
    errands = table(Errand)
    statement = select(*_columns()).where(errands.c.kind == kind).order_by(errands.c.id).limit(limit)
    return [Waiting(*row) for row in connection.execute(statement)]


def end(connection: Connection, errand_id: int) -> bool:
    """Take a done errand away; False where it was gone, because its chat was forgotten meanwhile or it was done before."""
    errands = table(Errand)
    return connection.execute(delete(errands).where(errands.c.id == errand_id)).rowcount > 0


def _columns() -> tuple[Any, ...]:
    errands = table(Errand)
    return errands.c.id, errands.c.chat_id, errands.c.thread_id, errands.c.kind, errands.c.argument
