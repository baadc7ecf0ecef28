"""Files of lines are read piece by piece, and each line is found again by its place."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, strategies as st

from feeds.files import csv_records, file_key, json_records, read_at
from feeds.lines import LONGEST_LINE, LineError

HEADER = "id,source,url,title,text,published,lang"
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _csv(text: str | bytes) -> list[dict[str, str] | str]:
    """The rows of a CSV file, or why they are refused, as they are read again."""
    stream, spool = io.BytesIO(text.encode() if isinstance(text, str) else text), io.BytesIO()
    records = list(csv_records(stream, spool))
    assert all(read_at(spool, each.offset) == each.raw for each in records if isinstance(each.raw, bytes))
    return [str(each.raw) if isinstance(each.raw, LineError) else json.loads(each.raw) for each in records]


def test_lines_are_found_again() -> None:
    """By their first byte, whatever ends them; blank ones don't count, but their numbers do."""
    stream = io.BytesIO(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{"a": 2}\n{"a": 3}')
    records = list(json_records(stream))
    assert [each.number for each in records] == [1, 4, 5]
    assert [read_at(stream, each.offset) for each in records] == [each.raw for each in records]


def test_a_line_that_is_too_long() -> None:
    """It is refused, and the lines behind it are read."""
    records = list(json_records(io.BytesIO(b"x" * (LONGEST_LINE + 5) + b'\n{"a": 1}\n')))
    assert [(each.number, type(each.raw)) for each in records] == [(1, LineError), (2, bytes)]


def test_a_file_is_known_by_its_bytes() -> None:
    """And by its format, since the same bytes mean something else in another."""
    one, other = io.BytesIO(b"a"), io.BytesIO(b"b")
    assert len({file_key(one, "jsonl"), file_key(other, "jsonl"), file_key(one, "csv"), file_key(one, "jsonl")}) == 3


def test_rows() -> None:
    """Quoted cells may have quotation marks, delimiters and breaks; a row has the number of its first line."""
    stream, spool = io.BytesIO(f'{HEADER}\n1,S,u,"A ""b"", c","x\ny",d,ru\n\n2,S,u,t,x,d,ru\n'.encode()), io.BytesIO()
    records = list(csv_records(stream, spool))
    assert [each.number for each in records] == [2, 5]
    assert isinstance(records[0].raw, bytes)
    assert json.loads(records[0].raw) == {
        "id": "1", "source": "S", "url": "u", "title": 'A "b", c', "text": "x\ny", "published": "d", "lang": "ru",
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write(delimiter: str) -> None:
    """With the mark of the byte order, the delimiter of the country, and line ends of Windows."""
    text = "\ufeff" + "\r\n".join(delimiter.join(row) for row in (["URL", "Title", "Text", "Published"], ["u", "t", "x", "d"]))
    assert _csv(text) == [{"url": "u", "title": "t", "text": "x", "published": "d"}]


def test_a_missing_column() -> None:
    """Without the columns that every line needs nothing can be read."""
    with pytest.raises(LineError, match="no “published” among them"):
        _csv("url,title,text\n1,2,3\n")


def test_bad_rows() -> None:
    """They are refused one by one; the others are read."""
    rows = [f"{HEADER}\n".encode(), b"1,2\n", b'1,S,u,"t"x,x,d,ru\n', b"1,S,u,\xff,x,d,ru\n", b"9,S,u,t,x,d,ru\n"]
    found = _csv(b"".join(rows))
    assert [each if isinstance(each, str) else each["id"] for each in found] == [
        "it has 2 fields, and the first line names 7",
        "it isn't CSV: ',' expected after '\"'",
        "its bytes aren't text in UTF-8",
        "9",
    ]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS).filter(any), max_size=5))
def test_whatever_a_cell_holds(rows: list[tuple[str, ...]]) -> None:
    """A row that was written by the rules is read as it was, but for the apostrophe that guards a formula."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("url", "title", "text", "published"), *rows])
    found = _csv(written.getvalue())
    assert len(found) == len(rows)
    for row, read in zip(rows, found, strict=True):
        assert isinstance(read, dict)
        assert [cell for cell, mine in zip(read.values(), row, strict=True) if mine not in {cell, f"'{cell}"}] == []


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_refused(raw: bytes) -> None:
    """Nothing else comes of them."""
    _csv(HEADER.encode() + b"\n" + raw)
