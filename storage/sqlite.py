"""A database in one file of SQLite: how it is made and opened, the lock beside it, and its errors in words. ``database.py`` uses it."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from storage.records import DamagedError, StorageError

# How long a statement waits for another process's write to end, in milliseconds.
BUSY_TIMEOUT = 15_000
SCHEME = "sqlite:///"
# What SQLite says of a file that won't get better by waiting.
_DAMAGED = ("malformed", "not a database")


class File:
    """A file of SQLite."""

    shared = False

    def __init__(self, path: Path, to_json: Callable[[Any], str]) -> None:
        """Open ``path``, making it and its folder where they don't exist, readable by their owner alone."""
        self.path = path
        self.name = str(path)
        self.url = f"{SCHEME}{path}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StorageError(
                f"The database {path} can't be opened: {error.strerror}. Set HOMEFRONT_DATA_DIR to a folder you own."
            ) from error
        _prepare(path)
        self.writer = _engine(path, to_json, begin="BEGIN IMMEDIATE", pool_size=1)
        self.readers = _engine(path, to_json, begin="BEGIN", pool_size=4)
        # Whoever writes here writes alone.
        self.beside = self.writer

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.readers.dispose()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other program that polls or sends away from this database while the block runs."""
        with (self.path.parent / f"{self.path.name}.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StorageError(
                    f"Another homefront is already running on {self.path}. Stop it first, or set HOMEFRONT_DATA_DIR to another folder."
                ) from error
            yield

    def lead(self) -> None:
        """Nobody stands by at a file: see ``held``."""

    def build(self, statements: Sequence[str]) -> None:
        """A file is one program's, which may do everything in transactions."""

    def checkpoint(self) -> None:
        """Put what was written last into the file itself, as far as nobody reads what was there before; only so it becomes shorter."""
        connection = self.writer.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            connection.close()

    def size(self) -> int:
        """The bytes of the file with its log."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Say in a sentence that the file can't be used; a programming mistake keeps its own error."""
        try:
            yield
        except DatabaseError as error:
            mistake = sqlite3.IntegrityError | sqlite3.ProgrammingError
            if not isinstance(error.orig, sqlite3.DatabaseError) or isinstance(error.orig, mistake):
                raise
            if any(sign in str(error.orig) for sign in _DAMAGED):
                raise DamagedError(
                    f"The database {self.path} can't be used: {error.orig}. Put a copy in its place: homefront db restore FILE"
                ) from error
            raise StorageError(f"The database {self.path} can't be used: {error.orig}.") from error


def last_numbers(connection: Connection, tables: Sequence[str]) -> dict[str, int]:
    """The last number that was given to a row of each of these tables, though the row may be gone."""
    given: dict[str, int] = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}
    return {name: given.get(name, 0) for name in tables}


def go_on_after(connection: Connection, name: str, number: int) -> None:
    """Number the next row of a table after that, where the table never gives a number twice."""
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ? AND seq < ?", (name, number))
    kept = (
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, ? FROM sqlite_master WHERE name = ? AND sql LIKE '%AUTOINCREMENT%'"
        " AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)"
    )
    connection.exec_driver_sql(kept, (number, name, name))


def _prepare(path: Path) -> None:
    """Let a file in which nothing is yet become shorter later; once something is, that would take rewriting it."""
    if path.stat().st_size:
        return
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT / 1000)) as connection:
            for pragma in ("auto_vacuum=INCREMENTAL", "journal_mode=WAL"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error as error:
        raise StorageError(f"The database {path} can't be made: {error}.") from error


def _engine(path: Path, to_json: Callable[[Any], str], *, begin: str, pool_size: int) -> Engine:
    # Made of its parts: in an address that is written out, a “?” or “%” of the path would mean something.
    url = URL.create("sqlite", database=str(path))
    # What people write, and addresses with passwords, are bound values: they must not get into an error's text, which is logged.
    pool = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 60}
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False}, json_serializer=to_json, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transactions begin too late and as readers; ours begin when SQLAlchemy's do.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT}", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
