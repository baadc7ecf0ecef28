"""A process ends when it is told to, or when something in it has ended that shouldn't."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.stopping import SIGNALS, first_end


async def _end() -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def going_on() -> asyncio.Task[bool]:
    """Something that goes on."""
    return asyncio.create_task(asyncio.Event().wait())


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal(going_on: asyncio.Task[bool], number: signal.Signals) -> None:
    """Nothing has ended, what goes on isn't cancelled, and the next signal does what it did before: a process may go on and stand by."""
    before = [signal.getsignal(each) for each in SIGNALS]
    asyncio.get_running_loop().call_soon(os.kill, os.getpid(), number)
    assert await first_end([going_on]) == set()
    assert not going_on.cancelled()
    assert [signal.getsignal(each) for each in SIGNALS] == before


async def test_something_ended(going_on: asyncio.Task[bool]) -> None:
    """What has ended is told."""
    ending = asyncio.create_task(_end())
    assert await first_end([going_on, ending]) == {ending}
