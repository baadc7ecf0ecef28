"""The outbox as the sender sees it: which letters may go now, and how each ended.

Not here: writing letters down (``mailbox.py``), sending them (``bot/deliver.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, delete, exists, func, or_, select, tuple_, update

from storage.mailbox import ERASED, PICTURE
from storage.tables import Circular, Outbox, table

# A sender that died gives a message back after this long, where it may be sent twice.
LEASE = timedelta(minutes=2)
_WAITING = ("pending", "later")
_LONGEST_ERROR = 300


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
    values = {"state": state, **ERASED, "settled_at": now, "lease_until": None, "message_id": message_id, "error": shown}
    connection.execute(update(outbox).where(outbox.c.id == letter.id).values(**values))


def postpone(connection: Connection, letter: Letter, until: datetime, error: str, *, counts: bool = True) -> None:
    """Try a message again, and send nothing else to its chat, before ``until``. ``counts``: as an attempt, which makes waits longer."""
    outbox = table(Outbox)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == letter.id)
        .values(state="later", attempts=letter.attempts + counts, not_before=until, lease_until=None, error=error[:_LONGEST_ERROR])
    )


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


def sweep(connection: Connection, before: datetime) -> int:
    """Delete messages that were settled before that time, and return how many."""
    outbox = table(Outbox)
    return connection.execute(delete(outbox).where(outbox.c.settled_at < before)).rowcount
