"""``homefront export``: a selection of the archive as a file that others can read, sift and cite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.console import note, plain_errors
from bot.clock import SystemClock
from bot.export.written import Format, Manifest, Selection, appearing, as_json, write
from bot.settings import Settings
from storage.records import StorageError
from storage.upgrade import opened


def export(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="What to look for, as in a search; by default everything.")] = None,
    *,
    unmatched: Annotated[bool, typer.Option("--all", help="Also items about none of the topics.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write them.")] = Format.JSONL,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write, with FILE.meta.json beside it.")] = None,
) -> None:
    """Write articles in the order of their numbers, with copies, stories and revisions; say with which query, how many, and their SHA-256.

    The same archive and query give the same bytes. A file appears whole or not at all.
    """
    settings: Settings = context.obj
    selection = Selection(" ".join(query or ()).strip(), unmatched, form)
    with plain_errors(), opened(settings.database) as database, database.read() as connection:
        manifest = _to_file(connection, selection, output) if output else _to_stdout(connection, selection)
    asked = f"query “{manifest.query}”" if manifest.query else "no query"
    note(f"{manifest.articles:,} articles, {asked}, {'all items' if manifest.all else 'on the topics'}. SHA-256 {manifest.sha256}")


def _to_stdout(connection: Connection, selection: Selection) -> Manifest:
    return write(connection, selection, sys.stdout.buffer, _now())


def _to_file(connection: Connection, selection: Selection, file: Path) -> Manifest:
    if file.is_dir():
        raise StorageError(f"The file {file} can't be written: that is a folder.")
    with appearing(file) as target:
        manifest = write(connection, selection, target, _now())
    with appearing(file.with_name(f"{file.name}.meta.json")) as target:
        target.write(as_json(manifest).encode())
    return manifest


def _now() -> str:
    return SystemClock().now().isoformat(timespec="seconds")
