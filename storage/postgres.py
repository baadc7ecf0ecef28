"""A database on a PostgreSQL server: how it is opened, the advisory locks that processes share, and its errors in words.

Writers of all processes take turns by an advisory lock that ends with the transaction, so that what is decided about sameness holds when
it is stored, as in one file of SQLite; ``beside`` is for the few transactions that lock their rows instead. ``database.py`` uses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.records import SettingsError, StorageError

SCHEME = "postgresql+psycopg://"
# Advisory locks, by their numbers: who writes, who claims sources, who receives and sends, and who builds an index.
WRITING, CLAIMING, LEADING, BUILDING = 4_801, 4_802, 4_803, 4_804
# What is notified when there is something to send.
SAID = "homefront_said"
# How long a statement waits for another's lock, in milliseconds; how long to wait for a connection, in seconds.
_LOCK_TIMEOUT = 15_000
_CONNECT_TIMEOUT = 10
_BETWEEN_TRIES = 0.2  # seconds, to build what another is building
# So that the server notices within 8 s that a machine has gone, and gives its locks to another; the machine itself after 4 s.
_KEEPALIVES = {"tcp_keepalives_idle": 4, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 2}
_GIVEN_UP = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 4_000}
_SESSION = {
    "timezone": "UTC",
    "lock_timeout": _LOCK_TIMEOUT,
    "idle_in_transaction_session_timeout": 120_000,
    # Words differ in how rare they are: one plan for all of them would be slow for most. Compiling one takes longer than it saves.
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    **_KEEPALIVES,
}


class Server:
    """A database on a server of PostgreSQL."""

    path = None
    shared = True

    def __init__(self, url: URL, to_json: Callable[[Any], str]) -> None:
        """Nothing is connected yet."""
        self.url = url.render_as_string(hide_password=False)
        self.name = f"{url.database or url.username or ''} on {url.host or url.query.get('host') or 'this machine'}"
        self._kept = _engine(url, to_json, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        # READ COMMITTED: once it is this writer's turn, every statement sees all that those before it have stored.
        self.writer = _engine(url, to_json, isolation_level="READ COMMITTED", **_pool(1))
        self.beside = _engine(url, to_json, isolation_level="READ COMMITTED", **_pool(2))
        self.readers = _engine(url, to_json, isolation_level="REPEATABLE READ", **_pool(4))
        event.listen(self.writer, "begin", _turn(WRITING))
        event.listen(self.beside, "begin", _turn(CLAIMING))

    def close(self) -> None:
        """Close every connection."""
        for engine in (self.writer, self.beside, self.readers, self._kept):
            engine.dispose()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other program that receives or sends away from this database while the block runs."""
        with self.plain_errors(), self._kept.connect() as connection:
            if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LEADING})").scalar_one():
                raise StorageError(f"Another homefront is already running on the database {self.name}. Stop it first, or use another.")
            yield

    def lead(self) -> Lead | None:
        """Become the one that receives and sends, or None where another is."""
        with self.plain_errors():
            connection = self._kept.connect()
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LEADING})").scalar_one():
                connection.exec_driver_sql(f"LISTEN {SAID}")
                return Lead(self, connection)
            connection.close()
        return None

    def build(self, statements: Sequence[str]) -> None:
        """Run statements that take long and lock nobody out, which may stand in no transaction; one process at a time does."""
        with self.plain_errors(), self._kept.connect() as connection:
            # They wait for every transaction that is open.
            connection.exec_driver_sql("SET lock_timeout = 0")
            # Whoever waited within a statement would be waited for.
            while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({BUILDING})").scalar_one():
                time.sleep(_BETWEEN_TRIES)
            for statement in statements:
                connection.exec_driver_sql(statement)

    def checkpoint(self) -> None:
        """The server does that by itself."""

    def size(self) -> int:
        """The bytes of the database on the server's disk."""
        with self.plain_errors(), self.readers.begin() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Say in a sentence that the server can't be used; a programming mistake keeps its own error."""
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            if not isinstance(reason, psycopg.OperationalError | psycopg.InternalError):
                raise
            said = " ".join(str(reason).split())
            raise StorageError(f"The database {self.name} can't be used: {said.rstrip('.')}.") from error


class Lead:
    """Holds the lock of whoever receives and sends, for as long as its connection lasts."""

    def __init__(self, server: Server, connection: Connection) -> None:
        """With the connection that has the lock."""
        self._server, self._connection = server, connection

    def wait(self, seconds: float) -> bool:
        """Wait so long at most until something has been said, and tell whether it was. StorageError: the lock is lost."""
        with self._server.plain_errors():
            driver = _driver(self._connection)
            try:
                said = any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
            except psycopg.OperationalError as error:
                raise StorageError(f"The connection to the database {self._server.name} is lost.") from error
            self._connection.exec_driver_sql("SELECT 1")
        return said

    def close(self) -> None:
        """Let another lead."""
        self._connection.invalidate()
        self._connection.close()


def load(connection: Connection, into: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Bring rows into columns of a table by COPY."""
    copy = SQL("COPY {} ({}) FROM STDIN").format(Identifier(into), SQL(", ").join(map(Identifier, columns)))
    with _driver(connection).cursor() as cursor, cursor.copy(copy) as copying:
        for row in rows:
            copying.write_row(row)


def last_numbers(connection: Connection, tables: Sequence[str]) -> dict[str, int]:
    """The last number that was given to a row of each of these tables, though the row may be gone."""
    given = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {name}_id_seq"
    return {name: int(connection.exec_driver_sql(given.format(name=name)).scalar_one()) for name in tables}


def go_on_after(connection: Connection, name: str, number: int) -> None:
    """Number the next row of a table after that, and after all that are there."""
    highest = int(connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {name}").scalar_one())  # noqa: S608 - a table of ours
    connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', {max(number, highest) + 1}, false)")


def address(written: str) -> URL:
    """The address of a database on a server. SettingsError where it can't be read; what it said isn't repeated, it may hold a password."""
    try:
        url = make_url(written)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            "HOMEFRONT_DATABASE_URL can't be read: expected postgresql+psycopg://user:password@host:5432/homefront."
        ) from error
    return url


class _WithoutNul(StrDumperUnknown):
    """Text as PostgreSQL takes it, which has no place for the character with the number 0."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "") if "\0" in obj else obj)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)  # noqa: S101 - no other driver is used
    return found


def _pool(size: int) -> dict[str, int | bool]:
    # A connection is looked at before it is used: the server may have been started anew since.
    return {"pool_size": size, "max_overflow": 0, "pool_timeout": 60, "pool_pre_ping": True}


def _turn(lock: int) -> Callable[[Connection], None]:
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock})")

    return start


def _engine(url: URL, to_json: Callable[[Any], str], **options: Any) -> Engine:
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    given = url.query.get("options", "")
    arguments = {
        "connect_timeout": _CONNECT_TIMEOUT,
        "application_name": "homefront",
        "client_encoding": "utf8",
        "options": f"{session} {given}".strip(),
        **_GIVEN_UP,
    }
    # By place, as SQLite's driver takes values too, so that rows for many statements are made in one way.
    engine = create_engine(url, hide_parameters=True, connect_args=arguments, json_serializer=to_json, paramstyle="format", **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection[Any], _record: Any) -> None:
        connection.adapters.register_dumper(str, _WithoutNul)

    return engine
