"""Digests for very many subscribers at once, and a tick with nothing to do.

The subscribers have a few dozen choices of topics, three languages and seven time zones between them, as people have; the window holds a
day's stories. Every subscriber's digest is worked out, rendered and written into the outbox as the running program does it.
"""

from __future__ import annotations

import gc
import itertools
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.cli.main import COLLECTED_AFTER
from bot.lookout import subjects_of
from bot.rounds import Round, spread_of
from feeds import watchlist
from storage import archive, turns, upgrade
from storage.database import Database
from storage.tables import Outbox, Subscriber, Subscription, insert_rows, table
from tests.building import admit, arrival, event, listed

DUE, IDLE = 100_000, 1_000_000
STORIES, REPORTS = 60, 3
BATCH = 500
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
ZONES = ("Europe/Moscow", "Europe/Kyiv", "Europe/Berlin", "Asia/Tbilisi", "Asia/Almaty", "Europe/Riga", "UTC")
TOPICS = ("families", "mobilisation", "way-home", "soldiers-widows", "protest", "losses")
# Every choice of two, three or six of the topics.
CHOICES = [choice for size in (2, 3, 6) for choice in itertools.combinations(TOPICS, size)]


@contextmanager
def database() -> Iterator[Database]:
    """An empty database while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        made = Database(Path(folder) / "delivery.sqlite")
        upgrade.upgrade(made)
        yield made
        made.close()


def subscribe(made: Database, count: int, due: datetime) -> None:
    """Store subscribers who are all due at one moment."""
    for start in range(0, count, 10_000):
        numbers = range(start + 1, start + 10_001)
        with made.write() as connection:
            insert_rows(connection, Subscriber, [_subscriber(number, due) for number in numbers])
            chosen = ((number, topic) for number in numbers for topic in CHOICES[number % len(CHOICES)])
            insert_rows(connection, Subscription, [{"subscriber_id": number, "topic": topic} for number, topic in chosen])


def _subscriber(number: int, due: datetime) -> dict[str, object]:
    fixed = {"thread_id": 0, "quiet_hours": "", "options": {}, "cursor": 0, "last_active_month": "2026-11", "state": "on"}
    chosen = {"language": ("ru", "uk", "en")[number % 3], "time_zone": ZONES[number % len(ZONES)], "digest_times": "08:00"}
    return {"id": number, "chat_id": number, "next_due_at": due, **fixed, **chosen}


def report_news(made: Database) -> None:
    """Store a day's stories, each on some topics and told by several outlets."""
    with made.write() as connection:
        outlets = listed(connection, NOW - timedelta(days=1), *(f"Outlet{number}" for number in range(REPORTS)))
        for number in range(STORIES):
            title, topics = f"Новость {number}: {event(f'title {number}')[:60]}", CHOICES[number % len(CHOICES)]
            for outlet in outlets:
                address = f"https://{outlet.source.name.lower()}.example.org/news/2026/11/{number}"
                told = arrival(outlet, url=address, title=title, text=event(number) * 2, topics=topics)
                admit(connection, NOW - timedelta(hours=1), told)


def report_due() -> None:
    """Print what the digests of all subscribers at once take."""
    with database() as made:
        subscribe(made, DUE, NOW)
        report_news(made)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with made.read() as connection:
            worked_out = _worked_out(made, _round(made))
            up_to = archive.latest(connection)
        started, cpu = time.perf_counter(), time.process_time()
        round_ = _round(made)
        while _written(made, round_):
            pass
        wall, cpu = time.perf_counter() - started, time.process_time() - cpu
        with made.read() as connection:
            letters = connection.scalar(select(func.count()).select_from(table(Outbox)))
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{DUE:,} subscribers due at once, {len(CHOICES)} choices of topics, 3 languages, {len(ZONES)} zones, {up_to} articles:")
    print(f"  worked out and rendered {worked_out:5.2f} CPU s (target 4)")
    print(f"  {letters:,} letters written into the outbox {cpu - worked_out:5.2f} CPU s (target 10)")
    print(f"  both, as the program does it: {wall:5.2f} s, {cpu:5.2f} CPU s")
    print(f"  memory {held:.0f} MB, {before:.0f} MB before (target 300)")


def _round(made: Database) -> Round:
    with made.read() as connection:
        spread = spread_of(turns.count_due(connection))
        return Round(subjects_of(watchlist.load()), NOW, archive.latest(connection), spread)


def _worked_out(made: Database, round_: Round) -> float:
    """CPU seconds for who gets what, in words, with nothing written."""
    started = time.process_time()
    with made.read() as connection:
        chats = turns.due(connection, NOW, DUE)
        for chat in chats:
            round_._made_for(connection, chat, round_._slot(chat))
    return time.process_time() - started


def _written(made: Database, round_: Round) -> int:
    with made.write() as connection:
        due = turns.due(connection, NOW, BATCH)
        round_.write(connection, due)
    return len(due)


def report_idle() -> None:
    """Print what a tick costs when nobody is due."""
    with database() as made:
        subscribe(made, IDLE, NOW + timedelta(hours=1))
        rounds = 1_000
        with made.read() as connection:
            turns.anybody_due(connection, NOW)
        started = time.perf_counter()
        for _ in range(rounds):
            with made.read() as connection:
                assert not turns.anybody_due(connection, NOW)
        took = (time.perf_counter() - started) / rounds
    print(f"a tick when none of {IDLE:,} subscribers is due: {took * 1000:.2f} ms (target 1)")


def main() -> None:
    """Print everything."""
    gc.set_threshold(*COLLECTED_AFTER)  # as the program does
    report_due()
    report_idle()


if __name__ == "__main__":
    main()
