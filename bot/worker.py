"""``homefront worker``: one more process that polls, on a database that several machines share. It comes and goes, and may be killed.

Not here: receiving and sending, digests and everything else that one process does for all (``app.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import structlog

from bot import lookout
from bot.claims import Claims
from bot.clock import SystemClock
from bot.lookout import Lookout
from bot.settings import Settings
from bot.stopping import first_end
from feeds.fetch import Fetcher
from feeds.poll import Poller
from storage.records import SettingsError, StorageError
from storage.upgrade import opened

# Batches side by side: while one waits for slow servers the others go on.
_SIDE_BY_SIDE = 3
_IDLE = 2.0
_LOOK_OUT = 5.0
_AFTER_TROUBLE = 5.0
_log = structlog.get_logger(__name__)


async def work(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Poll what is due until SIGINT or SIGTERM. SettingsError where the database isn't one that can be shared."""
    async with AsyncExitStack() as stack:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(settings.poll_concurrency + 8))
        loaded = await asyncio.to_thread(lookout.first_load, settings)
        database = stack.enter_context(opened(settings.database))
        if not database.shared:
            raise SettingsError(
                "homefront worker needs a database that machines can share: set HOMEFRONT_DATABASE_URL to a postgresql+psycopg:// address. "
                "With a file, homefront run polls by itself."
            )
        watching = Lookout(settings, database, loaded)
        clock = SystemClock()
        fetcher = await stack.enter_async_context(Fetcher(allow_private=settings.allow_private_addresses, now=clock.now))
        poller = Poller(database, fetcher, lambda: watching.watched.recogniser, clock.now, settings.poll_concurrency)
        claims = Claims(database, clock.now)
        ready()
        await _until_stopped(
            [_look_out(watching), claims.keep(), *(_poll(claims, poller, 2 * settings.poll_concurrency) for _ in range(_SIDE_BY_SIDE))]
        )


async def _poll(claims: Claims, poller: Poller, limit: int) -> None:
    """Claim and poll for good; where the database can't be used, wait until it can."""
    while True:
        try:
            claimed = await asyncio.to_thread(claims.due, limit)
            if claimed:
                report = await claims.poll(poller, claimed)
                _log.info("polled", sources=report.sources, failed=report.failed, new=report.new, matched=report.matched)
            else:
                await asyncio.sleep(_IDLE)
        except* StorageError as errors:
            _log.warning("the database can't be used; trying again", error=str(errors.exceptions[0]), retry_in=_AFTER_TROUBLE)
            await asyncio.sleep(_AFTER_TROUBLE)


async def _look_out(watching: Lookout) -> None:
    """Take up what is watched for where that has changed."""
    while True:
        await asyncio.sleep(_LOOK_OUT)
        try:
            await asyncio.to_thread(watching.refresh)
        except StorageError as error:
            _log.warning("what is watched for can't be read", error=str(error))


async def _until_stopped(working: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Do all of it until a signal comes; what is being polled then is another's as soon as its lease ends."""
    tasks = [asyncio.create_task(each) for each in working]
    done = await first_end(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()
