"""The HTTP port's door: what is too much is refused, whoever sends it and however."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from hypothesis import given, strategies
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.door import A_SECOND, AT_ONCE, MOST_CALLERS, MOST_HEAD, Door, Turnstile, caller_of
from bot.serve import MOST_CONNECTIONS, served
from tests.test_jobs import Hand

NOON = datetime.fromisoformat("2026-11-22T12:00:00+00:00")


async def _heard(request: Request) -> PlainTextResponse:
    return PlainTextResponse((await request.body()).decode())


class House:
    """A page behind a door, and the statuses of its answers."""

    def __init__(self) -> None:
        """Begin with nobody at the door."""
        self.clock, self.statuses = Hand(NOON), list[int]()
        page = Starlette(routes=[Route("/", lambda _: PlainTextResponse("hello")), Route("/hook", _heard, methods=["POST"])])
        self.app = Door(page, self.clock, self.statuses.append, "/hook")
        self.port = 0

    async def say(self, words: bytes) -> bytes:
        """Send bytes, and read until the other side hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(words)
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def ask(self, *headers: str, target: str = "/") -> int:
        """Ask for a page, and return the answer's status."""
        lines = [f"GET {target} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
        answer = await self.say("\r\n".join(lines).encode())
        return int(answer.split()[1])


@asynccontextmanager
async def _opened(longest: float) -> AsyncIterator[House]:
    """A page on the port, which hangs up on those who don't ask for so many seconds."""
    house = House()
    async with served(house.app, 0, "127.0.0.1", longest=longest) as address:
        house.port = int(address.rpartition(":")[2])
        yield house


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    """A page on the port."""
    async with _opened(0.3) as house:
        yield house


async def test_a_flood_is_refused(house: House) -> None:
    """After so many at once an address gets nothing but 429, and a little later it is let in again."""
    assert [await house.ask() for _ in range(AT_ONCE + 2)] == [200] * AT_ONCE + [429] * 2
    house.clock.time += timedelta(seconds=1)
    assert [await house.ask() for _ in range(A_SECOND + 1)] == [200] * A_SECOND + [429]
    assert house.statuses.count(429) == 3


async def test_telegram_may_call(house: House) -> None:
    """What is sent to the path at which Telegram calls comes in with its body, however often; the path beside it is guarded as ever."""
    words = b"POST /%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    for _ in range(AT_ONCE + 2):
        assert (await house.say(words % b"hook")).endswith(b"{}")
    assert (await house.say(words % b"hook/")).split()[1] == b"413"


async def test_who_is_refused_is_told_for_how_long(house: House) -> None:
    """The answer says after how many seconds to come again."""
    for _ in range(AT_ONCE):
        await house.ask()
    assert b"retry-after: 1\r\n" in (await house.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")).lower()


@pytest.mark.parametrize("header", ["Content-Length: 1", "Content-Length: 99999999999", "Transfer-Encoding: chunked"])
async def test_nothing_can_be_sent(house: House, header: str) -> None:
    """A request with a body is refused before the body is read."""
    assert await house.ask(header) == 413


async def test_a_long_head_is_refused(house: House) -> None:
    """Neither a long address nor a long header is looked at, and an endless one isn't read to its end."""
    assert await house.ask(target="/" + "x" * MOST_HEAD) == 431
    assert await house.ask("X: " + "x" * MOST_HEAD) == 431
    endless = await house.say(b"GET / HTTP/1.1\r\nX: " + b"x" * 100 * MOST_HEAD)
    assert endless == b"" or endless.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("words", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_who_doesnt_ask_is_hung_up_on(house: House, words: bytes) -> None:
    """A connection on which no question comes, or half of one, is ended."""
    assert await house.say(words) == b""


async def test_the_room_is_bounded() -> None:
    """Beyond so many connections at once the next is answered 503."""
    async with _opened(60) as house:
        held = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(MOST_CONNECTIONS)]
        # A server takes what waits at its door one after the other, perhaps later than this one asks.
        answers = [await house.ask() for _ in range(20)]
        for _, writer in held:
            writer.close()
    assert answers[-1] == 503


@given(strategies.lists(strategies.floats(-100, 100), max_size=60))
def test_nobody_is_let_in_too_often_or_locked_out(steps: list[float]) -> None:
    """However the clock goes, nobody waits longer than it takes to begin anew, and a clock that stands lets in so many."""
    turnstile, now = Turnstile(), NOON
    for step in steps:
        now += timedelta(seconds=step)
        assert 0 <= turnstile.wait("a", now) <= AT_ONCE / A_SECOND
    assert sum(not turnstile.wait("a", now) for _ in range(2 * AT_ONCE)) <= AT_ONCE
    assert turnstile.wait("b", now) == 0


def test_callers_are_forgotten() -> None:
    """However many addresses somebody has, memory holds the last ones alone."""
    turnstile = Turnstile()
    for number in range(2 * MOST_CALLERS):
        turnstile.wait(str(number), NOON)
    assert len(turnstile._clear_at) == MOST_CALLERS


@pytest.mark.parametrize(
    ("host", "caller"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("somebody", "somebody"),
    ],
)
def test_who_asks(host: str, caller: str) -> None:
    """All addresses of one customer's network are one caller."""
    assert caller_of(host) == caller
