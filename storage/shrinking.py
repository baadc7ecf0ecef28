"""Giving back the room that deleted articles took: in the index, then in the file, a little at a time while the program runs.

Each step is a transaction of some milliseconds. A database made before this was possible keeps its room for new articles, until
``compact`` has rewritten it once, which nothing else may use it meanwhile. A server of PostgreSQL does all of this by itself (autovacuum).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection, text

from storage.database import Database
from storage.kinds import kind_of
from storage.records import StorageError
from storage.sqlite import BUSY_TIMEOUT

STEP = 200  # pages of 4 KiB that one step moves or gives back
_SPARE = 20  # one page in so many stays free: new articles need it soon
_MERGE = text("INSERT INTO search_index(search_index, rank) VALUES ('merge', :pages)")


def begin_merging(connection: Connection) -> None:
    """Begin to make the index one piece: only in that do deleted words leave it. To be done once a day, ``merge`` does the rest."""
    if kind_of(connection).shrinks:
        connection.execute(_MERGE, {"pages": -STEP})


def merge(connection: Connection) -> bool:
    """Go on making the index one piece; False where there is nothing left to do."""
    if not kind_of(connection).shrinks:
        return False
    before = _changes(connection)
    connection.execute(_MERGE, {"pages": STEP})
    # The statement itself counts as one; SQLite's documentation says that fewer than two mean that no work was left.
    return _changes(connection) - before > 1


def give_back(connection: Connection) -> bool:
    """Give free pages at the file's end back to the disk; False where there are none, or hardly any."""
    if not kind_of(connection).shrinks:
        return False
    free, pages = (int(connection.scalar(text(f"PRAGMA {name}")) or 0) for name in ("freelist_count", "page_count"))
    incremental = connection.scalar(text("PRAGMA auto_vacuum")) == _INCREMENTAL
    if not incremental or free <= pages // _SPARE:
        return False
    # The driver runs this statement only as far as its first page, however many it is asked for.
    for _ in range(min(STEP, free - pages // _SPARE)):
        connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")
    return True


def compact(database: Database) -> tuple[int, int]:
    """Rewrite the file without gaps, and return its bytes before and after. Nothing else may use it, and the disk needs room for both."""
    database.checkpoint()
    before = database.path.stat().st_size
    database.close()
    try:
        with closing(sqlite3.connect(database.path, isolation_level=None, timeout=BUSY_TIMEOUT / 1000)) as connection:
            for statement in ("PRAGMA auto_vacuum=INCREMENTAL", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.execute(statement).fetchall()
    except sqlite3.Error as error:
        raise StorageError(f"The database {database.path} can't be compacted: {error}. It is as it was.") from error
    return before, database.path.stat().st_size


_INCREMENTAL = 2  # as PRAGMA auto_vacuum tells it


def _changes(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT total_changes()")) or 0)
