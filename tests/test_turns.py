"""Whose turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import subscribers, turns
from storage.database import Database
from tests.building import newcomer


def test_who_is_due(database: Database, now: datetime) -> None:
    """Only those who are on and whose time has come, longest due first."""
    with database.write() as connection:
        for chat_id, minutes, state in ((1, -5, "on"), (2, -9, "on"), (3, 5, "on"), (4, -5, "gone"), (5, -5, "new")):
            chat = newcomer(connection, chat_id)
            subscribers.change(connection, chat.id, next_due_at=now + timedelta(minutes=minutes), state=state)
        assert [chat.chat_id for chat in turns.due(connection, now, 10)] == [2, 1]
        assert len(turns.due(connection, now, 1)) == 1
