"""Taking updates from the Bot API by asking for them: written down first, confirmed then. Handling them is ``handling.py``.

The library's own Updater confirms updates that exist only in memory, and stops for good at one that it can't read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Bot
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError

from bot import troubles, updates
from bot.handling import Handling
from bot.outcomes import is_revoked, seconds_to_wait
from bot.storing import stored
from storage.records import Sentence, sentence

LONG_POLL = 50
_BATCH = 100
_LONGEST_PAUSE = 60.0
# Between two looks whether another program still takes our updates.
_ANOTHER = 10.0
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Receiver:
    """Asks for updates until it is cancelled. ``heard``: told "" when Telegram has answered, or a sentence when it hasn't."""

    bot: Bot
    handling: Handling
    heard: Callable[[str], None] = lambda _: None
    _disturbed: bool = False

    async def run(self) -> None:
        """Take updates for good. InvalidToken where the token was revoked, DamagedError where the database is."""
        await self._leave_webhook()
        offset: int | None = None
        pause = 1.0
        # The first question is answered at once, and so tells whether there is a way to Telegram.
        patience = 0
        while True:
            try:
                batch = await self._take(offset, patience)
            except Exception as error:
                if is_revoked(error):
                    raise
                self.heard("Telegram gives no updates")
                pause, patience = await self._wait_out(error, pause), 0
                continue
            self.heard("")
            pause, patience, self._disturbed = 1.0, LONG_POLL, False
            if batch:
                await stored(self.handling.write_down, batch)
                offset = int(batch[-1]["update_id"]) + 1
                self.handling.came()

    async def _take(self, offset: int | None, patience: int) -> Sequence[dict[str, Any]]:
        found = await self.bot.do_api_request(
            "getUpdates",
            api_kwargs={"offset": offset, "limit": _BATCH, "timeout": patience, "allowed_updates": list(updates.ALLOWED_UPDATES)},
            read_timeout=patience + 10,
        )
        return [raw for raw in found if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]

    async def _leave_webhook(self) -> None:
        """End a webhook that an earlier run of ours, or somebody else, has set: as long as there is one nobody may ask."""
        pause = 1.0
        while True:
            try:
                address = (await self.bot.get_webhook_info()).url
                if address:
                    _log.warning("a webhook was set; updates are asked for instead", host=urlsplit(address).hostname)
                    await self.bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as error:
                if is_revoked(error):
                    raise
                pause = await self._wait_out(error, pause)
                continue
            return

    async def _wait_out(self, error: Exception, pause: float) -> float:
        """Sleep as the error asks for, and return the pause after the next one."""
        if isinstance(error, Conflict):
            await self._wait_for_the_other(error)
            return pause
        if isinstance(error, RetryAfter):
            await asyncio.sleep(seconds_to_wait(error))
            return pause
        kind = "an error of Telegram's" if isinstance(error, NetworkError) else "an answer that can't be read"
        kind = "no connection to Telegram" if "can't be reached" in str(error) else kind
        troubles.count(kind)
        _log.warning(kind, error=str(error) or type(error).__name__, retry_in=pause)
        await asyncio.sleep(pause)
        return min(pause * 2, _LONGEST_PAUSE)

    async def _wait_for_the_other(self, error: Conflict) -> None:
        troubles.count("another receiver")
        noted = _another(str(error))
        _log.warning(str(noted), retry_in=_ANOTHER)
        if not self._disturbed:
            self._disturbed = True
            await stored(self.handling.tell_operators, noted)
        await asyncio.sleep(_ANOTHER)


def _another(error: str) -> Sentence:
    if "webhook" in error.lower():
        return sentence("Another program has set a webhook for this bot, so I hear nothing until that is gone. Stop one of the two.")
    return sentence("Another program asks for this bot's updates, so each of us misses some. Stop one of the two.")
