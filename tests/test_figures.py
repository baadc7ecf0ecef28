"""What a picture shows, as values: it travels as JSON, and what can't be drawn is refused where it is made."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from bot.pictures.figures import Bars, Column, Figure, FigureError, Grid, Happening, Row, Series, Timeline, from_json, to_json

DAYS = tuple(Column(date(2026, 11, 1) + timedelta(days=day), f"{day + 1} Nov") for day in range(3))
BARS = Bars("Mentions", DAYS, (Series("Way Home", (1, 0, 2.5)), Series("Other", (0, 0, 1), "muted")), ((1, 1),), "down")
GRID = Grid("Coverage", DAYS, (Row("Russian", (0.0, None, 1.0), (3, None, 12)), Row("English", (1, 1, 1))), "none", "all", "no data")
TIMELINE = Timeline("Week", (Happening("22 Nov", "A petition", 2.0), Happening("23 Nov", "An answer")))


@pytest.mark.parametrize("figure", [BARS, GRID, TIMELINE])
def test_a_figure_travels_as_json(figure: Figure) -> None:
    """What is read is what was written."""
    assert from_json(json.loads(json.dumps(to_json(figure)))) == figure


def test_numbers_are_kept_short() -> None:
    """Four decimals, but nothing above 0 becomes 0."""
    written = to_json(Grid("x", DAYS, (Row("x", (2 / 3, 1e-9, 0.0)),), "", "", ""))
    assert written["rows"][0]["shares"] == [0.6667, 1e-9, 0.0]


@pytest.mark.parametrize(
    ("figure", "change", "problem"),
    [
        (BARS, {"kind": "pie"}, "no kind of picture 'pie'; there are bars, grid, timeline"),
        (BARS, {"columns": []}, "1 to 400 columns, not 0"),
        (BARS, {"series": [{"name": "x", "values": [1, 2]}]}, "'x' has 2 values for 3 columns"),
        (BARS, {"series": [{"name": "x", "values": [1, 2, -1]}]}, "isn't a number from 0 up"),
        (BARS, {"series": [{"name": "x", "values": [1, 2, float("nan")]}]}, "isn't a number from 0 up"),
        (BARS, {"series": [{"name": "x", "values": [1, 2, True]}]}, "isn't a number from 0 up"),
        (BARS, {"series": [{"name": "x", "values": [1, 2, 3], "role": "pink"}]}, "no colour 'pink'"),
        (BARS, {"series": [{"values": [1, 2, 3]}]}, "has no 'name'"),
        (BARS, {"series": [{"name": "x", "values": [0, 0, 0]}] * 13}, "1 to 12 series, not 13"),
        (BARS, {"series": "x"}, "A list was expected"),
        (BARS, {"series": ["x"]}, "An object was expected"),
        (BARS, {"title": 5}, "A text was expected"),
        (BARS, {"gaps": [[1, 3]]}, "A gap from column 1 to 3"),
        (BARS, {"gaps": [[1]]}, "first and last column"),
        (BARS, {"columns": [{"day": "2026-11-02", "label": ""}, {"day": "2026-11-01", "label": ""}]}, "aren't in order"),
        (BARS, {"columns": [{"day": "yesterday", "label": ""}]}, "isn't a date like"),
        (GRID, {"rows": [{"name": "x", "shares": [0, 0.5, 1.5]}]}, "isn't between 0 and 1"),
        (GRID, {"rows": [{"name": "x", "shares": [0, 0.5, 1], "items": [1]}]}, "has 1 values for 3 columns"),
        (GRID, {"rows": [{"name": "x", "shares": [0, 0.5, 1], "items": [1, 2, 0.5]}]}, "isn't a whole number"),
        (TIMELINE, {"events": []}, "1 to 25 events, not 0"),
        (TIMELINE, {"events": [{"date": "", "text": "", "weight": 0}]}, "isn't a number above 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(figure: Figure, change: dict[str, Any], problem: str) -> None:
    """The error says what is wrong."""
    with pytest.raises(FigureError, match=problem):
        from_json({**to_json(figure), **change})


def test_what_is_no_figure_at_all() -> None:
    """Anything that JSON can hold is answered with the one kind of error."""
    found: tuple[object, ...] = (None, [], "bars", {}, {"kind": ["bars"]})
    for raw in found:
        with pytest.raises(FigureError):
            from_json(raw)
