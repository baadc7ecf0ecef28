"""Files of articles for the chat, written just before they are sent: so many of the newest, so many bytes at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.export.citing import bibtex, ris
from bot.export.rows import csv_rows, json_lines
from bot.subjects import Subjects
from storage import exporting, search
from storage.database import Database
from storage.exporting import Exported
from storage.query import parse

MOST_ARTICLES = 5_000
MOST_BYTES = 20_000_000  # Telegram takes 50 MB from a bot, and gives 20 MB back to one
# For each form its ending, its first bytes and what writes it. Spreadsheets take a file for UTF-8 by its first bytes.
_FORMS: Mapping[str, tuple[str, bytes, Callable[[Iterable[Exported]], Iterable[str]]]] = {
    "csv": ("csv", b"\xef\xbb\xbf", csv_rows),
    "jsonl": ("jsonl", b"", json_lines),
    "bibtex": ("bib", b"", bibtex),
    "ris": ("ris", b"", ris),
}


@dataclass(frozen=True, slots=True)
class Files:
    """Writes files. ``subjects`` gives the topics that a query may name."""

    database: Database
    subjects: Callable[[], Subjects]

    def write(self, wanted: Mapping[str, Any]) -> tuple[str, bytes]:
        """The name and content of the file that a letter asks for. QueryError where its query can't be read any more."""
        query, form = parse(str(wanted.get("query", ""))), str(wanted.get("form", ""))
        with self.database.read() as connection:
            numbers = search.numbers(connection, query, topics=self.subjects().sought, limit=MOST_ARTICLES)
            articles = exporting.read(connection, numbers)
            ending, start, pieces = _FORMS.get(form, _FORMS["jsonl"])
            return f"homefront.{ending}", start + bounded(pieces(articles), MOST_BYTES)


def bounded(pieces: Iterable[str], most: int) -> bytes:
    """As many whole pieces as so many bytes hold."""
    written = bytearray()
    for piece in pieces:
        raw = piece.encode("utf-8", "replace")
        if len(written) + len(raw) > most:
            break
        written += raw
    return bytes(written)
