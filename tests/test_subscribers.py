"""Subscribers: their choices, their turn, and forgetting them wholly."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storage import inbox, mailbox, outbox, subscribers
from storage.database import Database
from storage.inbox import Incoming
from storage.mailbox import Outgoing
from storage.subscribers import Chat
from storage.tables import Row


def _new(connection: object, chat_id: int = 1, thread_id: int = 0) -> Chat:
    return subscribers.create(connection, chat_id, thread_id, language="ru", time_zone="Europe/Moscow", cursor=5, month="2026-11")  # type: ignore[arg-type] # a connection


def test_a_new_subscriber(database: Database) -> None:
    """A chat and its threads are subscribers of their own."""
    with database.write() as connection:
        made = _new(connection)
        assert subscribers.find(connection, 1) == made
        assert (made.language, made.cursor, made.state, made.topics) == ("ru", 5, "new", frozenset())
        assert subscribers.find(connection, 1, 7) is None
        assert _new(connection, 1, 7).id != made.id
        assert subscribers.count(connection) == 2


def test_topics_are_wishes(database: Database) -> None:
    """Turning a topic on twice is once, and others stay as they are."""
    with database.write() as connection:
        chat = _new(connection)
        for _ in range(2):
            subscribers.choose_topics(connection, chat.id, {"way-home": True, "protest": True})
        subscribers.choose_topics(connection, chat.id, {"protest": False, "losses": False})
        found = subscribers.find(connection, 1)
    assert found is not None
    assert found.topics == {"way-home"}


def test_who_is_due(database: Database, now: datetime) -> None:
    """Only those who are on and whose time has come, longest due first."""
    with database.write() as connection:
        for chat_id, minutes, state in ((1, -5, "on"), (2, -9, "on"), (3, 5, "on"), (4, -5, "gone"), (5, -5, "new")):
            chat = _new(connection, chat_id)
            subscribers.change(connection, chat.id, next_due_at=now + timedelta(minutes=minutes), state=state)
        assert [chat.chat_id for chat in subscribers.due(connection, now, 10)] == [2, 1]
        assert len(subscribers.due(connection, now, 1)) == 1


def test_a_slot_has_one_digest(database: Database) -> None:
    """The same date and slot is recorded once for a subscriber."""
    with database.write() as connection:
        chat, day = _new(connection), date(2026, 11, 22)
        first = subscribers.record_digest(connection, chat.id, day, "08:00", from_seq=0, to_seq=9, stories=[])
        assert first is not None
        assert subscribers.record_digest(connection, chat.id, day, "08:00", from_seq=9, to_seq=12, stories=[]) is None
        assert subscribers.record_digest(connection, chat.id, day, "20:00", from_seq=9, to_seq=12, stories=[]) is not None
        window = subscribers.window(connection, first)
    assert window is not None
    assert (window.from_seq, window.to_seq) == (0, 9)


def test_forgetting_leaves_no_row(database: Database, now: datetime) -> None:
    """Every row of every table about the chat goes, with its threads, and nobody else's."""
    with database.write() as connection:
        for chat_id, thread_id in ((1, 0), (1, 7), (2, 0)):
            chat = _new(connection, chat_id, thread_id)
            subscribers.choose_topics(connection, chat.id, {"way-home": True})
            subscribers.record_digest(connection, chat.id, date(2026, 11, 22), "08:00", from_seq=0, to_seq=9, stories=[])
            mailbox.put_out(connection, [Outgoing(chat_id, "sendMessage", {})], now)
            inbox.take_in(connection, [Incoming(chat_id * 10 + thread_id, chat_id, {})], now)
        assert subscribers.remaining(connection, 1) == 10
        assert subscribers.forget(connection, 1) == 10
        assert subscribers.remaining(connection, 1) == 0
        other = subscribers.find(connection, 2)
        assert other is not None
        assert other.topics == {"way-home"}
        assert subscribers.remaining(connection, 2) == 5


def test_every_table_about_chats_is_found() -> None:
    """A table with a chat's number, or a subscriber's, can't be left out of forgetting."""
    about = {each.name for each in subscribers.chat_tables()}
    owned = {each.name for each in Row.metadata.sorted_tables if "subscriber_id" in each.c}
    assert about == {"subscribers", "outbox", "inbox", "errands", "guests"}
    assert owned == {"subscriptions", "watches", "digests"}


def test_a_group_that_moved(database: Database) -> None:
    """A chat keeps its choices under its new id; if that is served already, the old one goes."""
    with database.write() as connection:
        chat = _new(connection, -5)
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        subscribers.move(connection, -5, -1005)
        moved = subscribers.find(connection, -1005)
        assert moved is not None
        assert moved.topics == {"way-home"}
        _new(connection, -6)
        subscribers.move(connection, -6, -1005)
        assert subscribers.remaining(connection, -6) == 0
        assert [each.id for each in subscribers.in_chat(connection, -1005)] == [chat.id]


def test_gone_and_back(database: Database, now: datetime) -> None:
    """A chat that blocked the bot isn't served, and keeps its choices."""
    with database.write() as connection:
        chat = _new(connection)
        subscribers.change(connection, chat.id, state="on", next_due_at=now)
        subscribers.deactivate(connection, 1)
        assert subscribers.due(connection, now, 10) == []
        assert subscribers.count(connection) == 0


def test_letters_move_with_their_group(database: Database, now: datetime) -> None:
    """Every waiting letter goes to the new id, and moving again to the same id changes nothing."""
    with database.write() as connection:
        chat = _new(connection, -5)
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        mailbox.put_out(connection, [Outgoing(-5, "sendMessage", {"chat_id": -5, "text": text}) for text in ("one", "two")], now)
        subscribers.move(connection, -5, -1005)
        subscribers.move(connection, -1005, -1005)
        (letter,) = outbox.claim(connection, now, 9, [])
        found = subscribers.find(connection, -1005)
    assert letter.payload["chat_id"] == -1005
    assert found is not None
    assert found.topics == {"way-home"}
