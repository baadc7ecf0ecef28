"""Telegram's limits on sending: 30 messages a second over all, one a second to a chat with small bursts, 20 a minute to a group.

Pure: the clock is an argument. The figures are telegram.constants.FloodLimit's; what a server demands beyond them (``retry_after``) is
added by ``park`` and ``halt``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

OVERALL_PER_SECOND = 30
BURST = 3
GROUP_PER_MINUTE = 20


@dataclass(slots=True)
class _Bucket:
    """Holds up to ``capacity`` sends and gains ``rate`` a second."""

    capacity: float
    rate: float
    level: float
    at: datetime

    def refill(self, now: datetime) -> float:
        passed = max(0.0, (now - self.at).total_seconds())
        self.level = min(self.capacity, self.level + passed * self.rate)
        self.at = now
        return self.level


@dataclass(slots=True)
class Limits:
    """What may be sent now. Chats that have been quiet for a minute cost no memory."""

    _overall: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _parked: dict[int, datetime] = field(default_factory=dict)
    _halted_until: datetime | None = None

    def room(self, now: datetime) -> int:
        """How many messages may be sent at this moment over all chats."""
        if self._halted_until is not None and now < self._halted_until:
            return 0
        if self._overall is None:
            self._overall = _Bucket(OVERALL_PER_SECOND, OVERALL_PER_SECOND, OVERALL_PER_SECOND, now)
        return int(self._overall.refill(now))

    def resting(self, now: datetime) -> set[int]:
        """The chats that mustn't be sent to at this moment."""
        self._parked = {chat: until for chat, until in self._parked.items() if until > now}
        full = [chat for chat, bucket in self._chats.items() if bucket.refill(now) >= bucket.capacity]
        for chat in full:
            del self._chats[chat]
        return set(self._parked) | {chat for chat, bucket in self._chats.items() if bucket.level < 1}

    def spend(self, chat_id: int, now: datetime) -> None:
        """Count a message to a chat."""
        if self.room(now) and self._overall is not None:
            self._overall.level -= 1
        bucket = self._chats.setdefault(chat_id, _new_bucket(chat_id, now))
        bucket.refill(now)
        bucket.level -= 1

    def park(self, chat_id: int, until: datetime) -> None:
        """Send nothing to one chat before that time."""
        self._parked[chat_id] = until

    def halt(self, until: datetime) -> None:
        """Send nothing to anybody before that time."""
        self._halted_until = max(until, self._halted_until or until)

    def next_change(self, now: datetime) -> datetime:
        """A moment by which something that is held back now may go."""
        if self._halted_until is not None and now < self._halted_until:
            return self._halted_until
        waits = [(1 - bucket.level) / bucket.rate for bucket in self._chats.values() if bucket.level < 1]
        if self._overall is not None and self._overall.level < 1:
            waits.append((1 - self._overall.level) / OVERALL_PER_SECOND)
        parked = [(until - now).total_seconds() for until in self._parked.values()]
        soonest = min((*waits, *parked), default=1 / OVERALL_PER_SECOND)
        return now + timedelta(seconds=max(soonest, 1 / OVERALL_PER_SECOND))


def _new_bucket(chat_id: int, now: datetime) -> _Bucket:
    # Groups and channels have negative ids.
    if chat_id < 0:
        return _Bucket(GROUP_PER_MINUTE, GROUP_PER_MINUTE / 60, GROUP_PER_MINUTE, now)
    return _Bucket(BURST, 1.0, BURST, now)
