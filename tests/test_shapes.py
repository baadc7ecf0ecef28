"""Words in a width, and labels under columns: with letters that are all ten pixels wide."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.pictures.bars import number, ticks
from bot.pictures.figures import Column
from bot.pictures.grid import SCALE, shade
from bot.pictures.shapes import COLORS, INK, LONGEST, PAPER, WIDTH, Words, clean, day_labels, edges, fit, wrap


def _tens(text: str, _size: int, _bold: bool) -> float:  # noqa: FBT001 - as a text is measured
    return 10.0 * len(text)


def test_hostile_texts_become_one_line() -> None:
    """Controls, marks of direction and halves of characters go, all else stays as it is."""
    assert clean(" a\nb\t\u202ec\u0000\ud800 $x$ <b>\\n ") == "a b c $x$ <b>\\n"
    assert clean("x" * 500) == "x" * (LONGEST - 1) + "…"


def test_words_are_fitted() -> None:
    """Cut between words with an ellipsis, or within one that is too long."""
    assert fit("one two three", 130, 26, _tens) == "one two three"
    assert fit("one two three", 120, 26, _tens) == "one two…"
    assert fit("x" * 30, 100, 26, _tens) == "x" * 9 + "…"
    assert fit("x", 0, 26, _tens) == "…"


def test_words_are_wrapped() -> None:
    """Into at most so many lines, none wider than there is room."""
    assert wrap("one two three four", 90, 3, 26, _tens) == ["one two", "three", "four"]
    assert wrap("one two three four", 90, 2, 26, _tens) == ["one two", "three…"]
    assert wrap("x" * 25, 100, 3, 26, _tens) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrap("", 100, 3, 26, _tens) == [""]


@pytest.mark.parametrize(("days", "step", "most"), [(1, 1, 1), (7, 1, 7), (14, 1, 7), (30, 1, 6), (90, 1, 8), (400, 1, 14), (52, 7, 14)])
def test_days_are_labelled_where_there_is_room(days: int, step: int, most: int) -> None:
    """Some labels, never too many, none over another or beyond the paper."""
    columns = [Column(date(2025, 10, 20) + timedelta(days=day * step), "22 ноября") for day in range(days)]
    labels = [shape for shape in day_labels(columns, edges(days, 100, 1036), 0, _tens) if isinstance(shape, Words)]
    assert min(2, days) <= len(labels) <= most
    assert all(after.x - before.x > 90 for before, after in pairwise(labels))
    assert all(45 <= label.x <= WIDTH - 45 for label in labels)


def test_scales() -> None:
    """Round numbers, at least up to the highest; thousands apart; shades from one end to the other."""
    assert ticks(0) == [0, 1]
    assert ticks(3) == [0, 1, 2, 3]
    assert ticks(34) == [0, 10, 20, 30, 40]
    assert ticks(0.5)[-1] >= 0.5
    assert number(12000) == "12\u00a0000"
    assert (shade(0), shade(0.5), shade(1)) == (SCALE[0], SCALE[2], SCALE[4])


def test_colours_stand_out() -> None:
    """Each series from the paper three to one, and numbers from their cells (https://www.w3.org/TR/WCAG21/#contrast-minimum)."""
    assert all(_contrast(color, PAPER) >= 3 for color in COLORS.values())
    assert all(max(_contrast(shade(share / 20), INK), _contrast(shade(share / 20), PAPER)) >= 3.9 for share in range(21))


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
