"""Subscribers: their choices, going and coming back, and moving."""

from __future__ import annotations

from datetime import datetime

from storage import forgetting, mailbox, outbox, subscribers, turns
from storage.database import Database
from storage.mailbox import Outgoing
from tests.building import newcomer


def test_a_new_subscriber(database: Database) -> None:
    """A chat and its threads are subscribers of their own."""
    with database.write() as connection:
        made = newcomer(connection)
        assert subscribers.find(connection, 1) == made
        assert (made.language, made.cursor, made.state, made.topics) == ("ru", 5, "new", frozenset())
        assert subscribers.find(connection, 1, 7) is None
        assert newcomer(connection, 1, 7).id != made.id
        assert subscribers.count(connection) == 2


def test_topics_are_wishes(database: Database) -> None:
    """Turning a topic on twice is once, and others stay as they are."""
    with database.write() as connection:
        chat = newcomer(connection)
        for _ in range(2):
            subscribers.choose_topics(connection, chat.id, {"way-home": True, "protest": True})
        subscribers.choose_topics(connection, chat.id, {"protest": False, "losses": False})
        found = subscribers.find(connection, 1)
    assert found is not None
    assert found.topics == {"way-home"}


def test_a_group_that_moved(database: Database) -> None:
    """A chat keeps its choices under its new id; if that is served already, the old one goes."""
    with database.write() as connection:
        chat = newcomer(connection, -5)
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        subscribers.move(connection, -5, -1005)
        moved = subscribers.find(connection, -1005)
        assert moved is not None
        assert moved.topics == {"way-home"}
        newcomer(connection, -6)
        subscribers.move(connection, -6, -1005)
        assert forgetting.remaining(connection, -6) == 0
        assert [each.id for each in subscribers.in_chat(connection, -1005)] == [chat.id]


def test_gone_and_back(database: Database, now: datetime) -> None:
    """A chat that blocked the bot isn't served, and keeps its choices."""
    with database.write() as connection:
        chat = newcomer(connection)
        subscribers.change(connection, chat.id, state="on", next_due_at=now)
        subscribers.deactivate(connection, 1)
        assert turns.due(connection, now, 10) == []
        assert subscribers.count(connection) == 0


def test_letters_move_with_their_group(database: Database, now: datetime) -> None:
    """Every waiting letter goes to the new id, and moving again to the same id changes nothing."""
    with database.write() as connection:
        chat = newcomer(connection, -5)
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        mailbox.put_out(connection, [Outgoing(-5, "sendMessage", {"chat_id": -5, "text": text}) for text in ("one", "two")], now)
        subscribers.move(connection, -5, -1005)
        subscribers.move(connection, -1005, -1005)
        (letter,) = outbox.claim(connection, now, 9, [])
        found = subscribers.find(connection, -1005)
    assert letter.payload["chat_id"] == -1005
    assert found is not None
    assert found.topics == {"way-home"}
