"""Copies of the database: made while it is in use, by hand or daily, put back, and checked for damage."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from storage import forgetting, subscribers
from storage.database import Database
from storage.records import StorageError
from storage.upgrade import revisions

# Daily copies that are kept; what was erased from the database is erased from them too, see ``forget_in_copies``.
KEPT_COPIES = 7


def backup(database: Database, file: Path) -> None:
    """Copy the database as it is at one moment to ``file``, which appears whole or not at all."""
    try:
        if file.is_dir():
            raise StorageError(f"The copy {file} can't be written: that is a folder.")
        # A copy in the database's own place would stand under the log of the one that was there.
        if file.exists() and file.samefile(database.path):
            raise StorageError(f"The copy {file} can't be written: that is the database itself.")
        with _appearing(file) as part, closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise StorageError(f"The copy {file} can't be written: {error}.") from error


def restore(database: Database, file: Path) -> None:
    """Put the copy ``file`` in the database's place; nothing else may have the database open.

    StorageError, and the database is as it was, where the file is damaged or isn't a copy that this program can use.
    """
    with _opened(file) as copy:
        if file.samefile(database.path):
            raise StorageError(f"{file} is the database itself, so there is nothing to restore.")
        _refuse_unusable(copy, file)
        database.close()
        try:
            with closing(sqlite3.connect(database.path)) as target:
                copy.backup(target)
        except sqlite3.Error as error:
            raise StorageError(f"The database {database.path} can't be replaced: {error}. Move it away and restore again.") from error


def check(database: Database) -> list[str]:
    """What is damaged, in SQLite's words or, on a server, as far as it can be seen from here; empty where all is sound."""
    with database.read() as connection:
        if database.file is None:
            return _astray(connection)
        lines = [str(line) for line in connection.scalars(text("PRAGMA integrity_check(20)"))]
        broken = [
            f"{row[0]}: row {row[1]} refers to a missing row of {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))
        ]
    return [line for line in lines if line != "ok"] + broken


def _astray(connection: Connection) -> list[str]:
    """Which articles the index lacks, and what it has of articles that there aren't. Pages are the server's own to check."""
    lacking = connection.scalars(text("SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM search_index WHERE rowid = id) LIMIT 20"))
    left = connection.scalars(text("SELECT rowid FROM search_index WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = rowid) LIMIT 20"))
    return [f"the index lacks article {each}" for each in lacking] + [f"the index has article {each}, which isn't there" for each in left]


def back_up_daily(database: Database, today: date) -> Path | None:
    """Make the day's copy beside the database where there is none yet, and let the oldest go; the new one, if any.

    None of a database on a server, which has tools and places of its own for copies.
    """
    if database.file is None:
        return None
    folder = copies_of(database)
    file = folder / f"{database.path.stem}-{today.isoformat()}.sqlite"
    if file.exists():
        return None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} for copies can't be made: {error.strerror}.") from error
    backup(database, file)
    for old in daily_copies(database)[:-KEPT_COPIES]:
        old.unlink(missing_ok=True)
    return file


def copies_of(database: Database) -> Path:
    """The folder of the daily copies."""
    return database.path.parent / "backups"


def daily_copies(database: Database) -> list[Path]:
    """The daily copies that there are, oldest first."""
    if database.file is None:
        return []
    return sorted(copies_of(database).glob(f"{database.path.stem}-[0-9]*.sqlite"))


def forget_in_copies(database: Database) -> int:
    """Erase from the daily copies every chat that the database has forgotten, and return how many that were.

    A copy in which that can't be done goes whole.
    """
    with database.read() as connection:
        known = subscribers.chat_ids(connection)
    return sum(_forget_all_but(known, file) for file in daily_copies(database))


def _forget_all_but(known: set[int], file: Path) -> int:
    copy = Database(file)
    try:
        with copy.read() as connection:
            forgotten = subscribers.chat_ids(connection) - known
        if forgotten:
            with copy.write() as connection:
                for chat_id in forgotten:
                    forgetting.forget(connection, chat_id)
    except (StorageError, DatabaseError):
        forgotten = set()
        file.unlink(missing_ok=True)
    finally:
        copy.close()
    return len(forgotten)


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """Yield an empty file that its owner alone may read, and put it in the place of ``file`` once the block has ended well."""
    part = file.with_name(f"{file.name}.part")
    # What an earlier, killed backup or somebody else left there would keep its mode.
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that reads a copy and changes nothing, not even beside it."""
    try:
        if not file.is_file():
            raise StorageError(f"There is no file {file}.")
        # Readers of a database with a log make files beside it, which they can't take away again; without a log, nobody writes to the copy.
        logged = file.with_name(f"{file.name}-wal").exists()
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{'' if logged else '&immutable=1'}", uri=True)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise StorageError(f"The copy {file} can't be read: {error}.") from error
    with closing(connection):
        yield connection


def _refuse_unusable(copy: sqlite3.Connection, file: Path) -> None:
    try:
        sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"{file} isn't a copy of a database of homefront, so it was not restored: {error}.") from error
    if not sound:
        raise StorageError(f"The copy {file} is damaged, so it was not restored.")
    if revision is None or revision[0] not in revisions():
        raise StorageError(f"The copy {file} isn't of this version of homefront or an earlier one, so it was not restored.")
