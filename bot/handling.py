"""From the inbox to the desk: updates that are written down are handled, one chat at a time in order, different chats side by side.

One that can't be handled is set aside with its reason and holds up no other. Not here: taking updates (``receive.py``, ``webhook.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bound_contextvars

from bot import troubles, updates
from bot.authority import Question, Ruling
from bot.clock import Clock
from bot.dispatch import Desk, tell_operators
from bot.log import place_of
from bot.storing import stored
from storage import inbox
from storage.database import Database
from storage.inbox import Incoming
from storage.records import Sentence, StorageError

MOST_AT_ONCE = 8
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Handling:
    """Writes updates down, and handles them until it is cancelled.

    ``rule`` tells who decides in a chat, where the desk must know. ``said`` is called when there may be something to send, ``handled`` with
    the seconds that an update took.
    """

    database: Database
    desk: Desk
    clock: Clock
    rule: Callable[[Question], Awaitable[Ruling]]
    said: Callable[[], None]
    handled: Callable[[float], None] = lambda _: None
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))

    def write_down(self, batch: Sequence[dict[str, Any]]) -> None:
        """Write raw updates down, each with a whole number as its update_id; when this returns, they may be confirmed."""
        with self.database.write() as connection:
            inbox.take_in(connection, [updates.strip(raw) for raw in batch], self.clock.now())

    def came(self) -> None:
        """Look for updates now."""
        self._came.set()

    async def run(self) -> None:
        """Handle what an earlier run left, then what comes. DamagedError where the database is."""
        while True:
            self._came.clear()
            await self._begin()
            await self._came.wait()

    async def drain(self) -> None:
        """Wait for the updates that are being handled."""
        while self._lanes:
            await asyncio.wait(self._lanes.values())

    def tell_operators(self, noted: Sentence) -> None:
        """Write something that operators should know."""
        tell_operators(self.database, self.desk.operators, noted, self.clock.now())
        self.said()

    async def _begin(self) -> None:
        for incoming in await stored(self._waiting):
            if incoming.update_id not in self._taken:
                self._taken.add(incoming.update_id)
                lane = incoming.chat_id if incoming.chat_id is not None else incoming.update_id
                task = asyncio.create_task(self._after(self._lanes.get(lane), incoming))
                self._lanes[lane] = task
                task.add_done_callback(partial(self._ended, lane, incoming.update_id))

    async def _after(self, before: asyncio.Task[None] | None, incoming: Incoming) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._places:
            unknown = await stored(self._handle, incoming)
            if unknown is not None:
                await stored(self._handle, incoming, await self.rule(unknown))
        self.said()

    def _ended(self, lane: int, update_id: int, task: asyncio.Task[None]) -> None:
        self._taken.discard(update_id)
        if self._lanes.get(lane) is task:
            del self._lanes[lane]
        if not task.cancelled() and task.exception() is not None:
            _log.error("an update could not be handled", update_id=update_id, error=repr(task.exception()))

    def _waiting(self) -> list[Incoming]:
        with self.database.read() as connection:
            return inbox.waiting(connection)

    def _handle(self, incoming: Incoming, ruling: Ruling | None = None) -> Question | None:
        began = self.clock.now()
        with bound_contextvars(update_id=incoming.update_id):
            unknown = self._handle_or_set_aside(incoming, ruling)
        if unknown is None:
            self.handled((self.clock.now() - began).total_seconds())
        return unknown

    def _handle_or_set_aside(self, incoming: Incoming, ruling: Ruling | None) -> Question | None:
        try:
            with self.database.write() as connection:
                return self.desk.handle(connection, incoming, self.clock.now(), ruling)
        except StorageError:
            # The database's trouble, not the update's: it is handled when that is over.
            raise
        except Exception as error:  # noqa: BLE001 - one update that can't be handled must not stop the others
            troubles.count("update set aside")
            # Not the error's own words, in which may stand what somebody wrote.
            _log.error("update set aside", at=place_of(error))
            with self.database.write() as connection:
                self._set_aside(connection, incoming, error)
        return None

    def _set_aside(self, connection: Connection, incoming: Incoming, error: Exception) -> None:
        self.desk.set_aside(connection, incoming, error, self.clock.now())
