"""Where everything stands on a picture of dated events. Pure."""

from __future__ import annotations

from math import sqrt

from bot.pictures.figures import Timeline
from bot.pictures.shapes import (
    BODY,
    COLORS,
    LINE,
    MARGIN,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    Dot,
    Drawing,
    Line,
    Measure,
    Shape,
    Words,
    clean,
    fit,
    heading,
    wrap,
)

_DATES = 230
_SMALLEST, _LARGEST = 7, 19
_FEW = 8
_BETWEEN = 24


def timeline(figure: Timeline, measure: Measure) -> Drawing:
    """Title, then a line down the page with a dot for each event, its date to the left and its text to the right."""
    shapes, y = heading(figure.title, measure)
    dates = [fit(clean(one.date), _DATES, BODY, measure) for one in figure.events]
    axis = MARGIN + max(measure(date, BODY, False) for date in dates) + 26 + _LARGEST  # noqa: FBT003 - not bold
    left = axis + _LARGEST + 22
    most = 3 if len(figure.events) <= _FEW else 2
    heaviest = max(one.weight for one in figure.events)
    said = list[Shape]()
    centres = list[float]()
    y += 12
    for index, (date, one) in enumerate(zip(dates, figure.events, strict=True)):
        lines = wrap(clean(one.text), WIDTH - MARGIN - left, most, BODY, measure)
        centres.append(y + BODY * LINE / 2)
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(one.weight / heaviest)
        said += [Dot(axis, centres[-1], radius + 4, PAPER), Dot(axis, centres[-1], radius, COLORS["main"])]
        if not index or date != dates[index - 1]:
            said.append(Words(axis - _LARGEST - 26, y + BODY, date, color=SOFT, align="right"))
        said += [Words(left, y + BODY * (LINE * row + 1), line) for row, line in enumerate(lines)]
        y += BODY * LINE * len(lines) + _BETWEEN
    spine = Line(axis, centres[0], axis, centres[-1], RULE, 5)
    return Drawing(round(y - _BETWEEN + MARGIN), (*shapes, spine, *said))
