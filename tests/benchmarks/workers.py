"""How polling grows with workers: the same feeds, which answer after 200 ms, polled by 1, 2 and 4 processes on one PostgreSQL.

``python -m tests.benchmarks.workers [FEEDS]``. Seconds of the wall clock from the moment that all feeds are due until each has been polled;
first with 30 new entries in each (reading and storing keep the cores busy), then unchanged (waiting is all there is to do).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from storage import sources, upgrade
from storage.database import Database, open_database
from storage.records import Source
from storage.tables import SourceRow, table
from tests.postgres import server

FEEDS, LATENCY, CONCURRENCY = 300, 0.2, 4
_PATIENCE = 300.0


def report(feeds: int = FEEDS) -> None:
    """Print the table."""
    print(f"{feeds} feeds, answers after {LATENCY * 1000:.0f} ms, {CONCURRENCY} at once a worker, {os.cpu_count()} cores; wall s (times)")
    alone = list[float]()
    with server() as postgres, _feeds(feeds) as port:
        for workers in (1, 2, 4):
            with postgres.made() as address:
                database = open_database(address)
                _list(database, port, feeds)
                with _working(address, workers):
                    found = [_round(database, feeds), _round(database, feeds)]
                database.close()
            alone = alone or found
            new, unchanged = (f"{took:6.1f} ({first / took:.2f})" for took, first in zip(found, alone, strict=True))
            print(f"  {workers} workers: new entries {new}   unchanged {unchanged}", flush=True)


def _list(database: Database, port: int, feeds: int) -> None:
    upgrade.upgrade(database)
    listing = [Source(f"Feed {n}", f"http://127.0.{n // 250}.{n % 250 + 1}:{port}/feed/{n}", publisher=f"House {n}") for n in range(feeds)]
    with database.write() as connection:
        # Due when all workers are there.
        sources.keep_catalog(connection, listing, datetime.now(UTC) + timedelta(days=1))


def _round(database: Database, feeds: int) -> float:
    rows, began = table(SourceRow), datetime.now(UTC)
    with database.write() as connection:
        connection.execute(update(rows).values(next_check_at=began, claimed_at=None))
    started = time.perf_counter()
    while time.perf_counter() - started < _PATIENCE:
        with database.read() as connection:
            if connection.scalar(select(func.count()).where(rows.c.last_success_at >= began)) == feeds:
                return time.perf_counter() - started
        time.sleep(0.1)
    raise TimeoutError("the feeds were not polled")


@contextmanager
def _feeds(feeds: int) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.outlets", str(feeds)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        urllib.request.urlopen(f"http://127.0.0.1:{port}/state?changed=0&latency={LATENCY}").close()
        try:
            yield port
        finally:
            process.kill()


@contextmanager
def _working(address: str, workers: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HOMEFRONT_")} | {
            "HOMEFRONT_DATABASE_URL": address,
            "HOMEFRONT_DATA_DIR": str(Path(folder) / "data"),
            "HOMEFRONT_ALLOW_PRIVATE_ADDRESSES": "1",
            "HOMEFRONT_POLL_CONCURRENCY": str(CONCURRENCY),
        }
        command = [sys.executable, "-m", "bot", "worker"]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) for _ in range(workers)]
        try:
            for process in processes:
                assert process.stdout is not None
                assert process.stdout.readline()
            yield
        finally:
            for process in processes:
                process.kill()
                process.communicate()


def main(arguments: Sequence[str] = ()) -> None:
    """Print it for as many feeds as are asked for."""
    report(*map(int, arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
