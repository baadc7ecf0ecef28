"""The list of the commands, which have files of their own, and what all of them begin with."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import UserDict
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from bot import log
from bot.cli.console import plain_errors
from bot.settings import read_settings

# Where each command is: a function, or a Typer with commands of its own.
COMMANDS = {
    "run": "bot.cli.running:run",
    "worker": "bot.cli.working:worker",
    "poll": "bot.cli.polling:poll",
    "match": "bot.cli.matching:match",
    "explain": "bot.cli.watching:explain",
    "rematch": "bot.cli.rematching:rematch",
    "import": "bot.cli.importing:import_",
    "export": "bot.cli.exporting:export",
    "search": "bot.cli.archive:search",
    "digest": "bot.cli.archive:digest",
    "sources": "bot.cli.sources:cli",
    "watchlist": "bot.cli.watching:cli",
    "story": "bot.cli.stories:cli",
    "db": "bot.cli.database:cli",
}
COLLECTED_AFTER = (50_000, 20, 100)
_MOST_HEAPS = -8  # M_ARENA_MAX of glibc's malloc.h
# Words that begin with a dash are left out of a search; they aren't options.
_SETTINGS = {"search": {"ignore_unknown_options": True}, "export": {"ignore_unknown_options": True}}


class _Commands(UserDict[str, Any]):
    """The commands by name, each loaded when it is asked for: loading them all takes longer than most of them run."""

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = self.data[name].partition(":")
        found = getattr(import_module(module), attribute)
        # What is loaded stays to the end. Looking through it for cycles then took a fifth of a poll without news.
        gc.freeze()
        if isinstance(found, typer.Typer):
            command = get_group(found)
            command.name = name
            return command
        alone = typer.Typer(add_completion=False)
        alone.command(name, context_settings=_SETTINGS.get(name))(found)
        return get_command(alone)


class _Group(TyperGroup):
    """The program as a group of commands that aren't loaded yet."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(COMMANDS)


cli = typer.Typer(
    cls=_Group,
    help="A monitor for news about Russian soldiers’ wives, mothers and widows, and about mobilisation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@cli.callback()
def begin(context: typer.Context, *, verbose: Annotated[bool, typer.Option(help="Log more.")] = False) -> None:
    """Read the settings and set up logging."""
    with plain_errors():
        context.obj = read_settings()
    log.configure(context.obj.log_format, verbose=verbose)


def main() -> None:
    """Run the command line."""
    # What people paste may hold half of a surrogate pair; printing it must not end the program.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # the interpreter's own streams can
    # The watchlist's objects stay for good, and a batch of articles makes as many that don't: looking through all of them for cycles as
    # often as Python does by itself took an eighth of a poll.
    gc.set_threshold(*COLLECTED_AFTER)
    _share_one_heap()
    cli()


def _share_one_heap() -> None:
    """Have all threads take memory from one heap, where that can be said: of glibc's one for each, a poll took 24 MB that stood empty."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MOST_HEAPS, 1)
