"""/export in chat: what is offered, and the file that is written for it."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pytest

from bot.files import Files, bounded
from bot.lookout import Watched
from storage.database import Database
from tests.building import admit, arrival, event, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation, with an archive of three articles."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"Пикет {n}", text=event(n)) for n in range(3)]
        admit(connection, now, *batch)
    return Talk(database, watched, now)


def test_a_file_by_buttons(talk: Talk) -> None:
    """A search is counted and offered as four kinds of file; a press sends the one, with the search that stands in the message."""
    offered = talk.write("/export Пикет")
    assert "3 articles" in said(offered)
    assert buttons(offered) == [f"export {form}" for form in ("csv", "jsonl", "bibtex", "ris")]
    call = talk.press("export jsonl", quoted="Пикет")[-1]
    assert call["method"] == "sendDocument"
    name, content = Files(talk.database, lambda: talk.watched.subjects).write(call["document"]["export"])
    assert name == "homefront.jsonl"
    assert {json.loads(line)["title"] for line in content.decode().splitlines()} == {"Пикет 0", "Пикет 1", "Пикет 2"}


def test_a_topic_as_a_spreadsheet(talk: Talk) -> None:
    """Without a search topics are offered; the file begins with what tells a spreadsheet that it is UTF-8."""
    topic = next(data for data in buttons(talk.write("/export")) if data.endswith("way-home"))
    offered = talk.press(topic)
    assert "topic:way-home" in said(offered)
    _, content = Files(talk.database, lambda: talk.watched.subjects).write({"query": "topic:way-home", "form": "csv"})
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["Пикет 2", "Пикет 1", "Пикет 0"]


@pytest.mark.parametrize(("days", "count"), [("2026-11", "3 articles"), ("2026", "3 articles"), ("30д", "3 articles"), ("2025", "Nothing")])
def test_a_month_of_a_topic(talk: Talk, days: str, count: str) -> None:
    """Days at the end are those of the file, as in /trend; they stand in the message as the fields of a search."""
    answer = said(talk.write(f"/export Way Home {days}"))
    assert count in answer
    assert "Way Home after:20" in answer


@pytest.mark.parametrize(("form", "name", "begins"), [("bibtex", "homefront.bib", b"@online{"), ("ris", "homefront.ris", b"TY  - ")])
def test_as_references(talk: Talk, form: str, name: str, begins: bytes) -> None:
    """For those who cite."""
    found, content = Files(talk.database, lambda: talk.watched.subjects).write({"query": "topic:way-home", "form": form})
    assert found == name
    assert content.startswith(begins)


def test_a_file_is_bounded() -> None:
    """It ends before the piece that it has no room for."""
    assert bounded(["ая\n", "bb\n", "c" * 9, "d"], 9) == "ая\nbb\n".encode()


@pytest.mark.parametrize("typed", ["nothinglikethis", "topic:xyz", "after:yesterday-ish", "(", "a" * 400, "<b>"])
def test_what_gives_no_file(talk: Talk, typed: str) -> None:
    """It is answered in words, without a file."""
    calls = talk.write(f"/export {typed}")
    assert said(calls)
    assert all(call["method"] != "sendDocument" for call in calls)


def test_an_old_button(talk: Talk) -> None:
    """A press on a message whose search is gone is a word, not an error."""
    assert talk.press("export csv")[0]["text"]
