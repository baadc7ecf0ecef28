"""Where everything stands on a picture of stacked bars. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import floor, log10

from bot.pictures.figures import Bars, Series
from bot.pictures.shapes import (
    BODY,
    COLORS,
    FOG,
    HATCH,
    INK,
    MARGIN,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    Box,
    Drawing,
    Key,
    Line,
    Measure,
    Shape,
    Words,
    day_labels,
    edges,
    heading,
    legend,
)

_PLOT = 540
_STEPS = 5
_WIDE = 8
# Less than this is nothing, beside which a scale would have no round numbers.
_LEAST = 1e-6


def bars(figure: Bars, measure: Measure) -> Drawing:
    """Title, legend, then the bars over their days."""
    shapes, y = heading(figure.title, measure)
    styles = _styles(figure.series)
    gap = [Key(figure.gap_name, FOG, HATCH)] if figure.gaps else []
    keys, top = legend([Key(one.name, *style) for one, style in zip(figure.series, styles, strict=True)] + gap, y, measure)
    top += SMALL + 10
    totals = [sum(values) for values in zip(*(one.values for one in figure.series), strict=True)]
    steps = ticks(max(totals))
    names = [number(step) for step in steps]
    left = MARGIN + max(measure(name, SMALL, False) for name in names) + 14  # noqa: FBT003 - not bold
    borders = edges(len(figure.columns), left, WIDTH - MARGIN)
    bottom = top + _PLOT
    scale = _PLOT / steps[-1]
    shapes += keys
    shapes += [Box(borders[first], top, borders[last + 1] - borders[first], _PLOT, FOG, HATCH) for first, last in figure.gaps]
    for step, name in zip(steps, names, strict=True):
        at = bottom - step * scale
        shapes += [Line(left, at, WIDTH - MARGIN, at, RULE if step else SOFT), Words(left - 14, at + 9, name, SMALL, SOFT, align="right")]
    shapes += _stacks(figure.series, styles, borders, bottom, scale)
    shapes += _totals(totals, borders, bottom, scale, measure)
    y = bottom + SMALL + 24
    return Drawing(round(y + MARGIN - 12), (*shapes, *day_labels(figure.columns, borders, y, measure)))


def ticks(highest: float) -> list[float]:
    """Round numbers from 0 to the highest value or a little more."""
    if highest < _LEAST:
        return [0, 1]
    rough = highest / _STEPS
    ten = 10.0 ** floor(log10(rough))
    step = next(ten * factor for factor in (1, 2, 5, 10) if ten * factor >= rough * 0.999)
    step = max(step, 1) if highest >= 1 else step
    return [step * index for index in range(int(-(-highest // step)) + 1)]


def number(value: float) -> str:
    """A number with its thousands apart."""
    return f"{value:,.10g}".replace(",", "\u00a0")


def _styles(series: Sequence[Series]) -> list[tuple[str, str]]:
    """Each series' colour, and the colour of its strokes where another one had that colour before."""
    used = Counter[str]()
    styles = list[tuple[str, str]]()
    for one in series:
        styles.append((COLORS[one.role], PAPER if used[one.role] == 1 else INK if used[one.role] else ""))
        used[one.role] += 1
    return styles


def _stacks(
    series: Sequence[Series], styles: Sequence[tuple[str, str]], borders: Sequence[int], bottom: float, scale: float
) -> list[Shape]:
    boxes = list[Shape]()
    stacked = [list(accumulate(values, initial=0.0)) for values in zip(*(one.values for one in series), strict=True)]
    for index, style in enumerate(styles):
        for column, levels in enumerate(stacked):
            low, high = round(bottom - levels[index] * scale), round(bottom - levels[index + 1] * scale)
            width = borders[column + 1] - borders[column]
            air = max(1, width // 7) if width >= _WIDE else 0
            # A line of paper between the parts of a stack, where a part is thick enough to spare it.
            seam = 2 if index and low - high > _WIDE and width >= _WIDE else 0
            # What happened at all is at least a stroke.
            height = max(low - high - seam, 2) if series[index].values[column] else 0
            if height:
                boxes.append(Box(borders[column] + air, low - seam - height, width - 2 * air, height, *style))
    return boxes


def _totals(totals: Sequence[float], borders: Sequence[int], bottom: float, scale: float, measure: Measure) -> list[Shape]:
    """Each bar's total above it, where there is room for all of them."""
    width = borders[1] - borders[0]
    names = [number(total) for total in totals]
    if any(measure(name, BODY, True) > width - 4 for name in names):  # noqa: FBT003 - bold
        return []
    middles = [(before + after) / 2 for before, after in pairwise(borders)]
    shapes = list[Shape]()
    for total, name, x in zip(totals, names, middles, strict=True):
        if total:
            y, half = bottom - total * scale, measure(name, BODY, True) / 2 + 4  # noqa: FBT003 - bold
            shapes += [Box(x - half, y - 36, 2 * half, 33, PAPER), Words(x, y - 10, name, BODY, bold=True, align="center")]
    return shapes
