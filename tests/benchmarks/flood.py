"""Digests for very many subscribers due in the same minute, sent by the running program to a server that enforces Telegram's limits.

Meanwhile somebody asks for something every second. The server is a process of its own; what it refuses shows in the program's log.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from tests.soaking import TOKEN, Soak, soaking, stored_moment

DIGESTS = 10_000
STORIES = 12
_ASKERS = 20


def settle_in(soak: Soak, count: int) -> list[int]:
    """Add subscribers who talk to the bot already, and some people who will ask; nobody waits for an answer."""
    askers, soak.people = soak.numbers, count
    soak.settle_in()
    with closing(urllib.request.urlopen(f"{soak.server}/bot{TOKEN}/getUpdates?offset=-1")) as found:
        last = int(found.read().split(b'"update_id":')[1].split(b",")[0])
    urllib.request.urlopen(f"{soak.server}/bot{TOKEN}/getUpdates?offset={last + 1}").close()
    # Who asks gets no digest.
    soak.change("UPDATE subscribers SET state = 'paused' WHERE chat_id <= :last", last=max(askers))
    return askers


def answer_time(soak: Soak, person: int) -> float:
    """Seconds from a question to the answer in the chat."""
    before = soak.answers(person)
    started = time.perf_counter()
    soak.ask(person)
    while soak.answers(person) == before:
        time.sleep(0.01)
    return time.perf_counter() - started


def report(count: int) -> None:
    """Print how long it takes, whether the server ever had to say no, and how long answers take meanwhile."""
    with tempfile.TemporaryDirectory() as folder, soaking(Path(folder) / "flood", people=_ASKERS, feeds=5, seed=1) as soak:
        askers = settle_in(soak, count)
        for _ in range(STORIES):
            soak.publish()
        answers = list[float]()
        with soak.program() as process:
            soak.until(soak.is_polled, 120)
            due = stored_moment(datetime.now(UTC) - timedelta(seconds=1))
            soak.change("UPDATE subscribers SET digest_times = '00:00', next_due_at = :due WHERE state = 'on'", due=due)
            started, chance = time.perf_counter(), random.Random(1)  # noqa: S311 - who asks is no secret
            while _sent(soak) < count:
                answers.append(answer_time(soak, chance.choice(askers)))
                time.sleep(1)
                assert process.poll() is None
            took = time.perf_counter() - started
        refused = (soak.folder / "program.log").read_text().count("told to wait")
    answers.sort()
    said = (count + len(answers)) / took
    print(f"{count:,} digests due in one minute: {took:.0f} s; messages a second, with {len(answers)} answers: {said:.1f} (target 28)")
    print(f"  refused by the server: {refused} (target 0)")
    print(f"  answers meanwhile: median {median(answers):.2f} s, p95 {answers[int(len(answers) * 0.95)]:.2f} s (target 1.5)")


def _sent(soak: Soak) -> int:
    return int(soak.look("SELECT count(*) FROM outbox WHERE kind = 'digest' AND state = 'sent'")[0][0])


def main(count: int = DIGESTS) -> None:
    """Print everything."""
    report(count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
