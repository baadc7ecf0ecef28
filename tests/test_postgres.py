"""What only a server has: errors in words without a password, a connection that comes back, and a sender that is woken from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from storage import archive, backup, mailbox, shrinking
from storage.database import Database, open_database
from storage.mailbox import Outgoing
from storage.records import SettingsError, StorageError
from storage.tables import ArticleTopic, insert_rows, table
from tests.building import admit, arrival, listed
from tests.postgres import Postgres
from tests.terminal import Terminal

SECRET = "hunter2"


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Database]:
    """A database on the server."""
    with postgres.made() as address:
        made = open_database(address)
        yield made
        made.close()


def _cut_off(postgres: Postgres, database: Database) -> None:
    """End every connection to a database, as a server that is started anew does."""
    with postgres._connected() as connection:
        name = make_url(database.url).database
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@pytest.mark.parametrize(
    "url", [f"postgresql+psycopg://me:{SECRET}@127.0.0.1:1/x", f"postgresql+psycopg://me:{SECRET}@127.0.0.1:1/x?connect_timeout=1"]
)
def test_a_server_that_isnt_there(url: str) -> None:
    """The error names the database and the reason, and not the password."""
    database = open_database(url)
    with pytest.raises(StorageError, match=r"The database x on 127\.0\.0\.1 can't be used: .*refused") as caught, database.read():
        pass
    assert SECRET not in f"{caught.value} {database.name}"
    assert SECRET in database.url
    database.close()


def test_an_address_that_cant_be_read() -> None:
    """What is wrong is said without the address, in which a password may be."""
    with pytest.raises(SettingsError, match="HOMEFRONT_DATABASE_URL can't be read: expected") as caught:
        open_database(f"postgresql+psycopg://me:{SECRET}@host:port:5432/x")
    assert SECRET not in str(caught.value)


def test_a_connection_that_was_lost(postgres: Postgres, server: Database) -> None:
    """A reader or writer in the middle gets an error of ours; the next one has a connection again."""

    def write_on() -> None:
        with server.write() as connection:
            archive.latest(connection)
            _cut_off(postgres, server)
            archive.latest(connection)

    with pytest.raises(StorageError, match="can't be used"):
        write_on()
    with server.write() as connection, server.read() as reading:
        assert archive.latest(connection) == archive.latest(reading)


def test_a_connection_that_is_lost_while_rows_are_copied(postgres: Postgres, server: Database) -> None:
    """The error is in words there, too, and the next writer finds nothing of it."""
    rows = [{"topic": "protest", "article_id": number} for number in range(10)]

    def write_on() -> None:
        with server.write() as connection:
            insert_rows(connection, ArticleTopic, rows)
            _cut_off(postgres, server)
            insert_rows(connection, ArticleTopic, rows)

    with pytest.raises(StorageError, match="can't be used"):
        write_on()
    with server.write() as connection:
        assert connection.scalar(select(func.count()).select_from(table(ArticleTopic))) == 0


def test_one_leads_and_is_followed(postgres: Postgres, server: Database) -> None:
    """While one leads nobody else does; when its connection is gone it knows, and another may."""
    other = open_database(server.url)
    lead = server.lead()
    assert lead is not None
    assert other.lead() is None
    with pytest.raises(StorageError, match="Another homefront is already running"), other.held():
        pass
    assert lead.wait(0.01) is False
    _cut_off(postgres, server)
    with pytest.raises(StorageError):
        lead.wait(0.01)
    lead.close()
    after = other.lead()
    assert after is not None
    after.close()
    with server.held():
        pass
    other.close()


def test_whoever_leads_hears_of_letters(server: Database, now: datetime) -> None:
    """A letter that another process writes is heard of once it is stored, and one that is taken back isn't."""
    other = open_database(server.url)
    lead = server.lead()
    assert lead is not None
    with other.write() as connection:
        mailbox.put_out(connection, [Outgoing(1, "sendMessage", {"text": "x"})], now)
        assert lead.wait(0.01) is False
    assert lead.wait(5) is True
    with other.write() as connection:
        mailbox.put_out(connection, [Outgoing(1, "sendMessage", {"text": "y"})], now)
        connection.rollback()
    assert lead.wait(0.01) is False
    lead.close()
    other.close()


def test_what_is_for_files(server: Database, tmp_path: Path, now: datetime) -> None:
    """Copying and compacting a file are refused with the server's own tools; daily copies and shrinking leave it alone."""
    for refused in (
        lambda: backup.backup(server, tmp_path / "copy"),
        lambda: backup.restore(server, tmp_path / "copy"),
        lambda: shrinking.compact(server),
    ):
        with pytest.raises(StorageError):
            refused()
    with pytest.raises(StorageError, match="pg_dump"):
        backup.backup(server, tmp_path / "copy")
    assert backup.back_up_daily(server, now.date()) is None
    assert backup.forget_in_copies(server) == 0
    with server.write() as connection:
        shrinking.begin_merging(connection)
        assert (shrinking.merge(connection), shrinking.give_back(connection)) == (False, False)
    assert server.size() > 0


def test_an_index_that_has_lost_something(server: Database, now: datetime) -> None:
    """An article that the index lacks, and one that it has too many, are seen."""
    with server.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
    assert backup.check(server) == []
    with server.write() as connection:
        connection.exec_driver_sql("UPDATE search_index SET rowid = 99")
    assert backup.check(server) == ["the index lacks article 1", "the index has article 99, which isn't there"]


def test_text_with_a_nul(server: Database, now: datetime) -> None:
    """The character that PostgreSQL has no place for is left out, and the rest stays."""
    with server.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, title="Пи\0кет"))
        assert connection.exec_driver_sql("SELECT title FROM articles").scalar() == "Пикет"


def test_the_commands(server: Database, postgres: Postgres, tmp_path: Path) -> None:
    """The database's commands work on a server, or say what to use there."""
    terminal = Terminal(tmp_path / "data", tmp_path / "sources.toml")
    where = {"DATABASE_URL": server.url}
    assert "is at revision" in terminal.type("db", "upgrade", **where).stdout
    assert terminal.type("db", "check", **where).stdout == "The database is sound.\n"
    for command in (("db", "backup", str(tmp_path / "copy")), ("db", "compact")):
        refused = terminal.type(*command, **where)
        assert (refused.status, "pg_dump" in refused.stderr) == (1, True)
    copied = terminal.type("db", "copy", server.url, str(tmp_path / "copy.sqlite"))
    assert (copied.status, copied.stdout) == (0, f"Copied to {tmp_path / 'copy.sqlite'}. Every table has the same rows.\n")
    with postgres.made() as address:
        assert terminal.type("db", "copy", f"sqlite:///{tmp_path / 'copy.sqlite'}", address).status == 0


def test_a_worker_needs_a_server(tmp_path: Path) -> None:
    """With a file the command is refused in a sentence that says what to set."""
    terminal = Terminal(tmp_path / "data", tmp_path / "sources.toml")
    refused = terminal.type("worker", DATABASE_URL=f"sqlite:///{tmp_path / 'homefront.sqlite'}")
    assert refused.status != 0
    assert "set HOMEFRONT_DATABASE_URL to a postgresql+psycopg:// address" in refused.stderr
