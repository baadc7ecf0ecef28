"""Time: the clock that the program is given, and from local times to UTC. Pure but for ``SystemClock``.

The scheduler's own cron trigger loses and doubles runs where clocks change, so local times are worked out here: a time that the clocks skip
moves forward by the gap (PEP 495, fold=0), one that they repeat counts the first time, and each slot comes once a local date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_WEEK = 8  # days, one more than seven, so that time zones don't matter
_BETWEEN = re.compile(r"[\s,;–—-]+")
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


def next_due(slots: Sequence[str], zone: str, after: datetime, weekdays: Collection[int] = ()) -> Due | None:
    """The first of the slots, of some weekdays (Monday is 0) or of all, strictly after a moment; None without slots."""
    return min((due for due in _around(slots, zone, after, weekdays) if due.at > after), default=None)


def last_due(slots: Sequence[str], zone: str, now: datetime, weekdays: Collection[int] = ()) -> Due | None:
    """The last of the slots that isn't after ``now``; None without slots."""
    return max((due for due in _around(slots, zone, now, weekdays) if due.at <= now), default=None)


def _around(slots: Sequence[str], zone: str, moment: datetime, weekdays: Collection[int]) -> Iterator[Due]:
    """Every slot of the days around a moment: a week in both directions where only some weekdays count."""
    today, reach = moment.astimezone(ZoneInfo(zone)).date(), _WEEK if weekdays else 2
    days = [today + timedelta(days=offset) for offset in range(-reach, reach + 1)]
    return (Due(to_utc(day, slot, zone), day, slot) for day in days if not weekdays or day.weekday() in weekdays for slot in slots)


def quiet_until(hours: str, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours ("22:00-08:00", or none) end that a moment falls into; None where it falls into none."""
    begin, _, end = hours.partition("-")
    if not begin:
        return None
    begun, ended, ends = last_due([begin], zone, now), last_due([end], zone, now), next_due([end], zone, now)
    return ends.at if begun and ended and ends and begun.at > ended.at else None


def parse_quiet(typed: str) -> str | None:
    """Read quiet hours as people type them (22-8, 22:00 – 8:30) and give them as "22:00-08:30"; None where they aren't any."""
    slots = [parse_slot(word) for word in _BETWEEN.split(typed.strip()) if word]
    return f"{slots[0]}-{slots[1]}" if len(slots) == 2 and None not in slots and slots[0] != slots[1] else None  # noqa: PLR2004 - two ends


def parse_slot(typed: str) -> str | None:
    """Read a time of day as people type it (8, 8:30, 08.30, 20h) and give it as "08:30"; None where it isn't one."""
    written = _SLOT.fullmatch(typed.strip())
    if written is None:
        return None
    hours, minutes = int(written[1]), int(written[2] or 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None  # noqa: PLR2004 - a day and an hour
