"""The first minute: language, topics and hour in three taps, and a first digest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.lookout import Watched
from storage import subscribers
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A newcomer with a Russian client, and an archive with an article of yesterday and one of last month."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now - timedelta(days=30), arrival(herald, url="https://herald.example/old", title="Давний пикет", text="Давно."))
        admit(connection, now - timedelta(days=1), arrival(herald))
    return Talk(database, watched, now, language="ru-RU")


def test_three_taps(talk: Talk) -> None:
    """The client's language comes first; the end is a planned digest and an example of the last days."""
    greeting = talk.write("/start")
    assert buttons(greeting)[0] == "start language ru"
    assert talk.chat().state == "new"
    topics = talk.press("start language ru")
    assert "start on way-home" in buttons(topics)
    assert "start hours" not in buttons(topics)
    assert "start hours" in buttons(talk.press("start on way-home"))
    assert "start hour 08:00" in buttons(talk.press("start hours"))
    end = talk.press("start hour 08:00")
    assert [call["method"] for call in end] == ["answerCallbackQuery", "editMessageText", "sendMessage"]
    assert "Пикет «Пути домой»" in end[-1]["text"]
    assert "Давний пикет" not in end[-1]["text"]
    chat = talk.chat()
    assert (chat.state, chat.digest_times, chat.time_zone, chat.topics) == ("on", ("08:00",), "Europe/Moscow", frozenset({"way-home"}))
    assert chat.next_due_at == datetime.fromisoformat("2026-11-23T05:00:00+00:00")
    assert chat.cursor == 2


def test_the_example_is_not_news_later(talk: Talk) -> None:
    """What was shown at the start doesn't come again."""
    talk.press("start on all")
    talk.press("start hour 08:00")
    assert "Пикет" not in said(talk.write("/digest"))


def test_a_deep_link_brings_its_topic(talk: Talk) -> None:
    """t.me/<bot>?start=soldiers-widows turns that topic on."""
    talk.write("/start soldiers-widows")
    assert talk.chat().topics == {"soldiers-widows"}


def test_only_when_asked(talk: Talk) -> None:
    """Without an hour nothing is planned, and /digest works."""
    talk.press("start on all")
    end = talk.press("start hour none")
    assert talk.chat().next_due_at is None
    assert talk.chat().state == "on"
    assert "/digest" in said(end)


def test_starting_again_keeps_choices(talk: Talk) -> None:
    """/start later changes nothing by itself."""
    talk.press("start on all")
    talk.press("start hour 08:00")
    before = talk.chat()
    talk.write("/start")
    assert talk.chat() == before


def test_another_hour_shows_the_example_again(talk: Talk) -> None:
    """Choosing a second time isn't answered with "nothing"."""
    talk.press("start on all")
    talk.press("start hour 08:00")
    talk.now += timedelta(seconds=5)
    assert "Пикет «Пути домой»" in said(talk.press("start hour 09:00"))


def test_looking_back_jumps_over_nothing(talk: Talk) -> None:
    """After /digest week, /digest still brings what is older and hasn't been had."""
    talk.press("start on all")
    with talk.database.write() as connection:
        subscribers.change(connection, talk.chat().id, cursor=0, state="on")
    assert "Давний пикет" not in said(talk.write("/digest week"))
    assert "Давний пикет" in said(talk.write("/digest"))
