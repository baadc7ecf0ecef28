"""Telegram's flood limits, off unless asked for: 30 a second over all, 1 a second a chat, 20 a minute a group.

The real limits are unpublished and shift; these are the documented ones. Counted by the server's clock.
"""

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime

_OVERALL = (30, 1.0)
_GROUP = (20, 60.0)
_CHAT_BURST = (3, 3.0)  # one a second, of which three may come at once


class FloodLimits:
    """Counts the messages sent and says how long to wait for the next one."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._sent: dict[int | None, deque[float]] = {}
        self.is_on = False

    def switch(self, *, on: bool) -> None:
        """Turn the limits on or off, counting from nothing."""
        self.is_on = on
        self._sent.clear()

    def wait_seconds(self, chat_id: int) -> int:
        """Count a message to the chat and return 0, or return the whole seconds until one may be sent."""
        if not self.is_on:
            return 0
        now = self._now().timestamp()
        limits = {None: _OVERALL, chat_id: _GROUP if chat_id < 0 else _CHAT_BURST}
        wait = max(self._wait(key, now, *limit) for key, limit in limits.items())
        if wait > 0:
            return max(1, math.ceil(wait))
        for key in limits:
            self._sent[key].append(now)
        return 0

    def _wait(self, key: int | None, now: float, count: int, seconds: float) -> float:
        sent = self._sent.setdefault(key, deque(maxlen=count))
        return 0.0 if len(sent) < count else sent[0] + seconds - now
