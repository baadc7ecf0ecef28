"""Taking updates from the Bot API by being called: written down before Telegram hears that they arrived, as with asking (``receive.py``).

Telegram repeats what it gets no answer to, so nothing is lost where the database can't be written. Not here: listening (``serve.py``).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot import troubles, updates
from bot.handling import Handling
from bot.outcomes import is_revoked, seconds_to_wait
from bot.storing import stored
from storage.records import SettingsError, StorageError, sentence

LARGEST_BODY = 1_000_000
CONNECTIONS = 8
# Seconds between two looks whether Telegram still calls us.
LOOK_EVERY = 300.0
_LONGEST_PAUSE = 60.0
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Webhook:
    """Is called with updates until it is cancelled. ``routes`` are to be served at the path of ``address``."""

    bot: Bot
    handling: Handling
    address: str
    heard: Callable[[str], None] = lambda _: None
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def routes(self) -> list[Route]:
        """What has to be served."""
        return [Route(path_of(self.address), self._called, methods=["POST"])]

    async def run(self) -> None:
        """Have Telegram call for good. SettingsError where it won't, and as with ``Receiver.run``."""
        pause, ours = 1.0, False
        while True:
            try:
                found = (await self.bot.get_webhook_info()).url
                if ours and found != self.address:
                    await self._tell()
                if not ours or found != self.address:
                    await self._set()
                    ours = True
                self.heard("")
                pause = LOOK_EVERY
            except BadRequest as error:
                raise SettingsError(f"HOMEFRONT_WEBHOOK_URL isn't accepted by Telegram: {error}.") from error
            except TelegramError as error:
                if is_revoked(error):
                    raise
                self.heard("Telegram isn't told where to call")
                pause = _wait(error, pause)
            await asyncio.sleep(pause)

    async def _set(self) -> None:
        await self.bot.set_webhook(
            self.address,
            secret_token=self.secret,
            allowed_updates=list(updates.ALLOWED_UPDATES),
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _tell(self) -> None:
        troubles.count("another receiver")
        noted = sentence("Another program took over this bot's updates; I have taken them back. Stop one of the two.")
        _log.warning(str(noted))
        await stored(self.handling.tell_operators, noted)

    async def _called(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), self.secret.encode()):
            return PlainTextResponse("", 403)
        raw = await _body(request)
        if raw is None:
            return PlainTextResponse("", 400)
        try:
            await asyncio.to_thread(self.handling.write_down, [raw])
        except StorageError as error:
            troubles.count("database unusable")
            _log.warning("an update can't be written down; Telegram will repeat it", error=str(error))
            return PlainTextResponse("", 503, {"Retry-After": "5"})
        self.handling.came()
        return PlainTextResponse("")


def path_of(address: str) -> str:
    """The path that Telegram calls."""
    return urlsplit(address).path or "/"


def _wait(error: TelegramError, pause: float) -> float:
    if isinstance(error, RetryAfter):
        return seconds_to_wait(error)
    troubles.count("no connection to Telegram")
    _log.warning("the webhook could not be set or looked at", error=str(error), retry_in=pause)
    return min(pause * 2, _LONGEST_PAUSE)


async def _body(request: Request) -> dict[str, Any] | None:
    """The update in a request; None where there is none, or more than an update can be."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                return None
        found = json.loads(body)
    except (ClientDisconnect, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and type(found.get("update_id")) is int else None
