"""Being the one process that receives and sends, where several machines share a database: the others stand by and take its place.

Whoever leads holds an advisory lock by a connection. When that is lost, so is the lock, and the process stands by again before the server
gives the lock to another: it looks every second, and gives a connection up that has been silent for 4 s; the server waits for 8 s.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.claims import Claims
from storage.database import Database
from storage.postgres import Lead
from storage.records import StorageError

_LOOK_EVERY = 1.0
# After somebody else has led: its last letters may still be under way.
_GRACE = 2.0
_log = structlog.get_logger(__name__)


class LeadLostError(StorageError):
    """Another process may receive and send now."""


@dataclass(frozen=True, slots=True)
class Leading:
    """What goes on while this process leads. ``lead`` is None where there are no others."""

    lead: Lead | None
    claims: Claims
    said: Callable[[], None]

    async def run(self) -> None:
        """Wake the sender when something was said anywhere, and keep what is claimed. LeadLostError: somebody else may lead."""
        if self.lead is None:
            await asyncio.Event().wait()
            return
        keeping = asyncio.create_task(self.claims.keep())
        try:
            while True:
                if await asyncio.to_thread(self.lead.wait, _LOOK_EVERY):
                    self.said()
        except StorageError as error:
            raise LeadLostError(str(error)) from error
        finally:
            keeping.cancel()


@asynccontextmanager
async def leading(database: Database) -> AsyncIterator[Lead | None]:
    """Lead while the block runs; where another does, wait until it has gone. None where the database is one program's alone."""
    if not database.shared:
        yield None
        return
    lead = await _become(database)
    try:
        yield lead
    finally:
        await asyncio.to_thread(lead.close)


async def _become(database: Database) -> Lead:
    waited = False
    while True:
        try:
            lead = await asyncio.to_thread(database.lead)
        except StorageError as error:
            _log.warning("the database can't be used; trying again", error=str(error), retry_in=_LOOK_EVERY)
            lead = None
        else:
            if lead is None and not waited:
                _log.info("another process receives and sends; this one stands by")
                waited = True
        if lead is not None:
            await asyncio.sleep(_GRACE if waited else 0)
            return lead
        await asyncio.sleep(_LOOK_EVERY)
