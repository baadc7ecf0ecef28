"""Where everything stands on a picture of coverage: a row for each thing, a cell for each day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.pictures.figures import Grid, Row
from bot.pictures.shapes import (
    BODY,
    FOG,
    HATCH,
    INK,
    MARGIN,
    PAPER,
    SMALL,
    WIDTH,
    Box,
    Drawing,
    Key,
    Measure,
    Shape,
    Words,
    clean,
    day_labels,
    edges,
    fit,
    heading,
    legend,
)

# From light to dark in one hue, so that neither colour-blindness nor print in grey changes its order (ColorBrewer's Blues).
SCALE = ("#e3edf7", "#b7d4ea", "#73b2d8", "#2f7ebc", "#08407f")
_TALL, _LOW = 64, 44
_MANY = 14
_NAMES = 330
# From this share on light numbers stand out better than dark ones.
_DARK = 0.72


def grid(figure: Grid, measure: Measure) -> Drawing:
    """Title, the rows with their names, the days below, then the scale."""
    shapes, top = heading(figure.title, measure)
    names = [fit(clean(row.name), _NAMES, BODY, measure) for row in figure.rows]
    left = MARGIN + max(measure(name, BODY, False) for name in names) + 18  # noqa: FBT003 - not bold
    borders = edges(len(figure.columns), left, WIDTH - MARGIN)
    height = _TALL if len(figure.rows) <= _MANY else _LOW
    written = _numbers_fit(figure.rows, borders, measure)
    top += 6
    for index, (name, row) in enumerate(zip(names, figure.rows, strict=True)):
        y = top + index * height
        shapes += [Words(MARGIN, y + height / 2 + 10, name), *_cells(row, borders, y, height)]
        shapes += _numbers(row, borders, y + height / 2 + 9) if written else []
    y = top + len(figure.rows) * height + SMALL + 20
    shapes += day_labels(figure.columns, borders, y, measure)
    missing = any(None in row.shares for row in figure.rows)
    scale, y = _scale(figure, y + 34, measure)
    keys, y = legend([Key(figure.missing, FOG, HATCH)] if missing else [], y, measure)
    return Drawing(round(y + MARGIN - 14), (*shapes, *scale, *keys))


def shade(share: float) -> str:
    """The colour of a share from 0 to 1."""
    at = min(max(share, 0.0), 1.0) * (len(SCALE) - 1)
    low = min(int(at), len(SCALE) - 2)
    pairs = [(int(SCALE[low][start : start + 2], 16), int(SCALE[low + 1][start : start + 2], 16)) for start in (1, 3, 5)]
    return "#" + "".join(f"{round(before + (after - before) * (at - low)):02x}" for before, after in pairs)


def _cells(row: Row, borders: Sequence[int], y: float, height: int) -> list[Shape]:
    """Cells of one shade side by side are one box, but for a seam where columns are wide enough."""
    seam = 2 if borders[1] - borders[0] >= 8 else 0  # noqa: PLR2004 - pixels
    shades = ["" if share is None else shade(share) for share in row.shares]
    boxes = list[Shape]()
    for color, group in groupby(range(len(shades)), key=lambda index: shades[index]):
        columns = list(group)
        runs = [columns] if not seam or not color else [[column] for column in columns]
        for run in runs:
            x, end = borders[run[0]], borders[run[-1] + 1] - seam
            boxes.append(Box(x, y, end - x, height - 3, color or FOG, "" if color else HATCH))
    return boxes


def _numbers(row: Row, borders: Sequence[int], y: float) -> list[Shape]:
    found = list[Shape]()
    for column, (share, items) in enumerate(zip(row.shares, row.items, strict=False)):
        if share is not None and items is not None:
            x = (borders[column] + borders[column + 1]) / 2 - 1
            found.append(Words(x, y, str(items), SMALL, PAPER if share > _DARK else INK, align="center"))
    return found


def _numbers_fit(rows: Sequence[Row], borders: Sequence[int], measure: Measure) -> bool:
    width = borders[1] - borders[0] - 8
    return all(measure(str(items), SMALL, False) <= width for row in rows for items in row.items if items is not None)  # noqa: FBT003 - not bold


def _scale(figure: Grid, top: float, measure: Measure) -> tuple[list[Shape], float]:
    """What light and dark mean."""
    room = (WIDTH - 2 * MARGIN - 300) / 2
    low, high = (fit(clean(name), room, BODY, measure) for name in (figure.low, figure.high))
    x = MARGIN + measure(low, BODY, False) + 16  # noqa: FBT003 - not bold
    shades: list[Shape] = [Box(x + index * 24, top + 6, 24, 30, shade(index / 10)) for index in range(11)]
    return [Words(MARGIN, top + 31, low), *shades, Words(x + 11 * 24 + 16, top + 31, high)], top + 56
