"""What waits, since when, and how sources fare, as the database has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import archive, claiming, inbox, mailbox, outbox, sources, subscribers
from storage.database import Database
from storage.inbox import Incoming
from storage.mailbox import Kind, Outgoing
from storage.measures import Heard, matches_after, measure
from tests.building import admit, arrival, event, listed

HOUR = timedelta(hours=1)


def _letter(connection: Connection, at: datetime, kind: Kind, chat_id: int = 5) -> None:
    mailbox.put_out(connection, [Outgoing(chat_id, "sendMessage", {}, kind)], at)


def _subscriber(connection: Connection, chat_id: int, state: str, due: datetime | None) -> None:
    chat = subscribers.create(connection, chat_id, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
    subscribers.change(connection, chat.id, state=state, next_due_at=due)


def test_nothing(database: Database, now: datetime) -> None:
    """In an empty database nothing waits."""
    with database.read() as connection:
        found = measure(connection, now)
    assert (dict(found.letters), dict(found.updates)) == ({"reply": 0, "alert": 0, "digest": 0, "announcement": 0}, {"new": 0, "bad": 0})
    assert (found.unsent_since, found.check_due_since, found.sources, found.troubles, found.subscribers) == (None, None, {}, {}, 0)


def test_queues(database: Database, now: datetime) -> None:
    """What waits is counted by kind, also while it is being sent; what is settled isn't. A farewell counts as a reply."""
    with database.write() as connection:
        for kind, chat_id in (("digest", 1), ("digest", 2), ("reply", 3), ("farewell", 4), ("alert", 5)):
            _letter(connection, now, kind, chat_id)  # type: ignore[arg-type] # each is one
        first, *_ = outbox.claim(connection, now, 1, ())
        outbox.settle(connection, first, "sent", now)
        outbox.claim(connection, now, 1, ())
        inbox.take_in(connection, [Incoming(number, 1, {}) for number in range(4)], now)
        inbox.finish(connection, 0)
        inbox.finish(connection, 1, "KeyError")
        found = measure(connection, now)
    assert found.letters == {"reply": 1, "alert": 1, "digest": 2, "announcement": 0}
    assert found.updates == {"new": 2, "bad": 1}


def test_the_oldest_unsent_digest(database: Database, now: datetime) -> None:
    """It may be one that wasn't written at its hour, or one that was written and not sent; replies are no digests."""
    with database.write() as connection:
        _letter(connection, now - 9 * HOUR, "reply")
        _letter(connection, now - 2 * HOUR, "digest")
        _letter(connection, now - HOUR, "digest", 6)
        _subscriber(connection, 1, "on", now + HOUR)
        _subscriber(connection, 2, "paused", now - 8 * HOUR)
        assert measure(connection, now).unsent_since == now - 2 * HOUR
        _subscriber(connection, 3, "on", now - 3 * HOUR)
        found = measure(connection, now)
    assert (found.unsent_since, found.subscribers) == (now - 3 * HOUR, 2)


def test_sources(database: Database, now: datetime) -> None:
    """Each standing has what is polled and what was heard within a day; a removed source counts nowhere."""
    with database.write() as connection:
        echo, herald, tribune = listed(connection, now, "Echo", "Herald", "Tribune")
        claiming.settle(
            connection,
            {
                echo.id: {"last_success_at": now - HOUR, "next_check_at": now + HOUR},
                herald.id: {"last_success_at": now - 30 * HOUR, "next_check_at": now - HOUR, "trouble": "fetch"},
                tribune.id: {"last_success_at": now, "next_check_at": now - 9 * HOUR},
            },
        )
        sources.remove(connection, "Tribune")
        found = measure(connection, now)
    assert found.sources == {"exile": Heard(2, 1)}
    assert (found.troubles, found.check_due_since) == ({"": 1, "fetch": 1}, now - HOUR)


def test_matches(database: Database, now: datetime) -> None:
    """Of the articles that came after a number, how many are about each topic."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        before = archive.latest(connection)
        told = [
            arrival(herald, url=f"https://herald.example/{number}", title=str(number), text=event(number), topics=topics)
            for number, topics in enumerate([("way-home", "protest"), ("protest",), ()])
        ]
        admit(connection, now, *told)
        assert matches_after(connection, before) == {"way-home": 1, "protest": 2}
        assert matches_after(connection, archive.latest(connection)) == {}
