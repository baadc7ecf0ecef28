"""Dates as feeds write them, in UTC: RFC 822, ISO 8601, and the local forms of Russian and Ukrainian outlets.

A date without a zone is taken as UTC: nothing in the document tells more, and dates decide nothing about newness.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from feeds.parse.document import plausible

_MAX_CHARS = 100
# First letters of the months in English, Russian and Ukrainian; the longest that fits decides.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
    "січ": 1, "лют": 2, "бер": 3, "кві": 4, "тра": 5, "чер": 6, "лип": 7, "сер": 8, "вер": 9, "жов": 10, "лис": 11, "гру": 12,
}  # fmt: skip
_ZONES = {"msk": 180, "msd": 240, "eet": 120, "eest": 180, "cet": 60, "cest": 120, "bst": 60, "мск": 180}  # minutes east of Greenwich
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(.*))?", re.DOTALL)
_WORDED = re.compile(
    r"(?:\D{1,20}\s)?(\d{1,2})\.?\s+([^\W\d]{3,12})\.?,?\s+(\d{4})(?:\s*г\.)?,?(?:\s+(?:в\s+)?(\d\d?):(\d\d)(?::(\d\d))?\s*(.*))?",
    re.DOTALL,
)
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}),?(?:\s+(\d\d?):(\d\d)(?::(\d\d))?\s*(.*))?", re.DOTALL)
# The two forms that nearly all feeds have, read without trying the others.
_USUAL_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:Z|[+-][01]\d:[0-5]\d)", re.ASCII)
_USUAL_RFC822 = re.compile(
    r"[A-Z][a-z][a-z], (\d?\d) ([A-Z][a-z][a-z]) ([12]\d{3}) (\d\d:\d\d:[0-5]\d) (?:GMT|([+-][01]\d)([0-5]\d))", re.ASCII
)
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d\d?):?(\d\d)?", re.IGNORECASE)


def read_date(text: str | None) -> datetime | None:
    """Return the time that ``text`` names, aware and in UTC, or None where it can't be read or isn't plausible."""
    words = " ".join((text or "")[:_MAX_CHARS].split())
    if not words:
        return None
    try:
        return plausible(_usual(words) or _iso(words) or _rfc822(words) or _worded(words) or _dotted(words))
    except (ValueError, OverflowError):
        return None


def _usual(words: str) -> datetime | None:
    if _USUAL_ISO.fullmatch(words):
        return datetime.fromisoformat(words)
    found = _USUAL_RFC822.fullmatch(words)
    month = _MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    day, _, year, time, hours, minutes = found.groups()
    return datetime.fromisoformat(f"{year}-{month:02}-{day:0>2}T{time}{hours or '+00'}:{minutes or '00'}")


def _iso(words: str) -> datetime | None:
    found = _ISO.fullmatch(words)
    return _build(found[1], found[2], found[3], found.groups()[3:]) if found else None


def _rfc822(words: str) -> datetime | None:
    zone = _ZONES.get(words.rpartition(" ")[2].lower())
    parts = parsedate_tz(words)
    if parts is None:
        return None
    offset = zone * 60 if zone is not None else parts[9] or 0
    return datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=offset)


def _worded(words: str) -> datetime | None:
    found = _WORDED.fullmatch(words)
    month = _MONTHS.get(found[2].lower()[:3]) if found else None
    return _build(found[3], str(month), found[1], found.groups()[3:]) if found and month else None


def _dotted(words: str) -> datetime | None:
    found = _DOTTED.fullmatch(words)
    return _build(found[3], found[2], found[1], found.groups()[3:]) if found else None


def _build(year: str, month: str, day: str, time: tuple[str | None, ...]) -> datetime:
    hour, minute, second, zone = time
    seconds = min(int(second or 0), 59)  # a leap second is written as 60
    return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), seconds, tzinfo=_zone(zone or ""))


def _zone(text: str) -> timezone:
    name = text.strip().lower()
    offset = _OFFSET.match(name)
    if offset is None:
        return timezone(timedelta(minutes=_ZONES.get(name, 0)))
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
