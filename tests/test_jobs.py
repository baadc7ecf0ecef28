"""Digests come at their hour, once, and what was missed comes late and says so."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from bot.clock import next_due
from bot.jobs import KEEP_SETTLED, Jobs
from bot.lookout import Loaded, Lookout
from bot.settings import read_settings
from feeds import watchlist
from feeds.fetch import Fetcher
from feeds.match import Matcher
from feeds.poll import Poller
from storage import backup, claiming, mailbox, outbox, sources, subscribers
from storage.database import Database
from storage.records import Source
from storage.tables import Article, Outbox, SeenKey, SourceRow, table
from tests.building import admit, arrival, event, listed


class Hand:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        """Begin at ``now``."""
        self.time = now

    def now(self) -> datetime:
        """The time it was put to."""
        return self.time


class Desk:
    """The jobs over a database, with one subscriber in Moscow who reads at 8 and at 20."""

    def __init__(self, database: Database, folder: Path, matcher: Matcher, now: datetime) -> None:
        """Subscribe to everything."""
        self.database, self.clock, self.wakes = database, Hand(now), 0
        settings = read_settings(data_dir=folder, telegram_token=None)
        self.lookout = Lookout(settings, database, Loaded(None, watchlist.load(), matcher))
        poller = Poller(database, Fetcher(), lambda: self.lookout.watched.recogniser, self.clock.now)
        self.jobs = Jobs(database, poller, self.lookout, self.clock, timedelta(days=30), self._woken)
        with database.write() as connection:
            (self.herald,) = listed(connection, now, "Herald")
            chat = subscribers.create(connection, 1, 0, language="en", time_zone="Europe/Moscow", cursor=0, month="2026-11")
            subscribers.choose_topics(connection, chat.id, dict.fromkeys(self.lookout.watched.subjects.names, True))
            due = next_due(("08:00", "20:00"), "Europe/Moscow", now)
            assert due is not None
            subscribers.change(connection, chat.id, state="on", digest_times="08:00 20:00", next_due_at=due.at)

    def _woken(self) -> None:
        self.wakes += 1

    def report(self, number: int) -> None:
        """Something happens."""
        with self.database.write() as connection:
            admit(
                connection,
                self.clock.now(),
                arrival(self.herald, url=f"https://herald.example/{number}", title=f"Новость {number}", text=event(number)),
            )

    def run(self, moment: str) -> list[str]:
        """Let it be that moment (UTC), and return the texts that are then to be sent, and erase them."""
        self.clock.time = datetime.fromisoformat(f"{moment}+00:00")
        asyncio.run(self.jobs.digests())
        return self.take_out()

    def take_out(self) -> list[str]:
        """The texts that are to be sent, which are then erased."""
        with self.database.write() as connection:
            found = [letter.payload["text"] for letter in outbox.unsettled(connection)]
            connection.execute(table(Outbox).delete())
        return found


@pytest.fixture
def desk(database: Database, tmp_path: Path, matcher: Matcher, now: datetime) -> Desk:
    """Jobs on a Sunday at 12:30 in Moscow."""
    return Desk(database, tmp_path, matcher, now)


def test_at_the_hour_and_once(desk: Desk) -> None:
    """Before the hour nothing, at the hour one digest, after it nothing more."""
    desk.report(1)
    assert desk.run("2026-11-22T16:59") == []
    (text,) = desk.run("2026-11-22T17:00")
    assert "20:00" in text
    assert "https://herald.example/1" in text
    assert desk.run("2026-11-22T17:00") == desk.run("2026-11-22T17:30") == []
    desk.report(2)
    (text,) = desk.run("2026-11-23T05:00")
    assert "https://herald.example/2" in text
    assert "https://herald.example/1" not in text


def test_nothing_new_is_silence(desk: Desk) -> None:
    """Without news nobody is disturbed, and the next hour is set."""
    assert desk.run("2026-11-22T17:00") == []
    desk.report(1)
    assert len(desk.run("2026-11-23T05:00")) == 1


def test_nothing_new_in_a_line(desk: Desk) -> None:
    """Who wants to hear that there is nothing hears it at each hour, and of news as ever."""
    with desk.database.write() as connection:
        (chat,) = subscribers.in_chat(connection, 1)
        subscribers.choose(connection, chat, tells_nothing=True)
    (text,) = desk.run("2026-11-22T17:00")
    assert "Nothing new" in text
    desk.report(1)
    (text,) = desk.run("2026-11-23T05:00")
    assert "Nothing new" not in text


def test_missed_ones_come_once_and_say_so(desk: Desk) -> None:
    """After two days of silence one digest has everything, and says that it is late."""
    desk.report(1)
    desk.report(2)
    (text,) = desk.run("2026-11-24T18:00")
    assert "https://herald.example/1" in text
    assert "https://herald.example/2" in text
    assert "Late" in text
    assert desk.run("2026-11-24T18:01") == []
    desk.report(3)
    (text,) = desk.run("2026-11-25T05:00")
    assert "Late" not in text


def test_a_clock_set_back_loses_nothing(desk: Desk) -> None:
    """A slot that comes again has had its digest; what came since is in the next one."""
    desk.report(1)
    assert len(desk.run("2026-11-22T17:00")) == 1
    desk.report(2)
    with desk.database.write() as connection:
        (chat,) = subscribers.in_chat(connection, 1)
        subscribers.change(connection, chat.id, next_due_at=datetime.fromisoformat("2026-11-22T17:00:00+00:00"))
    assert desk.run("2026-11-22T17:00") == []
    (text,) = desk.run("2026-11-23T05:00")
    assert "https://herald.example/2" in text


async def test_the_sender_is_woken(desk: Desk) -> None:
    """A digest that was written is sent at once."""
    desk.report(1)
    desk.clock.time = datetime.fromisoformat("2026-11-22T17:00:00+00:00")
    await desk.jobs.digests()
    assert desk.wakes == 1


async def test_sweeping(desk: Desk, now: datetime) -> None:
    """Items about nothing leave after their days, their keys stay, and what is about a topic stays."""
    with desk.database.write() as connection:
        admit(
            connection,
            now - timedelta(days=40),
            arrival(desk.herald, url="https://herald.example/a", topics=(), text="Погода."),
            arrival(desk.herald, url="https://herald.example/b"),
        )
    await desk.jobs.sweep()
    with desk.database.read() as connection:
        assert list(connection.scalars(select(table(Article).c.address))) == ["https://herald.example/b"]
        assert len(connection.execute(select(table(SeenKey))).all()) == 4
    assert timedelta(days=1) <= KEEP_SETTLED


@pytest.mark.sqlite_only("a copy and a file that shrinks")
async def test_shrinking(desk: Desk, now: datetime) -> None:
    """Once what was there has left, the file is shorter than it was."""
    with desk.database.write() as connection:
        many = [arrival(desk.herald, url=f"https://h.example/{n}", title=str(n), text=event(n), topics=()) for n in range(1_000)]
        admit(connection, now - timedelta(days=40), *many)
    desk.database.checkpoint()
    before = desk.database.path.stat().st_size
    await desk.jobs.sweep()
    await desk.jobs.shrink()
    assert desk.database.path.stat().st_size < before * 0.7


async def test_polling_when_nothing_is_due(desk: Desk) -> None:
    """Without a due source a tick does nothing."""
    with desk.database.write() as connection:
        listed(connection, desk.clock.now())
    await desk.jobs.poll()


def test_one_that_cant_be_served_stops_no_other(desk: Desk) -> None:
    """A subscriber whose time zone is gone is tried again later, and the others get theirs."""
    with desk.database.write() as connection:
        broken = subscribers.create(connection, 2, 0, language="en", time_zone="Mars/Olympus", cursor=0, month="2026-11")
        due = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
        subscribers.change(connection, broken.id, state="on", digest_times="08:00", next_due_at=due)
    desk.report(1)
    assert len(desk.run("2026-11-22T17:00")) == 1
    with desk.database.read() as connection:
        again = subscribers.find(connection, 2)
    assert again is not None
    assert again.next_due_at == datetime.fromisoformat("2026-11-22T18:00:00+00:00")


def test_operators_hear_of_trouble_once(desk: Desk, now: datetime) -> None:
    """What fares badly is told in one message to each operator in their language, and once more when it is over."""
    desk.jobs.operators = frozenset({1, 99})
    with desk.database.write() as connection:
        listed(connection, now, "Herald", "Mirror")
        bad = {"failures": 9, "trouble": "fetch", "last_error": "The server answered 500."}
        connection.execute(table(SourceRow).update().values(bad))
        subscribers.change(connection, 1, language="ru")
    assert len(desk.jobs.write_health_notes()) == 2
    russian, english = desk.take_out()
    assert "«Herald» не отвечает" in russian
    assert "“Herald” can&#x27;t be reached: The server answered 500." in english
    assert "Mirror" in english
    assert desk.jobs.write_health_notes() == []
    assert desk.take_out() == []
    with desk.database.write() as connection:
        connection.execute(table(SourceRow).update().values(failures=0, trouble=""))
    desk.jobs.write_health_notes()
    assert "fine again" in desk.take_out()[1]


def test_operators_hear_of_messages_that_were_rejected(desk: Desk, now: datetime) -> None:
    """Once, with how many there were and the last reason; their own notices don't count."""
    desk.jobs.operators = frozenset({1})
    assert desk.jobs.write_refusals() == 0
    later = now + timedelta(minutes=10)
    kinds: tuple[mailbox.Kind, ...] = ("reply", "digest", "alert")
    with desk.database.write() as connection:
        mailbox.put_out(connection, [mailbox.Outgoing(n, "sendMessage", {"text": "x"}, kind) for n, kind in enumerate(kinds)], now)
        for letter in outbox.claim(connection, now, 9, []):
            outbox.settle(connection, letter, "rejected", later, error=f"no rights for a {letter.kind}")
    desk.clock.time = later
    assert desk.jobs.write_refusals() == 2
    assert desk.jobs.write_refusals() == 0
    with desk.database.read() as connection:
        (notice,) = connection.scalars(select(table(Outbox).c.payload).where(table(Outbox).c.state == "pending"))
    assert "some messages: 2. The last one because: no rights for a digest" in notice["text"]


@pytest.mark.sqlite_only("a copy and a file that shrinks")
async def test_the_daily_copy(desk: Desk) -> None:
    """Made once a day; where it can't be made, the log says so and the program goes on."""
    with structlog.testing.capture_logs() as logged:
        await desk.jobs.back_up()
        await desk.jobs.back_up()
        folder = backup.copies_of(desk.database)
        for copy in backup.daily_copies(desk.database):
            copy.unlink()
        folder.rmdir()
        folder.touch()
        await desk.jobs.back_up()
    assert [line["event"] for line in logged] == ["the database was copied", "the database could not be copied"]


def test_a_name_that_changed_is_told_once(desk: Desk) -> None:
    """It is forgotten when it has been told."""
    with desk.database.write() as connection:
        connection.execute(table(SourceRow).update().values(title="Tribune", former_title="Herald"))
    assert "“Herald”" in str(desk.jobs.write_health_notes()[0])
    assert desk.jobs.write_health_notes() == []


def test_one_of_a_publisher_at_a_time(database: Database, now: datetime) -> None:
    """Sources of one publisher are claimed seconds apart, others side by side, the most overdue first."""
    listing = [Source(f"A{n}", f"https://a.example/{n}", publisher="A") for n in range(3)] + [Source("B", "https://b.example/")]
    spacing = timedelta(seconds=5)
    with database.write() as connection:
        sources.keep_catalog(connection, listing, now)
        claimed = []
        for wait in (0, 1, 5, 6, 10, 20):
            moment = now + timedelta(seconds=wait)
            if wait != 6:  # what was claimed at the fifth second is still being asked at the sixth
                claiming.release(connection)
            claimed.append([each.source.name for each in claiming.claim_due(connection, moment, 10, spacing)])
            later = {"next_check_at": now + timedelta(hours=1)}
            polled = [each.id for each in sources.every(connection) if each.source.name in claimed[-1]]
            connection.execute(table(SourceRow).update().where(table(SourceRow).c.id.in_(polled)).values(later))
    assert claimed == [["A0", "B"], [], ["A1"], [], ["A2"], []]
