"""The command line: ``homefront …``. Results go to stdout, everything else to stderr; exit status 0, 1 (failed) or 2 (the call was wrong)."""

from bot.cli.main import main

__all__ = ["main"]
