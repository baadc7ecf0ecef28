"""Opening the database: one writer, many readers, and the lock that keeps a second program away.

Not here: the schema's history (``upgrade.py``) and what is stored (``archive.py``, ``sources.py``, ``subscribers.py``, ``mailbox.py``).
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from storage.records import DamagedError, SettingsError, StorageError

# How long a statement waits for another process's write to end, in milliseconds.
BUSY_TIMEOUT = 15_000

_SCHEME = "sqlite:///"
_AS_IT_IS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What SQLite says of a file that won't get better by waiting.
_DAMAGED = ("malformed", "not a database")


class Database:
    """A SQLite database in one file. Any thread may use it; writers wait for each other."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, making it and its folder where they don't exist, readable by their owner alone."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StorageError(
                f"The database {path} can't be opened: {error.strerror}. Set HOMEFRONT_DATA_DIR to a folder you own."
            ) from error
        _prepare(path)
        self._turns = _Turns()
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", pool_size=1)
        self._readers = _engine(path, begin="BEGIN", pool_size=4)

    @property
    def url(self) -> str:
        """The address that opens this database."""
        return f"{_SCHEME}{self.path}"

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Connection]:
        """Yield the one writing connection, in a transaction that ends with the block; ``patient``: after everybody else who waits."""
        with self._turns.take(patient=patient), _plain_errors(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees the database as it was at its first statement."""
        with _plain_errors(self.path), self._readers.begin() as connection:
            yield connection

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

    def checkpoint(self) -> None:
        """Put what was written last into the file itself, as far as nobody reads what was there before; only so it becomes shorter."""
        with self._turns.take(patient=True), _plain_errors(self.path):
            connection = self._writer.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._readers.dispose()


class _Turns:
    """One writer at a time. Those who aren't patient go first, so that a command in chat never waits for more than one batch of news."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._impatient = 0

    @contextmanager
    def take(self, *, patient: bool) -> Iterator[None]:
        """Wait for one's turn, and keep it while the block runs."""
        with self._changed:
            self._impatient += not patient
            try:
                self._changed.wait_for(lambda: not self._busy and not (patient and self._impatient))
            finally:
                self._impatient -= not patient
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


def open_database(url: str) -> Database:
    """Open the database at ``url``: sqlite:/// and a path as it is, in which no sign has a meaning. SettingsError for any other address."""
    name = url.removeprefix(_SCHEME)
    if name in {url, "", ":memory:"}:
        raise SettingsError("HOMEFRONT_DATABASE_URL must name a file, as in sqlite:////var/lib/homefront/homefront.sqlite.")
    return Database(Path(name).resolve())


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


def _engine(path: Path, *, begin: str, pool_size: int) -> Engine:
    # Made of its parts: in an address that is written out, a “?” or “%” of the path would mean something.
    url = URL.create("sqlite", database=str(path))
    # What people write, and addresses with passwords, are bound values: they must not get into an error's text, which is logged.
    pool = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 60}
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False}, json_serializer=_to_json, **pool)

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


def _to_json(value: Any) -> str:
    """JSON with Cyrillic as it is, which takes a third of the room; but half a character, as strangers may send one, can't be stored so."""
    written = _AS_IT_IS(value)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return written


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if not isinstance(error.orig, sqlite3.DatabaseError) or isinstance(error.orig, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        if any(sign in str(error.orig) for sign in _DAMAGED):
            raise DamagedError(
                f"The database {path} can't be used: {error.orig}. Put a copy in its place: homefront db restore FILE"
            ) from error
        raise StorageError(f"The database {path} can't be used: {error.orig}.") from error
