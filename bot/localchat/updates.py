"""The queue of updates for the bot: growing ids, a sticky choice of kinds, confirmation by offset, a poll that wakes at once.

As in tdlib/telegram-bot-api; without its 24 hours' expiry and its delay of hasty pollers.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.localchat.errors import ApiError, conflict

KEPT_UPDATES = 1_000
_BATCH = 100
_LONGEST_POLL_SECONDS = 50
_FAR_AHEAD = 10
_NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
_REPLACED = "terminated by other getUpdates request; make sure that only one bot instance is running"


class _Waiter:
    """One getUpdates call that waits; it may be woken from another thread (a test's, for example)."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.event = asyncio.Event()
        self.error: ApiError | None = None

    def wake(self, error: ApiError | None = None) -> None:
        self.error = self.error or error
        self.loop.call_soon_threadsafe(self.event.set)


class UpdateQueue:
    """Updates that the bot hasn't confirmed yet."""

    def __init__(self) -> None:
        # The state dies with the process but the bot's database doesn't: ids must go on growing over a restart.
        # The machine's time and not the movable clock, which a new run may start earlier than the last one ended.
        self._next_id = time.time_ns() // 1_000_000
        self._pending: deque[dict[str, Any]] = deque(maxlen=KEPT_UPDATES)
        self._waiter: _Waiter | None = None
        self.allowed: list[str] = []
        self.polled = threading.Event()

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, body: dict[str, Any]) -> bool:
        """Queue an update; return False if the bot hasn't asked for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT
        if not wanted:
            return False
        self._pending.append({"update_id": self._next_id, kind: body})
        self._next_id += 1
        if self._waiter:
            self._waiter.wake()
        return True

    def peek(self) -> dict[str, Any] | None:
        """Return the oldest update, which stays until it is confirmed."""
        return self._pending[0] if self._pending else None

    def confirm(self, before: int) -> None:
        """Forget the updates with smaller ids."""
        while self._pending and self._pending[0]["update_id"] < before:
            self._pending.popleft()

    def clear(self) -> None:
        """Forget all updates."""
        self._pending.clear()

    def stop_waiting(self, error: ApiError | None = None) -> None:
        """End the poll that waits, with an error or with no updates."""
        if self._waiter:
            self._waiter.wake(error)

    async def take(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """Answer getUpdates: wait at most `seconds`, end an earlier waiting call with 409."""
        self.stop_waiting(conflict(_REPLACED))
        self._forget_before(offset)
        if not self._pending and seconds > 0:
            await self._wait(min(seconds, _LONGEST_POLL_SECONDS))
        return list(self._pending)[: limit if 0 < limit <= _BATCH else _BATCH]

    async def wait(self) -> None:
        """Return when there is an update; for the webhook, which never competes with a poll."""
        while not self._pending:
            await self._wait(_LONGEST_POLL_SECONDS)

    async def _wait(self, seconds: float) -> None:
        waiter = self._waiter = _Waiter()
        self.polled.set()
        try:
            # Not wait_for, which in Python 3.11 may swallow a cancellation that comes together with the event.
            async with asyncio.timeout(seconds):
                await waiter.event.wait()
        except TimeoutError:
            return
        finally:
            if self._waiter is waiter:
                self._waiter = None
                self.polled.clear()
        if waiter.error:
            raise waiter.error

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            self._pending = deque(list(self._pending)[offset:], maxlen=KEPT_UPDATES)
        elif offset <= self._next_id + _FAR_AHEAD:
            self.confirm(offset)


def known_kinds(wanted: Sequence[Any]) -> list[str]:
    """Return a bot's list of update kinds as it is kept: lower case, texts only."""
    return [kind.lower() for kind in wanted if isinstance(kind, str)]
