"""Work with the database that must not be lost: it is done again until the disk is no longer full, locked or read-only.

A damaged file doesn't get better by waiting; there the program ends with a sentence that says what to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog

from bot import troubles
from storage.records import DamagedError, StorageError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


async def stored(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do ``work`` in a thread, again and again while the database can't be used. DamagedError where that would be of no use."""
    pause = FIRST_PAUSE
    while True:
        try:
            found = await asyncio.to_thread(work, *arguments, **named)
        except DamagedError:
            troubles.count("database damaged")
            raise
        except StorageError as error:
            troubles.count("database unusable")
            _log.warning("the database can't be used; trying again", error=str(error), retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        if pause > FIRST_PAUSE:
            _log.info("the database can be used again")
        return found
