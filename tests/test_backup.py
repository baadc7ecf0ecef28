"""Copies that can be relied upon, and a restore that never leaves less than there was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from storage import backup, forgetting, search, subscribers, upgrade
from storage.database import Database
from storage.records import StorageError
from storage.tables import Article, Counter, table
from tests.building import admit, arrival, listed

PLACES = ["missing/copy", "folder", "file/copy", "x" * 300]

pytestmark = pytest.mark.sqlite_only("copies of a file")


def _fill(database: Database, now: datetime, number: int = 1) -> None:
    with database.write() as connection:
        polled = listed(connection, now, "Herald")[0]
        admit(connection, now, *[arrival(polled, url=f"https://herald.example/{n}", title=f"Путь домой {n}") for n in range(number)])


def _articles(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(table(Article))) or 0)


def _other_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()


def test_there_and_back(database: Database, now: datetime, tmp_path: Path) -> None:
    """A copy put back is the database as it was, with its index; what came after it is gone."""
    _fill(database, now, 3)
    backup.backup(database, tmp_path / "copy")
    _fill(database, now, 5)
    backup.restore(database, tmp_path / "copy")
    assert upgrade.upgrade(database) == upgrade.head_revision()
    assert _articles(database) == 3
    with database.read() as connection:
        assert len(search.search(connection, search.parse("путь")).hits) == 3
    assert backup.check(database) == []


def test_a_copy_is_its_owners_alone(database: Database, tmp_path: Path) -> None:
    """It holds subscribers: nobody else may read it, and nothing half done lies beside it."""
    backup.backup(database, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert {file.name for file in tmp_path.iterdir() if not file.name.startswith("homefront.sqlite")} == {"copy"}


def test_an_old_part_doesnt_lend_its_permissions(database: Database, tmp_path: Path) -> None:
    """What lies at the place of the half-done copy decides nothing."""
    (tmp_path / "copy.part").touch(mode=0o666)
    (tmp_path / "copy.part").chmod(0o666)
    backup.backup(database, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_copy_is_of_one_moment(database: Database, now: datetime, tmp_path: Path) -> None:
    """Made while somebody writes, it has nothing of the transaction under way, and doesn't wait for it."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        backup.backup(database, tmp_path / "copy")
    other = Database(tmp_path / "copy")
    assert (_articles(other), _articles(database)) == (0, 1)
    other.close()


def test_an_earlier_copy_is_replaced_whole(database: Database, now: datetime, tmp_path: Path) -> None:
    """A copy may have the name of the one before."""
    _fill(database, now, 40)
    backup.backup(database, tmp_path / "copy")
    with database.write() as connection:
        connection.execute(text("DELETE FROM articles"))
    backup.backup(database, tmp_path / "copy")
    backup.restore(database, tmp_path / "copy")
    assert _articles(database) == 0


@pytest.mark.parametrize("place", PLACES)
def test_a_place_where_no_copy_can_be(database: Database, tmp_path: Path, place: str) -> None:
    """It is named in one sentence, and nothing half done stays."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match="can't be written"):
        backup.backup(database, tmp_path / place)
    assert not list(tmp_path.rglob("*.part"))
    assert (tmp_path / "folder").is_dir()


@pytest.mark.parametrize("place", [".", "/"])
def test_a_place_without_a_name(database: Database, place: str) -> None:
    """“homefront db backup .” is answered like any other folder."""
    with pytest.raises(StorageError, match="can't be written"):
        backup.backup(database, Path(place))


def test_a_copy_onto_the_database_itself(database: Database, now: datetime) -> None:
    """Refused or harmless: what is written afterwards is there when the program is started again."""
    _fill(database, now)
    assert _articles(database) == 1
    with suppress(StorageError):
        backup.backup(database, database.path)
    for number in range(3):
        _fill(database, now, number + 1)
        with database.write() as connection:
            connection.execute(table(Counter).insert(), {"name": f"{number} more than the log takes" * 400_000, "value": 1})
    database.close()
    assert backup.check(database) == []
    assert _articles(database) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("garbage", b"Dear reader, " * 1000),
        ("short", b"SQLite format 3\x00"),
        ("empty", b""),
    ],
)
def test_what_is_no_copy_is_not_put_in_place(database: Database, now: datetime, tmp_path: Path, name: str, content: bytes) -> None:
    """The error says so, and the database is as it was."""
    _fill(database, now)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StorageError, match=name):
        backup.restore(database, tmp_path / name)
    assert _articles(database) == 1


@pytest.mark.parametrize("place", ["missing", "folder"])
def test_no_file_to_restore(database: Database, tmp_path: Path, place: str) -> None:
    """It is named."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match=rf"There is no file .*{place}\."):
        backup.restore(database, tmp_path / place)


def test_a_damaged_copy_is_not_put_in_place(database: Database, now: datetime, tmp_path: Path) -> None:
    """A copy whose pages were overwritten is refused, and the database is as it was."""
    _fill(database, now, 200)
    copy = tmp_path / "copy"
    backup.backup(database, copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:8192] + b"\xa5" * 40_960 + whole[8192 + 40_960 :])
    with pytest.raises(StorageError, match="copy"):
        backup.restore(database, copy)
    assert _articles(database) == 200
    assert backup.check(database) == []


def test_another_programs_database_is_not_put_in_place(database: Database, now: datetime, tmp_path: Path) -> None:
    """A file of somebody else's is refused, and the database is as it was."""
    _fill(database, now)
    _other_program(tmp_path / "bookmarks.sqlite")
    with pytest.raises(StorageError, match="bookmarks"):
        backup.restore(database, tmp_path / "bookmarks.sqlite")
    assert _articles(database) == 1


def test_a_newer_programs_copy_is_not_put_in_place(database: Database, now: datetime, tmp_path: Path) -> None:
    """A copy that this version couldn't open afterwards is refused before anything is replaced."""
    _fill(database, now)
    backup.backup(database, tmp_path / "newer")
    with closing(sqlite3.connect(tmp_path / "newer")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StorageError, match="newer"):
        backup.restore(database, tmp_path / "newer")
    assert upgrade.upgrade(database) == upgrade.head_revision()
    assert _articles(database) == 1


@pytest.mark.parametrize(
    "name",
    [
        "with space",
        "копия «вторник».sqlite",
        "copy#1",
        "copy?mode=rwc",
        "copy%41",
    ],
)
def test_a_copy_of_any_name(database: Database, now: datetime, tmp_path: Path, name: str) -> None:
    """What could be written can be put back."""
    _fill(database, now)
    backup.backup(database, tmp_path / name)
    _fill(database, now, 2)
    backup.restore(database, tmp_path / name)
    assert _articles(database) == 1


def test_restoring_leaves_nothing_beside_the_copy(database: Database, tmp_path: Path) -> None:
    """The folder with the copy is as it was."""
    (tmp_path / "copies").mkdir()
    backup.backup(database, tmp_path / "copies" / "copy")
    backup.restore(database, tmp_path / "copies" / "copy")
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["copy"]


def test_a_copy_with_its_log(database: Database, now: datetime, tmp_path: Path) -> None:
    """What is in the log beside a file that was copied by hand is restored too."""
    _fill(database, now, 2)
    for end in ("", "-wal"):
        shutil.copy(f"{database.path}{end}", tmp_path / f"copy{end}")
    _fill(database, now, 5)
    backup.restore(database, tmp_path / "copy")
    assert _articles(database) == 2


def test_restoring_the_database_from_itself(database: Database, now: datetime) -> None:
    """A slip of the hand, without harm."""
    _fill(database, now, 3)
    with suppress(StorageError):
        backup.restore(database, database.path)
    assert _articles(database) == 3
    assert backup.check(database) == []


def test_a_broken_reference_is_damage(database: Database, now: datetime) -> None:
    """A row that refers to a missing one is named with its table."""
    _fill(database, now)
    assert backup.check(database) == []
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("DELETE FROM sources")
        connection.commit()
    assert backup.check(database) == ["articles: row 1 refers to a missing row of sources"]


def test_overwritten_pages_are_damage(database: Database, now: datetime) -> None:
    """A file that was overwritten in the middle is either reported line by line or can't be read; never sound."""
    _fill(database, now, 200)
    database.close()
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    whole = database.path.read_bytes()
    database.path.write_bytes(whole[:20_480] + b"\xa5" * 40_960 + whole[61_440:])
    try:
        found = backup.check(database)
    except StorageError as error:
        found = [str(error)]
    assert found


def test_a_copy_a_day_and_seven_of_them(database: Database) -> None:
    """The day's copy is made once; the oldest goes when there are more than seven; nobody else may read them."""
    made = [backup.back_up_daily(database, date(2026, 11, day)) for day in range(1, 10)]
    assert backup.back_up_daily(database, date(2026, 11, 9)) is None
    copies = backup.daily_copies(database)
    assert copies == made[2:]
    assert {copy.stat().st_mode & 0o777 for copy in copies} == {0o600}
    assert backup.copies_of(database).stat().st_mode & 0o777 == 0o700
    other = Database(copies[0])
    assert backup.check(other) == []
    other.close()


def _subscribe(database: Database, *chats: int) -> None:
    with database.write() as connection:
        for chat in chats:
            subscribers.create(connection, chat, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")


def test_who_was_forgotten_is_forgotten_in_the_copies(database: Database) -> None:
    """Nobody comes back from a copy, and nothing of them stays in its file."""
    _subscribe(database, 1_234_567_890_123, 2)
    copy = backup.back_up_daily(database, date(2026, 11, 1))
    assert copy is not None
    with database.write() as connection:
        forgetting.forget(connection, 1_234_567_890_123)
    assert backup.forget_in_copies(database) == 1
    assert backup.forget_in_copies(database) == 0
    other = Database(copy)
    with other.read() as connection:
        assert subscribers.chat_ids(connection) == {2}
        assert forgetting.remaining(connection, 1_234_567_890_123) == 0
    other.close()
    assert (1_234_567_890_123).to_bytes(6, "big") not in copy.read_bytes()


def test_a_copy_that_nobody_can_be_erased_from_goes(database: Database) -> None:
    """Damaged or of another program: better none than one that keeps who was forgotten."""
    _subscribe(database, 1)
    copy = backup.back_up_daily(database, date(2026, 11, 1))
    assert copy is not None
    copy.write_bytes(b"This is no database. " * 500)
    assert backup.forget_in_copies(database) == 0
    assert not copy.exists()
