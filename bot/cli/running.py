"""``homefront run``: everything in one process."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import app as program
from bot.cli.console import plain_errors
from bot.demo.program import run_demo
from bot.settings import Settings


def run(
    context: typer.Context, *, demo: Annotated[bool, typer.Option(help="Serve sample sources, so that no network is needed.")] = False
) -> None:
    """Poll, answer and send until stopped. Without HOMEFRONT_TELEGRAM_TOKEN a local chat page takes Telegram's place."""
    settings: Settings = context.obj
    with plain_errors():
        asyncio.run(run_demo(settings) if demo else program.run(settings, ready=program.say_ready))
