"""Moving everything from one database to another, of the same kind or not: resumable, and verified row by row.

Each table is read in the order of its key and written in batches, each with a mark of how far it has come, so that a copy that was broken
off is taken up where it ended. The full-text index isn't copied but made anew, by the other kind's rules. Neither database may be in use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from storage import search_index
from storage.database import Database
from storage.kinds import kind_of
from storage.records import StorageError
from storage.tables import Counter, Row, insert_rows_of, table

BATCH = 2_000
# In the counters of the target while it isn't whole: how many rows of each table are there, and of which database they are.
_MARK, _ORIGIN = "copied ", "copied from"
# What tells how the index was built is the target's own.
_OWN = ("words_version", "words_renewed")

# Told which table is at work, how many rows of it are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and the sum of their hashes, whatever their order."""

    rows: int
    checksum: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A table of which so many rows are there already."""

    table: Table
    done: int
    batch: int


def copy(source: Database, target: Database, progress: Progress = lambda _name, _done, _of: None, batch: int = BATCH) -> None:
    """Bring all of the source into the target, which has to be empty or the unfinished copy of the same source.

    ``batch``: rows that are stored in one transaction.
    """
    with target.write() as connection:
        marks = _begin(connection, source.name)
    for each in _tables():
        _copy_table(source, target, _Part(each, marks.get(each.name, 0), batch), progress)
    done = False
    while not done:
        with target.write() as connection:
            done = search_index.renew_some(connection)
    with source.read() as reading, target.write() as writing:
        _finish(reading, writing)


def differences(source: Database, target: Database, progress: Progress = lambda _name, _done, _of: None) -> list[str]:
    """In which tables the two differ, in words; empty where they hold the same."""
    found = list[str]()
    with source.read() as one, target.read() as other:
        for each in [*_tables(), table(Counter)]:
            sums = [_sum(connection, each, progress) for connection in (one, other)]
            if sums[0] != sums[1]:
                kind = "rows" if sums[0].rows != sums[1].rows else "contents"
                found.append(f"{each.name}: {sums[0].rows} and {sums[1].rows} rows, other {kind}")
    return found


def _tables() -> list[Table]:
    """Those that are copied row by row, first those that others refer to."""
    return [each for each in Row.metadata.sorted_tables if each is not table(Counter)]


def _begin(connection: Connection, origin: str) -> dict[str, int]:
    """How many rows of each table are there already. StorageError: what is there is something else."""
    counters = table(Counter)
    known: dict[str, int] = {row.name: row.value for row in connection.execute(select(counters))}
    mine = int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=7).digest())
    if _ORIGIN in known:
        if known[_ORIGIN] != mine:
            raise StorageError("The target holds an unfinished copy of another database. Empty it first, or name another target.")
        return {name.removeprefix(_MARK): value for name, value in known.items() if name.startswith(_MARK)}
    if any(connection.scalar(select(func.count()).select_from(each)) for each in _tables()):
        raise StorageError("The target isn't empty. Name a database in which nothing is yet.")
    connection.execute(delete(counters))
    connection.execute(counters.insert(), {"name": _ORIGIN, "value": mine})
    return {}


def _copy_table(source: Database, target: Database, part: _Part, progress: Progress) -> None:
    each, done, counters = part.table, part.done, table(Counter)
    mark = {"name": f"{_MARK}{each.name}"}
    with source.read() as reading:
        rows = int(reading.scalar(select(func.count()).select_from(each)) or 0)
        progress(each.name, done, rows)
        for page in _pages(reading, each, done, part.batch):
            done += len(page)
            with target.write() as writing:
                insert_rows_of(writing, each, page)
                writing.execute(delete(counters).where(counters.c.name == mark["name"]))
                writing.execute(counters.insert(), {**mark, "value": done})
            progress(each.name, done, rows)


def _pages(connection: Connection, each: Table, skipped: int = 0, batch: int = BATCH) -> Iterator[list[dict[str, Any]]]:
    statement = select(each).order_by(*each.primary_key.columns).offset(skipped)
    found = connection.execution_options(stream_results=True).execute(statement)
    for page in found.mappings().partitions(batch):
        yield [dict(row) for row in page]


def _finish(reading: Connection, writing: Connection) -> None:
    """Let the counters and the next numbers be those of the source, and take the marks away."""
    counters = table(Counter)
    writing.execute(delete(counters).where(counters.c.name.not_in(_OWN)))
    rows = reading.execute(select(counters).where(counters.c.name.not_in(_OWN))).mappings()
    insert_rows_of(writing, counters, [dict(row) for row in rows])
    for name, number in kind_of(reading).last_numbers(reading, _numbered()).items():
        kind_of(writing).go_on_after(writing, name, number)


def _numbered() -> list[str]:
    """The tables whose rows are numbered by the database."""
    return [each.name for each in _tables() if each.autoincrement_column is not None]


def _sum(connection: Connection, each: Table, progress: Progress) -> Sum:
    rows, checksum = 0, 0
    for page in _pages(connection, each):
        rows += len(page)
        checksum = sum((_hash(row) for row in page if row.get("name") not in _OWN), checksum) % 2**64
        progress(each.name, rows, rows)
    return Sum(rows, checksum)


def _hash(row: dict[str, Any]) -> int:
    # PostgreSQL has no place for the character with the number 0, which says nothing.
    written = repr(_plain(list(row.values()))).replace("\\x00", "")
    return int.from_bytes(hashlib.blake2b(written.encode(errors="surrogatepass"), digest_size=8).digest())


def _plain(values: Sequence[Any]) -> list[Any]:
    """Values of JSON in one order of their keys."""
    return [sorted(each.items()) if isinstance(each, dict) else each for each in values]
