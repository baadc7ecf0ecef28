"""/mute and languages of news: what a digest leaves out, and how it is had again."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.lookout import Watched
from storage.database import Database
from tests.building import admit, arrival, event, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A reader of everything; two outlets tell one story each, in two languages."""
    talk = Talk(database, watched, now)
    talk.press("topics on all")
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald, url="https://herald.example/1", title="Пикет один", text=event(1)))
        admit(connection, now, arrival(mirror, url="https://mirror.example/2", title="Picket two", text=event(2), language="en"))
    return talk


def _week(talk: Talk) -> str:
    talk.now = talk.now.replace(microsecond=talk.now.microsecond + 1)
    return said(talk.press("digest week"))


def _story_of(talk: Talk, title: str) -> str:
    page = next(data for data in buttons(talk.press("digest week")) if data.startswith("mute of"))
    offered = talk.press(page)[-1]["reply_markup"]["inline_keyboard"]
    return str(next(row[0]["callback_data"] for row in offered if title in row[0]["text"]))


@pytest.mark.parametrize("kind", ["hide", "outlet", "topic"])
def test_less_like_this(talk: Talk, kind: str) -> None:
    """From below a digest: the story, its outlet or its topic is left out, listed, and had again at a tap."""
    choice = next(data for data in buttons(talk.press(_story_of(talk, "Пикет один"))) if data.startswith(f"mute {kind}"))
    assert "/mute" in said(talk.press(choice))
    text = _week(talk)
    assert "Пикет один" not in text
    assert ("Picket two" in text) is (kind != "topic")
    (back,) = buttons(talk.write("/mute"))
    talk.press(back)
    assert "Пикет один" in _week(talk)


def test_muting_twice_is_muting_once(talk: Talk) -> None:
    """A repeated press changes nothing."""
    story = _story_of(talk, "Пикет один").replace("mute story", "mute hide")
    talk.press(story)
    talk.press(story)
    assert len(talk.chat().choices.muted_stories) == 1


def test_languages_of_news(talk: Talk) -> None:
    """A language that isn't read is left out; the last one can't be turned off."""
    talk.press("language news off ru")
    text = _week(talk)
    assert "Пикет один" not in text
    assert "Picket two" in text
    talk.press("language news off uk")
    talk.press("language news off en")
    assert talk.chat().choices.unread == ("ru", "uk")
    talk.press("language news on ru")
    assert "Пикет один" in _week(talk)
    assert talk.chat().language == "en"


def test_a_story_from_below_a_digest(talk: Talk) -> None:
    """“Open a story” offers the page's stories, and a deep link opens one."""
    page = next(data for data in buttons(talk.press("digest week")) if data.startswith("story of"))
    first = buttons(talk.press(page))[0]
    number = first.split()[1]
    assert f"Story {number}" in said(talk.press(first))
    assert f"Story {number}" in said(talk.write(f"/start story_{number}"))


@pytest.mark.parametrize(
    "typed", ["of 999 0 6", "story 999", "hide 999", "outlet 1 99", "topic 1 99", "back story 9", "x", "of 1 0", "<b>"]
)
def test_what_cant_be_muted(talk: Talk, typed: str) -> None:
    """It is answered in words, and nothing is muted."""
    before = talk.chat().choices
    assert said(talk.write(f"/mute {typed}"))
    assert talk.chat().choices == before
