"""How many articles are admitted in a CPU second beside an archive of that size: keys, copies, stories and the index included.

Articles are made up of nouns that don't exist and of real headlines on the subject, as those of ``made_up_feeds.py`` are. Three kinds are
measured: on the subject, each of its own; on the subject, nine in ten copied from another one; and seen before.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.fingerprint import fingerprint
from feeds.placing import place
from storage import archive, sources, upgrade
from storage.archive import Arrival
from storage.database import Database
from storage.polled import Polled
from storage.records import Entry, Source
from tests.benchmarks.matching import made_up_words

SIZES = (10_000, 100_000)
BATCH = 300  # as many as the poll cycle admits at once
MEASURED = 1_500
ON_SUBJECT = 10  # one article in so many of those that are stored before
_OUTLETS = 200
_COPIES = 10  # of each text, where most are copies: the original and nine more
_GROUPS = ("way-home",)
_BEGINNING = datetime(2026, 9, 1, tzinfo=UTC)
_BETWEEN = timedelta(minutes=20)  # two batches


@dataclass(slots=True)
class Desk:
    """An archive that articles are handed to, batch by batch, as time goes by."""

    database: Database
    outlets: Sequence[Polled]
    now: datetime

    def admit(self, arrivals: Sequence[Arrival]) -> None:
        """Admit arrivals as the poll cycle does: in batches, each in one transaction."""
        for start in range(0, len(arrivals), BATCH):
            self.now += _BETWEEN
            with self.database.write() as connection:
                admitted = archive.admit_all(connection, [arrivals[start : start + BATCH]], self.now)[0]
                if admitted.wanted:
                    place(connection, admitted.wanted, _GROUPS, self.now)


def made_up_arrivals(
    outlets: Sequence[Polled], name: str, count: int, *, on_subject: Callable[[int], bool], copies: int = 1
) -> list[Arrival]:
    """Arrivals from outlets in turn; of each text there are ``copies`` under addresses of their own."""
    arrivals = []
    for number, (title, text) in enumerate(_texts(name, count // copies)):
        for copy in range(copies):
            polled = outlets[(number + copy) % len(outlets)]
            entry = Entry(None, f"https://{polled.source.name}.example.org/{name}/{number}/{copy}", title, text)
            arrivals.append(_arrival(polled, entry, wanted=on_subject(number)))
    return arrivals


def _texts(name: str, count: int) -> Iterator[tuple[str, str]]:
    """Titles and texts of about 800 characters, each with rare words of its own."""
    chance = random.Random(name)  # noqa: S311 - made-up news needs no secrecy
    common, rare = made_up_words("ru", 3_000, 5), made_up_words("ru", 30_000, 6)
    for _ in range(count):
        own = chance.choices(rare, k=12)
        title = " ".join([*own[:3], *chance.choices(common, k=5)]).capitalize()
        sentences = (" ".join([*chance.choices(common, k=8), chance.choice(own)]).capitalize() for _ in range(9))
        yield title, ". ".join(sentences) + "."


def _arrival(polled: Polled, entry: Entry, *, wanted: bool) -> Arrival:
    address = entry.url or ""
    keys = fingerprint(str(polled.id), entry, address)
    return Arrival(
        source_id=polled.id,
        entry=entry,
        address=address,
        language="ru",
        wire=None,
        identity=keys.identity,
        text_key=keys.text,
        content_key=keys.content,
        telling=keys.telling,
        topics=_GROUPS if wanted else (),
        mentions=(),
    )


def outlets_of(database: Database) -> list[Polled]:
    """Store the outlets, each a publisher of its own."""
    catalog = [
        Source(f"outlet{number}", f"https://outlet{number}.example.org/rss", publisher=f"Outlet {number}") for number in range(_OUTLETS)
    ]
    with database.write() as connection:
        sources.keep_catalog(connection, catalog, _BEGINNING)
        return sources.every(connection)


def a_second(desk: Desk, arrivals: Sequence[Arrival]) -> float:
    """Arrivals admitted in a CPU second."""
    started = time.process_time()
    desk.admit(arrivals)
    return len(arrivals) / (time.process_time() - started)


def report(stored: int) -> None:
    """Print the figures beside an archive of so many articles."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "archive.sqlite")
        upgrade.upgrade(database)
        desk = Desk(database, outlets_of(database), _BEGINNING)
        for start in range(0, stored, 10_000):
            desk.admit(made_up_arrivals(desk.outlets, f"stored {start}", 10_000, on_subject=lambda number: number % ON_SUBJECT == 0))
        single = made_up_arrivals(desk.outlets, "single", MEASURED, on_subject=lambda _: True)
        copied = made_up_arrivals(desk.outlets, "copied", MEASURED, on_subject=lambda _: True, copies=_COPIES)
        others = made_up_arrivals(desk.outlets, "others", MEASURED, on_subject=lambda _: False)
        print(f"admission with {stored:,} articles stored, a CPU second:")
        print(f"  on the subject, each of its own {a_second(desk, single):8,.0f} (target 1,500)")
        print(f"  on the subject, nine in ten copies {a_second(desk, copied):5,.0f} (target 600)")
        print(f"  on other subjects {a_second(desk, others):22,.0f}")
        print(f"  seen before {a_second(desk, others):28,.0f} (target 6,000)")
        database.close()


def main(*sizes: int) -> None:
    """Print everything."""
    for size in sizes or SIZES:
        report(size)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
