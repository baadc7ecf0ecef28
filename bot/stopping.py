"""How a process learns that it is to end: by a signal, or by the end of something that should have gone on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Collection
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def first_end(tasks: Collection[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Wait for SIGINT or SIGTERM, or until one of the tasks ends; those that have. They aren't cancelled."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    waiting = asyncio.create_task(stopped.wait())
    try:
        done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return done - {waiting}
