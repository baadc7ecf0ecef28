"""Spans of time as people write them: 30d, 2w (or 30д, 2н), 2024, 2024-02, 2024-02-24, and two of these with “..” between. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_BACK = re.compile(r"([0-9]{1,4})(d|w|m|y|д|дн|н|нед|т|тиж|м|мес|міс|г|год|л|р|рік|років)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_DAYS = {**dict.fromkeys("dд", 1), **dict.fromkeys("wнт", 7), **dict.fromkeys("mм", 30), **dict.fromkeys("yглр", 365)}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days that are."""
        return (self.last - self.first).days + 1


def read_span(written: str, today: date) -> Span | None:
    """The span that was written, None where it is none; what lies after today is cut off."""
    begin, dots, end = written.strip().partition("..")
    first = _read(begin, today)
    last = _read(end, today) if dots and end else first
    if first is None or last is None:
        return None
    span = Span(first.first, today if dots and not end else last.last)
    span = Span(span.first, min(span.last, today))
    return span if span.first <= span.last else None


def _read(written: str, today: date) -> Span | None:
    back, named = _BACK.fullmatch(written), _DATE.fullmatch(written)
    try:
        if back:
            return Span(today - timedelta(days=max(1, int(back[1])) * _DAYS[back[2][0].lower()] - 1), today)
        if named is None:
            return None
        year, month, day = (int(part) if part else 0 for part in named.groups())
        if day:
            return Span(date(year, month, day), date(year, month, day))
        if named[2]:
            return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Span(date(year, 1, 1), date(year, 12, 31))
    except (ValueError, OverflowError):
        return None
