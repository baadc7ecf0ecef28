"""Several machines on one PostgreSQL: two ``homefront run`` and workers, killed at random while outlets tell the same story side by side.

What arrived is held against the database, as in ``tests/soaking.py``. Used by ``tests/test_fleet.py`` (short) and ``python -m
tests.soak_fleet`` (long).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.soaking import STORED, Soak, Verdict, item, soaking

TOLD_BY = 3  # outlets tell each story, at the same moment
TAKEN_OVER = 15.0  # seconds, where one stood by
_STARTED = 90.0  # seconds, where the other was starting itself
_LOSSES = 0.4  # of the kills come together with the loss of every connection


@dataclass
class Member:
    """One process. ``kind``: run or worker."""

    kind: str
    process: subprocess.Popen[bytes]
    said: Path
    log: Path

    @property
    def ready(self) -> bool:
        """Whether it leads, or polls."""
        return b"homefront" in self.said.read_bytes()

    @property
    def stands_by(self) -> bool:
        """Whether it has come so far that it could lead, and waits for that."""
        return b"stands by" in self.log.read_bytes()


@dataclass
class Fleet(Soak):
    """A world with several machines in it."""

    members: list[Member] = field(default_factory=list)
    tellers: list[list[int]] = field(default_factory=list)
    started: int = 0
    takeovers: list[float] = field(default_factory=list)
    losses: int = 0

    @contextmanager
    def sailing(self, runs: int, workers: int) -> Iterator[None]:
        """All processes while the block runs."""
        try:
            for kind in ["run"] * runs + ["worker"] * workers:
                self.members.append(self._start(kind))
            yield
        finally:
            for member in self.members:
                member.process.kill()
                member.process.wait()

    def publish(self) -> None:
        """Let several outlets tell one story, and let all of them be polled at once."""
        number = len(self.published)
        told_by = self.chance.sample(range(self.feeds), TOLD_BY)
        self.published.append(number)
        self.tellers.append(told_by)
        for feed in told_by:
            mine = [each for each, feeds in enumerate(self.tellers) if feed in feeds]
            self.held.rss(f"/{feed}.xml", f"Outlet {feed}", [item(feed, each) for each in mine])
        for feed in told_by:
            self.poll_soon(feed)

    def harass(self, seconds: float, kill_every: float) -> None:
        """Let the world go on for so long, and kill one process after the other."""
        until, next_kill = time.monotonic() + seconds, time.monotonic() + kill_every
        while time.monotonic() < until:
            self._happen()
            if time.monotonic() > next_kill:
                if self.chance.random() < _LOSSES:
                    self.lose_connections()
                self.kill(self.chance.randrange(len(self.members)))
                next_kill = time.monotonic() + self.chance.uniform(0.5, 1.5) * kill_every
        self.control("disarm")

    def lose_connections(self) -> None:
        """Cut off everybody from the database at once, as a server that is started anew does."""
        self.look("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        self.losses += 1

    def kill(self, index: int) -> None:
        """Kill a process without warning, and start another like it."""
        member = self.members[index]
        leads = member.kind == "run" and member.ready
        member.process.kill()
        member.process.wait()
        self.kills += 1
        if leads:
            self._see_taken_over()
        self.members[index] = self._start(member.kind)

    def come_to_rest(self, patience: float) -> None:
        """Let everybody work undisturbed until there is nothing left to do, and stop them as one does."""
        # What was published while its source was being read was missed by that poll, as it would be until the next.
        time.sleep(STORED)
        for feed in range(self.feeds):
            self.poll_soon(feed)
        self.until(self.is_polled, patience)
        self.until(self.is_quiet, patience)
        self.let_digests_fall_due()
        self.until(self.is_quiet, patience)
        for member in self.members:
            member.process.terminate()
        for member in self.members:
            member.process.wait(timeout=30)

    def is_polled(self) -> bool:
        """Whether all that was published is in the archive."""
        return bool(self._count("articles WHERE matched") == TOLD_BY * len(self.published))

    def verdict(self) -> Verdict:
        """Hold what arrived, and what is stored, against what should be. A story that grew may be told again."""
        found, said = Verdict(self.kills, len(self.published)), self.transcripts()
        entries, originals, stories = (self._count(each) for each in ("articles", "articles WHERE copy_of IS NULL", "stories"))
        for what, is_, wanted in (
            ("entries", entries, TOLD_BY * len(self.published)),
            ("originals", originals, len(self.published)),
            ("stories", stories, len(self.published)),
        ):
            (found.lost if is_ < wanted else found.doubled).extend([f"{is_} {what} instead of {wanted}"] * (is_ != wanted))
        told: dict[int, Counter[int]] = {number: Counter() for number in self.numbers}
        for chat, digest, slot, listed in self.digests():
            told[chat].update(listed)
            self._judge_digest(found, said[chat], f"the digest of {slot} for {chat}", (digest, slot))
        numbers = {number for (number,) in self.look("SELECT id FROM stories")}
        found.lost += [f"story {story} for {number}" for number in self.numbers for story in numbers - told[number].keys()]
        for number in self.numbers:
            self._judge_answers(found, said[number], number)
        return found

    def _judge_answers(self, found: Verdict, said: list[dict[str, Any]], number: int) -> None:
        answers = sum(message["by_bot"] and message["text"].startswith("Topics") for message in said)
        found.replies += self.asked[number]
        found.replies_doubled += max(0, answers - self.asked[number])
        found.lost += [f"an answer to {number}"] * max(0, self.asked[number] - answers)

    def _see_taken_over(self) -> None:
        """Wait until another leads: how long that takes is noted where one stood by."""
        began = time.monotonic()
        others = [member for member in self.members if member.kind == "run" and member.process.poll() is None]
        # Who led before stands by as well, though its log may not say so yet.
        stood_by = any(member.stands_by or member.ready for member in others)
        while others and not any(member.ready for member in others):
            patience = TAKEN_OVER if stood_by else _STARTED
            logs = "\n".join(member.log.read_text()[-1000:] for member in others)
            assert time.monotonic() - began < patience, f"nobody took over in {patience:.0f} s:\n{logs}"
            time.sleep(0.1)
        self.takeovers += [time.monotonic() - began] if stood_by else []

    def _start(self, kind: str) -> Member:
        self.started += 1
        said, log = (self.folder / f"{kind}-{self.started}.{ending}" for ending in ("out", "log"))
        with said.open("wb") as out, log.open("wb") as err:
            process = subprocess.Popen([sys.executable, "-m", "bot", kind], stdout=out, stderr=err, env=self.environment())
        return Member(kind, process, said, log)

    def _count(self, what: str) -> int:
        return int(self.look(f"SELECT count(*) FROM {what}")[0][0])


@contextmanager
def fleet(folder: Path, *, people: int, feeds: int, seed: int, address: str) -> Iterator[Fleet]:
    """A world for several machines while the block runs."""
    with soaking(folder, people=people, feeds=feeds, seed=seed, address=address, kind=Fleet) as world:
        assert isinstance(world, Fleet)
        yield world
