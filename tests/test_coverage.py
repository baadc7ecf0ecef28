"""Polls by day: what a source usually brings, and which part of the sources was heard."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from feeds.sameness.changes import MOST_FIGURES, is_trivial
from storage import archive, coverage
from storage.coverage import Cell, Poll, Rhythm
from storage.database import Database
from storage.tables import Revision, table
from tests.building import arrival, event, listed

TODAY = date(2026, 11, 22)


def test_a_rhythm(database: Database) -> None:
    """Items a day over the days on which the source was heard; today isn't over, and days of silence by failure don't count."""
    days = [TODAY - timedelta(days=age) for age in range(5)]
    with database.write() as connection:
        coverage.note(connection, [Poll(1, day, failed=False, items=10, matched=1) for day in days])
        coverage.note(connection, [Poll(1, days[1], failed=True, items=0, matched=0), Poll(2, days[2], failed=True, items=0, matched=0)])
        found = coverage.rhythms(connection, TODAY, 3)
    assert found == {1: Rhythm(days=3, items=30, matched=3)}
    assert found[1].items_a_day == 10


def test_by_day(database: Database, now: datetime) -> None:
    """A group's day: how many of its sources were asked, how many of them answered at least once, and what they brought."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        coverage.note(connection, [Poll(herald.id, TODAY, failed=failed, items=2, matched=1) for failed in (True, False)])
        coverage.note(connection, [Poll(mirror.id, TODAY, failed=True, items=0, matched=0)])
        assert coverage.by_day(connection, "standing", TODAY) == [Cell(TODAY, "exile", sources=2, heard=1, items=4, matched=2)]
        assert coverage.by_day(connection, "language", TODAY)[0].group == ""
        assert coverage.by_day(connection, "language", TODAY + timedelta(days=1)) == []


def test_old_days_leave(database: Database) -> None:
    """What is too old to be shown is forgotten."""
    with database.write() as connection:
        coverage.note(connection, [Poll(1, TODAY - timedelta(days=age), failed=False, items=1, matched=0) for age in (1, 2)])
        coverage.forget_before(connection, TODAY - timedelta(days=1))
        assert coverage.rhythms(connection, TODAY, 10) == {1: Rhythm(days=1, items=1, matched=0)}


def test_a_counter_in_every_text(database: Database, now: datetime) -> None:
    """Each minute all texts differ by a figure: revisions end by themselves, and the source is known for restless."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        for minute in range(30):
            for number in range(6):
                text = f"{event(number)} Сейчас на сайте {minute} читателей."
                one = arrival(herald, url=f"https://h.example/{number}", title=event(number)[:40], text=text, topics=())
                archive.admit_all(connection, [[one]], now + timedelta(minutes=minute), is_trivial)
            live = arrival(mirror, url="https://m.example/live", title="Онлайн", text=" ".join(map(event, range(minute))), topics=())
            archive.admit_all(connection, [[live]], now + timedelta(minutes=minute), is_trivial)
        assert connection.scalar(select(func.count()).where(table(Revision).c.article_id < 7)) == 6 * MOST_FIGURES
        found = coverage.rhythms(connection, now.date(), 10)
        assert [source_id for source_id, rhythm in found.items() if rhythm.restless] == [herald.id]
