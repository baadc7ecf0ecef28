"""Numbers of articles by the index: where those of some days must be, and what came late or from an import is found all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from storage import asking, search
from storage.archive import Past
from storage.blocks import Between, Levels
from storage.database import Database, open_database
from tests.building import admit, arrival, event, listed
from tests.postgres import Postgres

BEGIN = datetime(2025, 1, 1, 12, tzinfo=UTC)
DAYS = 60
LATE = {17: 40, 44: 10, 59: 52}  # these claim to be so many days older than they were seen


def _fill(database: Database) -> None:
    """An article a day, of which some claim to be older, and one that was imported."""
    with database.write() as connection:
        (herald,) = listed(connection, BEGIN, "Herald")
        for day in range(DAYS):
            one = arrival(herald, url=f"https://herald.example/{day}", title=f"Весть {day}", text=event(day))
            moment = BEGIN + timedelta(days=day)
            admit(connection, moment, replace(one, entry=replace(one.entry, published=moment - timedelta(days=LATE.get(day, 0)))))
        old = arrival(herald, url="https://herald.example/old", title="Весть старая", text=event("old"))
        past = Past(-3, BEGIN + timedelta(days=20), None)
        admit(connection, BEGIN, replace(old, entry=replace(old.entry, published=past.seen_at), past=past))


def _days(connection: Connection, typed: str) -> list[str]:
    page = search.search(connection, search.parse(typed), limit=100)
    return [hit.title.text.removeprefix("Весть ") for hit in page.hits]


def test_where_some_days_are(postgres: Postgres) -> None:
    """Those that were seen on these days are within, and few others."""
    with postgres.made() as address:
        database = open_database(address)
        _fill(database)
        with database.read() as connection:
            _check(connection)
        database.close()


def _check(connection: Connection) -> None:
    everywhere = asking.everywhere(connection)
    assert everywhere.above == -4
    first, end = date(2025, 1, 20), date(2025, 2, 10)
    within = asking.seen_between(connection, everywhere, first, end)
    numbers = {hit.id for hit in search.search(connection, search.parse("весть on:2025-01-20..2025-02-09"), limit=100).hits}
    assert sum(number not in range(within.above + 1, within.below) for number in numbers) == 2  # an import, and one that came late
    assert len(range(within.above + 1, within.below)) < len(numbers) + 60
    assert asking.seen_between(connection, everywhere, None, None) == everywhere
    assert asking.seen_between(connection, everywhere, date(2031, 1, 1), None).below == everywhere.below


def test_what_came_late_is_found(database: Database) -> None:
    """By the day that it claims, though it has a number of a later one; so is what was imported."""
    _fill(database)
    with database.read() as connection:
        assert _days(connection, "before:2025-01-10") == ["59", "17", *map(str, range(8, -1, -1))]
        assert _days(connection, "on:2025-01-21") == ["20", "старая"]
        assert _days(connection, "весть after:2025-02-26") == ["58", "57", "56"]


def test_an_archive_without_articles(database: Database) -> None:
    """There is nowhere to look."""
    with database.read() as connection:
        assert not asking.everywhere(connection)
        assert _days(connection, "весть before:2025-01-10") == []


def test_parts_in_either_direction() -> None:
    """Before, within and behind where hits are likely: each number once, from the end where one begins."""
    levels = Levels(bits=2, levels=2)
    for rising in (False, True):
        between = Between(0, 100, rising)
        found = [part for part, _ in asking.parts(between, Between(30, 60), levels)]
        numbers = [number for part in found for number in sorted(range(part.above + 1, part.below), reverse=not rising)]
        assert numbers == sorted(range(1, 100), reverse=not rising)
        assert [len(spans) for _, spans in asking.parts(between, Between(30, 60), levels)] == [1, 4, 1]
    assert [part for part, _ in asking.parts(Between(0, 100), Between(-10, 200), levels)] == [Between(0, 100)]
    assert asking.parts(Between(5, 6), None, levels) == []
