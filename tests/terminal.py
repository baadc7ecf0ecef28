"""The command line without a process of its own, for the many cases; ``tests/world.py`` runs the real one."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from typer.testing import CliRunner

from bot.cli.main import cli
from storage.database import Database


@dataclass(frozen=True)
class Printed:
    """What a command ended with."""

    status: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[Any]:
        """The results as JSON lines."""
        return [json.loads(line) for line in self.stdout.splitlines()]


@dataclass(frozen=True)
class Terminal:
    """Somebody who types commands, with a data folder and a source list of their own."""

    data: Path
    sources: Path

    def with_database(self, blank: Path) -> Terminal:
        """The same terminal, with a copy of an empty database in its data folder, which is quicker than making one."""
        self.data.mkdir()
        shutil.copy(blank, self.data / "homefront.sqlite")
        return self

    def type(self, *words: str, given: str | bytes = "", **environment: str) -> Printed:
        """Run a command to its end; ``environment`` has settings without their prefix."""
        settings = {
            **{name: None for name in os.environ if name.startswith("HOMEFRONT_")},
            "HOMEFRONT_DATA_DIR": str(self.data),
            "HOMEFRONT_SOURCES": str(self.sources),
            "HOMEFRONT_ALLOW_PRIVATE_ADDRESSES": "1",
            "COLUMNS": "200",
            **{f"HOMEFRONT_{name}": value for name, value in environment.items()},
        }
        with _own_logging():
            result = CliRunner(env=settings).invoke(cli, list(words), input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Printed(result.exit_code, result.stdout, result.stderr)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database behind the commands."""
        database = Database(self.data / "homefront.sqlite")
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _own_logging() -> Iterator[None]:
    """Undo what a command does to logging, which is the whole process's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()
