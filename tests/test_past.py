"""What was imported lies below zero, where no cursor meets it, and is found all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.lookout import Watched
from feeds.importing import Importer
from storage import archive, articles, past
from storage.database import Database
from storage.tables import Article, table
from tests.building import admit, arrival, event, listed
from tests.corpora import json_file, line
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime, tmp_path: Path) -> Talk:
    """A conversation about an archive of three imported articles: two on the subject, of 2023, and one on nothing."""
    file = json_file(tmp_path / "corpus.jsonl", [line(0), line(1), line(2)])
    with file.open("rb") as stream:
        Importer(database, watched.recogniser, now).run(stream, "jsonl")
    return Talk(database, watched, now)


def test_numbers(database: Database, now: datetime) -> None:
    """Each file has its own below those before, and gets the same again."""
    with database.write() as connection:
        assert past.known_block(connection, b"a" * 16) is None
        one, other = past.reserve(connection, b"a" * 16, 3, now), past.reserve(connection, b"b" * 16, 2, now)
        assert ((one.first, one.count), (other.first, other.count)) == ((-3, 3), (-5, 2))
        assert past.known_block(connection, b"a" * 16) == one
        assert past.reserve(connection, b"a" * 16, 4, now).first == -9
        assert archive.latest(connection) == 0


def test_what_is_there(database: Database, now: datetime) -> None:
    """With its time and the story that it belongs to."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald), arrival(herald, url="https://herald.example/2", topics=(), text="Иное."))
        assert past.stored(connection, [1, 2, 3]) == {1: (now, 1), 2: (now, None)}


def test_what_is_read_along(database: Database, now: datetime) -> None:
    """What was told in the same days, oldest first and once, from a moment on; neither copies nor what has no story."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for day in range(40):
            topics = () if day == 20 else ("way-home",)
            report = arrival(herald, url=f"https://herald.example/{day}", title=event(f"title {day}"), text=event(day), topics=topics)
            admit(connection, now + timedelta(day), report)
        block = past.reserve(connection, b"a" * 16, 3, now)
        (polled,) = past.stretches(connection, block, now + timedelta(18))
        assert [number for _, number in past.read_on(connection, polled, now + timedelta(21))] == [19, 20, 22]
        assert list(past.read_on(connection, polled, now + timedelta(21, hours=23))) == []
        assert list(past.read_on(connection, polled, now + timedelta(22))) == [(now + timedelta(22), 23)]
        assert [number for _, number in past.read_on(connection, polled, now + timedelta(100))] == list(range(24, 41))
        assert [
            each for stretch in past.stretches(connection, block, now + timedelta(50)) for each in past.read_on(connection, stretch, now)
        ] == []


def test_a_story(talk: Talk) -> None:
    """It is shown by its number, also where it is about no topic."""
    for number in (-3, -2):
        assert "Sample Gazette (of unknown standing)" in said(talk.write(f"/story {number}"))


def test_operators_put_it_right(talk: Talk) -> None:
    """By numbers below zero as by others."""
    talk.operators = frozenset({1001})
    assert "They are one story now: -3" in said(talk.write("/story merge -1 -3"))
    shown = talk.write("/story -3")
    assert "story detach -1" in buttons(shown)
    assert "It is a story of its own now: -1" in said(talk.press("story detach -1"))


def test_an_explanation(talk: Talk) -> None:
    """An article below zero is explained when it is pressed."""
    assert "Образец" in said(talk.press("why -3"))


def test_a_trend_and_a_timeline(talk: Talk) -> None:
    """Of the days that the articles are of, by standing too."""
    for command in ("/trend families standing 2023", "/timeline families 2023"):
        (call,) = [call for call in talk.write(command) if call["method"] == "sendPhoto"]
        assert "families" in call["caption"].lower() or "famil" in call["caption"].lower()


def test_no_digest(talk: Talk) -> None:
    """A reader who asks for all that is new gets nothing of it."""
    talk.write("/subscribe families")
    assert "Nothing new on your topics yet." in said(talk.write("/digest"))


def test_walking_over_everything(talk: Talk, now: datetime) -> None:
    """From before all numbers on, what is below zero comes first."""
    with talk.database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now + timedelta(1), arrival(herald))
        assert [each.id for each in articles.read_after(connection, articles.BEFORE_ALL, 10)] == [-3, -2, -1, 1]
        assert list(connection.scalars(select(table(Article).c.given_id).order_by(table(Article).c.id))) == ['"a0"', '"a1"', '"a2"', None]
