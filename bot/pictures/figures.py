"""What a picture shows, as values that travel as JSON: bars over time, a grid of coverage, a list of dated events. Pure.

Every text comes in the reader's language, dates as labels too ("22 Nov"), so drawing knows no language. Texts may hold anything and have
any length: they are drawn as they are, cut where there is no room. What can't be drawn at all is a FigureError, raised where the value is
made. Not here: where anything stands (``bars.py``, ``grid.py``, ``timeline.py``) and drawing (``bot/charts.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Any, Literal, cast, get_args

from storage.records import HomefrontError

MOST_COLUMNS = 400
MOST_SERIES = 12
MOST_ROWS = 40
MOST_EVENTS = 25
# A number beyond this counts nothing that there is, and would leave no room to draw it.
MOST = 10**12
# Colours that colour-blind readers tell apart too. A role that is used again is hatched.
Role = Literal["main", "second", "third", "fourth", "fifth", "sixth", "seventh", "muted"]
ROLES: tuple[Role, ...] = get_args(Role)


class FigureError(HomefrontError):
    """A picture can't be drawn from these values."""


@dataclass(frozen=True, slots=True)
class Column:
    """A day, or a week by its first day, and how it is called under the picture."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing that is counted: a value from 0 up for each column."""

    name: str
    values: tuple[float, ...]
    role: Role = "main"


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars, the first series lowest.

    ``gaps``: the first and last column of each time in which a source was down; ``gap_name`` says so in the legend.
    """

    title: str
    columns: tuple[Column, ...]
    series: tuple[Series, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    gap_name: str = ""

    def __post_init__(self) -> None:
        _check_columns(self.columns)
        _check_count("series", len(self.series), MOST_SERIES)
        for one in self.series:
            _check_row(f"series {one.name!r}", one.values, len(self.columns))
            _check(one.role in ROLES, f"There is no colour {one.role!r}; use one of {', '.join(ROLES)}.")
            _check(all(_is_number(value) and value >= 0 for value in one.values), f"A value of {one.name!r} isn't a number from 0 up.")
        for first, last in self.gaps:
            _check(0 <= first <= last < len(self.columns), f"A gap from column {first} to {last} isn't within the columns.")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a grid: for each column the share that was covered, 0 to 1, or None where nothing is known.

    ``items``: the number to write into each cell where there is room; None for no number. Empty for none at all.
    """

    name: str
    shares: tuple[float | None, ...]
    items: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """How well was covered what, when. ``low`` and ``high`` name the ends of the scale, ``missing`` a cell without data."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    low: str
    high: str
    missing: str

    def __post_init__(self) -> None:
        _check_columns(self.columns)
        _check_count("rows", len(self.rows), MOST_ROWS)
        for row in self.rows:
            _check_row(f"row {row.name!r}", row.shares, len(self.columns))
            _check_row(f"row {row.name!r}", row.items or row.shares, len(self.columns))
            shares = [share for share in row.shares if share is not None]
            _check(all(_is_number(share) and 0 <= share <= 1 for share in shares), f"A share of {row.name!r} isn't between 0 and 1.")
            _check(all(item is None or type(item) is int for item in row.items), f"An item count of {row.name!r} isn't a whole number.")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: its date as it is written, what happened, and how much it weighs beside the others (above 0)."""

    date: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated events, one below the other in the order given."""

    title: str
    events: tuple[Happening, ...]

    def __post_init__(self) -> None:
        _check_count("events", len(self.events), MOST_EVENTS)
        _check(all(_is_number(one.weight) and one.weight > 0 for one in self.events), "An event's weight isn't a number above 0.")


Figure = Bars | Grid | Timeline


def to_json(figure: Figure) -> dict[str, Any]:
    """A figure as JSON values, with its "kind"; numbers to the fourth decimal, which no picture shows any more."""
    values: dict[str, Any] = json.loads(json.dumps(asdict(figure), default=date.isoformat), parse_float=_rounded)
    return {"kind": type(figure).__name__.lower(), **values}


def from_json(raw: object) -> Figure:
    """Read a figure; FigureError says what is wrong with it."""
    values = _object(raw)
    read = _KINDS.get(str(values.get("kind")))
    if read is None:
        raise FigureError(f"There is no kind of picture {values.get('kind')!r}; there are {', '.join(_KINDS)}.")
    try:
        return read(values)
    except KeyError as error:
        raise FigureError(f"A picture of kind {values['kind']!r} has no {error}.") from None


def _bars(raw: Mapping[str, Any]) -> Bars:
    series = tuple(Series(_text(one["name"]), tuple(_list(one["values"])), one.get("role", "main")) for one in _objects(raw["series"]))
    gaps = tuple(_gap(one) for one in _list(raw.get("gaps", [])))
    return Bars(_text(raw["title"]), _columns(raw), series, gaps, _text(raw.get("gap_name", "")))


def _grid(raw: Mapping[str, Any]) -> Grid:
    rows = tuple(Row(_text(row["name"]), tuple(_list(row["shares"])), tuple(_list(row.get("items", [])))) for row in _objects(raw["rows"]))
    return Grid(_text(raw["title"]), _columns(raw), rows, _text(raw["low"]), _text(raw["high"]), _text(raw["missing"]))


def _timeline(raw: Mapping[str, Any]) -> Timeline:
    events = tuple(Happening(_text(one["date"]), _text(one["text"]), one.get("weight", 1.0)) for one in _objects(raw["events"]))
    return Timeline(_text(raw["title"]), events)


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Figure]] = {"bars": _bars, "grid": _grid, "timeline": _timeline}


def _columns(raw: Mapping[str, Any]) -> tuple[Column, ...]:
    return tuple(Column(_day(one["day"]), _text(one["label"])) for one in _objects(raw["columns"]))


def _objects(raw: object) -> list[dict[str, Any]]:
    return [_object(one) for one in _list(raw)]


def _object(raw: object) -> dict[str, Any]:
    _check(isinstance(raw, dict), f"An object was expected, not {raw!r:.60}.")
    return cast("dict[str, Any]", raw)


def _list(raw: object) -> list[Any]:
    _check(isinstance(raw, list), f"A list was expected, not {raw!r:.60}.")
    return cast("list[Any]", raw)


def _text(raw: object) -> str:
    _check(isinstance(raw, str), f"A text was expected, not {raw!r:.60}.")
    return str(raw)


def _day(raw: object) -> date:
    try:
        return date.fromisoformat(_text(raw))
    except ValueError:
        raise FigureError(f"{raw!r:.60} isn't a date like 2026-11-22.") from None


def _gap(raw: object) -> tuple[int, int]:
    ends = _list(raw)
    _check(len(ends) == 2 and all(type(end) is int for end in ends), "A gap is the numbers of its first and last column.")  # noqa: PLR2004 - two ends
    return ends[0], ends[1]


def _check_columns(columns: Sequence[Column]) -> None:
    _check_count("columns", len(columns), MOST_COLUMNS)
    days = [column.day for column in columns]
    _check(all(before < after for before, after in pairwise(days)), "The days of the columns aren't in order.")


def _check_count(name: str, count: int, most: int) -> None:
    _check(1 <= count <= most, f"A picture has 1 to {most} {name}, not {count}.")


def _check_row(name: str, values: Sequence[object], columns: int) -> None:
    _check(len(values) == columns, f"The {name} has {len(values)} values for {columns} columns.")


def _check(holds: bool, problem: str) -> None:  # noqa: FBT001 - what is checked
    if not holds:
        raise FigureError(problem)


def _rounded(written: str) -> float:
    # What isn't nothing stays something.
    return round(float(written), 4) or float(written)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) <= MOST
