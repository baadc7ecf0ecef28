"""How a process learns that it is to end: by a signal, or by the end of something that should have gone on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def first_end(tasks: Collection[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Wait for SIGINT or SIGTERM, or until one of the tasks ends; those that have. They aren't cancelled."""
    stopped = asyncio.Event()
    with _told_by_signals(stopped):
        waiting = asyncio.create_task(stopped.wait())
        try:
            done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
    return done - {waiting}


@contextmanager
def _told_by_signals(stopped: asyncio.Event) -> Iterator[None]:
    """Set the event at a signal while the block runs; after that signals do what they did, or a process that goes on couldn't be ended."""
    loop, before = asyncio.get_running_loop(), {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
