"""Letters on their way into the outbox: whatever is said to anyone is first written down here.

Not here: giving letters out to be sent, and how that ended (``outbox.py``), and updates that come in (``inbox.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.batches import batches
from storage.kinds import kind_of
from storage.tables import Circular, Outbox, insert_rows, table

Kind = Literal["reply", "alert", "digest", "announcement", "farewell"]
PRIORITY: Mapping[Kind, int] = {"farewell": 0, "reply": 0, "alert": 1, "digest": 2, "announcement": 3}
# The method of letters whose picture is drawn when they are sent.
PICTURE = "sendPhoto"
# What is left of what a settled letter said.
ERASED: Mapping[str, Any] = {"payload": None, "circular_id": None}
# A circular is written anew when it is used after so long, and goes when nothing waits that needs it and it wasn't for twice as long: so
# none goes while a letter that needs it is being written.
_KEEP_CIRCULAR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Alike:
    """What many letters say alike, which is stored once: part of their payload, with a number that follows from it."""

    id: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call of the Bot API that says something. A "farewell" leaves no row once it has been said.

    A picture is a sendPhoto whose "photo" is {"chart": what it shows}: it is drawn when it is sent. ``digest_id``: which digest it is.
    ``alike``: the part of its payload that others have too; ``payload`` is the rest.
    """

    chat_id: int | None
    method: str
    payload: Mapping[str, Any]
    kind: Kind = "reply"
    digest_id: int | None = None
    alike: Alike | None = None


def alike(payload: Mapping[str, Any]) -> Alike:
    """What many letters say alike."""
    written = json.dumps(payload, sort_keys=True).encode()
    return Alike(int.from_bytes(blake2b(written, digest_size=8).digest(), signed=True), payload)


def put_out(connection: Connection, messages: Sequence[Outgoing], now: datetime) -> None:
    """Write down what is to be said, to be sent in this order within a chat."""
    _circulate(connection, {message.alike.id: message.alike for message in messages if message.alike is not None}, now)
    rows = [
        {
            "chat_id": message.chat_id,
            "kind": message.kind,
            "priority": PRIORITY[message.kind],
            "method": message.method,
            "payload": dict(message.payload),
            "state": "pending",
            "attempts": 0,
            "not_before": now,
            "created_at": now,
            "digest_id": message.digest_id,
            "circular_id": message.alike and message.alike.id,
        }
        for message in messages
    ]
    insert_rows(connection, Outbox, rows)
    said = kind_of(connection).said
    if rows and said is not None:
        connection.execute(said)


def _circulate(connection: Connection, wanted: Mapping[int, Alike], now: datetime) -> None:
    """Write down what letters say alike, where that isn't done or was long ago."""
    circulars = table(Circular)
    for batch in batches(wanted):
        these = circulars.c.id.in_(bindparam("ids", expanding=True))
        recent = select(circulars.c.id).where(these, circulars.c.written_at > now - _KEEP_CIRCULAR)
        fresh = set(connection.scalars(recent, {"ids": batch}))
        stale = [number for number in batch if number not in fresh]
        connection.execute(delete(circulars).where(these), {"ids": stale})
        insert_rows(connection, Circular, [{"id": one, "payload": dict(wanted[one].payload), "written_at": now} for one in stale])


def drop_waiting(connection: Connection, chat_id: int, now: datetime) -> int:
    """Give up everything that is still to be said to a chat that is gone, and return how much that was. Farewells leave no row."""
    outbox = table(Outbox)
    farewell = outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]), outbox.c.kind == "farewell"
    connection.execute(delete(outbox).where(*farewell))
    return connection.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]))
        .values(state="gone", settled_at=now, **ERASED)
    ).rowcount


def waiting_of(connection: Connection, kind: Kind) -> int:
    """How many messages of a kind wait to be sent."""
    outbox = table(Outbox)
    waits = outbox.c.state.in_(["pending", "later"]), outbox.c.kind == kind
    return int(connection.scalar(select(func.count()).select_from(outbox).where(*waits)) or 0)


def call_back(connection: Connection, kind: Kind) -> int:
    """Delete the messages of a kind that wait to be sent, and return how many there were."""
    outbox = table(Outbox)
    return connection.execute(delete(outbox).where(outbox.c.state.in_(["pending", "later"]), outbox.c.kind == kind)).rowcount


def sweep_circulars(connection: Connection, now: datetime) -> int:
    """Delete what letters said alike where none waits any more that needs it, and return how much that was."""
    circulars, outbox = table(Circular), table(Outbox)
    needed = select(outbox.c.circular_id).where(outbox.c.settled_at.is_(None), outbox.c.circular_id.is_not(None))
    old = circulars.c.written_at < now - 2 * _KEEP_CIRCULAR
    return connection.execute(delete(circulars).where(old, circulars.c.id.not_in(needed))).rowcount
