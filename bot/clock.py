"""Time: the clock that the program is given, and from local times to UTC. Pure but for ``SystemClock``.

The scheduler's own cron trigger loses and doubles runs where clocks change, so local times are worked out here: a time that the clocks skip
moves forward by the gap (PEP 495, fold=0), one that they repeat counts the first time, and each slot comes once a local date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_SLOT = re.compile(r"(\d{1,2})(?:[:.hч](\d\d))?[hчг]?", re.ASCII)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock moved by hand, for the local chat and for tests."""

    def __init__(self) -> None:
        """Begin with the machine's own time; ``moved`` is called after each move."""
        self._shift = timedelta()
        self.moved: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC) + self._shift

    def advance(self, seconds: float, /) -> None:
        """Move the clock, forward or back."""
        self._shift += timedelta(seconds=seconds)
        self.moved()


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A digest's moment ``at`` (UTC), and the local date and time of day ("08:00") that it stands for."""

    at: datetime
    local_date: date
    slot: str


def to_utc(local_date: date, slot: str, zone: str) -> datetime:
    """The moment at which it is ``slot`` ("08:00") on that date in that zone."""
    local = datetime.combine(local_date, time.fromisoformat(slot), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def next_due(slots: Sequence[str], zone: str, after: datetime) -> Due | None:
    """The first of the daily slots strictly after a moment; None without slots."""
    today = after.astimezone(ZoneInfo(zone)).date()
    days = [today + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    dues = (Due(to_utc(day, slot, zone), day, slot) for day in days for slot in slots)
    return min((due for due in dues if due.at > after), default=None)


def last_due(slots: Sequence[str], zone: str, now: datetime) -> Due | None:
    """The last of the daily slots that isn't after ``now``; None without slots."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today + timedelta(days=offset) for offset in (-2, -1, 0, 1)]
    dues = (Due(to_utc(day, slot, zone), day, slot) for day in days for slot in slots)
    return max((due for due in dues if due.at <= now), default=None)


def parse_slot(typed: str) -> str | None:
    """Read a time of day as people type it (8, 8:30, 08.30, 20h) and give it as "08:30"; None where it isn't one."""
    written = _SLOT.fullmatch(typed.strip())
    if written is None:
        return None
    hours, minutes = int(written[1]), int(written[2] or 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None  # noqa: PLR2004 - a day and an hour
