"""The inbox: nothing is handled twice, and nothing of it stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage import inbox
from storage.database import Database
from storage.inbox import Incoming
from storage.tables import Inbox, table


def test_an_update_is_handled_once_and_its_body_erased(database: Database, now: datetime) -> None:
    """An update that is delivered again is left alone; of a handled one only its id stays."""
    with database.write() as connection:
        inbox.take_in(connection, [Incoming(7, 1, {"text": "secret"}), Incoming(8, 2, {})], now)
        assert [one.update_id for one in inbox.waiting(connection)] == [7, 8]
        inbox.finish(connection, 7)
        inbox.finish(connection, 8, problem="KeyError")
        inbox.take_in(connection, [Incoming(7, 1, {"text": "secret"})], now)
        assert inbox.waiting(connection) == []
        rows = connection.execute(select(table(Inbox)).order_by(table(Inbox).c.update_id)).all()
    assert [(row.state, row.reason, row.body, row.chat_id) for row in rows] == [("done", None, None, None), ("bad", "KeyError", None, None)]


def test_half_a_character_is_no_obstacle(database: Database, now: datetime) -> None:
    """What strangers send may hold one; other words are stored as they are."""
    with database.write() as connection:
        inbox.take_in(connection, [Incoming(1, 1, {"text": "\ud83d"}), Incoming(2, 1, {"text": "Путь"})], now)
        assert [one.body["text"] for one in inbox.waiting(connection)] == ["\ud83d", "Путь"]
        stored = connection.exec_driver_sql("SELECT body FROM inbox WHERE update_id = 2").scalar()
    assert "Путь" in str(stored)
