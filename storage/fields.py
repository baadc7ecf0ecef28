"""The fields of the query language: what they are called, and which values they take. Pure.

Not here: what the archive knows (which sources and topics there are: ``meaning.py``), the language itself (``query.py``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from difflib import get_close_matches

from storage.records import QueryError, sentence

STANDINGS = ("independent", "exile", "state", "wire", "ukrainian", "group")
_LIKE = 0.7  # the least likeness of two words, by difflib's measure, for one to be offered instead of the other
_SHORTEST_NAME = 3
# Each field by its name, and what else it is called.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "topic": ("тема",),
    "source": ("источник", "джерело"),
    "publisher": ("издатель", "видавець"),
    "standing": ("статус",),
    "lang": ("language", "язык", "мова"),
    "after": ("since", "после", "після"),
    "before": ("до",),
    "on": ("дата",),
    "story": ("сюжет",),
    "has": ("есть", "є"),
    "sort": ("порядок",),
}
NAMES: Mapping[str, str] = {name: field for field, others in _FIELDS.items() for name in (field, *others)}
# The values of a field that has few, and what else they are called.
_VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "standing": dict.fromkeys(STANDINGS, ()),
    "lang": {
        "en": ("english", "английский", "англійська"),
        "ru": ("russian", "русский", "російська"),
        "uk": ("ua", "ukrainian", "українська"),
    },
    "has": {"revision": ("revisions", "правка", "правки"), "copy": ("copies", "копия", "копія", "копии", "копії")},
    "sort": {"new": ("newest", "date", "новые", "нові"), "best": ("relevance", "лучшие", "найкращі")},
}
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_LOCAL_DATE = re.compile(r"(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})", re.ASCII)  # 3.11.2023, 11.2023
_MONTHS = 12


def nearest(wanted: str, known: Collection[str]) -> str | None:
    """The word that was probably meant, where there is one much like it."""
    near = get_close_matches(wanted.casefold(), known, n=1, cutoff=_LIKE) if len(wanted) < 100 else []  # noqa: PLR2004 - no name is longer
    return near[0] if near else None


def nearest_field(name: str) -> str | None:
    """The field that a word before a colon was probably meant to be."""
    return nearest(name, NAMES) if len(name) >= _SHORTEST_NAME else None


def one_of(field: str, value: str, start: int) -> str:
    """The value of a field that has few. QueryError: there is no such value; ``start`` is its place."""
    known = {name: each for each, others in _VALUES[field].items() for name in (each, *others)}
    found = known.get(value.casefold())
    if found is None:
        near = nearest(value, known)
        problem = sentence("{field}: is one of {values}, not “{value}”", field=field, values=", ".join(_VALUES[field]), value=value[:40])
        raise QueryError(problem, start, "unknown value", (start, start + len(value), near) if near else None)
    return found


def number(field: str, value: str, start: int) -> int:
    """The whole number that a field wants. QueryError: it is none."""
    if re.fullmatch(r"-?\d{1,18}", value, re.ASCII) is None:
        raise QueryError(sentence("{field}: wants a number, not “{value}”", field=field, value=value[:40]), start, "not a number")
    return int(value)


def days(field: str, value: str, start: int) -> tuple[date, date | None]:
    """The first day of a year, a month, a day or a span with ``..``, and the first day after it; None: the calendar ends with it.

    QueryError: it is none, or no day of the calendar.
    """
    first, dots, last = value.partition("..")
    if not dots or field != "on":
        return _days(field, value, start)
    return _days(field, first, start)[0], _days(field, last, start + len(first) + 2)[1]


def _days(field: str, value: str, start: int) -> tuple[date, date | None]:
    written, local = _DATE.fullmatch(value), _LOCAL_DATE.fullmatch(value)
    if written:
        year, month, day = written.groups()
    elif local:
        day, month, year = local.groups()
    else:
        problem = sentence("{field}: wants a year, a month or a day, as in 2023, 2023-11 or 2023-11-01", field=field)
        raise QueryError(problem, start, "not a date")
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        near = _nearest_date(int(year), int(month or 1), int(day or 0))
        problem = sentence("There is no such date: {value}", value=value)
        raise QueryError(problem, start, "no such date", (start, start + len(value), near) if near else None) from None
    return first, _after(first, months=_MONTHS if month is None else 1 if day is None else 0)


def _after(first: date, months: int) -> date | None:
    """The first day after so many months from ``first``, or after that day alone; None where the calendar ends."""
    last = None
    with suppress(OverflowError, ValueError):
        if not months:
            last = first + timedelta(days=1)
        elif _MONTHS in {months, first.month}:
            last = date(first.year + 1, 1, 1)
        else:
            last = date(first.year, first.month + 1, 1)
    return last


def _nearest_date(year: int, month: int, day: int) -> str | None:
    """A date with its month and day exchanged where that is one, else the last month or day that there is."""
    if year < 1:
        return None
    if month > _MONTHS >= day >= 1:
        month, day = day, month
    month = min(max(month, 1), _MONTHS)
    return f"{year:04}-{month:02}" + (f"-{min(day, monthrange(year, month)[1]):02}" if day else "")
