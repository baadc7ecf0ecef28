"""Opening the database: one writer, many readers, and the lock that keeps a second program away.

What a file of SQLite and a server of PostgreSQL need each is in ``sqlite.py`` and ``postgres.py``; how statements differ in ``kinds.py``.
Not here: the schema's history (``upgrade.py``) and what is stored (``archive.py``, ``sources.py``, ``subscribers.py``, ``outbox.py``).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine

from storage import postgres, sqlite
from storage.records import SettingsError, StorageError

_AS_IT_IS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Place(Protocol):
    """Where a database is. ``name`` has no password, ``url`` has; ``beside``: for transactions that lock the rows they change."""

    name: str
    url: str
    shared: bool
    writer: Engine
    beside: Engine
    readers: Engine

    @property
    def path(self) -> Path | None:
        """Its file, where it is one."""

    def held(self) -> AbstractContextManager[None]:
        """Keep every other program that polls or sends away while the block runs."""

    def lead(self) -> postgres.Lead | None:
        """Become the one that receives and sends, where several stand by."""

    def plain_errors(self) -> AbstractContextManager[None]:
        """Say in a sentence that it can't be used."""

    def build(self, statements: Sequence[str]) -> None:
        """Run statements that may stand in no transaction, on a server."""

    def checkpoint(self) -> None:
        """Let it become shorter, where that isn't done by itself."""

    def size(self) -> int:
        """Its bytes on the disk."""

    def close(self) -> None:
        """Close every connection."""


class Database:
    """A database: a file of SQLite, or one on a server of PostgreSQL. Any thread may use it; writers wait for each other."""

    def __init__(self, place: Path | URL) -> None:
        """Open the file, making it where it doesn't exist, or the database at a server's address."""
        self._place: Place = sqlite.File(place, _to_json) if isinstance(place, Path) else postgres.Server(place, _to_json)
        self._turns = _Turns()

    @property
    def url(self) -> str:
        """The address that opens this database, with its password."""
        return self._place.url

    @property
    def name(self) -> str:
        """What to call this database where everybody may read it."""
        return self._place.name

    @property
    def shared(self) -> bool:
        """Whether several machines may work on it."""
        return self._place.shared

    @property
    def file(self) -> Path | None:
        """The file that this database is, if it is one."""
        return self._place.path

    @property
    def path(self) -> Path:
        """The file that this database is, or StorageError that says what to use instead."""
        if self._place.path is None:
            raise StorageError(
                f"The database {self.name} is no file, but on a server: use its own tools, pg_dump to copy it and pg_restore to bring a "
                "copy back, or homefront db copy."
            )
        return self._place.path

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Connection]:
        """Yield the one writing connection, in a transaction that ends with the block; ``patient``: after everybody else who waits."""
        with self._turns.take(patient=patient), self._place.plain_errors(), self._place.writer.begin() as connection:
            yield connection

    @contextmanager
    def claim(self) -> Iterator[Connection]:
        """Yield a connection that takes something for itself, by locking its rows: on a server beside those who write."""
        if self._place.beside is self._place.writer:
            with self.write() as connection:
                yield connection
            return
        with self._place.plain_errors(), self._place.beside.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees the database as it was at its first statement."""
        with self._place.plain_errors(), self._place.readers.begin() as connection:
            yield connection

    def held(self) -> AbstractContextManager[None]:
        """Keep every other program that polls or sends away from this database while the block runs."""
        return self._place.held()

    def lead(self) -> postgres.Lead | None:
        """On a server that is shared: become the one of several that receives and sends, or None where another is."""
        return self._place.lead()

    def build(self, statements: Sequence[str]) -> None:
        """On a server: run statements that take long and lock nobody out, which may stand in no transaction; one process at a time does."""
        self._place.build(statements)

    def checkpoint(self) -> None:
        """Put what was written last into the file itself, as far as nobody reads what was there before; only so it becomes shorter."""
        with self._turns.take(patient=True), self._place.plain_errors():
            self._place.checkpoint()

    def size(self) -> int:
        """How many bytes the database takes on the disk."""
        return self._place.size()

    def close(self) -> None:
        """Close every connection."""
        self._place.close()


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
    """Open the database at ``url``: sqlite:/// and a path as it is, in which no sign has a meaning, or one on a server.

    SettingsError for any other address.
    """
    if url.startswith(postgres.SCHEME):
        return Database(postgres.address(url))
    name = url.removeprefix(sqlite.SCHEME)
    if name in {url, "", ":memory:"}:
        raise SettingsError(
            "HOMEFRONT_DATABASE_URL must name a file, as in sqlite:////var/lib/homefront/homefront.sqlite, or a server, as in "
            "postgresql+psycopg://homefront@localhost/homefront."
        )
    return Database(Path(name).resolve())


def _to_json(value: Any) -> str:
    """JSON with Cyrillic as it is, which takes a third of the room; but half a character, as strangers may send one, can't be stored so."""
    written = _AS_IT_IS(value)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return written
