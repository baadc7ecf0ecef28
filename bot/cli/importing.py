"""``homefront import``: a corpus of articles, from JSON lines or CSV into the archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress

from bot import lookout
from bot.cli.console import FAILED, WRONG, errors, fail, note, plain_errors, print_json
from bot.clock import SystemClock
from bot.settings import Settings
from feeds import catalog
from feeds.importing import Imported, Importer, Watcher
from storage import sources
from storage.records import StorageError
from storage.upgrade import opened

_SHOWN = 20  # refused lines on stderr


class Format(StrEnum):
    """How articles are written in a file."""

    JSONL = "jsonl"
    CSV = "csv"


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The file, or - for standard input.")],
    *,
    form: Annotated[Format | None, typer.Option("--format", help="By default csv for a file named so, else jsonl.")] = None,
    subject_only: Annotated[
        bool, typer.Option("--subject-only", help="Look for copies and stories only among what is on the topics or watched; faster.")
    ] = False,
    rejects: Annotated[Path | None, typer.Option(help="Write every refused line's number and reason to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Put articles into the archive: a line {id?, source?, url, title, text, published, lang?} each, or a CSV row with such columns.

    Stopping it loses nothing: run it again to go on. What is there already isn't added again. The exit status is 1 where every line was
    refused.
    """
    settings: Settings = context.obj
    written = form or (Format.CSV if file.lower().endswith(".csv") else Format.JSONL)
    with plain_errors(), ExitStack() as stack:
        stream = stack.enter_context(_opened(file))
        refusals = stack.enter_context(_Refusals.kept(rejects))
        database = stack.enter_context(opened(settings.database))
        stack.enter_context(database.held())
        now = SystemClock().now()
        with database.write() as connection:
            sources.keep_catalog(connection, catalog.load(settings.sources), now)
        recogniser = lookout.late_recogniser(settings, database)()
        progress = stack.enter_context(Progress(console=errors, transient=True, disable=not errors.is_terminal))
        importer = Importer(database, recogniser, now, not subject_only, _watcher(progress, stream, refusals))
        try:
            counts = importer.run(stream, written)
        except KeyboardInterrupt:
            raise fail("Stopped. What was stored stays; run it again to go on.", FAILED) from None
    refusals.conclude()
    if as_json:
        print_json(asdict(counts))
    else:
        typer.echo(_in_words(counts))
    if counts.lines and counts.refused == counts.lines:
        raise typer.Exit(FAILED)


def _in_words(counts: Imported) -> str:
    return (
        f"Lines read: {counts.lines:,}, refused: {counts.refused:,}. New articles: {counts.new:,} (on our topics: {counts.matched:,}, "
        f"copies: {counts.copies:,}), known: {counts.known:,}, revised: {counts.revised:,}."
    )


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below, where the errors of reading it aren't those of opening it
    except (OSError, ValueError) as error:
        raise fail(f"The file {file[:200]} can't be read: {getattr(error, 'strerror', error)}.", WRONG) from error
    with stream:
        yield stream


class _Refusals:
    """Refused lines: the first are shown, all are written to a file that was asked for."""

    def __init__(self, file: Path | None) -> None:
        self._file = file.open("w", encoding="utf-8", errors="replace") if file else None
        self.count = 0

    @classmethod
    @contextmanager
    def kept(cls, file: Path | None) -> Iterator[_Refusals]:
        """Refusals whose file is closed at the end."""
        try:
            made = cls(file)
        except OSError as error:
            raise StorageError(f"The file {file} can't be written: {error.strerror}.") from error
        try:
            yield made
        finally:
            if made._file:
                made._file.close()

    def add(self, number: int, reason: str) -> None:
        """Note a refused line."""
        self.count += 1
        if self._file:
            self._file.write(f"{number}\t{' '.join(reason.split())}\n")
        if self.count <= _SHOWN:
            note(f"Line {number} is refused: {reason}.")

    def conclude(self) -> None:
        """Say how many weren't shown."""
        if self.count > _SHOWN:
            note(f"{self.count - _SHOWN:,} more lines are refused" + ("." if self._file else "; --rejects FILE lists them all."))


def _watcher(progress: Progress, stream: BinaryIO, refusals: _Refusals) -> Watcher:
    size = stream.seek(0, 2) if stream.seekable() else None
    reading, storing = progress.add_task("Reading", total=size), progress.add_task("Storing", total=None, visible=False)

    def stored(done: int, of: int) -> None:
        progress.update(reading, visible=False)
        progress.update(storing, completed=done, total=of, visible=True)

    return Watcher(refusals.add, lambda offset: progress.update(reading, completed=offset), stored)
