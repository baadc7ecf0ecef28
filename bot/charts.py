"""Draws pictures: ``python -m bot.charts`` reads a figure as JSON from standard input and writes a PNG to standard output.

The bot runs this in a process of its own (``bot/pictures/easel.py``): nobody waits for it but who wants the picture. It draws with Pillow,
in letters that come as a package of their own (Source Sans: Latin, Cyrillic, Greek). The same figure always gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import product
from math import ceil, floor
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont, Layout, truetype

from bot.pictures.bars import bars
from bot.pictures.figures import Bars, Figure, FigureError, Grid, from_json
from bot.pictures.grid import grid
from bot.pictures.shapes import PAPER, WIDTH, Box, Dot, Drawing, Line
from bot.pictures.timeline import timeline

_COLORS = (64, 16)
MOST_BYTES = 150_000
_MOST_JSON = 2_000_000
_ANCHORS: Mapping[str, str] = {"left": "ls", "center": "ms", "right": "rs"}
# Pixels of a hatching and of the tile that it repeats, a multiple of them.
_STROKE, _BETWEEN_STROKES, _TILE = 2, 9, 180
# How much finer slanted strokes and dots are drawn, before their edges are softened.
_FINER = 4


def draw(figure: Figure) -> bytes:
    """The picture as a PNG."""
    return paint(lay_out(figure))


def lay_out(figure: Figure) -> Drawing:
    """Where everything stands."""
    if isinstance(figure, Bars):
        return bars(figure, width_of)
    return grid(figure, width_of) if isinstance(figure, Grid) else timeline(figure, width_of)


def paint(drawing: Drawing) -> bytes:
    """Put shapes on paper; a PNG without date or version."""
    paper = Image.new("RGB", (WIDTH, drawing.height), PAPER)
    pen = ImageDraw.Draw(paper)
    strokes = _strokes(drawing.height) if any(isinstance(shape, Box) and shape.strokes for shape in drawing.shapes) else paper
    for shape in drawing.shapes:
        if isinstance(shape, Box):
            _box(paper, shape, strokes)
        elif isinstance(shape, Line):
            pen.line((shape.x1, shape.y1, shape.x2, shape.y2), shape.color, round(shape.width))
        elif isinstance(shape, Dot):
            _dot(paper, shape)
        else:
            pen.text((shape.x, shape.y), shape.text, shape.color, _font(shape.size, shape.bold), _ANCHORS[shape.align])
    return _packed(paper)


def _packed(full: Image.Image) -> bytes:
    """As a PNG of few colours, a quarter of the bytes: nobody sees the difference but in noise, which needs still fewer."""
    packed = b""
    for colors in _COLORS:
        picture = BytesIO()
        full.quantize(colors, dither=Image.Dither.NONE).save(picture, "PNG", optimize=True)
        packed = picture.getvalue()
        if len(packed) <= MOST_BYTES:
            break
    return packed


def width_of(text: str, size: int, bold: bool) -> float:  # noqa: FBT001 - part of what a text looks like
    """A text's width in pixels."""
    return _font(size, bold).getlength(text)


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:  # noqa: FBT001 - part of what a text looks like
    # Not by its name, which would be looked for among the fonts of the machine; and laid out plainly, on every machine alike.
    held = find_spec("font_source_sans_pro")
    if held is None or held.origin is None:
        raise FigureError("There are no letters to write with: the package font-source-sans-pro isn't installed.")
    files = Path(held.origin).parent / "files"
    return truetype(files / f"SourceSansPro-{'Semibold' if bold else 'Regular'}.ttf", size, layout_engine=Layout.BASIC)


def _box(paper: Image.Image, box: Box, strokes: Image.Image) -> None:
    area = round(box.x), round(box.y), round(box.x + box.width), round(box.y + box.height)
    paper.paste(box.color, area)
    if box.strokes:
        paper.paste(box.strokes, area, strokes.crop(area))


def _strokes(height: int) -> Image.Image:
    """Slanted strokes over the whole paper, of which each hatched box shows its part."""
    size = _TILE * _FINER
    fine = Image.new("L", (size, size))
    for x in range(0, 2 * size, _BETWEEN_STROKES * _FINER):
        ImageDraw.Draw(fine).line((x, 0, x - size, size), 255, _STROKE * _FINER)
    tile, whole = fine.reduce(_FINER), Image.new("L", (WIDTH, height))
    for x, y in product(range(0, WIDTH, _TILE), range(0, height, _TILE)):
        whole.paste(tile, (x, y))
    return whole


def _dot(paper: Image.Image, dot: Dot) -> None:
    left, top, size = floor(dot.x - dot.radius), floor(dot.y - dot.radius), ceil(2 * dot.radius) + 1
    x, y, radius = ((dot.x - left) * _FINER, (dot.y - top) * _FINER, dot.radius * _FINER)
    fine = Image.new("L", (size * _FINER, size * _FINER))
    ImageDraw.Draw(fine).ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    paper.paste(dot.color, (left, top), fine.reduce(_FINER))


def main() -> int:
    """Draw what comes on standard input; 2 where it is no figure."""
    try:
        figure = from_json(json.loads(sys.stdin.buffer.read(_MOST_JSON)))
    except (ValueError, FigureError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(draw(figure))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
