"""Subscribers: chats, their topics and choices, when each is due, and forgetting one wholly.

Not here: working out local times (``bot/clock.py``), messages (``mailbox.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, delete, func, select, update

from storage import choices, watches
from storage.batches import batches, run_many
from storage.choices import NO_CHOICES, Choices
from storage.records import StorageError
from storage.tables import Digest, Outbox, Row, Subscriber, Subscription, insert_rows, table

# A time table is a week's, so nobody is due later than this, whatever the clocks of their place do.
FAR_OFF = timedelta(days=9)


class Written(NamedTuple):
    """A digest that was written: whose, for which local date and slot, and what it covers and tells (see ``Window``)."""

    subscriber_id: int
    local_date: date
    slot: str
    from_seq: int
    to_seq: int
    stories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """A subscriber: a chat, or a thread of one, with its choices. ``digest_times`` are local, as "08:00", ``quiet_hours`` "22:00-08:00"."""

    id: int
    chat_id: int
    thread_id: int
    language: str
    time_zone: str
    digest_times: tuple[str, ...]
    cursor: int
    state: str
    next_due_at: datetime | None
    topics: frozenset[str]
    last_active_month: str = ""
    quiet_hours: str = ""
    choices: Choices = NO_CHOICES
    fade_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A digest as recorded: what it covers, after ``from_seq`` up to ``to_seq``, and the stories that it told in their order."""

    id: int
    subscriber_id: int
    from_seq: int
    to_seq: int
    stories: tuple[int, ...]


def find(connection: Connection, chat_id: int, thread_id: int = 0) -> Chat | None:
    """The subscriber in that chat or thread."""
    subscribers = table(Subscriber)
    row = connection.execute(
        select(subscribers).where(subscribers.c.chat_id == chat_id, subscribers.c.thread_id == thread_id)
    ).one_or_none()
    return None if row is None else _chat(connection, row)


def chat_ids(connection: Connection) -> set[int]:
    """The chats that there are rows about as subscribers."""
    return set(connection.scalars(select(table(Subscriber).c.chat_id)))


def in_chat(connection: Connection, chat_id: int) -> list[Chat]:
    """The subscribers in that chat: itself and its threads."""
    subscribers = table(Subscriber)
    return _chats(connection, select(subscribers).where(subscribers.c.chat_id == chat_id))


def create(connection: Connection, chat_id: int, thread_id: int, *, language: str, time_zone: str, cursor: int, month: str) -> Chat:
    """Begin to serve a chat; what came before ``cursor`` isn't news to it."""
    subscribers = table(Subscriber)
    connection.execute(
        subscribers.insert(),
        {
            "chat_id": chat_id,
            "thread_id": thread_id,
            "language": language,
            "time_zone": time_zone,
            "digest_times": "",
            "quiet_hours": "",
            "options": {},
            "cursor": cursor,
            "last_active_month": month,
            "state": "new",
            "next_due_at": None,
            "alert_cursor": None,
            "fade_hours": None,
        },
    )
    made = find(connection, chat_id, thread_id)
    if made is None:
        raise StorageError("A subscriber could not be stored. Run “homefront db check”.")
    return made


def change(connection: Connection, subscriber_id: int, **values: Any) -> None:
    """Set columns of a subscriber."""
    subscribers = table(Subscriber)
    connection.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(**values))


def choose(connection: Connection, chat: Chat, **wanted: Any) -> Chat:
    """Set some of a subscriber's choices, named as in ``Choices``, and give the subscriber as they are then."""
    made = replace(chat.choices, **wanted)
    change(connection, chat.id, options=choices.written(made))
    return replace(chat, choices=made)


def deactivate(connection: Connection, chat_id: int, thread_id: int | None = None) -> None:
    """Serve a chat, or one thread of it, no more, because it blocked the bot or is gone; its choices stay in case it comes back."""
    subscribers = table(Subscriber)
    theirs = subscribers.c.chat_id == chat_id
    if thread_id is not None:
        theirs = and_(theirs, subscribers.c.thread_id == thread_id)
    connection.execute(update(subscribers).where(theirs).values(state="gone", next_due_at=None))


def choose_topics(connection: Connection, subscriber_id: int, wanted: Mapping[str, bool]) -> None:
    """Turn topics on (true) or off (false); others stay as they are."""
    subscriptions = table(Subscription)
    connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.topic.in_(list(wanted))))
    insert_rows(connection, Subscription, [{"subscriber_id": subscriber_id, "topic": topic} for topic, on in wanted.items() if on])


def due(connection: Connection, now: datetime, limit: int) -> list[Chat]:
    """Subscribers whose digest is due, longest due first."""
    subscribers = table(Subscriber)
    ready = (subscribers.c.state == "on", subscribers.c.next_due_at <= now)
    return _chats(connection, select(subscribers).where(*ready).order_by(subscribers.c.next_due_at).limit(limit))


def anybody_due(connection: Connection, now: datetime) -> bool:
    """Whether anybody's digest is due, or so far off that a clock must have run ahead."""
    subscribers = table(Subscriber)
    moments = (subscribers.c.next_due_at <= now, subscribers.c.next_due_at > now + FAR_OFF)
    found = [connection.scalar(select(subscribers.c.id).where(subscribers.c.state == "on", moment).limit(1)) for moment in moments]
    return any(each is not None for each in found)


def far_off(connection: Connection, now: datetime, limit: int) -> list[Chat]:
    """Subscribers who are due later than any time table has it."""
    subscribers = table(Subscriber)
    return _chats(
        connection, select(subscribers).where(subscribers.c.state == "on", subscribers.c.next_due_at > now + FAR_OFF).limit(limit)
    )


def count_due(connection: Connection) -> int:
    """How many subscribers have digests at their hours."""
    subscribers = table(Subscriber)
    statement = select(func.count()).select_from(subscribers).where(subscribers.c.state == "on", subscribers.c.next_due_at.is_not(None))
    return int(connection.scalar(statement) or 0)


def move_on(connection: Connection, served: Sequence[tuple[int, int, datetime | None]]) -> None:
    """Set, for subscribers by their numbers, how far they have been served and when they are due next."""
    run_many(connection, _moving(), [{"the_id": one, "cursor": cursor, "next_due_at": moment} for one, cursor, moment in served])


@cache
def _moving() -> Update:
    subscribers = table(Subscriber)
    return (
        update(subscribers)
        .where(subscribers.c.id == bindparam("the_id"))
        .values(cursor=bindparam("cursor"), next_due_at=bindparam("next_due_at", type_=subscribers.c.next_due_at.type))
    )


def record_digests(connection: Connection, written: Sequence[Written]) -> dict[int, int]:
    """Note that digests were written, at most one of each subscriber, and return their numbers by subscriber.

    A subscriber who had one of that date and slot isn't in what is returned.
    """
    before = _numbers(connection, written)
    rows = [
        {
            "subscriber_id": each.subscriber_id,
            "local_date": each.local_date,
            "slot": each.slot,
            "from_seq": each.from_seq,
            "to_seq": each.to_seq,
            "stories": each.stories,
        }
        for each in written
        if each.subscriber_id not in before
    ]
    insert_rows(connection, Digest, rows)
    return {subscriber: number for subscriber, number in _numbers(connection, written).items() if subscriber not in before}


def _numbers(connection: Connection, written: Sequence[Written]) -> dict[int, int]:
    digests, found = table(Digest), dict[int, int]()
    wanted = {(each.local_date, each.slot): list[int]() for each in written}
    for each in written:
        wanted[each.local_date, each.slot].append(each.subscriber_id)
    statement = select(digests.c.subscriber_id, digests.c.id).where(
        digests.c.subscriber_id.in_(bindparam("ids", expanding=True)),
        digests.c.local_date == bindparam("day"),
        digests.c.slot == bindparam("at"),
    )
    for (day, slot), ids in wanted.items():
        for batch in batches(ids):
            found |= {row[0]: row[1] for row in connection.execute(statement, {"ids": batch, "day": day, "at": slot})}
    return found


def alert_cursors(connection: Connection, up_to: int) -> list[int]:
    """How far alerts have come, each number once, where it isn't as far as ``up_to``."""
    subscribers = table(Subscriber)
    behind = subscribers.c.alert_cursor < up_to, subscribers.c.alert_cursor.is_not(None), _served()
    return sorted(connection.scalars(select(subscribers.c.alert_cursor).where(*behind).distinct()))


def alerted(connection: Connection, cursor: int) -> list[Chat]:
    """The subscribers with alerts that have come so far."""
    subscribers = table(Subscriber)
    return _chats(connection, select(subscribers).where(subscribers.c.alert_cursor == cursor, _served()))


def move_alerts(connection: Connection, cursor: int, up_to: int, *, but: Collection[int] = ()) -> None:
    """Let alerts that have come so far come further, but not those of some subscribers."""
    subscribers = table(Subscriber)
    moved = subscribers.c.alert_cursor == cursor, _served()
    held = [subscribers.c.id.not_in(bindparam("held", expanding=True))] if but else []
    statement = update(subscribers).where(*moved, *held).values(alert_cursor=up_to)
    connection.execute(statement, {"held": list(but)} if but else {})


def following(connection: Connection, after: int, limit: int) -> list[Chat]:
    """Subscribers that are served, in the order of their ids, after an id."""
    subscribers = table(Subscriber)
    served = select(subscribers).where(subscribers.c.id > after, _served())
    return _chats(connection, served.order_by(subscribers.c.id).limit(limit))


def idle(connection: Connection, month: str) -> list[int]:
    """The chats that nobody wrote in since that month ("2025-11")."""
    subscribers = table(Subscriber)
    last = func.max(subscribers.c.last_active_month)
    return list(connection.scalars(select(subscribers.c.chat_id).group_by(subscribers.c.chat_id).having(last <= month)))


def record_digest(
    connection: Connection, subscriber_id: int, local_date: date, slot: str, *, from_seq: int, to_seq: int, stories: Sequence[int]
) -> int | None:
    """Note that a digest was written and return its id; None where that date and slot has had its own."""
    written = Written(subscriber_id, local_date, slot, from_seq, to_seq, tuple(stories))
    return record_digests(connection, [written]).get(subscriber_id)


def window(connection: Connection, digest_id: int) -> Window | None:
    """A digest as recorded."""
    digests = table(Digest)
    row = connection.execute(
        select(digests.c.id, digests.c.subscriber_id, digests.c.from_seq, digests.c.to_seq, digests.c.stories).where(
            digests.c.id == digest_id
        )
    ).one_or_none()
    return None if row is None else Window(row.id, row.subscriber_id, row.from_seq, row.to_seq, tuple(row.stories))


def last_window(connection: Connection, subscriber_id: int) -> Window | None:
    """The last digest that was written for a subscriber."""
    digests = table(Digest)
    last = connection.scalar(select(func.max(digests.c.id)).where(digests.c.subscriber_id == subscriber_id))
    return None if last is None else window(connection, last)


def count(connection: Connection) -> int:
    """How many subscribers there are that haven't gone."""
    subscribers = table(Subscriber)
    return int(connection.scalar(select(func.count()).select_from(subscribers).where(subscribers.c.state != "gone")) or 0)


def forget(connection: Connection, chat_id: int) -> int:
    """Delete every row of every table that is about a chat, with its threads, and return how many there were."""
    subscribers = table(Subscriber)
    ids = list(connection.scalars(select(subscribers.c.id).where(subscribers.c.chat_id == chat_id)))
    deleted = watches.forget(connection, ids)
    for owned in (Subscription, Digest):
        deleted += connection.execute(delete(table(owned)).where(table(owned).c.subscriber_id.in_(ids))).rowcount
    for about in chat_tables():
        deleted += connection.execute(delete(about).where(about.c.chat_id == chat_id)).rowcount
    return deleted


def remaining(connection: Connection, chat_id: int) -> int:
    """How many rows are about a chat, over all tables: the proof that it was forgotten. Asked before, it counts what there is."""
    subscribers = table(Subscriber)
    ids = list(connection.scalars(select(subscribers.c.id).where(subscribers.c.chat_id == chat_id)))
    owned = [select(func.count()).select_from(table(row)).where(table(row).c.subscriber_id.in_(ids)) for row in (Subscription, Digest)]
    return (
        watches.remaining(connection, ids)
        + sum(int(connection.scalar(count) or 0) for count in owned)
        + sum(
            int(connection.scalar(select(func.count()).select_from(about).where(about.c.chat_id == chat_id)) or 0)
            for about in chat_tables()
        )
    )


def move(connection: Connection, old_chat_id: int, new_chat_id: int) -> None:
    """Give a chat its new id (a group became a supergroup), and its letters; a chat that is served under that id already stays as it is."""
    if old_chat_id == new_chat_id:
        return
    outbox = table(Outbox)
    waiting = select(outbox.c.id, outbox.c.payload).where(outbox.c.chat_id == old_chat_id, outbox.c.payload.is_not(None))
    for row in connection.execute(waiting).all():
        if "chat_id" in row.payload:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload={**row.payload, "chat_id": new_chat_id}))
    for about in chat_tables():
        if about is not table(Subscriber):
            connection.execute(update(about).where(about.c.chat_id == old_chat_id).values(chat_id=new_chat_id))
    if in_chat(connection, new_chat_id):
        forget(connection, old_chat_id)
    subscribers = table(Subscriber)
    connection.execute(update(subscribers).where(subscribers.c.chat_id == old_chat_id).values(chat_id=new_chat_id))


def chat_tables() -> Sequence[Any]:
    """Every table with a column that names a chat."""
    return [each for each in Row.metadata.sorted_tables if "chat_id" in each.c]


def _served() -> ColumnElement[bool]:
    """Whoever has neither paused nor gone, also who has chosen something without coming to the end of /start."""
    return table(Subscriber).c.state.in_(["on", "new"])


def _chats(connection: Connection, statement: Select[Any]) -> list[Chat]:
    """Many subscribers, with two statements instead of one for each."""
    rows = connection.execute(statement).all()
    subscriptions = table(Subscription)
    theirs = select(subscriptions.c.subscriber_id, subscriptions.c.topic).where(
        subscriptions.c.subscriber_id.in_(bindparam("ids", expanding=True))
    )
    topics: dict[int, list[str]] = {row.id: [] for row in rows}
    for batch in batches(topics):
        for number, topic in connection.execute(theirs, {"ids": batch}):
            topics[number].append(topic)
    return [_with_topics(row, topics[row.id]) for row in rows]


def _chat(connection: Connection, row: Any) -> Chat:
    subscriptions = table(Subscription)
    return _with_topics(row, connection.scalars(select(subscriptions.c.topic).where(subscriptions.c.subscriber_id == row.id)))


def _with_topics(row: Any, topics: Iterable[str]) -> Chat:
    return Chat(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        language=row.language,
        time_zone=row.time_zone,
        digest_times=tuple(row.digest_times.split()),
        cursor=row.cursor,
        state=row.state,
        next_due_at=row.next_due_at,
        topics=frozenset(topics),
        last_active_month=row.last_active_month,
        quiet_hours=row.quiet_hours,
        choices=choices.read(row.options),
        fade_hours=row.fade_hours,
    )
