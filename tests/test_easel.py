"""Drawing in a process of its own: what it is told, and how it ends."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.pictures.easel import DrawingError, DrawingStoppedError, Easel
from bot.pictures.figures import Happening, Timeline, to_json

CHART = to_json(Timeline("Week", (Happening("22 Nov", "A petition"),)))
PNG = "sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n' + repr({}).encode())"


def _program(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", f"import os, sys, time; {code}"


async def test_a_picture_comes_back() -> None:
    """As it was drawn."""
    assert (await Easel().draw(CHART)).startswith(b"\x89PNG")


async def test_it_is_told_nothing_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Least of all the token."""
    monkeypatch.setenv("HOMEFRONT_TELEGRAM_TOKEN", "1:secret")
    monkeypatch.setenv("OTHER", "kept")
    told = await Easel(_program(PNG.format("dict(os.environ)"))).draw(CHART)
    assert b"kept" in told
    assert b"secret" not in told


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("sys.exit('first\\nno ink')", "^no ink$"),
        ("print('no picture')", "nothing was drawn"),
        ("os.close(0); os.abort()", "nothing was drawn"),
        ("time.sleep(60)", "longer than 0 s"),
    ],
)
async def test_what_is_not_drawn_is_an_error(code: str, problem: str) -> None:
    """With the last thing that was said about it."""
    with pytest.raises(DrawingError, match=problem):
        await Easel(_program(code), patience=0.4 if "sleep" in code else 20).draw(CHART)


async def test_stopping_ends_what_is_being_drawn() -> None:
    """At whatever moment, and nothing is drawn afterwards."""
    for pause in (0.0, 0.001, 0.05, 0.3):
        easel = Easel(_program("time.sleep(60)"))
        drawing = asyncio.create_task(easel.draw(CHART))
        await asyncio.sleep(pause)
        easel.stop()
        with pytest.raises(DrawingStoppedError):
            await drawing
        with pytest.raises(DrawingStoppedError):
            await easel.draw(CHART)
