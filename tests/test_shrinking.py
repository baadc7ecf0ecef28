"""What has left makes room in the index and in the file, while both are in use."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import backup, retention, search, shrinking, upgrade
from storage.database import Database
from tests.building import admit, arrival, event, listed

MANY = 1_500


@pytest.fixture
def emptied(database: Database, now: datetime) -> Database:
    """An archive of which nearly all has just left."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for number in range(MANY):
            topics = ("way-home",) if number % 100 == 0 else ()
            admit(
                connection,
                now,
                arrival(herald, url=f"https://herald.example/{number}", title=f"Весть {number}", text=event(number), topics=topics),
            )
    while True:
        with database.write() as connection:
            if not retention.retire(connection, now + timedelta(days=1)):
                break
    database.checkpoint()
    return database


def _in_steps(database: Database, step: Callable[[Connection], bool]) -> int:
    steps, more = 0, True
    while more:
        with database.write() as connection:
            more = step(connection)
        steps += 1
    return steps


def _index_bytes(database: Database) -> int:
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT sum(length(block)) FROM search_index_data").scalar_one())


@pytest.mark.sqlite_only("room in a file")
def test_the_index(emptied: Database) -> None:
    """It loses the words of what has left, and still finds the rest."""
    before = _index_bytes(emptied)
    with emptied.write() as connection:
        shrinking.begin_merging(connection)
    _in_steps(emptied, shrinking.merge)
    assert _index_bytes(emptied) < before / 10
    with emptied.read() as connection:
        assert len(search.search(connection, search.parse("весть"), limit=50).hits) == MANY / 100
    assert backup.check(emptied) == []


@pytest.mark.sqlite_only("room in a file")
def test_the_file(emptied: Database, now: datetime) -> None:
    """It becomes shorter in many small steps, between which others read and write."""
    before = emptied.path.stat().st_size
    with emptied.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        shrinking.begin_merging(connection)
    _in_steps(emptied, shrinking.merge)
    with emptied.read() as reading:
        assert len(search.search(reading, search.parse("весть")).hits) == 5
        steps = 0
        while True:
            with emptied.write() as connection:
                admit(connection, now, arrival(herald, url=f"https://herald.example/new{steps}", title="Ещё", text=event(-steps)))
                if not shrinking.give_back(connection):
                    break
            steps += 1
    emptied.checkpoint()
    assert steps > 1
    assert emptied.path.stat().st_size < before / 2
    assert backup.check(emptied) == []


def test_nothing_to_do(database: Database) -> None:
    """One look is enough."""
    assert _in_steps(database, shrinking.give_back) == 1
    with database.write() as connection:
        shrinking.begin_merging(connection)
    assert _in_steps(database, shrinking.merge) <= 2


def test_an_older_database(tmp_path: Path) -> None:
    """It keeps its room until it is rewritten; from then on it shrinks by itself."""
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE waste (a)")
        connection.execute("INSERT INTO waste VALUES (zeroblob(2000000))")
        connection.commit()
        connection.execute("DROP TABLE waste")
    database = Database(path)
    upgrade.upgrade(database)
    assert _in_steps(database, shrinking.give_back) == 1
    before, after = shrinking.compact(database)
    assert after == path.stat().st_size < before / 2
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one() == 2
    database.close()
