"""A database that was put back from a copy says nothing again that was said since, and loses nothing that wasn't."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot import doubt, edition
from bot.letters import letter
from bot.render import Message
from bot.subjects import Subjects
from storage import archive, digests, mailbox, subscribers
from storage.database import Database
from storage.tables import Outbox, table
from tests.building import admit, arrival, listed


def _put_back(database: Database, now: datetime, subjects: Subjects, due: datetime) -> list[tuple[str, str]]:
    """Two letters wait and a digest is due at that moment, as the copy is put back; the kinds and states of all letters then."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        chat = subscribers.create(connection, 1, 0, language="ru", time_zone="UTC", cursor=0, month="2026-11")
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        subscribers.change(connection, chat.id, state="on", digest_times="08:00", next_due_at=due)
        number = digests.record(connection, chat.id, date(2026, 11, 21), "08:00", from_seq=0, to_seq=0, stories=[])
        mailbox.put_out(connection, [letter(chat, Message("digest"), "digest", number)], now)
        mailbox.put_out(connection, [mailbox.Outgoing(1, "sendMessage", {"text": "reply"})], now)
        doubt.lay_aside(connection, subjects, now)
        return [(row.kind, row.state) for row in connection.execute(select(table(Outbox)).order_by(table(Outbox).c.id))]


def test_what_waited_isnt_said_again(database: Database, now: datetime, subjects: Subjects) -> None:
    """A digest that waited in the copy is offered; a subscriber whose hour hasn't come keeps it, with all that is new to them."""
    states = _put_back(database, now, subjects, now + timedelta(hours=1))
    assert states == [("digest", "unknown"), ("reply", "unknown"), ("reply", "pending")]
    with database.read() as connection:
        chat = subscribers.find(connection, 1)
        assert chat is not None
        assert (chat.cursor, chat.next_due_at) == (0, now + timedelta(hours=1))


def test_hours_that_passed_are_offered(database: Database, now: datetime, subjects: Subjects) -> None:
    """Whether that digest came, the copy can't know: one button shows it, and the next one comes at its hour without what it held."""
    states = _put_back(database, now, subjects, now - timedelta(hours=1))
    assert states[2:] == [("reply", "pending")] * 2
    with database.read() as connection:
        chat = subscribers.find(connection, 1)
        assert chat is not None
        assert chat.cursor == archive.latest(connection)
        assert chat.next_due_at == datetime.fromisoformat("2026-11-23T08:00:00+00:00")
        window = digests.last_window(connection, chat.id)
        assert window is not None
        page = edition.turn_page(connection, chat, subjects, window, 0)
        assert page is not None
        assert "Пикет" in page.text
        offer = connection.scalars(select(table(Outbox).c.payload).order_by(table(Outbox).c.id.desc()).limit(1)).one()
    assert offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == f"digest {window.id} 0"
