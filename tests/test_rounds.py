"""Rounds of digests: readers who read alike share one text, whatever happens each window comes once, and an hour's are spread."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import func, select

from bot.clock import next_due
from bot.rounds import A_SECOND, LONGEST_SPREAD, Round, offset, put_right, spread_of
from bot.subjects import Subjects
from storage import archive, outbox, sources, subscribers, turns, watches
from storage.database import Database
from storage.tables import Circular, Digest, Outbox, table
from tests.building import admit, arrival, event, listed

HOUR = timedelta(hours=1)


def _news(database: Database, now: datetime, *numbers: int) -> None:
    with database.write() as connection:
        outlet = sources.every(connection)[0]
        for number in numbers:
            told = arrival(outlet, url=f"https://herald.example/{number}", title=f"№{number}№", text=event(number))
            admit(connection, now, told)


def _subscribe(database: Database, now: datetime, chat_id: int, *, zone: str = "UTC", slots: str = "08:00", cursor: int = 0) -> int:
    with database.write() as connection:
        chat = subscribers.create(connection, chat_id, 0, language="en", time_zone=zone, cursor=cursor, month="2026-11")
        subscribers.choose_topics(connection, chat.id, {"way-home": True})
        due = next_due(slots.split(), zone, now)
        subscribers.change(connection, chat.id, state="on", digest_times=slots, next_due_at=due and due.at)
    return chat.id


@pytest.fixture
def archive_of_ten(database: Database, now: datetime) -> Database:
    """Ten stories."""
    with database.write() as connection:
        listed(connection, now, "Herald")
    _news(database, now, *range(10))
    return database


def _tick(database: Database, subjects: Subjects, now: datetime, spread: timedelta = timedelta(0)) -> None:
    """What the running program does at a tick."""
    with database.write() as connection:
        round_ = Round(subjects, now, archive.latest(connection), spread)
        while due := turns.due(connection, now, 2):
            round_.write(connection, due)
        put_right(connection, now, 100)


def test_readers_who_read_alike(archive_of_ten: Database, subjects: Subjects, now: datetime) -> None:
    """They get the same words, each with the button of their own digest; who reads in another zone gets another clock."""
    for chat, zone in ((1, "UTC"), (2, "UTC"), (3, "Europe/Moscow")):
        _subscribe(archive_of_ten, now, chat, zone=zone)
    _tick(archive_of_ten, subjects, now + timedelta(days=1))
    with archive_of_ten.read() as connection:
        letters = sorted(outbox.unsettled(connection), key=lambda letter: letter.chat_id or 0)
        texts = connection.scalar(select(func.count()).select_from(table(Circular)))
        numbers = list(connection.scalars(select(table(Digest).c.id).order_by(table(Digest).c.subscriber_id)))
    one, two, moscow = letters
    assert texts == 2
    assert one.payload["text"] == two.payload["text"] != moscow.payload["text"]
    assert [letter.digest_id for letter in letters] == numbers
    data = [letter.payload["reply_markup"]["inline_keyboard"][0][0]["callback_data"] for letter in letters]
    assert [each.split()[1] for each in data] == [str(number) for number in numbers]


def test_a_reader_with_watches_is_written_for_alone(archive_of_ten: Database, subjects: Subjects, now: datetime) -> None:
    """What their own rule found is in it."""
    number = _subscribe(archive_of_ten, now, 1)
    with archive_of_ten.write() as connection:
        watch = watches.add(connection, number, "Mine", "слово")
        subscribers.choose_topics(connection, number, {"way-home": False})
        (outlet,) = listed(connection, now, "Herald")
        told = arrival(outlet, url="https://herald.example/mine", title="№mine№", text=event("mine"), topics=(), watches=(watch,))
        admit(connection, now, told)
    _tick(archive_of_ten, subjects, now + timedelta(days=1))
    with archive_of_ten.read() as connection:
        (letter,) = connection.execute(select(table(Outbox))).all()
    assert "№mine№" in letter.payload["text"]
    assert "№1№" not in letter.payload["text"]
    assert letter.digest_id is not None


_ACTS = strategies.one_of(
    strategies.tuples(strategies.just("tick"), strategies.integers(0, 30)),
    strategies.tuples(strategies.just("news"), strategies.integers(0, 3)),
    strategies.tuples(strategies.just("jump"), strategies.integers(-72, 72)),
    strategies.tuples(strategies.just("stop"), strategies.integers(0, 100)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=strategies.lists(_ACTS, max_size=25), zone=strategies.sampled_from(["UTC", "Europe/Kyiv", "Australia/Lord_Howe"]))
def test_each_window_once(archive_of_ten: Database, subjects: Subjects, now: datetime, acts: list[tuple[str, int]], zone: str) -> None:
    """However ticks, news, stops and jumps of the clock come after each other, each story is told once, and at the latest days later."""
    with archive_of_ten.read() as connection:
        chat_id, start = len(subscribers.chat_ids(connection)) + 1, archive.latest(connection)
    number, at, told = _subscribe(archive_of_ten, now, chat_id, zone=zone, slots="08:00 20:00", cursor=start), now, 0
    for act, amount in acts:
        if act == "news":
            _news(archive_of_ten, at, *(chat_id * 1_000 + told + n for n in range(amount)))
            told += amount
        else:
            at += amount * HOUR
        if act == "tick":
            _tick(archive_of_ten, subjects, at)
    # The clock is right again, days go by; a slot that had its digest while the clock ran ahead is left out.
    for day in range(12):
        _tick(archive_of_ten, subjects, max(at, now) + day * 24 * HOUR)
    with archive_of_ten.read() as connection:
        digests = connection.scalars(select(table(Digest).c.stories).where(table(Digest).c.subscriber_id == number))
        listed_ = [story for stories in digests for story in stories]
    assert len(listed_) == len(set(listed_)) == told


def test_a_clock_that_ran_ahead_silences_nobody(archive_of_ten: Database, subjects: Subjects, now: datetime) -> None:
    """After a month that wasn't, the next digest comes at the next hour."""
    number = _subscribe(archive_of_ten, now, 1)
    _tick(archive_of_ten, subjects, now + timedelta(days=30))
    with archive_of_ten.write() as connection:
        assert turns.anybody_due(connection, now)
        assert put_right(connection, now, 10) == 1
        assert not turns.anybody_due(connection, now)
        chat = subscribers.find(connection, 1)
        assert chat is not None
        assert (chat.id, chat.next_due_at) == (number, datetime.fromisoformat("2026-11-23T08:00:00+00:00"))


def test_an_hour_is_spread() -> None:
    """Few come at once, ten thousand within six minutes, the same ones at the same time every day; and evenly."""
    assert spread_of(A_SECOND - 1) == timedelta(0)
    assert spread_of(10_000) < timedelta(minutes=6)
    assert spread_of(10_000_000) == LONGEST_SPREAD
    spread = spread_of(10_000)
    seconds = [offset(number, spread).total_seconds() for number in range(1, 10_001)]
    assert 0 <= min(seconds) <= max(seconds) <= spread.total_seconds()
    a_minute = [sum(60 * minute <= each < 60 * minute + 60 for each in seconds) for minute in range(5)]
    assert all(1_500 < count < 1_900 for count in a_minute)


def test_the_offset_is_added_once(archive_of_ten: Database, subjects: Subjects, now: datetime) -> None:
    """The day after, and every day then, it is the same after the hour."""
    number, spread = _subscribe(archive_of_ten, now, 1), timedelta(minutes=5)
    wanted = datetime.fromisoformat("2026-11-24T08:00:00+00:00") + offset(number, spread)
    _tick(archive_of_ten, subjects, datetime.fromisoformat("2026-11-23T08:00:00+00:00"), spread)
    for day in range(3):
        with archive_of_ten.read() as connection:
            chat = subscribers.find(connection, 1)
        assert chat is not None
        assert chat.next_due_at == wanted + timedelta(days=day)
        _tick(archive_of_ten, subjects, wanted + timedelta(days=day), spread)


@pytest.mark.parametrize("hours", [-1, 1])
def test_rules_of_a_zone_that_changed(archive_of_ten: Database, subjects: Subjects, now: datetime, hours: int) -> None:
    """A moment that was stored under older rules of a zone, an hour off: each local date has its digest once, and no story is lost."""
    number = _subscribe(archive_of_ten, now, 1, zone="Europe/Moscow")
    first = next_due(["08:00"], "Europe/Moscow", now)
    assert first is not None
    _tick(archive_of_ten, subjects, first.at)
    _news(archive_of_ten, first.at, 10)
    second = first.at + timedelta(days=1)
    with archive_of_ten.write() as connection:
        subscribers.change(connection, number, next_due_at=second + timedelta(hours=hours))
    for moment in sorted((second + timedelta(hours=hours), second, second + timedelta(hours=2))):
        _tick(archive_of_ten, subjects, moment)
    with archive_of_ten.read() as connection:
        had = connection.execute(select(table(Digest)).order_by(table(Digest).c.id)).all()
    assert [each.local_date for each in had] == [first.local_date, first.local_date + timedelta(days=1)]
    assert [len(each.stories) for each in had] == [10, 1]
