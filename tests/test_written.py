"""Every format says the same in its own way; a file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from bot.export.atom import atom
from bot.export.citing import bibtex, ris
from bot.export.json_feed import json_feed
from bot.export.rows import FIELDS, csv_rows, json_lines
from bot.export.written import appearing
from feeds.files import csv_records
from feeds.parse.syndication import parse_syndication
from storage.articles import Earlier
from storage.exporting import Exported, Original
from storage.records import StorageError

NOW = datetime(2023, 11, 7, 9, 30, tzinfo=UTC)
ORIGINAL = Original(1, '"o1"', "Пикет", "Пять женщин вышли.", NOW)
ARTICLE = Exported(
    article=-5,
    given_id="17",
    source="Herald & Co",
    publisher="Herald",
    standing="exile",
    url="https://herald.example/a?b=1&c=50%25_#x",
    title="100% {правды} & $5 <b>",
    text="Шесть женщин вышли.\nВторая строка.",
    published_at=NOW + timedelta(hours=1),
    first_seen_at=NOW + timedelta(hours=2),
    language="ru",
    topics=("protest", "way-home"),
    story=-9,
    original=ORIGINAL,
    copy_score=0.91239,
    wire="TASS",
    withdrawn_at=NOW + timedelta(days=1),
    revisions=(Earlier(-5, "Было", "Прежде.", NOW + timedelta(hours=3)),),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_json_lines() -> None:
    """All fields, with the tree of copies: of whom, how much later, and what is different."""
    (written,) = json_lines([ARTICLE])
    item = json.loads(written)
    assert tuple(item) == FIELDS
    assert (item["id"], item["article"], item["copy_of"], item["copy_of_id"], item["copy_delay"], item["copy_score"]) == (
        17,
        -5,
        1,
        "o1",
        7200,
        0.9124,
    )
    assert item["topics"] == ["protest", "way-home"]
    assert {"removed": "Пикет\nПять "} in item["copy_changes"]
    assert item["revisions"] == [{"replaced_at": "2023-11-07T12:30:00+00:00", "title": "Было", "text": "Прежде."}]
    assert (item["withdrawn"], item["published"]) == ("2023-11-08T09:30:00+00:00", "2023-11-07T10:30:00+00:00")


def test_csv() -> None:
    """The same fields; breaks are quoted, what isn't there is empty."""
    header, row = csv.reader(io.StringIO("".join(csv_rows([replace(ARTICLE, given_id=None, original=None)])), newline=""))
    cells = dict(zip(header, row, strict=True))
    assert tuple(header) == FIELDS
    assert (cells["id"], cells["article"], cells["text"], cells["copy_of"], cells["topics"]) == (
        "-5",
        "-5",
        ARTICLE.text,
        "",
        "protest way-home",
    )


@pytest.mark.parametrize("title", ["=1+1", "+7 900", "-5", "@home", "'=x", "\tx", "plain", "'tis"])
def test_formulas(title: str) -> None:
    """No spreadsheet takes a text for one, and an import reads it as it was."""
    written = "".join(csv_rows([replace(ARTICLE, title=title)]))
    _, row = csv.reader(io.StringIO(written, newline=""))
    assert row[FIELDS.index("title")][0] not in "=+-@\t"
    (record,) = csv_records(io.BytesIO(written.encode()), io.BytesIO())
    assert isinstance(record.raw, bytes)
    assert json.loads(record.raw)["title"] == title


def test_atom() -> None:
    """A feed that our own parser reads, with an identifier that stays, an author and a category for each topic."""
    text = "".join(atom([ARTICLE, replace(ARTICLE, title="", url="", published_at=None)], title="homefront", key="k", updated=NOW))
    root = ET.fromstring(text)  # noqa: S314 - our own writing
    entry = root.findall(f"{ATOM}entry")[0]
    assert entry.findtext(f"{ATOM}title") == ARTICLE.title
    assert entry.findtext(f"{ATOM}updated") == "2023-11-07T12:30:00+00:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Herald & Co"
    assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == ["protest", "way-home"]
    assert entry.findtext(f"{ATOM}content") == ARTICLE.text
    identities = [each.text for each in root.iter(f"{ATOM}id")]
    assert len(set(identities)) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each or "") for each in identities)
    assert [child.tag.removeprefix(ATOM) for child in root][:3] == ["id", "title", "updated"]


def test_json_feed() -> None:
    """Version 1.1, with what a reader of feeds shows."""
    feed = json.loads(json_feed([ARTICLE], title="homefront"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert (item["url"], item["authors"], item["tags"]) == (ARTICLE.url, [{"name": "Herald & Co"}], ["protest", "way-home"])
    assert item["date_modified"] == "2023-11-07T12:30:00+00:00"


def test_bibtex() -> None:
    """What means something to TeX is escaped, but for the address, which stands as it is."""
    (entry,) = bibtex([ARTICLE])
    assert entry.startswith("@online{homefrontm5,\n")
    assert r"  title = {{100\% \{правды\} \& \$5 <b>}}," in entry
    assert r"  organization = {{Herald \& Co}}," in entry
    assert "  url = {https://herald.example/a?b=1&c=50%25_#x}," in entry
    assert "  date = {2023-11-07},\n" in entry
    assert "  urldate = {2023-11-07},\n" in entry
    assert "  note = {withdrawn by 2023-11-08}\n}" in entry


def test_ris() -> None:
    """Each field on a line of its own, the type first and the end last."""
    (record,) = ris([ARTICLE])
    rows = record.split("\r\n")
    assert rows[0] == "TY  - ELEC"
    assert rows[-3:] == ["ER  - ", "", ""]
    assert {"DA  - 2023/11/07/", "UR  - https://herald.example/a?b=1&c=50%25_#x", "KW  - protest", "KW  - way-home"} <= set(rows)


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_it_says(title: str, text: str, source: str) -> None:
    """No text breaks a format: XML stays XML, braces stay balanced, lines stay lines."""
    article = replace(ARTICLE, title=title, text=text, source=source)
    root = ET.fromstring("".join(atom([article], title=title, key="k", updated=None)))  # noqa: S314 - our own writing
    assert len(root.findall(f"{ATOM}entry")) == 1
    (entry,) = bibtex([article])
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    (record,) = ris([article])
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", row) for row in record.split("\r\n") if row)
    assert len(list(csv.reader(io.StringIO("".join(csv_rows([article])), newline="")))) == 2
    assert json.loads("".join(json_lines([article])))["title"] == title


def test_a_feed_is_read_by_our_own_parser() -> None:
    """With title, address and time."""
    text = "".join(atom([replace(ARTICLE, title="100% {правды} & $5")], title="homefront", key="k", updated=NOW))
    (entry,) = parse_syndication(text, "https://homefront.example/").entries
    assert (entry.title, entry.published) == ("100% {правды} & $5", ARTICLE.published_at)


def test_a_file_that_is_whole(tmp_path: Path) -> None:
    """It stands under its name at the end, and nothing beside it."""
    with appearing(tmp_path / "out") as file:
        file.write(b"all")
        assert not (tmp_path / "out").exists()
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("out", b"all")]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_that_was_interrupted(tmp_path: Path, error: type[BaseException]) -> None:
    """The old one stays, and nothing of the new one."""
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(error), appearing(tmp_path / "out") as file:  # noqa: PT012 - the writing is what is interrupted
        file.write(b"half")
        raise error
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("out", b"old")]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    """One sentence says so."""
    with pytest.raises(StorageError, match="can't be written"), appearing(tmp_path / "no" / "out"):
        pass
