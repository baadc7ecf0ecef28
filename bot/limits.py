"""Telegram's limits on sending: 30 messages a second over all, one a second to a chat with small bursts, 20 a minute to a group.

Pure: the clock is an argument. The figures are telegram.constants.FloodLimit's. A message counts from its start until a limit's span after
its answer came, so that no delay on the way can bring more of them together at the server than it allows. Of the second over all, the
time of the quickest answer is taken off: a message is counted before its answer sets out, and the next one when it has arrived, and those
two ways together take at least that long.

What the server demands beyond that (``retry_after``) is told by ``told_to_wait``: it holds for one chat, or for all where several chats in
a row are told to. Then fewer are sent for a while: less by a fifth at once, and more again by and by (as TCP does it: RFC 5681).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OVERALL_PER_SECOND = 30
# Messages are spread over the second: so many may begin at once, and so many in a second after that.
AT_ONCE = 3
STARTS_PER_SECOND = 33
BURST = 3
GROUP_PER_MINUTE = 20
# After a start, or a wait for all, the second begins with few messages and holds so many more each second.
SLOW_START = 5
# Two chats that are told to wait within this time, and none that isn't in between: the wait is for all.
TOGETHER = timedelta(seconds=10)
# A wait for all that was wrongly taken for one mustn't last a night; after this time a message tries.
LONGEST_HALT = timedelta(minutes=10)
# What is left of a limit that proved too high, and how long until a second holds one message more again.
LESS = 0.8
ONE_MORE_AFTER = timedelta(seconds=10)
# By then all of it is regained, where nobody was told to wait any more.
REGAINED_AFTER = (OVERALL_PER_SECOND - SLOW_START) * ONE_MORE_AFTER
# So many chats that are told to wait within TOGETHER, though others aren't, mean that there is too much over all.
SEVERAL = 3
# A message that was under way when a limit was lowered doesn't lower it again; it has its answer by then.
_UNDER_WAY = timedelta(seconds=2)
# Waits for all with nothing that goes through between them become longer, up to this.
LONGEST_BETWEEN = timedelta(seconds=10)
# The quickest of so many answers is taken for as quick as can be, but no more than this is taken off the second.
ANSWERS = 50
MOST_TAKEN_OFF = timedelta(seconds=0.25)
_SECOND = timedelta(seconds=1)
_INSTANT = timedelta(milliseconds=20)


@dataclass(slots=True)
class _Window:
    """At most ``most`` messages within ``span``. ``ended``: when the answers came, earliest first."""

    most: int
    span: timedelta
    under_way: int = 0
    ended: deque[datetime] = field(default_factory=deque)

    def room(self, now: datetime) -> int:
        if self.ended and self.ended[-1] > now:
            # The clock was set back.
            self.ended = deque(min(moment, now) for moment in self.ended)
        while self.ended and self.ended[0] + self.span <= now:
            self.ended.popleft()
        return self.most - self.under_way - len(self.ended)

    def end(self, now: datetime) -> None:
        self.under_way = max(0, self.under_way - 1)
        self.ended.append(now)

    @property
    def idle(self) -> bool:
        return not self.under_way and not self.ended


@dataclass(slots=True)
class Limits:
    """What may be sent now. Chats that have been quiet for a while cost no memory.

    ``begin`` and ``end`` go round every message; ``went_through`` and ``told_to_wait`` tell what the server made of it.
    """

    _overall: _Window = field(default_factory=lambda: _Window(OVERALL_PER_SECOND, _SECOND))
    _chats: dict[int, _Window] = field(default_factory=dict)
    _parked: dict[int, datetime] = field(default_factory=dict)
    _told: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    _refused: dict[int, datetime] = field(default_factory=dict)
    _halts: int = 0
    _halted_until: datetime | None = None
    _slow_from: datetime | None = None
    _next_start: datetime | None = None
    _lowered: tuple[datetime, float] | None = None
    _quickest: timedelta = _SECOND
    _answers: int = 0

    def room(self, now: datetime) -> int:
        """How many messages may be sent at this moment over all chats."""
        if self.halted(now):
            return 0
        spare = self._ceiling(now) - OVERALL_PER_SECOND + self._overall.room(now)
        return max(0, min(spare, self._starts(now)))

    def resting(self, now: datetime) -> set[int]:
        """The chats that mustn't be sent to at this moment."""
        self._parked = {chat: until for chat, until in self._parked.items() if until > now}
        room = {chat: window.room(now) for chat, window in self._chats.items()}
        self._chats = {chat: window for chat, window in self._chats.items() if not window.idle}
        return set(self._parked) | {chat for chat, left in room.items() if left <= 0}

    def begin(self, chat_id: int, now: datetime) -> None:
        """Count a message to a chat that is about to be sent."""
        self._overall.under_way += 1
        self._chats.setdefault(chat_id, _window(chat_id)).under_way += 1
        between = timedelta(seconds=1 / STARTS_PER_SECOND)
        earliest = now - (AT_ONCE - 1) * between
        self._next_start = max(self._next_start or earliest, earliest) + between

    def end(self, chat_id: int, now: datetime) -> None:
        """The answer to a message that was begun has come, or never will."""
        self._overall.end(now)
        self._chats.setdefault(chat_id, _window(chat_id)).end(now)

    def remember(self, sent: Iterable[tuple[int, datetime]], parked: Iterable[tuple[int, datetime]]) -> None:
        """Go on where an earlier run ended: what it sent in the last minute, earliest first, and which chats were told to wait."""
        for chat_id, moment in sent:
            self.end(chat_id, moment)
        self._parked.update(parked)

    def went_through(self) -> None:
        """The server took a message: no wait is for all."""
        self._told.clear()
        self._halts = 0

    def answered_after(self, took: timedelta) -> None:
        """The answer to a message that the server took, and counted, came so long after it was begun."""
        self._quickest = max(timedelta(0), min(self._quickest, took))
        self._answers += 1
        if self._answers >= ANSWERS:
            self._overall.span = _SECOND - min(self._quickest, MOST_TAKEN_OFF)

    def told_to_wait(self, chat_id: int, wait: timedelta, now: datetime) -> bool:
        """The server asked to wait after a message to a chat; whether that is for all."""
        self.park(chat_id, now + wait)
        self._told = {chat: (until, at) for chat, (until, at) in self._told.items() if until > now >= at > now - TOGETHER}
        self._told[chat_id] = now + wait, now
        self._refused = {chat: at for chat, at in self._refused.items() if now >= at > now - TOGETHER} | {chat_id: now}
        if len(self._told) > 1:
            self._halt_all(now)
            return True
        if len(self._refused) >= SEVERAL:
            self._lower(now, now + _UNDER_WAY)
        return False

    def park(self, chat_id: int, until: datetime) -> None:
        """Send nothing to one chat before that time."""
        self._parked[chat_id] = until

    def halt(self, until: datetime) -> None:
        """Send nothing to anybody before that time, and begin slowly then."""
        self._halted_until = self._slow_from = max(until, self._halted_until or until)

    def halted(self, now: datetime) -> bool:
        """Whether nothing may be sent to anybody at this moment because of a wait for all."""
        return self._halted_until is not None and now < self._halted_until

    def set_back(self, by: timedelta) -> None:
        """The clock was set back by that much: waits last as long as they were meant to."""
        self._parked = {chat: until - by for chat, until in self._parked.items()}
        self._halted_until = self._halted_until and self._halted_until - by
        self._lowered = self._lowered and (self._lowered[0] - by, self._lowered[1])
        for window in (self._overall, *self._chats.values()):
            window.ended = deque(moment - by for moment in window.ended)
        self._slow_from = self._next_start = None

    def next_change(self, now: datetime) -> datetime:
        """A moment by which something that is held back now may go; what is under way is waited for elsewhere."""
        if self.halted(now):
            return self._halted_until or now
        moments = [*self._parked.values()]
        windows = [self._overall, *self._chats.values()]
        moments += [window.ended[0] + window.span for window in windows if window.ended and window.room(now) <= 0 and window.ended]
        if self.room(now) == 0 and self._overall.room(now) > 0:
            moments += [self._next_start] if self._next_start and self._starts(now) == 0 else [now + timedelta(seconds=0.2)]
        return max(now + _INSTANT, min(moments, default=now + timedelta(seconds=1)))

    def _halt_all(self, now: datetime) -> None:
        """Wait for as long as the server asked, and longer the more often it did so with nothing that went through between."""
        if not self.halted(now):
            self._halts += 1
        asked = min(until for until, _ in self._told.values())
        doubled = min(LONGEST_BETWEEN, timedelta(seconds=2.0 ** min(self._halts - 1, 9))) if self._halts > 1 else timedelta(0)
        until = min(now + LONGEST_HALT, max(asked, now + doubled))
        self._lower(now, until)
        self.halt(until)

    def _lower(self, now: datetime, since: datetime) -> None:
        """Send less, and more again by and by since then. How quick answers can be has to be seen anew."""
        fresh = self._lowered is None or now >= self._lowered[0]
        self._lowered = since, max(float(SLOW_START), self._ceiling(now) * LESS) if fresh else self._regained(now)
        self._overall.span, self._quickest, self._answers = _SECOND, _SECOND, 0
        self._refused.clear()

    def _starts(self, now: datetime) -> int:
        if self._next_start is None:
            return AT_ONCE
        since = (now - self._next_start).total_seconds()
        return 0 if since < 0 else min(AT_ONCE, int(since * STARTS_PER_SECOND) + 1)

    def _ceiling(self, now: datetime) -> int:
        """How many messages a second may hold at this moment."""
        if self._slow_from is None:
            self._slow_from = now
        passed = max(0.0, (now - self._slow_from).total_seconds())
        ceiling = min(float(OVERALL_PER_SECOND), SLOW_START * (1 + passed))
        return int(min(ceiling, self._regained(now)))

    def _regained(self, now: datetime) -> float:
        """What a limit that proved too high has come to at this moment."""
        if self._lowered is None:
            return OVERALL_PER_SECOND
        since, left = self._lowered
        return left + max(0.0, (now - since) / ONE_MORE_AFTER)


def _window(chat_id: int) -> _Window:
    # Groups and channels have negative ids.
    return _Window(GROUP_PER_MINUTE, timedelta(minutes=1)) if chat_id < 0 else _Window(BURST, timedelta(seconds=BURST))
