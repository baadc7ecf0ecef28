"""The lines of a file that is being imported, put in the order of their time: a database of its own on disk, gone when it is closed.

It takes no more memory for a million lines than for a hundred. Not here: what the lines say (``feeds/lines.py``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from storage.records import StorageError

_TABLES = """
    CREATE TABLE lines (moment INTEGER, number INTEGER, start INTEGER);
    CREATE TABLE ids (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Lineup:
    """Lines by their time, and the ids that they have. Made by ``lineup``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin without any line."""
        self._connection = connection
        self.count = 0

    def add(self, number: int, start: int, moment: datetime, key: bytes | None) -> bool:
        """Take a line that begins at byte ``start``; False, and it isn't taken, where its ``key`` was there before."""
        if key is not None and not self._connection.execute("INSERT OR IGNORE INTO ids VALUES (?)", (key,)).rowcount:
            return False
        # Whole microseconds: a float of seconds would lose their order.
        since = moment - datetime.min.replace(tzinfo=moment.tzinfo)
        micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        self._connection.execute("INSERT INTO lines VALUES (?, ?, ?)", (micros, number, start))
        self.count += 1
        return True

    def batches(self, size: int) -> Iterator[list[tuple[int, int, int]]]:
        """All lines in the order of their time, and of the file where that is the same: their rank, number and first byte."""
        rows = self._connection.execute("SELECT number, start FROM lines ORDER BY moment, number")
        rank = 0
        while chosen := rows.fetchmany(size):
            yield [(rank + index, *row) for index, row in enumerate(chosen)]
            rank += len(chosen)


@contextmanager
def lineup() -> Iterator[Lineup]:
    """An empty line-up, for as long as the block runs. StorageError where the disk for temporary files is full."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        try:
            connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {_TABLES}")
            yield Lineup(connection)
        except sqlite3.Error as error:
            raise StorageError(f"The folder for temporary files can't be used: {error}. Make room there, or set TMPDIR.") from error
