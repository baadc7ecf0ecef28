"""The inbox of updates and the outbox of messages: what came in is handled once, what goes out is first a row.

Not here: how updates are taken and messages sent (``bot/receive.py``, ``bot/deliver.py``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, delete, exists, func, or_, select, tuple_, update

from storage.batches import batches
from storage.kinds import kind_of
from storage.tables import Circular, Inbox, Outbox, insert_rows, table

Kind = Literal["reply", "alert", "digest", "announcement", "farewell"]
PRIORITY: Mapping[Kind, int] = {"farewell": 0, "reply": 0, "alert": 1, "digest": 2, "announcement": 3}
# The method of letters whose picture is drawn when they are sent.
PICTURE = "sendPhoto"
# A sender that died gives a message back after this long, where it may be sent twice.
LEASE = timedelta(minutes=2)
_WAITING = ("pending", "later")
_ERASED: Mapping[str, Any] = {"payload": None, "circular_id": None}
_LONGEST_ERROR = 300
# A circular is written anew when it is used after so long, and goes when nothing waits that needs it and it wasn't for twice as long: so
# none goes while a letter that needs it is being written.
_KEEP_CIRCULAR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came, without names."""

    update_id: int
    chat_id: int | None
    body: Mapping[str, Any]


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


@dataclass(frozen=True, slots=True)
class Letter:
    """A row of the outbox that is being sent."""

    id: int
    chat_id: int | None
    kind: str
    method: str
    payload: Mapping[str, Any]
    attempts: int
    written_at: datetime
    digest_id: int | None = None


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


def claim(connection: Connection, now: datetime, limit: int, busy: Collection[int], *, pictures: int = 1) -> list[Letter]:
    """Claim messages to be sent now, urgent ones first: at most one a chat, none to a chat in ``busy``, so many pictures at most.

    A picture has to be drawn first, so it isn't claimed long before that can begin: one more urgent may come, or the program end.
    """
    found = connection.execute(_to_claim(pictures > 0), {"busy": list(busy), "now": now, "most": limit}).all()
    spare = {row.id for row in [row for row in found if row.method == PICTURE][pictures:]}
    rows = [row for row in found if row.id not in spare]
    if rows:
        connection.execute(_claiming(), {"ids": [row.id for row in rows], "until": now + LEASE})
    return [_letter(row) for row in rows]


def anything_waiting(connection: Connection, now: datetime) -> bool:
    """Whether some message may be sent now."""
    outbox = table(Outbox)
    ready = or_(outbox.c.state == "pending", and_(outbox.c.state == "later", outbox.c.not_before <= now))
    return connection.scalar(select(outbox.c.id).where(outbox.c.settled_at.is_(None), ready).limit(1)) is not None


def next_moment(connection: Connection, now: datetime, busy: Collection[int] = (), *, pictures: int = 1) -> datetime | None:
    """When the next waiting message may be sent that ``claim`` would give with the same arguments, ``now`` at the earliest.

    None where none waits.
    """
    chosen = {"busy": list(busy)}
    if connection.scalar(_new(pictures > 0), chosen) is not None:
        return now
    moment: datetime | None = connection.scalar(_soonest(pictures > 0), chosen)
    return None if moment is None else max(moment, now)


# These are asked for every letter, and putting them together takes longer than their answers: so that is done once.
@cache
def _to_claim(pictures: bool) -> Select[Any]:  # noqa: FBT001 - a key of the cache
    outbox = table(Outbox)
    ready = or_(outbox.c.state == "pending", outbox.c.not_before <= bindparam("now"))
    return _whole().where(_comes_next(pictures), ready).order_by(outbox.c.priority, outbox.c.id).limit(bindparam("most"))


@cache
def _claiming() -> Update:
    outbox = table(Outbox)
    ids = outbox.c.id.in_(bindparam("ids", expanding=True))
    return update(outbox).where(ids).values(state="sending", lease_until=bindparam("until", type_=outbox.c.lease_until.type))


@cache
def _new(pictures: bool) -> Select[Any]:  # noqa: FBT001 - a key of the cache
    outbox = table(Outbox)
    return select(outbox.c.id).where(_comes_next(pictures), outbox.c.state == "pending").limit(1)


@cache
def _soonest(pictures: bool) -> Select[Any]:  # noqa: FBT001 - a key of the cache
    return select(func.min(table(Outbox).c.not_before)).where(_comes_next(pictures))


def _comes_next(pictures: bool) -> ColumnElement[bool]:  # noqa: FBT001 - as those above
    """The first waiting message of each chat that isn't in the parameter "busy"; where no picture may be claimed, unless it is one."""
    outbox, earlier = table(Outbox), table(Outbox).alias("earlier")
    before = exists().where(
        earlier.c.chat_id == outbox.c.chat_id,
        earlier.c.settled_at.is_(None),
        earlier.c.state.in_(_WAITING),
        tuple_(earlier.c.priority, earlier.c.id) < tuple_(outbox.c.priority, outbox.c.id),
    )
    comes = and_(
        # What is settled is out of the index that these questions are asked of.
        outbox.c.settled_at.is_(None),
        outbox.c.state.in_(_WAITING),
        or_(outbox.c.chat_id.is_(None), outbox.c.chat_id.not_in(bindparam("busy", expanding=True))),
        ~before,
    )
    return comes if pictures else and_(comes, outbox.c.method != PICTURE)


def _whole() -> Select[Any]:
    """Letters, with what they say like others as ``alike``."""
    outbox, circulars = table(Outbox), table(Circular)
    joined = outbox.outerjoin(circulars, circulars.c.id == outbox.c.circular_id)
    return select(outbox, circulars.c.payload.label("alike")).select_from(joined)


def _letter(row: Any) -> Letter:
    payload = {**(row.alike or {}), **(row.payload or {})}
    return Letter(row.id, row.chat_id, row.kind, row.method, payload, row.attempts, row.created_at, row.digest_id)


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
    """Record the end of a message: sent, gone, rejected, stale or unknown. Its payload is erased; a farewell is erased whole."""
    outbox = table(Outbox)
    if letter.kind == "farewell":
        connection.execute(delete(outbox).where(outbox.c.id == letter.id))
        return
    shown = error and error[:_LONGEST_ERROR]
    values = {"state": state, **_ERASED, "settled_at": now, "lease_until": None, "message_id": message_id, "error": shown}
    connection.execute(update(outbox).where(outbox.c.id == letter.id).values(**values))


def postpone(connection: Connection, letter: Letter, until: datetime, error: str) -> None:
    """Try a message again, and send nothing else to its chat, before ``until``."""
    outbox = table(Outbox)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == letter.id)
        .values(state="later", attempts=letter.attempts + 1, not_before=until, lease_until=None, error=error[:_LONGEST_ERROR])
    )


def drop_waiting(connection: Connection, chat_id: int, now: datetime) -> int:
    """Give up everything that is still to be said to a chat that is gone, and return how much that was. Farewells leave no row."""
    outbox = table(Outbox)
    farewell = outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]), outbox.c.kind == "farewell"
    connection.execute(delete(outbox).where(*farewell))
    return connection.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state.in_(["pending", "later"]))
        .values(state="gone", settled_at=now, **_ERASED)
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


def cut_off(connection: Connection) -> list[Letter]:
    """The messages that were being sent when the program died, and those of which nobody knows how that ended."""
    outbox = table(Outbox)
    rows = connection.execute(_whole().where(outbox.c.settled_at.is_(None), outbox.c.state == "sending").order_by(outbox.c.id))
    return [_letter(row) for row in rows]


def unsettled(connection: Connection) -> list[Letter]:
    """Every message that isn't settled, also those that are being sent."""
    outbox = table(Outbox)
    return [_letter(row) for row in connection.execute(_whole().where(outbox.c.settled_at.is_(None)).order_by(outbox.c.id))]


def rejected(connection: Connection, after: datetime, until: datetime) -> tuple[int, str]:
    """How many messages Telegram wouldn't take, of those settled after a moment and up to another, and why the last of them. No alerts."""
    outbox = table(Outbox)
    those = (outbox.c.settled_at > after, outbox.c.settled_at <= until, outbox.c.state == "rejected", outbox.c.kind != "alert")
    said = outbox.c.method.not_in(["answerCallbackQuery", "answerInlineQuery"])
    reasons = list(connection.scalars(select(outbox.c.error).where(*those, said).order_by(outbox.c.id)))
    return len(reasons), (reasons[-1] or "") if reasons else ""


def put_back(connection: Connection, letter: Letter) -> None:
    """Let a message wait again as if nobody had taken it."""
    outbox = table(Outbox)
    connection.execute(update(outbox).where(outbox.c.id == letter.id).values(state="pending", lease_until=None))


def resting(connection: Connection, now: datetime) -> dict[int, datetime]:
    """The chats that were told to wait, and until when."""
    outbox = table(Outbox)
    later = (outbox.c.settled_at.is_(None), outbox.c.state == "later", outbox.c.not_before > now, outbox.c.chat_id.is_not(None))
    found = connection.execute(select(outbox.c.chat_id, func.max(outbox.c.not_before)).where(*later).group_by(outbox.c.chat_id))
    return {row[0]: row[1] for row in found}


def sent_after(connection: Connection, moment: datetime) -> list[tuple[int, datetime]]:
    """To which chats something was sent after a moment, and when, earliest first."""
    outbox = table(Outbox)
    spoke = (outbox.c.settled_at > moment, outbox.c.state == "sent", outbox.c.chat_id.is_not(None), outbox.c.message_id.is_not(None))
    found = connection.execute(select(outbox.c.chat_id, outbox.c.settled_at).where(*spoke).order_by(outbox.c.settled_at))
    return [(row[0], row[1]) for row in found]


def set_back(connection: Connection, by: timedelta) -> None:
    """Let messages that were told to wait do so for as long as they were told, after the clock was set back by that much."""
    outbox = table(Outbox)
    later = (outbox.c.settled_at.is_(None), outbox.c.state == "later")
    for row in connection.execute(select(outbox.c.id, outbox.c.not_before).where(*later)).all():
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(not_before=row.not_before - by))


def backlog(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    outbox = table(Outbox)
    return {str(state): int(number) for state, number in connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}


def sweep_circulars(connection: Connection, now: datetime) -> int:
    """Delete what letters said alike where none waits any more that needs it, and return how much that was."""
    circulars, outbox = table(Circular), table(Outbox)
    needed = select(outbox.c.circular_id).where(outbox.c.settled_at.is_(None), outbox.c.circular_id.is_not(None))
    old = circulars.c.written_at < now - 2 * _KEEP_CIRCULAR
    return connection.execute(delete(circulars).where(old, circulars.c.id.not_in(needed))).rowcount


def sweep(connection: Connection, before: datetime) -> int:
    """Delete messages that were settled before that time, and return how many."""
    outbox = table(Outbox)
    return connection.execute(delete(outbox).where(outbox.c.settled_at < before)).rowcount


def sweep_inbox(connection: Connection, before: datetime) -> int:
    """Delete the ids of updates that were handled and came before that time, and return how many.

    Telegram repeats an update for a day at most, and after a week without any its numbers begin somewhere else: an old id must not be
    there to be met again.
    """
    inbox = table(Inbox)
    return connection.execute(delete(inbox).where(inbox.c.state != "new", inbox.c.received_at < before)).rowcount
