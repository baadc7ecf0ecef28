"""Files of lines: JSON lines, or CSV whose rows become such lines, read piece by piece however long they are.

Not here: what a line means (``feeds/lines.py``).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO

from feeds.lines import LONGEST_LINE, NEEDED, LineError

KEY_BYTES = 16
_PIECE = 1 << 20
_DELIMITERS = (",", ";", "\t")  # comma first: where all fit equally, it is a comma
# A sign in front of which an export puts an apostrophe, so that no spreadsheet takes a cell for a formula.
GUARDED = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Record:
    """A line's number in its file, and its bytes or what is wrong with it. ``offset``: where it stands in the file that is read again."""

    number: int
    offset: int
    raw: bytes | LineError


def file_key(stream: BinaryIO, form: str) -> bytes:
    """The hash that a file is known by, of all its bytes and its format."""
    hashed = blake2b(form.encode(), digest_size=KEY_BYTES)
    stream.seek(0)
    while piece := stream.read(_PIECE):
        hashed.update(piece)
    return hashed.digest()


def json_records(stream: BinaryIO) -> Iterator[Record]:
    """The lines of a file of JSON lines that aren't blank."""
    for record in _lines(stream):
        if isinstance(record.raw, LineError) or record.raw.strip().strip(b"\xef\xbb\xbf"):
            yield record


def csv_records(stream: BinaryIO, spool: BinaryIO) -> Iterator[Record]:
    """The rows of a CSV file as JSON lines, which are written to ``spool``: offsets are places in it. LineError without the columns."""
    csv.field_size_limit(LONGEST_LINE)
    lines = _CsvLines(stream)
    first = next(iter(lines), "")
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip().strip('"').lower() for name in first.removeprefix("\ufeff").rstrip("\r\n").split(delimiter)]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise LineError(f"The first line of a CSV file names its columns, and there is no “{missing[0]}” among them.")
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        # A row may have several lines; it is named by its first.
        number, offset = lines.number + 1, spool.tell()
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, LineError) as error:
            yield Record(number, offset, LineError(f"it isn't CSV: {error}"))
            continue
        if row:
            raw = _as_json(header, row)
            yield Record(number, offset, raw)
            if isinstance(raw, bytes):
                spool.write(raw)


def read_at(stream: BinaryIO, offset: int) -> bytes:
    """The line that begins at that byte."""
    stream.seek(offset)
    return stream.readline(LONGEST_LINE + 1)


def _as_json(header: list[str], row: list[str]) -> bytes | LineError:
    if len(row) != len(header):
        return LineError(f"it has {len(row)} fields, and the first line names {len(header)}")
    try:
        cells = {name: cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell for name, cell in zip(header, row, strict=True)}
        "".join(row).encode()
    except UnicodeEncodeError:
        return LineError("its bytes aren't text in UTF-8")
    return json.dumps(cells).encode() + b"\n"


class _CsvLines:
    """The lines of a file as text; a bad byte becomes half a surrogate pair, so that its row alone is refused."""

    def __init__(self, stream: BinaryIO) -> None:
        self._records = _lines(stream)
        self.number = 0

    def __iter__(self) -> _CsvLines:
        return self

    def __next__(self) -> str:
        record = next(self._records)
        self.number = record.number
        if isinstance(record.raw, LineError):
            raise record.raw
        return record.raw.decode("utf-8", "surrogateescape")


def _lines(stream: BinaryIO) -> Iterator[Record]:
    """Every line with its number and offset; of one that is too long no more than a piece is held at a time."""
    stream.seek(0)
    number = offset = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        length = len(raw)
        too_long = length > LONGEST_LINE
        while too_long and not raw.endswith(b"\n") and (raw := stream.readline(_PIECE)):
            length += len(raw)
        yield Record(number, offset, LineError(f"it is longer than {LONGEST_LINE:,} bytes") if too_long else raw)
        offset += length
