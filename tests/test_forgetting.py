"""Forgetting a chat wholly."""

from __future__ import annotations

from datetime import date, datetime

from storage import digests, forgetting, inbox, mailbox, subscribers
from storage.database import Database
from storage.inbox import Incoming
from storage.mailbox import Outgoing
from storage.tables import Row
from tests.building import newcomer


def test_forgetting_leaves_no_row(database: Database, now: datetime) -> None:
    """Every row of every table about the chat goes, with its threads, and nobody else's."""
    with database.write() as connection:
        for chat_id, thread_id in ((1, 0), (1, 7), (2, 0)):
            chat = newcomer(connection, chat_id, thread_id)
            subscribers.choose_topics(connection, chat.id, {"way-home": True})
            digests.record(connection, chat.id, date(2026, 11, 22), "08:00", from_seq=0, to_seq=9, stories=[])
            mailbox.put_out(connection, [Outgoing(chat_id, "sendMessage", {})], now)
            inbox.take_in(connection, [Incoming(chat_id * 10 + thread_id, chat_id, {})], now)
        assert forgetting.remaining(connection, 1) == 10
        assert forgetting.forget(connection, 1) == 10
        assert forgetting.remaining(connection, 1) == 0
        other = subscribers.find(connection, 2)
        assert other is not None
        assert other.topics == {"way-home"}
        assert forgetting.remaining(connection, 2) == 5


def test_every_table_about_chats_is_found() -> None:
    """A table with a chat's number, or a subscriber's, can't be left out of forgetting."""
    about = {each.name for each in forgetting.chat_tables()}
    owned = {each.name for each in Row.metadata.sorted_tables if "subscriber_id" in each.c}
    assert about == {"subscribers", "outbox", "inbox", "errands", "guests"}
    assert owned == {"subscriptions", "watches", "digests"}
