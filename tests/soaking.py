"""The program killed again and again while people talk to it, outlets publish, digests fall due and Telegram misbehaves.

A strict local Bot API server runs in a process of its own and outlives every kill: its transcripts are the truth about what arrived. At the
end they are held against the database. Used by ``tests/test_crash.py`` (short) and ``python -m tests.soak`` (long).
"""

from __future__ import annotations

import json
import os
import random
import select
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.lookout import subjects_of
from feeds import watchlist
from storage import subscribers, upgrade
from storage.database import open_database
from tests.building import event
from tests.world import Outlets, outlets, source_list

TOKEN = "123456:soak-token-that-nobody-else-has-0123456789"
COMMAND = "/status"
OFFER = "can't tell whether"
STORED = 3.0  # seconds after which what was being read is stored
_EARLY = 0.2  # of the kills come while it starts
_LEAST_A_SECOND = 20  # letters
# What Telegram does wrong, drawn at random; the last is a connection that breaks after the call was carried out.
_WAIT = {"method": "sendMessage", "status": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}
FAULTS: list[dict[str, Any]] = [
    _WAIT,
    {**_WAIT, "times": 4},
    {"method": "sendMessage", "status": 502, "description": "Bad Gateway"},
    {"method": "editMessageText", "status": 500, "description": "Internal Server Error: restart"},
    {"method": "getUpdates", "drop": True},
    {"method": "getUpdates", "status": 502, "description": "Bad Gateway"},
    {"method": "sendMessage", "delay": 0.3},
    {"method": "sendMessage", "drop": True},
]


@dataclass
class Verdict:
    """What came of it. Lost and doubled must be empty; ``doubtful``: digests that were cut off, of which ``arrived`` had come anyhow."""

    kills: int = 0
    stories: int = 0
    digests: int = 0
    replies: int = 0
    replies_doubled: int = 0
    doubtful: int = 0
    arrived: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.stories} stories, {self.digests} digests, {self.replies} answers: lost {len(self.lost)}, "
            f"digests twice {len(self.doubled)}, answers twice {self.replies_doubled}; "
            f"{self.doubtful} digests cut off and offered instead, of which {self.arrived} had arrived "
            f"({self.doubtful / max(1, self.kills):.2f} a kill)"
        )


@dataclass
class Soak:
    """A world to kill the program in: ``people`` subscribers, ``feeds`` sources."""

    folder: Path
    people: int
    feeds: int
    chance: random.Random
    server: str = ""
    held: Outlets = field(default_factory=Outlets)
    numbers: list[int] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)
    published: list[int] = field(default_factory=list)
    rounds: int = 0
    kills: int = 0
    address: str = ""

    def __post_init__(self) -> None:
        """Open the program's database, beside the program."""
        self.beside = open_database(self.address or f"sqlite:///{self.folder / 'data' / 'homefront.sqlite'}")

    def control(self, action: str, **arguments: Any) -> Any:
        """Do something at the server, or look at something where there is nothing to say."""
        body = json.dumps(arguments).encode()
        request = urllib.request.Request(f"{self.server}/control/{action}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["result"]

    def transcripts(self) -> dict[int, list[dict[str, Any]]]:
        """What was said in every chat."""
        with urllib.request.urlopen(f"{self.server}/control/transcripts", timeout=30) as response:
            return {int(chat): said for chat, said in json.load(response)["result"].items()}

    def settle_in(self) -> None:
        """Store the subscribers and let each of them begin to talk."""
        upgrade.upgrade(self.beside)
        topics = dict.fromkeys(subjects_of(watchlist.load()).names, True)
        self.numbers = [int(self.control("new_person", first_name=f"Person {n}")) for n in range(self.people)]
        with self.beside.write() as connection:
            for number in self.numbers:
                chat = subscribers.create(connection, number, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
                subscribers.choose_topics(connection, chat.id, topics)
                subscribers.change(connection, chat.id, state="on")
        for number in self.numbers:
            self.ask(number)
        self.control("flood", on=True)

    def ask(self, number: int) -> None:
        """Let somebody ask for something."""
        self.control("say", chat_id=number, text=COMMAND)
        self.asked[number] += 1

    def publish(self) -> None:
        """Let an outlet tell a story of its own, and let it be polled soon."""
        feed, number = self.chance.randrange(self.feeds), len(self.published)
        self.published.append(feed)
        mine = [each for each, told_by in enumerate(self.published) if told_by == feed]
        self.held.rss(f"/{feed}.xml", f"Outlet {feed}", [item(feed, each) for each in mine])
        self.poll_soon(feed)
        assert number == len(self.published) - 1

    def let_digests_fall_due(self) -> None:
        """Make everybody's digest due, at a time of day that had none yet."""
        slot = f"{self.rounds // 60:02d}:{self.rounds % 60:02d}"
        self.rounds += 1
        due = stored_moment(datetime.now(UTC) - timedelta(seconds=1))
        self.change("UPDATE subscribers SET digest_times = :slot, next_due_at = :due WHERE state = 'on'", slot=slot, due=due)

    def poll_soon(self, feed: int) -> None:
        """Let a source be polled as soon as somebody has time."""
        self.change("UPDATE sources SET next_check_at = :now WHERE id = :id", now=stored_moment(datetime.now(UTC)), id=feed + 1)

    def change(self, statement: str, **values: Any) -> None:
        """Change the database beside the program."""
        with self.beside.write() as connection:
            connection.execute(text(statement), values)

    def look(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into the database beside the program."""
        with self.beside.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def live(self, seconds: float) -> None:
        """Start the program, let the world go on for that long after it is ready, and kill it; now and then before it is."""
        early = time.monotonic() + self.chance.uniform(0.2, 2.0) if self.chance.random() < _EARLY else None
        with self.program() as process:
            while not self._is_ready() and (early is None or time.monotonic() < early):
                assert process.poll() is None, "the program ended"
                self._happen(faults=False)
            until = time.monotonic() + seconds
            while early is None and time.monotonic() < until:
                self._happen()
            process.kill()
            process.wait()
        self.kills += 1
        self.control("disarm")

    def _happen(self, *, faults: bool = True) -> None:
        """Let one thing happen, and a moment pass."""
        what = self.chance.random()
        if what < 0.3:
            self.ask(self.chance.choice(self.numbers))
        elif what < 0.6 and faults:
            self.control("arm", **self.chance.choice(FAULTS))
        elif 0.6 < what < 0.75:
            self.publish()
        elif 0.75 < what < 0.77:
            self.control("disarm")  # every five seconds or so: outages end, or whoever waits longer after each would never get through
        elif what > 0.93:
            self.let_digests_fall_due()
        time.sleep(self.chance.uniform(0.05, 0.15))

    def _is_ready(self) -> bool:
        return b"homefront is running" in (self.folder / "ready.log").read_bytes()

    def come_to_rest(self, patience: float) -> None:
        """Let the program run undisturbed until there is nothing left to do, and stop it as one does."""
        with self.program() as process:
            # What was published while its source was being read was missed by that poll, as it would be until the next.
            self.until(self._is_ready, patience)
            time.sleep(STORED)
            for feed in range(self.feeds):
                self.poll_soon(feed)
            self.until(self.is_polled, patience)
            self.until(self.is_quiet, patience + self._sending())
            self.let_digests_fall_due()
            self.until(self.is_quiet, patience + self._sending())
            process.terminate()
            assert process.wait(timeout=15) == 0

    def _sending(self) -> float:
        """Seconds that what waits takes at the most: Telegram's limits allow thirty letters a second."""
        (waiting,) = self.look("SELECT count(*) FROM outbox WHERE settled_at IS NULL")[0]
        return float(waiting) / _LEAST_A_SECOND

    def is_polled(self) -> bool:
        """Whether all that was published is in the archive."""
        (stored,) = self.look("SELECT count(*) FROM articles WHERE matched")[0]
        return bool(stored == len(self.published))

    def is_quiet(self) -> bool:
        """Whether nothing is left to do."""
        due = stored_moment(datetime.now(UTC))
        (waiting,) = self.look(f"SELECT count(*) FROM subscribers WHERE state = 'on' AND next_due_at <= '{due}'")[0]
        return not waiting and not self.look(_LEFT)

    def until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Look again and again until something is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"it didn't come to that: {self.look(_LEFT)}"
            time.sleep(0.1)

    def answers(self, number: int) -> int:
        """How many answers somebody has had."""
        with urllib.request.urlopen(f"{self.server}/control/transcript?chat_id={number}", timeout=10) as response:
            return sum(message["by_bot"] and message["text"].startswith("Topics") for message in json.load(response)["result"])

    @contextmanager
    def program(self) -> Iterator[subprocess.Popen[bytes]]:
        """The program while the block runs."""
        with (self.folder / "program.log").open("ab") as log, (self.folder / "ready.log").open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "bot", "run"], stdout=out, stderr=log, env=self.environment())
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def environment(self) -> dict[str, str]:
        """The program's settings."""
        return {name: value for name, value in os.environ.items() if not name.startswith("HOMEFRONT_")} | {
            "HOMEFRONT_DATA_DIR": str(self.folder / "data"),
            "HOMEFRONT_DATABASE_URL": self.beside.url,
            "HOMEFRONT_SOURCES": str(self.folder / "sources.toml"),
            "HOMEFRONT_ALLOW_PRIVATE_ADDRESSES": "1",
            "HOMEFRONT_TELEGRAM_TOKEN": TOKEN,
            "HOMEFRONT_TELEGRAM_API": self.server,
        }

    def verdict(self) -> Verdict:
        """Hold what arrived against what should have."""
        found, said = Verdict(self.kills, len(self.published)), self.transcripts()
        stories = {number for (number,) in self.look("SELECT id FROM stories")}
        if len(stories) != len(self.published):
            found.lost.append(f"{len(self.published)} stories were published and {len(stories)} are known")
        told: dict[int, Counter[int]] = {number: Counter() for number in self.numbers}
        for chat, digest, slot, listed in self.digests():
            told[chat].update(listed)
            self._judge_digest(found, said[chat], f"the digest of {slot} for {chat}", (digest, slot))
        for number in self.numbers:
            found.lost += [f"story {story} for {number}" for story in stories - told[number].keys()]
            found.doubled += [f"story {story} for {number}" for story, times in told[number].items() if times > 1]
            answers = sum(message["by_bot"] and message["text"].startswith("Topics") for message in said[number])
            found.replies += self.asked[number]
            found.replies_doubled += max(0, answers - self.asked[number])
            found.lost += [f"an answer to {number}"] * max(0, self.asked[number] - answers)
        return found

    def digests(self) -> list[tuple[int, int, str, list[int]]]:
        """Every digest that was written: its chat, number, hour and stories."""
        found = self.look("SELECT s.chat_id, d.id, d.slot, d.stories FROM digests d JOIN subscribers s ON s.id = d.subscriber_id")
        # Read without its column, JSON is text in SQLite.
        return [(chat, number, slot, json.loads(told) if isinstance(told, str) else told) for chat, number, slot, told in found]

    @staticmethod
    def _judge_digest(found: Verdict, said: list[dict[str, Any]], name: str, digest: tuple[int, str]) -> None:
        number, slot = digest
        heads = [message["text"].partition("\n")[0] for message in said if message["by_bot"]]
        times = sum(head.startswith("Your digest") and head.endswith(f", {slot}") for head in heads)
        offered = any(OFFER in message["text"] and f"digest {number} 0" in json.dumps(message["reply_markup"]) for message in said)
        found.digests += 1
        found.doubtful += offered
        found.arrived += offered and times > 0
        if not times and not offered:
            found.lost.append(name)
        if times > 1:
            found.doubled.append(name)


_LEFT = (
    "SELECT state, count(*) FROM outbox WHERE settled_at IS NULL GROUP BY state "
    "UNION ALL SELECT state, count(*) FROM inbox WHERE state = 'new' GROUP BY state"
)


def stored_moment(moment: datetime) -> str:
    """A moment as the database writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


@contextmanager
def soaking(folder: Path, *, people: int, feeds: int, seed: int, address: str = "", kind: Callable[..., Soak] = Soak) -> Iterator[Soak]:
    """A world to soak the program in while the block runs."""
    (folder / "data").mkdir(parents=True)
    with outlets() as held, _server() as server:
        listed = [
            {"name": f"Outlet {n}", "url": f"{held.base}/{n}.xml", "publisher": f"Outlet {n}", "standing": "exile"} for n in range(feeds)
        ]
        source_list(folder / "sources.toml", *listed)
        for n in range(feeds):
            held.rss(f"/{n}.xml", f"Outlet {n}", [])
        soak = kind(folder, people, feeds, random.Random(seed), server, held, address=address)  # noqa: S311 - chance here is no secret
        soak.settle_in()
        yield soak
        soak.beside.close()


@contextmanager
def _server() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "bot.localchat", "--port", str(port), "--token", TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], 20)[0], "the server didn't start"
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the server doesn't listen")


def item(feed: int, number: int) -> dict[str, str]:
    """A story as an outlet tells it."""
    return {
        "guid": f"sample-{number}",
        "link": f"https://outlet{feed}.example/{number}",
        "title": f"Пикет «Пути домой» №{number}: {event(f'title {number}')[:44]}",
        "text": f"{event(number)} Образец для проверки.",
    }
