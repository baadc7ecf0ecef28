"""Subscribers: chats, or threads of them, with their topics and choices.

Not here: whose turn it is (``turns.py``), the digests they had (``digests.py``), forgetting one wholly (``forgetting.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, select, update

from storage import choices, forgetting
from storage.batches import batches
from storage.choices import NO_CHOICES, Choices
from storage.records import StorageError
from storage.tables import Outbox, Subscriber, Subscription, insert_rows, table


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
    return read_chats(connection, select(subscribers).where(subscribers.c.chat_id == chat_id))


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


def following(connection: Connection, after: int, limit: int) -> list[Chat]:
    """Subscribers that are served, in the order of their ids, after an id."""
    subscribers = table(Subscriber)
    theirs = select(subscribers).where(subscribers.c.id > after, served())
    return read_chats(connection, theirs.order_by(subscribers.c.id).limit(limit))


def idle(connection: Connection, month: str) -> list[int]:
    """The chats that nobody wrote in since that month ("2025-11")."""
    subscribers = table(Subscriber)
    last = func.max(subscribers.c.last_active_month)
    return list(connection.scalars(select(subscribers.c.chat_id).group_by(subscribers.c.chat_id).having(last <= month)))


def count(connection: Connection) -> int:
    """How many subscribers there are that haven't gone."""
    subscribers = table(Subscriber)
    return int(connection.scalar(select(func.count()).select_from(subscribers).where(subscribers.c.state != "gone")) or 0)


def move(connection: Connection, old_chat_id: int, new_chat_id: int) -> None:
    """Give a chat its new id (a group became a supergroup), and its letters; a chat that is served under that id already stays as it is."""
    if old_chat_id == new_chat_id:
        return
    outbox = table(Outbox)
    waiting = select(outbox.c.id, outbox.c.payload).where(outbox.c.chat_id == old_chat_id, outbox.c.payload.is_not(None))
    for row in connection.execute(waiting).all():
        if "chat_id" in row.payload:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload={**row.payload, "chat_id": new_chat_id}))
    for about in forgetting.chat_tables():
        if about is not table(Subscriber):
            connection.execute(update(about).where(about.c.chat_id == old_chat_id).values(chat_id=new_chat_id))
    if in_chat(connection, new_chat_id):
        forgetting.forget(connection, old_chat_id)
    subscribers = table(Subscriber)
    connection.execute(update(subscribers).where(subscribers.c.chat_id == old_chat_id).values(chat_id=new_chat_id))


def served() -> ColumnElement[bool]:
    """Whoever has neither paused nor gone, also who has chosen something without coming to the end of /start."""
    return table(Subscriber).c.state.in_(["on", "new"])


def read_chats(connection: Connection, statement: Select[Any]) -> list[Chat]:
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
