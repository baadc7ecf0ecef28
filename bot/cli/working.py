"""``homefront worker``: one more polling process on the same PostgreSQL."""

from __future__ import annotations

import asyncio
import sys

import typer

from bot import worker as program
from bot.cli.console import plain_errors
from bot.settings import Settings


def worker(context: typer.Context) -> None:
    """Poll beside other machines until stopped, on the PostgreSQL that they share. `homefront run` receives and sends."""
    settings: Settings = context.obj
    with plain_errors():
        asyncio.run(program.work(settings, _say_ready))


def _say_ready() -> None:
    sys.stdout.write("homefront worker is polling. Ctrl-C stops it.\n")
    sys.stdout.flush()
