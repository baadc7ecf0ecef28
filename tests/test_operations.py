"""Health, readiness and figures: told truly, and to neighbours alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request

from bot.metrics import Metrics
from bot.operations import Operations, is_near
from bot.serve import served
from storage.database import Database
from tests.test_jobs import Hand
from tests.test_web import Client


@dataclass
class Running:
    """The operations' pages of a program, and what is behind them."""

    client: Client
    metrics: Metrics
    clock: Hand
    database: Database


@pytest_asyncio.fixture
async def running(database: Database, now: datetime) -> AsyncIterator[Running]:
    """The pages, served."""
    clock = Hand(now)
    metrics = Metrics(database, clock.now)
    async with served(Starlette(routes=Operations(database, metrics, clock).routes), 0, "127.0.0.1") as address:
        yield Running(Client(address.removeprefix("http://")), metrics, clock, database)


async def test_alive(running: Running) -> None:
    """The program that answers lives, whatever else is wrong."""
    answer = await running.client.ask("/healthz")
    assert (answer.status_code, answer.text) == (200, "alive\n")


async def test_ready_once_telegram_answers(running: Running) -> None:
    """Not before the first answer, and not while there is none."""
    told = []
    for trouble in (None, "", "Telegram gives no updates", ""):
        if trouble is not None:
            running.metrics.heard(trouble)
        answer = await running.client.ask("/readyz")
        told.append((answer.status_code, answer.text))
    assert told == [
        (503, "not ready: Telegram hasn't answered yet\n"),
        (200, "ready\n"),
        (503, "not ready: Telegram gives no updates\n"),
        (200, "ready\n"),
    ]


@pytest.mark.sqlite_only("a file is damaged")
async def test_not_ready_without_a_database(running: Running) -> None:
    """A database that can't be read is noticed within seconds, its path isn't told, and the figures say so too."""
    running.metrics.heard("")
    assert (await running.client.ask("/readyz")).status_code == 200
    running.database.close()
    running.database.path.write_bytes(b"Dear reader, " * 500)
    running.clock.time += timedelta(seconds=5)
    answer = await running.client.ask("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: the database can't be read\n")
    figures = await running.client.ask("/metrics")
    assert (figures.status_code, figures.text) == (503, "The database can't be read.\n")


async def test_figures(running: Running) -> None:
    """They come in Prometheus's format, and as new as a scraper needs them."""
    running.metrics.sent("digest", "sent")
    answer = await running.client.ask("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'homefront_letters_total{kind="digest",outcome="sent"} 1.0' in answer.text
    running.metrics.sent("digest", "sent")
    assert (await running.client.ask("/metrics")).text == answer.text
    running.clock.time += timedelta(seconds=5)
    assert 'homefront_letters_total{kind="digest",outcome="sent"} 2.0' in (await running.client.ask("/metrics")).text


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded", "X_Real_IP"])
async def test_not_through_a_proxy(running: Running, path: str, header: str) -> None:
    """What a proxy passes on from outside finds no such page."""
    assert (await running.client.ask(path, **{header: "192.0.2.1"})).status_code == 404


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("172.17.0.1", True),
        ("10.1.2.3", True),
        ("fd00::1", True),
        ("8.8.8.8", False),
        ("2a00:1450::1", False),
        ("", False),
        ("somebody", False),
    ],
)
def test_who_is_near(host: str, near: bool) -> None:  # noqa: FBT001 - a column of the table
    """Loopback and private addresses are, all others aren't."""
    assert is_near(Request({"type": "http", "client": (host, 1), "headers": []})) is near


def test_nobody_isnt_near() -> None:
    """A request from nowhere isn't answered."""
    assert not is_near(Request({"type": "http", "client": None, "headers": []}))


async def test_only_reading(running: Running) -> None:
    """Nothing can be changed."""
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await running.client.ask(path, "POST")).status_code == 405
