"""Delivery of updates to the bot's webhook: one after another, repeated until the bot answers 2xx.

Only loopback addresses are called: a local chat has no business elsewhere. A method in the answer's body isn't carried out.
"""

import asyncio
import http.client
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.localchat.clock import MovableClock
from bot.localchat.errors import bad_request
from bot.localchat.updates import UpdateQueue

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_ANSWER_SECONDS = 60
_FIRST_RETRY_SECONDS = 0.25
_LONGEST_RETRY_SECONDS = 60.0
_SUCCESS = range(200, 300)


class Webhook:
    """The bot's webhook, if it has set one."""

    def __init__(self, updates: UpdateQueue, clock: MovableClock) -> None:
        self._updates = updates
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._secret = ""
        self._connections = 40
        self._failed: tuple[datetime, str] | None = None
        self.url = ""

    def set(self, url: str, secret: str, connections: int) -> None:
        """Start delivering to the address, or stop if it is empty."""
        if url:
            _check(url, secret)
        self.stop()
        self.url, self._secret, self._connections, self._failed = url, secret, connections or 40, None
        if url:
            self._task = asyncio.get_running_loop().create_task(self._deliver())

    def stop(self) -> None:
        """End the delivery; updates that weren't accepted stay in the queue."""
        self.url = ""
        if self._task:
            # The server may be stopped from another thread than its own.
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
            self._task = None

    def info(self) -> dict[str, Any]:
        """Return the WebhookInfo object."""
        found: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.url:
            found |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._failed:
            found |= {"last_error_date": int(self._failed[0].timestamp()), "last_error_message": self._failed[1]}
        if self._updates.allowed:
            found["allowed_updates"] = self._updates.allowed
        return found

    async def _deliver(self) -> None:
        pause = _FIRST_RETRY_SECONDS
        while True:
            await self._updates.wait()
            update = self._updates.peek()
            if update is None:
                continue
            trouble = await asyncio.to_thread(_post, self.url, self._secret, update)
            if trouble:
                self._failed = (self._clock.now(), trouble)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_RETRY_SECONDS)
            else:
                pause = _FIRST_RETRY_SECONDS
                self._updates.confirm(update["update_id"] + 1)


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.hostname not in _LOOPBACK:
        raise bad_request("bad webhook: the local chat calls loopback addresses only")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")


def _post(url: str, secret: str, update: dict[str, Any]) -> str:
    """Hand over one update; return what went wrong, or nothing."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})
    connection = kind(parts.hostname or "", parts.port, timeout=_ANSWER_SECONDS)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, json.dumps(update), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"Connection failed: {error}"
    else:
        return "" if answer.status in _SUCCESS else f"Wrong response from the webhook: {answer.status} {answer.reason}"
    finally:
        connection.close()
