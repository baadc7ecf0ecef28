"""Whether a database's schema is the one this program knows, and having it brought there (``migrate.py`` does it)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage import search_index, shrinking
from storage.database import Database, open_database
from storage.kinds import kind_of
from storage.records import StorageError

VERSIONS = Path(__file__).parent / "migrations" / "versions"


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open the database at ``url``, brought up to date, while the block runs."""
    database = open_database(url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


def upgrade(database: Database) -> str:
    """Bring the schema up to date and return its revision."""
    head = head_revision()
    with database.read() as connection:
        current = revision(connection)
    if current not in {None, *revisions()}:
        raise StorageError(
            f"The database {database.name} was made by a newer homefront (revision {current}). Install that version, or use another folder."
        )
    if current != head:
        _migrate(database)
    with database.read() as connection:
        stale, ready = search_index.is_stale(connection), search_index.is_ready(connection)
        build = kind_of(connection).full_text.build
    if stale:
        _finish(database, search_index.renew_some)
        with database.write() as connection:
            shrinking.begin_merging(connection)
        _finish(database, lambda connection: not shrinking.merge(connection))
    elif not ready:
        database.build(build)
    return head


def downgrade(database: Database, target: str) -> None:
    """Bring the schema back to an earlier revision, for the version that knows no later one; nothing else may use the database.

    What only later revisions have a place for is lost. StorageError where there is no such revision, or it isn't an earlier one.
    """
    with database.read() as connection:
        current = revision(connection)
    if target not in revisions():
        raise StorageError(f"There is no revision {target}. Those that this version knows: {', '.join(revisions())}.")
    if current not in revisions() or target > str(current):
        raise StorageError(f"The database {database.name} is at revision {current or 'none'}, which isn't later than {target}.")
    _migrate(database, target)


def revision(connection: Connection) -> str | None:
    """The revision that the database is at, None where it is empty."""
    there = inspect(connection).has_table("alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None


def revisions() -> list[str]:
    """Every revision that this program knows, oldest first: each is the number that its file's name begins with."""
    return sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def head_revision() -> str:
    """The newest revision that this program knows."""
    known = revisions()
    if not known:
        raise StorageError("This copy of homefront lacks its migrations. Install it again.")
    return known[-1]


def _finish(database: Database, step: Callable[[Connection], bool]) -> None:
    """Do steps, each in a transaction of its own, until one says that it was the last."""
    done = False
    while not done:
        with database.write() as connection:
            done = step(connection)


def _migrate(database: Database, target: str = "head") -> None:
    command = [sys.executable, "-m", "storage.migrate", target]
    # An address may hold a password, which in a command anybody on the machine could read.
    done = subprocess.run(command, input=database.url, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        to = "up to date" if target == "head" else f"to revision {target}"
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise StorageError(f"The database {database.name} can't be brought {to}: {reason}")
