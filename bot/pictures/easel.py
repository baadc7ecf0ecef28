"""Draws a picture in a process of its own: the bot's process never holds what drawing needs, and nothing waits for it but the picture."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.records import HomefrontError

PATIENCE = 20.0
_PNG = b"\x89PNG\r\n\x1a\n"
_ROOT = Path(__file__).parents[2]


class DrawingError(HomefrontError):
    """A picture couldn't be drawn."""


class DrawingStoppedError(DrawingError):
    """The program ends; the picture can be drawn another time."""


@dataclass(slots=True)
class Easel:
    """Starts ``command`` for a picture, which reads a figure as JSON and writes a PNG, in at most ``patience`` seconds."""

    command: tuple[str, ...] = (sys.executable, "-m", "bot.charts")
    patience: float = PATIENCE
    _process: Process | None = None
    _stopped: bool = False

    def stop(self) -> None:
        """Draw nothing more, and end what is being drawn."""
        self._stopped = True
        self._end()

    async def draw(self, chart: Mapping[str, Any]) -> bytes:
        """The picture of a figure as JSON values, as a PNG; DrawingError where there is none, DrawingStoppedError where it was given up."""
        try:
            picture, complaint = await self._run(json.dumps(chart).encode())
        except TimeoutError:
            raise DrawingError(f"drawing took longer than {self.patience:.0f} s") from None
        except OSError as error:
            raise DrawingError(f"drawing could not be started: {error}") from error
        if self._stopped:
            raise DrawingStoppedError("stopped before the picture was drawn")
        if not picture.startswith(_PNG):
            raise DrawingError(complaint.decode(errors="replace").strip().rpartition("\n")[2] or "nothing was drawn")
        return picture

    async def _run(self, figure: bytes) -> tuple[bytes, bytes]:
        if self._stopped:
            return b"", b""
        process = await asyncio.create_subprocess_exec(*self.command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=_ROOT, env=_environment())
        self._process = process
        try:
            if self._stopped:
                self._end()
            async with asyncio.timeout(self.patience):
                return await process.communicate(figure)
        finally:
            self._end()
            await process.wait()
            self._process = None

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


def _environment() -> dict[str, str]:
    """What drawing may know: nothing of the bot's settings, whose token it has no use for."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HOMEFRONT_")}
