"""``homefront run`` and the list of the other commands, which have files of their own."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot import app as program, log
from bot.cli import archive, database, matching, polling, rematching, sources, watching
from bot.cli.console import plain_errors
from bot.demo.program import run_demo
from bot.settings import Settings, read_settings

cli = typer.Typer(
    help="A monitor for news about Russian soldiers’ wives, mothers and widows, and about mobilisation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.add_typer(sources.cli, name="sources")
cli.add_typer(watching.cli, name="watchlist")
cli.add_typer(database.cli, name="db")


@cli.callback()
def begin(context: typer.Context, *, verbose: Annotated[bool, typer.Option(help="Log more.")] = False) -> None:
    """Read the settings and set up logging."""
    with plain_errors():
        context.obj = read_settings()
    log.configure(context.obj.log_format, verbose=verbose)


@cli.command()
def run(
    context: typer.Context, *, demo: Annotated[bool, typer.Option(help="Serve sample sources, so that no network is needed.")] = False
) -> None:
    """Poll, answer and send until stopped. Without HOMEFRONT_TELEGRAM_TOKEN a local chat page takes Telegram's place."""
    settings: Settings = context.obj
    with plain_errors():
        asyncio.run(run_demo(settings) if demo else program.run(settings, ready=program.say_ready))


cli.command("poll")(polling.poll)
cli.command("match")(matching.match)
cli.command("explain")(watching.explain)
cli.command("rematch")(rematching.rematch)
# Words that begin with a dash are left out of a search; they aren't options.
cli.command("search", context_settings={"ignore_unknown_options": True})(archive.search)
cli.command("digest")(archive.digest)


def main() -> None:
    """Run the command line."""
    # What people paste may hold half of a surrogate pair; printing it must not end the program.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # the interpreter's own streams can
    cli()
