"""What pictures are made of: boxes, lines, dots and words at pixels, y downwards; and fitting words into a width. Pure.

A picture is as wide as Telegram keeps photos unscaled on a phone, on paper of its own: it looks the same in light and dark chats. Letters
are at least ``SMALL`` pixels high, about 9 points on a phone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from bot.pictures.figures import Column, Role

WIDTH = 1080
MARGIN = 44
TITLE, BODY, SMALL = 40, 29, 26
LINE = 1.32
LONGEST = 200
PAPER, INK, SOFT, RULE, FOG, HATCH = "#faf8f3", "#1c222a", "#4a525d", "#d8d4c9", "#e9e6de", "#8d8a83"
# After Okabe and Ito (https://jfly.uni-koeln.de/color/), darker, so that each stands out three to one from this paper, and any two are
# 19 apart (CIE 1976) with red- or green-blindness too, as Machado, Oliveira and Fernandes (2009) compute it.
COLORS: dict[Role, str] = {
    "main": "#0b61a4",
    "second": "#cc7a00",
    "third": "#006b54",
    "fourth": "#a3330a",
    "fifth": "#7b2d6b",
    "sixth": "#3795cb",
    "seventh": "#33261a",
    "muted": "#898f98",
}
_FEW = 16
_BLANKS = re.compile(r"\s+")

# A text's width in pixels, of its size in pixels and whether it is bold.
Measure = Callable[[str, int, bool], float]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``hatched`` with strokes of the color ``strokes``."""

    x: float
    y: float
    width: float
    height: float
    color: str
    strokes: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str
    width: float = 2.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle around x, y."""

    x: float
    y: float
    radius: float
    color: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text whose baseline is at y."""

    x: float
    y: float
    text: str
    size: int = BODY
    color: str = INK
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"


Shape = Box | Line | Dot | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on paper ``WIDTH`` wide, later ones over earlier ones."""

    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend."""

    name: str
    color: str
    strokes: str = ""


def clean(text: str) -> str:
    """A text as one line of letters that can be drawn: without controls, marks of direction and halves of characters; at most 200."""
    shown = "".join(" " if letter.isspace() else letter for letter in text[: LONGEST * 4] if letter.isspace() or _is_drawn(letter))
    line = _BLANKS.sub(" ", shown).strip()
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def fit(text: str, width: float, size: int, measure: Measure, *, bold: bool = False) -> str:
    """A clean text, cut with an ellipsis where it is wider."""
    if measure(text, size, bold) <= width:
        return text
    most = _most(text, width - measure("…", size, bold), size, measure, bold=bold)
    space = text.rfind(" ", 0, most + 1)
    return text[: space if space > most // 2 else most].rstrip(" .,;:–—-") + "…"


def wrap(text: str, width: float, lines: int, size: int, measure: Measure, *, bold: bool = False) -> list[str]:
    """A clean text in at most so many lines, broken between words where there are any; the last one ends with an ellipsis if need be."""
    found = list[str]()
    while len(found) < lines - 1 and measure(text, size, bold) > width:
        most = max(1, _most(text, width, size, measure, bold=bold))
        space = text.rfind(" ", 0, most + 1)
        cut = space if space > most // 2 else most
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, fit(text, width, size, measure, bold=bold)]


def heading(title: str, measure: Measure) -> tuple[list[Shape], float]:
    """The title in at most two lines, and where it ends."""
    lines = wrap(clean(title), WIDTH - 2 * MARGIN, 2, TITLE, measure, bold=True)
    shapes: list[Shape] = [Words(MARGIN, MARGIN + TITLE * (LINE * row + 0.82), line, TITLE, bold=True) for row, line in enumerate(lines)]
    return shapes, MARGIN + TITLE * LINE * len(lines) + 14


def legend(keys: Sequence[Key], top: float, measure: Measure) -> tuple[list[Shape], float]:
    """Keys in as many rows as they need, and where they end."""
    chip, gap, row = 30, 12, 46
    shapes, x, y = list[Shape](), float(MARGIN), top
    for key in keys:
        name = fit(clean(key.name), WIDTH - 2 * MARGIN - chip - gap, BODY, measure)
        width = chip + gap + measure(name, BODY, False)  # noqa: FBT003 - not bold
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + row
        shapes += [Box(x, y + 6, chip, chip, key.color, key.strokes), Words(x + chip + gap, y + 6 + chip * 0.84, name)]
        x += width + 36
    return shapes, y + (row + 10 if keys else 0)


def edges(count: int, left: float, right: float) -> list[int]:
    """The borders of so many columns, on whole pixels."""
    return [round(left + (right - left) * index / count) for index in range(count + 1)]


def day_labels(columns: Sequence[Column], borders: Sequence[int], y: float, measure: Measure) -> list[Shape]:
    """Labels under the columns, as many as have room: for each, or some, or Mondays, or where months begin."""
    for chosen in _rhythms(columns):
        labels = [
            Words(
                (borders[index] + borders[index + 1]) / 2,
                y,
                fit(clean(columns[index].label), 220, SMALL, measure),
                SMALL,
                SOFT,
                align="center",
            )
            for index in chosen
        ]
        placed = [_inside(label, measure) for label in labels]
        if _apart(placed, measure):
            ticks = [Line(label.x, y - SMALL - 14, label.x, y - SMALL - 4, SOFT) for label in labels]
            return [*ticks, *placed]
    return []


def _rhythms(columns: Sequence[Column]) -> list[Sequence[int]]:
    """Which columns may be labelled, from many to few."""
    every = range(len(columns))
    mondays = [index for index in every if columns[index].day.weekday() == 0]
    months = [index for index in every if index == 0 or columns[index].day.month != columns[index - 1].day.month]
    # A month of which only the end is shown would crowd the next one.
    months = months[1:] if len(months) > 2 else months  # noqa: PLR2004 - so that two are left
    some = [every[::2], every[::3]] if len(every) <= _FEW else []
    found = [every, *some, mondays, mondays[::2], months, months[::2], months[::3], months[::6], [0, len(columns) - 1], [0]]
    return [chosen for chosen in found if len(chosen) > 1 or chosen in ([0], every)]


def _inside(label: Words, measure: Measure) -> Words:
    half = measure(label.text, label.size, label.bold) / 2
    return replace(label, x=min(max(label.x, MARGIN + half), WIDTH - MARGIN - half))


def _apart(labels: Sequence[Words], measure: Measure) -> bool:
    ends = [(label.x, measure(label.text, label.size, label.bold) / 2) for label in labels]
    return all(x1 + half1 + 16 <= x2 - half2 for (x1, half1), (x2, half2) in pairwise(ends))


def _most(text: str, width: float, size: int, measure: Measure, *, bold: bool) -> int:
    """How many of the first letters fit into the width."""
    return max(0, bisect_right(range(len(text) + 1), width, key=lambda count: measure(text[:count], size, bold)) - 1)


def _is_drawn(letter: str) -> bool:
    # Controls, marks of direction, halves of characters, and what no font has.
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
