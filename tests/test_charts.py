"""Pictures: the same bytes for the same figure, small, readable by their size, and never an error whatever the texts."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.charts import MOST_BYTES, draw, lay_out, width_of
from bot.pictures.figures import (
    MOST_COLUMNS,
    MOST_EVENTS,
    MOST_ROWS,
    MOST_SERIES,
    ROLES,
    Bars,
    Column,
    Figure,
    Grid,
    Happening,
    Row,
    Series,
    Timeline,
    to_json,
)
from bot.pictures.shapes import PAPER, SMALL, WIDTH, Box, Words

ROOT = Path(__file__).parent.parent
HOSTILE = "$x^2$ \\frac{1}{ \n\u202eabc\u0000\ud800😀 %s {0} <b>&amp;" + "Ж" * 300


def _columns(count: int) -> tuple[Column, ...]:
    return tuple(Column(date(2026, 1, 1) + timedelta(days=day), f"день {day}") for day in range(count))


def _largest() -> list[Figure]:
    """The most that each kind may hold, in noise that compresses badly."""
    noise = random.Random(7)  # noqa: S311 - a picture of noise
    columns = _columns(MOST_COLUMNS)
    series = tuple(Series(HOSTILE, tuple(noise.randrange(1000) for _ in columns), ROLES[one % len(ROLES)]) for one in range(MOST_SERIES))
    rows = tuple(Row(HOSTILE, tuple(noise.choice([None, noise.random()]) for _ in columns)) for _ in range(MOST_ROWS))
    letters = "абвгдежзийклмнопрстуфхцчшщъыьэюя     "
    events = tuple(Happening("22 ноября", "".join(noise.choices(letters, k=300)), noise.random() + 0.1) for _ in range(MOST_EVENTS))
    gaps = ((0, 50), (390, 399))
    return [Bars(HOSTILE, columns, series, gaps, HOSTILE), Grid(HOSTILE, columns, rows, HOSTILE, HOSTILE, HOSTILE), Timeline("Т", events)]


BARS = Bars(
    "Упоминания", _columns(7), (Series("Путь домой", (1, 2, 3, 4, 5, 6, 7)), Series("Другое", (0,) * 7, "muted")), ((1, 2),), "сбой"
)
GRID = Grid(
    "Охват", _columns(7), (Row("русский", (0, 0.2, 0.4, None, 0.8, 1, 1), (0, 1, 2, None, 4, 5, 66)),), "ничего", "всё", "нет данных"
)
TIMELINE = Timeline("Неделя", (Happening("22 ноября", "Петиция", 3), Happening("22 ноября", "Ответ")))


@pytest.mark.parametrize("figure", [BARS, GRID, TIMELINE])
def test_the_same_figure_gives_the_same_picture(figure: Figure) -> None:
    """As wide as a phone shows it, with no date in it."""
    picture = draw(figure)
    assert draw(figure) == picture
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (WIDTH,)
    assert not any(chunk in picture for chunk in (b"tEXt", b"iTXt", b"tIME"))


@pytest.mark.parametrize("figure", _largest(), ids=["bars", "grid", "timeline"])
def test_the_largest_pictures_are_small(figure: Figure) -> None:
    """150 kB at most, and no side that Telegram would refuse."""
    picture = draw(figure)
    assert len(picture) <= MOST_BYTES
    assert lay_out(figure).height < 3000


@pytest.mark.parametrize("figure", [BARS, GRID, TIMELINE, *_largest()])
def test_words_stay_on_the_paper_and_can_be_read(figure: Figure) -> None:
    """No line of text is smaller than 26 pixels or beyond an edge."""
    drawing = lay_out(figure)
    for words in (shape for shape in drawing.shapes if isinstance(shape, Words)):
        width = width_of(words.text, words.size, words.bold)
        start = words.x - {"left": 0.0, "center": width / 2, "right": width}[words.align]
        assert words.size >= SMALL
        assert start >= 0
        assert start + width <= WIDTH
        assert words.size * 0.7 < words.y < drawing.height - 4


def test_a_gap_and_a_cell_without_data_are_hatched() -> None:
    """With an entry of the legend that says so."""
    for figure, name in ((BARS, "сбой"), (GRID, "нет данных")):
        shapes = lay_out(figure).shapes
        assert len([shape for shape in shapes if isinstance(shape, Box) and shape.strokes]) == 2
        assert name in [shape.text for shape in shapes if isinstance(shape, Words)]


def test_numbers_are_written_where_there_is_room() -> None:
    """Above seven bars and into seven cells, not into sixty."""
    assert "66" in [shape.text for shape in lay_out(GRID).shapes if isinstance(shape, Words)]
    wide = Grid("x", _columns(60), (Row("x", (1.0,) * 60, (66,) * 60),), "", "", "")
    assert "66" not in [shape.text for shape in lay_out(wide).shapes if isinstance(shape, Words)]


def test_a_colour_used_twice_is_hatched_the_second_time() -> None:
    """So that two series are never alike."""
    figure = Bars("x", _columns(1), (Series("a", (1,)), Series("b", (1,)), Series("c", (1,))))
    assert [shape.strokes for shape in lay_out(figure).shapes if isinstance(shape, Box) and shape.color != PAPER][-3:] == [
        "",
        PAPER,
        "#1c222a",
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters() | st.sampled_from("$\\{}\n\u202e😀"), max_size=260), value=st.floats(0, 1e12))
def test_no_text_stops_a_picture(text: str, value: float) -> None:
    """Whatever the texts hold, they are drawn as they are."""
    share = value / 1e12
    assert draw(Bars(text, (Column(date(2026, 1, 1), text),), (Series(text, (value,)),), ((0, 0),), text))
    assert draw(Grid(text, (Column(date(2026, 1, 1), text),), (Row(text, (share,), (int(value),)),), text, text, text))
    assert draw(Timeline(text, (Happening(text, text, share + 1e-6),)))


def test_a_formula_is_no_formula() -> None:
    """Dollar signs are drawn: the words are as wide as their letters."""
    formula, sign, letter = (width_of(text, 29, bold=False) for text in ("$x$", "$", "x"))
    assert formula == pytest.approx(2 * sign + letter, abs=3)
    assert draw(Timeline("$x^{2}$", (Happening("", ""),))) != draw(Timeline("x2", (Happening("", ""),)))


def _run(raw: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "bot.charts"], input=raw, cwd=ROOT, capture_output=True, timeout=60, check=False)


def test_as_a_program() -> None:
    """JSON in, a PNG out; what is no figure is answered with a sentence and status 2."""
    assert _run(json.dumps(to_json(TIMELINE)).encode()).stdout == draw(TIMELINE)
    for raw in (b"", b"[1]", b'{"kind": "pie"}', b"\xff"):
        refused = _run(raw)
        assert (refused.returncode, refused.stdout) == (2, b"")
        assert refused.stderr.count(b"\n") == 1
