"""Copies of the database: made while it is in use, put back, and checked for damage."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.records import StorageError


def backup(database: Database, file: Path) -> None:
    """Copy the database as it is at one moment to ``file``, which appears whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
        part.replace(file)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"The copy {file} can't be written: {error}.") from error


def restore(database: Database, file: Path) -> None:
    """Put the copy ``file`` in the database's place; nothing else may have the database open."""
    if not file.is_file():
        raise StorageError(f"There is no file {file}.")
    database.close()
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source, closing(sqlite3.connect(database.path)) as target:
            if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise StorageError(f"The copy {file} is damaged, so it was not restored.")
            source.backup(target)
    except sqlite3.Error as error:
        raise StorageError(f"{file} isn't a copy of a database: {error}.") from error


def check(database: Database) -> list[str]:
    """What is damaged, in SQLite's words; empty where all is sound."""
    with database.read() as connection:
        lines = [str(line) for line in connection.scalars(text("PRAGMA integrity_check(20)"))]
        broken = [
            f"{row[0]}: row {row[1]} refers to a missing row of {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))
        ]
    return [line for line in lines if line != "ok"] + broken
