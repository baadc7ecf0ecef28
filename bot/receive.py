"""Taking updates from the Bot API: written down first, confirmed then, and handled one after the other.

The library's own Updater confirms updates that exist only in memory, and stops for good at one that it can't read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import updates
from bot.clock import Clock
from bot.dispatch import Desk
from bot.log import place_of
from storage import mailbox
from storage.database import Database
from storage.mailbox import Incoming

LONG_POLL = 50
_BATCH = 100
_LONGEST_PAUSE = 60.0
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Receiver:
    """Receives and handles updates until it is cancelled.

    ``said`` is called when there may be something to send; ``heard`` with "" when Telegram has answered, or with a sentence when it hasn't;
    ``handled`` with the seconds that an update took.
    """

    bot: Bot
    database: Database
    desk: Desk
    clock: Clock
    said: Callable[[], None]
    heard: Callable[[str], None] = lambda _: None
    handled: Callable[[float], None] = lambda _: None

    async def run(self) -> None:
        """Handle what an earlier run left, then take updates for good."""
        await self.handle_waiting()
        offset: int | None = None
        pause = 1.0
        # The first question is answered at once, and so tells whether there is a way to Telegram.
        patience = 0
        while True:
            try:
                batch = await self._take(offset, patience)
            except InvalidToken:
                raise
            except TelegramError as error:
                self.heard("Telegram gives no updates")
                pause, patience = await _wait_out(error, pause), 0
                continue
            self.heard("")
            pause, patience = 1.0, LONG_POLL
            if batch:
                offset = max(int(raw["update_id"]) for raw in batch) + 1
                await asyncio.to_thread(self._write_down, batch)
                await self.handle_waiting()

    async def handle_waiting(self) -> None:
        """Handle every update that is written down and not yet handled."""
        for incoming in await asyncio.to_thread(self._waiting):
            await asyncio.to_thread(self._handle, incoming)
            self.said()

    async def _take(self, offset: int | None, patience: int) -> Sequence[dict[str, Any]]:
        found = await self.bot.do_api_request(
            "getUpdates",
            api_kwargs={"offset": offset, "limit": _BATCH, "timeout": patience, "allowed_updates": list(updates.ALLOWED_UPDATES)},
            read_timeout=patience + 10,
        )
        return [raw for raw in found if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]

    def _write_down(self, batch: Sequence[dict[str, Any]]) -> None:
        with self.database.write() as connection:
            mailbox.take_in(connection, [updates.strip(raw) for raw in batch], self.clock.now())

    def _waiting(self) -> list[Incoming]:
        with self.database.read() as connection:
            return mailbox.waiting(connection)

    def _handle(self, incoming: Incoming) -> None:
        began = self.clock.now()
        with bound_contextvars(update_id=incoming.update_id):
            try:
                with self.database.write() as connection:
                    self.desk.handle(connection, incoming, self.clock.now())
            except Exception as error:  # noqa: BLE001 - one update that can't be handled must not stop the others
                # Not the error's own words, in which may stand what somebody wrote.
                _log.error("update set aside", at=place_of(error))
                with self.database.write() as connection:
                    self.desk.set_aside(connection, incoming, error, self.clock.now())
        self.handled((self.clock.now() - began).total_seconds())


async def _wait_out(error: TelegramError, pause: float) -> float:
    """Sleep as the error asks for, and return the pause after the next one."""
    if isinstance(error, Conflict):
        _log.warning("another program receives this bot's updates; stop one of the two", retry_in=_LONGEST_PAUSE / 6)
        await asyncio.sleep(_LONGEST_PAUSE / 6)
        return pause
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        await asyncio.sleep(asked if isinstance(asked, int | float) else asked.total_seconds())
        return pause
    kind = "no connection to Telegram" if isinstance(error, NetworkError) else "Telegram answered with an error"
    _log.warning(kind, error=str(error), retry_in=pause)
    await asyncio.sleep(pause)
    return min(pause * 2, _LONGEST_PAUSE)
