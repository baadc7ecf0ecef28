"""One poll cycle over a thousand feeds as a whole process, beside ``reader`` and ``curl`` on the same feeds, and parsing beside feedparser.

``python -m tests.benchmarks.polling 100`` tries it with a hundred feeds. The server runs in a process of its own, each feed has a host of
its own, and fifty are fetched at once. CPU seconds are those of the process and of what it started; the targets are for a thousand feeds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feeds.parse import parse
from feeds.parse.encoding import decode
from feeds.parse.syndication import parse_syndication
from tests.benchmarks.made_up_feeds import document
from tests.world import source_list

FEEDS = 1000
AT_ONCE = 50
LATENCY = 0.05  # seconds
EVERY = 20  # one feed in so many has changed, where some have
_HOSTS = 250  # of a net
_URL = "https://news.example.org/feed"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: seconds of CPU and of wall time, and its peak of resident memory in MB."""

    cpu: float
    wall: float
    peak: float
    failed: bool

    def __str__(self) -> str:
        return f"{self.cpu:6.2f} CPU s {self.wall:6.2f} wall s {self.peak:5.0f} MB{' FAILED' if self.failed else ''}"


def spent(command: Sequence[str], environment: dict[str, str] | None = None) -> Spent:
    """Run a process to its end."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024, bool(process.returncode))


@contextmanager
def served(feeds: int) -> Iterator[int]:
    """Serve made-up feeds while the block runs; give the port."""
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.outlets", str(feeds)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Programs:
    """The commands that poll the same addresses, with what they remember in ``folder``."""

    folder: Path
    addresses: list[str]

    def prepare(self) -> None:
        """Write the list of feeds in each program's form, and let ours work out its watchlist's forms, which it does once."""
        (self.folder / "addresses").write_text("\n".join(self.addresses), encoding="ascii")
        (self.folder / "curl").write_text("".join(f'url="{each}"\noutput="{os.devnull}"\n' for each in self.addresses), encoding="ascii")
        self._list()
        subprocess.run([sys.executable, "-m", "bot", "match"], input=b"", env={**os.environ, **self._environment()}, check=False)

    def _list(self) -> None:
        feeds = ({"name": f"Outlet {number}", "url": url} for number, url in enumerate(self.addresses))
        source_list(self.folder / "sources.toml", *feeds)

    def _environment(self) -> dict[str, str]:
        return {
            "HOMEFRONT_DATA_DIR": str(self.folder / "data"),
            "HOMEFRONT_SOURCES": str(self.folder / "sources.toml"),
            "HOMEFRONT_ALLOW_PRIVATE_ADDRESSES": "1",
            "HOMEFRONT_POLL_CONCURRENCY": str(AT_ONCE),
        }

    def ours(self) -> Spent:
        """Poll with homefront: parsed, matched, recognised, stored and indexed."""
        return spent([sys.executable, "-m", "bot", "poll", "--all"], self._environment())

    def reader(self) -> Spent:
        """Poll with reader: parsed and stored."""
        return spent(
            [sys.executable, "-m", "tests.benchmarks.reader_peer", str(self.folder / "reader.sqlite"), str(self.folder / "addresses")]
        )

    def curl(self) -> Spent | None:
        """Fetch with curl, whole documents always: the floor."""
        program = shutil.which("curl")
        return spent([program, "-Z", "--parallel-max", str(AT_ONCE), "-s", "-K", str(self.folder / "curl")]) if program else None


def report_cycles(feeds: int) -> None:
    """Print the table: each state of the feeds, and the three programs one after the other in it."""
    with tempfile.TemporaryDirectory() as name, served(feeds) as port:
        programs = Programs(
            Path(name), [f"http://127.1.{number // _HOSTS}.{number % _HOSTS + 1}:{port}/feed/{number}" for number in range(feeds)]
        )
        programs.prepare()
        states = (
            ("first poll", 0, 0.0, "<= 8 CPU s (reader 47.5), <= 130 MB"),
            ("nothing changed (304)", 0, 0.0, "<= 0.9 CPU s"),
            ("nothing changed, 50 ms latency", 0, LATENCY, "<= 1.5 wall s"),
            ("5 % changed", EVERY, 0.0, "<= 1.3 CPU s"),
        )
        for title, changed, latency, target in states:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/state?changed={changed}&latency={latency}"):
                print(f"polling {feeds} feeds, {title}: target {target} for {FEEDS}")
            print(f"  homefront {programs.ours()}")
            print(f"  reader    {programs.reader()}")
            print(f"  curl -Z   {programs.curl() or 'is not installed'}")


def documents_a_second(read: Callable[[bytes], object], documents: Sequence[bytes], rounds: int) -> float:
    """Documents parsed in a CPU second, in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for body in documents:
            read(body)
        best = min(best, time.process_time() - started)
    return len(documents) / best


def report_parsing() -> None:
    """Print how many clean documents are parsed in a second, beside the same work done by feedparser."""
    documents = [document(number) for number in range(60)]
    size = sum(map(len, documents)) / len(documents) / 1000
    ours = documents_a_second(lambda body: parse(body, url=_URL), documents, 5)
    theirs = documents_a_second(lambda body: parse_syndication(decode(body, None), _URL, swiftly=False), documents, 1)
    print(f"parsing clean documents of {size:.0f} kB: {ours:.0f} a second (target 1000); by feedparser {theirs:.0f}")


def main(feeds: int = FEEDS) -> None:
    """Print everything."""
    report_parsing()
    report_cycles(feeds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
