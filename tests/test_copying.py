"""A database is moved from one kind to the other and back, whole, also where the move is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from storage import archive, copying, forgetting, mailbox, search, subscribers, upgrade, watches
from storage.database import Database, open_database
from storage.mailbox import Outgoing
from storage.records import StorageError
from storage.tables import Article, Digest, Subscriber, insert_rows, table
from tests.building import admit, arrival, event, listed
from tests.postgres import Postgres

pytestmark = pytest.mark.sqlite_only("both kinds are in each of these tests")
MANY = 60


@contextmanager
def _empty(kind: str, folder: Path, postgres: Postgres) -> Iterator[Database]:
    """Another database without any rows."""
    with postgres.made() as address:
        made = open_database(address if kind == "postgresql" else f"sqlite:///{folder / 'other.sqlite'}")
        upgrade.upgrade(made)
        yield made
        made.close()


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    """Something in every kind of column: half a letter, a character that PostgreSQL lacks, JSON, bytes, numbers that were given away."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for number in range(MANY):
            admit(connection, now, arrival(herald, url=f"https://herald.example/{number}", title=f"Весть {number}", text=event(number)))
        admit(connection, now, arrival(herald, url="https://herald.example/nul", title="Нуль\0", text=f"{event('nul')} \0"))
        admit(connection, now, arrival(herald, url="https://herald.example/1", title="Весть новая", text=event("new")))
        for chat_id in (1, 2, 3):
            chat = subscribers.create(connection, chat_id, 0, language="uk", time_zone="UTC", cursor=0, month="2026-11")
            watches.add(connection, chat.id, "моё", "пикет")
            digest = {"subscriber_id": chat.id, "local_date": now.date(), "slot": "08:00", "from_seq": 0, "to_seq": 5, "stories": [1, 2]}
            insert_rows(connection, Digest, [digest])
        forgetting.forget(connection, 3)
        mailbox.put_out(connection, [Outgoing(1, "sendMessage", {"text": "половина \ud83d", "reply_markup": {"b": 1, "a": [None]}})], now)
    return database


def _found(database: Database) -> list[int]:
    with database.read() as connection:
        return search.numbers(connection, search.parse("весть"), limit=500)


def test_there_and_back(filled: Database, tmp_path: Path, postgres: Postgres, now: datetime) -> None:
    """From SQLite to PostgreSQL and back again: the same rows, the same hits, and no number that was given before."""
    with _empty("postgresql", tmp_path, postgres) as server, _empty("sqlite", tmp_path, postgres) as back:
        copying.copy(filled, server)
        copying.copy(server, back)
        assert copying.differences(filled, server) == []
        assert copying.differences(server, back) == []
        assert _found(filled) == _found(server) == _found(back) != []
        for database in (filled, server, back):
            with database.write() as connection:
                assert subscribers.create(connection, 4, 0, language="en", time_zone="UTC", cursor=0, month="2026-11").id == 4
                (herald,) = listed(connection, now, "Herald")
                assert (
                    archive.latest(connection)
                    < admit(connection, now, arrival(herald, text=event("later"), url="https://x.example")).new[0]
                )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("steps", [1, 4, 9, 30])
def test_broken_off(filled: Database, tmp_path: Path, postgres: Postgres, kind: str, steps: int) -> None:
    """Wherever it is broken off, it goes on from there and is whole in the end; until then the target is no database to use."""
    left = steps

    def break_off(_name: str, _done: int, _of: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt

    with _empty(kind, tmp_path, postgres) as target:
        with pytest.raises(KeyboardInterrupt):
            copying.copy(filled, target, break_off, batch=7)
        assert copying.differences(filled, target) != []
        copying.copy(filled, target)
        assert copying.differences(filled, target) == []
        assert _found(target) == _found(filled)


def test_into_what_isnt_empty(filled: Database, tmp_path: Path, postgres: Postgres, now: datetime) -> None:
    """What is there is kept: neither somebody's archive nor the unfinished copy of another database is written over."""
    with _empty("postgresql", tmp_path, postgres) as target:
        with target.write() as connection:
            listed(connection, now, "Beacon")
        with pytest.raises(StorageError, match="isn't empty"):
            copying.copy(filled, target)
    with _empty("sqlite", tmp_path, postgres) as target, postgres.made() as address:
        with target.write() as connection:
            copying._begin(connection, "something else")
        with pytest.raises(StorageError, match="unfinished copy of another"):
            copying.copy(filled, target)
        assert address


def test_a_difference_is_seen(filled: Database, tmp_path: Path, postgres: Postgres) -> None:
    """One changed letter, and one row less, are named with their table."""
    with _empty("postgresql", tmp_path, postgres) as target:
        copying.copy(filled, target)
        with target.write() as connection:
            connection.execute(update(table(Article)).where(table(Article).c.id == 5).values(title="Весть 4?"))
            connection.execute(table(Digest).delete())
        assert copying.differences(filled, target) == ["articles: 61 and 61 rows, other contents", "digests: 2 and 0 rows, other rows"]
        with target.read() as connection:
            assert connection.scalar(select(func.count()).select_from(table(Subscriber))) == 2
