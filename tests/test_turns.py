"""Whose turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import subscribers, turns
from storage.database import Database
from storage.subscribers import Chat


def _new(connection: object, chat_id: int = 1, thread_id: int = 0) -> Chat:
    return subscribers.create(connection, chat_id, thread_id, language="ru", time_zone="Europe/Moscow", cursor=5, month="2026-11")  # type: ignore[arg-type] # a connection


def test_who_is_due(database: Database, now: datetime) -> None:
    """Only those who are on and whose time has come, longest due first."""
    with database.write() as connection:
        for chat_id, minutes, state in ((1, -5, "on"), (2, -9, "on"), (3, 5, "on"), (4, -5, "gone"), (5, -5, "new")):
            chat = _new(connection, chat_id)
            subscribers.change(connection, chat.id, next_due_at=now + timedelta(minutes=minutes), state=state)
        assert [chat.chat_id for chat in turns.due(connection, now, 10)] == [2, 1]
        assert len(turns.due(connection, now, 1)) == 1
