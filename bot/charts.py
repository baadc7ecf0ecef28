"""Draws pictures: ``python -m bot.charts`` reads a figure as JSON from standard input and writes a PNG to standard output.

The only home of matplotlib, which costs 65 MB and most of a second to load: the bot runs this in a process of its own
(``bot/pictures/easel.py``) and never imports it. The same figure always gives the same bytes.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from PIL import Image

from bot.pictures.bars import bars
from bot.pictures.figures import Bars, Figure, FigureError, Grid, from_json
from bot.pictures.grid import grid
from bot.pictures.shapes import PAPER, WIDTH, Box, Dot, Drawing, Line, Shape, Words
from bot.pictures.timeline import timeline

# A point is a pixel, so that sizes mean the same everywhere.
_DPI = 72
_COLORS = (64, 16)
MOST_BYTES = 150_000
_MOST_JSON = 2_000_000
# Figures are drawn while others wait for answers.
_NICENESS = 10


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
    canvas = Canvas(figsize=(WIDTH / _DPI, drawing.height / _DPI), dpi=_DPI, facecolor=PAPER)
    down = Affine2D().scale(1, -1).translate(0, drawing.height)
    for layer, artist in enumerate(_artists(drawing.shapes, down)):
        artist.set_zorder(layer)
        canvas.add_artist(artist)
    pixels = BytesIO()
    with warnings.catch_warnings():
        # A letter that the font lacks is drawn as an empty box.
        warnings.filterwarnings("ignore", message="Glyph")
        canvas.savefig(pixels, format="rgba")
    return _packed(Image.frombytes("RGBA", (WIDTH, len(pixels.getvalue()) // WIDTH // 4), pixels.getvalue()).convert("RGB"))


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
    font = get_font(_font_path(bold=bold))
    font.set_size(size, _DPI)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        font.set_text(text)
    return float(font.get_width_height()[0]) / 64


def _font_path(*, bold: bool) -> str:
    # By its file: a name would be looked for among all fonts of the machine, and be another font on another one.
    return str(Path(mpl.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


def _artists(shapes: Sequence[Shape], down: Transform) -> list[Artist]:
    found = list[Artist]()
    for plain, group in groupby(shapes, key=lambda shape: isinstance(shape, Box) and not shape.strokes):
        run = list(group)
        found += [_boxes([shape for shape in run if isinstance(shape, Box)], down)] if plain else [_artist(one, down) for one in run]
    return found


def _boxes(boxes: Sequence[Box], down: Transform) -> PolyCollection:
    """Thousands of boxes as one thing to draw."""
    corners = [
        [(box.x, box.y), (box.x + box.width, box.y), (box.x + box.width, box.y + box.height), (box.x, box.y + box.height)] for box in boxes
    ]
    return PolyCollection(corners, facecolors=[box.color for box in boxes], linewidths=0, antialiaseds=False, transform=down)


def _artist(shape: Shape, down: Transform) -> Artist:
    if isinstance(shape, Words):
        font = FontProperties(fname=_font_path(bold=shape.bold), size=shape.size)
        x, y = down.transform((shape.x, shape.y))
        # parse_math: a text with two dollar signs is no formula.
        return Text(
            x, y, shape.text, color=shape.color, fontproperties=font, ha=shape.align, va="baseline", parse_math=False, transform=None
        )
    if isinstance(shape, Line):
        return Line2D([shape.x1, shape.x2], [shape.y1, shape.y2], color=shape.color, linewidth=shape.width, transform=down)
    if isinstance(shape, Dot):
        return Circle((shape.x, shape.y), shape.radius, color=shape.color, linewidth=0, transform=down)
    hatched = Rectangle((shape.x, shape.y), shape.width, shape.height, facecolor=shape.color, linewidth=0, transform=down)
    hatched.set(hatch="//", edgecolor=shape.strokes, hatch_linewidth=2.0)
    return hatched


def main() -> int:
    """Draw what comes on standard input; 2 where it is no figure."""
    os.nice(_NICENESS)
    try:
        figure = from_json(json.loads(sys.stdin.buffer.read(_MOST_JSON)))
    except (ValueError, FigureError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(draw(figure))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
