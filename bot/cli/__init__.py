"""The command line, ``homefront …``: results to stdout, all else to stderr; exit status 0, 1 (it failed) or 2 (the call was wrong)."""

from bot.cli.main import main

__all__ = ["main"]
