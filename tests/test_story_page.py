"""/story: every report of a story, who copied whom, what was changed and taken away; operators put it right."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.lookout import Watched
from bot.render import fits
from storage import articles, stories
from storage.database import Database
from storage.stories import Placement
from tests.building import LONG, admit, arrival, event, listed
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with an operator about a story: an original, its copy 25 minutes later, and another report."""
    talk = Talk(database, watched, now, operators=frozenset({YOU}))
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald))
        admit(connection, now + timedelta(minutes=25), arrival(mirror, url="https://mirror.example/1"))
        admit(connection, now + timedelta(hours=3), arrival(mirror, url="https://mirror.example/2", title="Ещё", text=event(1)))
        stories.leave(connection, [3])
        stories.place(connection, [Placement(3, 1, None, None, "ru", now)])
    return talk


def test_every_report(talk: Talk) -> None:
    """The original with its copy below it, the delay and the score, and the other report."""
    text = said(talk.write("/story 1"))
    assert "3 articles, 2 publishers" in text
    assert '▸ [1] <a href="https://herald.example/picket">' in text
    assert '↳ <a href="https://mirror.example/1">Mirror</a> (25 min later, 100%)' in text
    assert text.index("mirror.example/1") < text.index("mirror.example/2")


def test_what_was_changed_and_taken_away(talk: Talk, now: datetime) -> None:
    """A revision shows what went and what came; a withdrawn post when that was seen."""
    with talk.database.write() as connection:
        (herald, _) = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald, text=LONG.replace("Москве", "Самаре")))
        articles.withdraw(connection, [2], now)
    text = said(talk.write("/story 1"))
    assert "✎" in text
    assert "<s>Москве</s>" in text
    assert "<u>Самаре</u>" in text
    assert "withdrawn 22 Nov, 09:30" in text


def test_stories_of_the_last_digest_are_offered(talk: Talk) -> None:
    """Without a number; before the first digest that is said."""
    assert "First you need a digest" in said(talk.write("/story"))
    talk.write("/topics on all")
    talk.write("/digest week")
    assert buttons(talk.write("/story")) == ["story 1"]


def test_putting_it_right(talk: Talk) -> None:
    """An operator takes an article out and puts the stories together again; the old number still leads there."""
    assert "story detach 3" in buttons(talk.write("/story 1"))
    assert "story of its own now: 3" in said(talk.press("story detach 3"))
    assert "2 articles" in said(talk.write("/story 1"))
    assert "one story now: 1" in said(talk.write("/story merge 3 1"))
    assert "3 articles" in said(talk.write("/story 3"))
    assert "There is no story 77" in said(talk.write("/story merge 77 1"))
    assert "left the archive" in talk.press("story detach 99")[0]["text"]


def test_others_only_look(database: Database, watched: Watched, talk: Talk) -> None:
    """Who isn't an operator gets no buttons that change something, and their presses change nothing."""
    other = Talk(database, watched, talk.now)
    assert not any(data.startswith("story") for data in buttons(other.write("/story 1")))
    assert "number behind the command" in said(other.press("story detach 3"))
    assert "number behind the command" in said(other.write("/story merge 3 1"))
    assert "3 articles" in said(talk.write("/story 1"))


@pytest.mark.parametrize("typed", ["99", "0", "x", "1 2", "-1", "99999999999999999999", "detach", "١"])
def test_stories_that_arent_there(talk: Talk, typed: str) -> None:
    """Any argument gets an answer in words."""
    calls = talk.write(f"/story {typed}")
    assert said(calls).strip()
    assert all(fits(call["text"]) for call in calls)


def test_a_story_of_very_many(talk: Talk, now: datetime) -> None:
    """Hundreds of reports and long revisions still make messages that Telegram takes."""
    with talk.database.write() as connection:
        (mirror,) = listed(connection, now, "Mirror")
        batch = [arrival(mirror, url=f"https://m.example/{n}", title="я" * 300, text=event(n)) for n in range(200)]
        new = admit(connection, now, *batch).new
        stories.leave(connection, new)
        stories.place(connection, [Placement(number, 1, None, None, "ru", now) for number in new])
        admit(connection, now, *(arrival(mirror, url=f"https://m.example/{n}", title="ж" * 300, text="<b>&" * 500) for n in range(3)))
    calls, seen = talk.write("/story 1"), ""
    while onward := [wish for wish in buttons(calls) if wish.startswith("story 1 ")]:
        seen += said(calls)
        calls = talk.press(onward[0])
        assert all(fits(call["text"]) for call in calls if "text" in call)
    assert all(f"https://m.example/{number}" in seen + said(calls) for number in range(200))
