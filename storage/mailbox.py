"""The inbox of updates and the outbox of messages: what came in is handled once, what goes out is first a row.

Not here: how updates are taken and messages sent (``bot/receive.py``, ``bot/deliver.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.tables import Inbox, Outbox, insert_rows, table

Kind = Literal["reply", "alert", "digest", "announcement", "farewell"]
PRIORITY: Mapping[Kind, int] = {"farewell": 0, "reply": 0, "alert": 1, "digest": 2, "announcement": 3}
# The method of letters whose picture is drawn when they are sent.
PICTURE = "sendPhoto"
# A sender that died gives a message back after this long, where it may be sent twice.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came, without names."""

    update_id: int
    chat_id: int | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call of the Bot API that says something. A "farewell" leaves no row once it has been said.

    A picture is a sendPhoto whose "photo" is {"chart": what it shows}: it is drawn when it is sent.
    """

    chat_id: int | None
    method: str
    payload: Mapping[str, Any]
    kind: Kind = "reply"


@dataclass(frozen=True, slots=True)
class Letter:
    """A row of the outbox that is being sent."""

    id: int
    chat_id: int | None
    kind: str
    method: str
    payload: Mapping[str, Any]
    attempts: int


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
        connection.execute(insert(table(Inbox)).on_conflict_do_nothing(), rows)


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


def put_out(connection: Connection, messages: Sequence[Outgoing], now: datetime) -> None:
    """Write down what is to be said, to be sent in this order within a chat."""
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
        }
        for message in messages
    ]
    insert_rows(connection, Outbox, rows)


def claim(connection: Connection, now: datetime, limit: int, busy: Collection[int], *, pictures: int = 1) -> list[Letter]:
    """Claim messages to be sent now, urgent ones first: at most one a chat, none to a chat in ``busy``, so many pictures at most.

    A picture has to be drawn first, so it isn't claimed long before that can begin: one more urgent may come, or the program end.
    """
    outbox = table(Outbox)
    found = connection.execute(
        select(outbox).where(_comes_next(pictures), outbox.c.not_before <= now).order_by(outbox.c.priority, outbox.c.id).limit(limit),
        {"busy": list(busy)},
    ).all()
    spare = {row.id for row in [row for row in found if row.method == PICTURE][pictures:]}
    rows = [row for row in found if row.id not in spare]
    connection.execute(
        update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(state="sending", lease_until=now + LEASE),
        {"ids": [row.id for row in rows]},
    )
    return [Letter(row.id, row.chat_id, row.kind, row.method, row.payload or {}, row.attempts) for row in rows]


def anything_waiting(connection: Connection, now: datetime) -> bool:
    """Whether some message may be sent now."""
    outbox = table(Outbox)
    statement = select(outbox.c.id).where(outbox.c.state.in_(["pending", "later"]), outbox.c.not_before <= now).limit(1)
    return connection.scalar(statement) is not None


def next_moment(connection: Connection, busy: Collection[int] = (), *, pictures: int = 1) -> datetime | None:
    """When the next waiting message may be sent that ``claim`` would give with the same arguments; None where none waits."""
    statement = select(func.min(table(Outbox).c.not_before)).where(_comes_next(pictures))
    moment: datetime | None = connection.scalar(statement, {"busy": list(busy)})
    return moment


def _comes_next(pictures: int) -> ColumnElement[bool]:
    """The first waiting message of each chat that isn't in the parameter "busy"; where no picture may be claimed, unless it is one."""
    outbox = table(Outbox)
    first = (
        select(func.min(outbox.c.priority * 2**48 + outbox.c.id))
        .where(
            outbox.c.state.in_(["pending", "later"]),
            or_(outbox.c.chat_id.is_(None), outbox.c.chat_id.not_in(bindparam("busy", expanding=True))),
        )
        .group_by(func.coalesce(outbox.c.chat_id, -outbox.c.id))
    )
    comes = (outbox.c.priority * 2**48 + outbox.c.id).in_(first)
    return comes if pictures else and_(comes, outbox.c.method != PICTURE)


def readdress(connection: Connection, letter: Letter, chat_id: int) -> None:
    """Send a message to its chat's new id."""
    outbox = table(Outbox)
    payload = {**letter.payload, "chat_id": chat_id}
    connection.execute(
        update(outbox).where(outbox.c.id == letter.id).values(chat_id=chat_id, payload=payload, state="pending", lease_until=None)
    )


def settle(
    connection: Connection, letter: Letter, state: str, now: datetime, *, message_id: int | None = None, error: str | None = None
) -> None:
    """Record the end of a message: sent, gone, rejected or unknown. Its payload is erased; a farewell is erased whole."""
    outbox = table(Outbox)
    if letter.kind == "farewell":
        connection.execute(delete(outbox).where(outbox.c.id == letter.id))
        return
    values = {"state": state, "payload": None, "settled_at": now, "lease_until": None, "message_id": message_id, "error": error}
    connection.execute(update(outbox).where(outbox.c.id == letter.id).values(**values))


def postpone(connection: Connection, letter: Letter, until: datetime, error: str) -> None:
    """Try a message again, and send nothing else to its chat, before ``until``."""
    outbox = table(Outbox)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == letter.id)
        .values(state="later", attempts=letter.attempts + 1, not_before=until, lease_until=None, error=error)
    )


def drop_waiting(connection: Connection, chat_id: int, now: datetime) -> int:
    """Give up everything that is still to be said to a chat that is gone, and return how much that was. Farewells leave no row."""
    outbox = table(Outbox)
    farewell = outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]), outbox.c.kind == "farewell"
    connection.execute(delete(outbox).where(*farewell))
    return connection.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]))
        .values(state="gone", payload=None, settled_at=now)
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


def recover(connection: Connection, now: datetime) -> int:
    """Deal with messages that were being sent when the program died, and return how many there were.

    Replies are sent again; whether a digest or an alert arrived is unknown, and it isn't said twice.
    """
    outbox = table(Outbox)
    cut_off = outbox.c.state == "sending"
    again = connection.execute(
        update(outbox).where(cut_off, outbox.c.priority == PRIORITY["reply"]).values(state="pending", lease_until=None)
    )
    unknown = connection.execute(update(outbox).where(cut_off).values(state="unknown", payload=None, settled_at=now, lease_until=None))
    return again.rowcount + unknown.rowcount


def backlog(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    outbox = table(Outbox)
    return {str(state): int(number) for state, number in connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}


def sweep(connection: Connection, before: datetime) -> int:
    """Delete messages that were settled before that time, and return how many."""
    outbox = table(Outbox)
    return connection.execute(delete(outbox).where(outbox.c.settled_at < before)).rowcount
