"""The same archive on SQLite and on PostgreSQL: how long moving it takes, and how soon the ten newest hits are there.

``python -m tests.benchmarks.databases [ARTICLES]``. Milliseconds of the wall clock, and of the processors: ours, and that of the server's
process for us. It is the wheel's, on this machine, with its own defaults but for what tests change (``tests/postgres.py``).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from storage import copying
from storage.database import Database, open_database
from tests.benchmarks.big_archive import archive_of
from tests.benchmarks.search import NEWEST, Queries, both, ready
from tests.postgres import Postgres, server

ARTICLES = 100_000
QUERIES = 60
_TARGET = 15.0


def report(size: int = ARTICLES, queries: int = QUERIES) -> None:
    """Print the tables."""
    with server() as postgres, postgres.made() as address:
        file, on_server = archive_of(size), open_database(address)
        _move(file, on_server, postgres, address)
        print(f"newest first over {size:,} articles; p50 / p95 ms (p95 target {_TARGET:.0f})")
        print(f"  {'':28} SQLite: wall     CPU              PostgreSQL: wall CPU")
        of_all: tuple[list[float], ...] = ([], [], [], [])
        for name, _target, make in Queries().kinds():
            asked = [make() for _ in range(queries)]
            found = [times for database in (file, on_server) for times in _times(database, asked)]
            for kept, times in zip(of_all, found, strict=True):
                kept.extend(times)
            print(_line(name, found), flush=True)
        print(_line("all of them", [sorted(times) for times in of_all]))
        print(f"  on the disk: SQLite {file.size() / size:.0f}, PostgreSQL {on_server.size() / size:.0f} bytes an article")
        for database in (file, on_server):
            database.close()


def _line(name: str, found: Sequence[Sequence[float]]) -> str:
    return f"  {name:28} {' '.join(f'{both(times):16}' for times in found)}"


def _move(file: Database, on_server: Database, postgres: Postgres, address: str) -> None:
    started = time.perf_counter()
    copying.copy(file, on_server)
    copied = time.perf_counter()
    different = copying.differences(file, on_server)
    print(f"db copy: {copied - started:.0f} s with the index; verified in {time.perf_counter() - copied:.0f} s: {different or 'the same'}")
    postgres.settle(make_url(address))


def _times(database: Database, asked: Sequence[str]) -> tuple[list[float], list[float]]:
    wall, spent = [], []
    with database.read() as connection:
        of_server = _server_clock(connection)
        for one in [*asked[:3], *asked]:
            index = ready(connection, one)
            started, began = time.perf_counter(), time.thread_time() + of_server()
            index.page(None, NEWEST, 10)
            wall.append((time.perf_counter() - started) * 1000)
            spent.append((time.thread_time() + of_server() - began) * 1000)
    return sorted(wall[3:]), sorted(spent[3:])


def _server_clock(connection: Connection) -> Callable[[], float]:
    """The CPU seconds of the server's process that works for a connection, which is on this machine."""
    if connection.dialect.name == "sqlite":
        return lambda: 0.0
    process = Path(f"/proc/{connection.scalar(text('SELECT pg_backend_pid()'))}/schedstat")
    return lambda: int(process.read_text().split()[0]) / 1e9


def main(arguments: Sequence[str] = ()) -> None:
    """Print them for as many articles as are asked for."""
    report(*map(int, arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
