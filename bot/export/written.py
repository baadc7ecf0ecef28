"""A selection of the archive written somewhere: in which format, how many, and the checksum that lets others reproduce the count."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from bot.export.atom import atom
from bot.export.citing import bibtex, ris
from bot.export.rows import csv_rows, json_lines
from storage import exporting
from storage.exporting import Exported
from storage.records import StorageError


class Format(StrEnum):
    """What articles can be written as."""

    JSONL = "jsonl"
    CSV = "csv"
    ATOM = "atom"
    BIBTEX = "bibtex"
    RIS = "ris"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles: those that ``query`` finds, all where it is empty; ``unmatched``: also those about no topic."""

    query: str
    unmatched: bool
    form: Format


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export says about itself. ``sha256`` is that of its bytes; ``articles`` how many it has."""

    query: str
    all: bool
    format: str
    articles: int
    sha256: str
    exported_at: str
    homefront: str


def write(connection: Connection, selection: Selection, target: IO[bytes], exported_at: str) -> Manifest:
    """Write a selection as the archive is now, piece by piece. QueryError where its query can't be read."""
    counted, hashed = _Counted(), sha256()
    articles = counted.through(exporting.read(connection, _ids(connection, selection)))
    for piece in _pieces(connection, selection, articles):
        raw = piece.encode("utf-8", "replace")
        hashed.update(raw)
        target.write(raw)
    target.flush()
    written = (selection.form.value, counted.count, hashed.hexdigest(), exported_at, _version())
    return Manifest(selection.query, selection.unmatched, *written)


def as_json(manifest: Manifest) -> str:
    """A manifest as the text of a file."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n"


@contextmanager
def appearing(file: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name once the block has ended well, whole, and otherwise not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", suffix=".part", delete=False) as part:
            try:
                yield part
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o666 & ~_umask())
                Path(part.name).replace(file)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StorageError(f"The file {file} can't be written: {error.strerror}.") from error


class _Counted:
    """Counts what goes through it."""

    def __init__(self) -> None:
        self.count = 0

    def through(self, articles: Iterable[Exported]) -> Iterator[Exported]:
        for article in articles:
            self.count += 1
            yield article


def _pieces(connection: Connection, selection: Selection, articles: Iterable[Exported]) -> Iterator[str]:
    match selection.form:
        case Format.CSV:
            return csv_rows(articles)
        case Format.BIBTEX:
            return bibtex(articles)
        case Format.RIS:
            return ris(articles)
        case Format.ATOM:
            updated = exporting.last_change(connection, _ids(connection, selection))
            key = f"export {selection.query} {selection.unmatched}"
            return atom(articles, title=f"homefront: {selection.query}" if selection.query else "homefront", key=key, updated=updated)
    return json_lines(articles)


def _ids(connection: Connection, selection: Selection) -> Iterator[int]:
    if selection.query:
        return exporting.matching_ids(connection, selection.query, unmatched=selection.unmatched)
    return exporting.every_id(connection, unmatched=selection.unmatched)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _version() -> str:
    try:
        return version("homefront")
    except PackageNotFoundError:
        return "unknown"
