"""One writer, many readers, one program; and what is said when a database can't be had."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from storage import archive, backup, upgrade
from storage.database import Database, open_database
from storage.records import SettingsError, StorageError
from storage.tables import Counter, table

WRITES = 25
INTERRUPTED = """
import sys
from storage.database import open_database
from storage.tables import Counter, table
with open_database(sys.argv[1]).write() as connection:
    connection.execute(table(Counter).insert(), [{"name": f"half {number}", "value": 1} for number in range(5_000)])
    print("in the middle", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def generous_umask() -> Iterator[None]:
    """A machine on which new files are everybody's unless the program cares."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(table(Counter))) or 0)


def _take(database: Database) -> None:
    """Take a number in a transaction that reads first and writes what it read plus one."""
    with database.write() as connection:
        connection.execute(table(Counter).update().where(table(Counter).c.name == "seq").values(value=archive.latest(connection) + 1))


@pytest.mark.usefixtures("generous_umask")
def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    """The folder is 0700, the database and what SQLite puts beside it 0600, whatever the umask."""
    database = Database(tmp_path / "new" / "homefront.sqlite")
    upgrade.upgrade(database)
    assert _mode(tmp_path / "new") == 0o700
    assert {file.name: _mode(file) for file in (tmp_path / "new").iterdir()} == {
        "homefront.sqlite": 0o600,
        "homefront.sqlite-shm": 0o600,
        "homefront.sqlite-wal": 0o600,
    }
    database.close()


def test_writers_wait_for_each_other(database: Database) -> None:
    """Threads of one program and of another lose none of each other's changes."""
    other = open_database(database.url)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(_take, [database, other] * WRITES))
    with other.read() as connection:
        assert archive.latest(connection) == 2 * WRITES
    other.close()


def test_a_reader_sees_one_moment(database: Database) -> None:
    """What is written while a reader reads is seen by the next one only, and nobody waits."""
    with database.read() as early:
        before = archive.latest(early)
        _take(database)
        assert archive.latest(early) == before
        with database.read() as late:
            assert archive.latest(late) == before + 1


def test_more_readers_than_connections(database: Database) -> None:
    """Readers beyond the pool wait their turn instead of failing."""
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(_count, [database] * 200)) == {_count(database)}


def test_an_error_undoes_the_whole_block(database: Database) -> None:
    """A transaction that fails leaves nothing, and the next writer isn't kept out."""
    before = _count(database)

    def fail(connection: Connection) -> None:
        connection.execute(table(Counter).insert(), {"name": "half", "value": 1})
        raise KeyError("half")

    with pytest.raises(KeyError), database.write() as connection:
        fail(connection)
    _take(database)
    assert _count(database) == before


def test_a_program_that_is_killed_in_the_middle(database: Database) -> None:
    """Nothing of its transaction stays, the next one writes at once, and the file is sound."""
    before = _count(database)
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == "in the middle\n"
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    _take(database)
    assert _count(database) == before
    assert backup.check(database) == []


def test_a_second_program_is_refused(database: Database) -> None:
    """One program holds a database; another is told so in a sentence, and may have it afterwards."""
    other = open_database(database.url)
    with database.held(), pytest.raises(StorageError, match=r"Another homefront is already running on .*homefront.*\. Stop it first"):
        other.held().__enter__()
    with other.held():
        pass
    other.close()


def test_a_held_database_can_be_read_and_written(database: Database) -> None:
    """Commands that only look or change a row go on beside the running program."""
    other = open_database(database.url)
    with database.held():
        _take(other)
        assert _count(other) == _count(database)
    other.close()


@pytest.mark.parametrize("place", ["file/homefront.sqlite", "file/deeper/homefront.sqlite", "folder"])
def test_a_place_where_no_file_can_be(tmp_path: Path, place: str) -> None:
    """A folder that can't be made, or a folder where the file should be, is named with what to set."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match=r"can't be opened: .*\. Set HOMEFRONT_DATA_DIR") as caught:
        Database(tmp_path / place)
    assert str(tmp_path / place) in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It is named, and left as it was."""
    file = tmp_path / "letter.txt"
    file.write_bytes(b"Dear reader, " * 1000)
    database = Database(file)
    with pytest.raises(StorageError, match=r"letter\.txt can't be used: file is not a database"):
        upgrade.upgrade(database)
    with pytest.raises(StorageError, match="file is not a database"), database.write():
        pass
    assert file.read_bytes() == b"Dear reader, " * 1000
    database.close()


@pytest.mark.sqlite_only("the server's disk isn't ours to fill")
def test_a_full_disk_is_an_error_of_ours(database: Database) -> None:
    """SQLite's own errors come as a sentence that names the file; nothing of the block stays."""

    def fill(connection: Connection) -> None:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(table(Counter).insert(), {"name": "x" * 10_000_000, "value": 1})

    before = _count(database)
    with pytest.raises(StorageError, match=r"homefront\.sqlite can't be used: database or disk is full\."), database.write() as connection:
        fill(connection)
    assert _count(database) == before


def test_a_programming_mistake_keeps_its_own_error(database: Database) -> None:
    """A broken constraint isn't dressed up as a damaged database."""
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(table(Counter).insert(), [{"name": "twice", "value": 1}] * 2)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://localhost/homefront",
        "mysql://x",
        "nosuchthing://x",
        "",
        "homefront.sqlite",
        "/var/lib/homefront.sqlite",
        "sqlite:/var/lib/x",
        "http",
    ],
)
def test_an_address_that_names_no_file(url: str) -> None:
    """Every address that can't be used is answered with the one that can."""
    with pytest.raises(SettingsError, match="HOMEFRONT_DATABASE_URL must name a file, as in sqlite:////"):
        open_database(url)


@pytest.mark.parametrize(
    "name",
    [
        "with space",
        "Данные",
        "50% off",
        "a&b=c;d",
        "a#b",
        "a:b@c",
        "'; DROP TABLE x; --",
        "what?",
        "a?mode=ro",
        "a%41%2Fb",
    ],
)
def test_any_folder_name_will_do(tmp_path: Path, blank: Path, name: str) -> None:
    """The database is in the folder that was named, and nowhere else."""
    (tmp_path / name).mkdir()
    shutil.copy(blank, tmp_path / name / "homefront.sqlite")
    database = Database(tmp_path / name / "homefront.sqlite")
    _take(database)
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_an_address_may_be_relative_to_where_one_is(tmp_path: Path) -> None:
    """The path is settled when the database is opened, so that a later change of folder doesn't matter."""
    database = open_database(f"sqlite:///{tmp_path}/a/../b/homefront.sqlite")
    assert database.path == tmp_path / "b" / "homefront.sqlite"
    database.close()


def test_an_address_is_taken_as_it_is(tmp_path: Path) -> None:
    """Signs that mean something in other addresses are part of the file's name."""
    database = open_database(f"sqlite:///{tmp_path}/what?/50%41#.sqlite")
    database.close()
    assert (tmp_path / "what?" / "50%41#.sqlite").is_file()


def test_who_is_patient_writes_last(database: Database) -> None:
    """A bulk writer lets everybody else go first, however long it has waited, and then has its turn."""
    order: list[str] = []
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write():
            holding.set()
            release.wait(10)

    def write(name: str, *, patient: bool) -> None:
        with database.write(patient=patient):
            order.append(name)

    threads = [threading.Thread(target=hold)]
    threads[0].start()
    holding.wait(10)
    for name, patient in (("bulk", True), ("first", False), ("second", False)):
        threads.append(threading.Thread(target=write, args=(name,), kwargs={"patient": patient}))
        threads[-1].start()
    while database._turns._impatient < 2:
        pass
    release.set()
    for thread in threads:
        thread.join(10)
    assert order[-1] == "bulk"
    assert sorted(order) == ["bulk", "first", "second"]
