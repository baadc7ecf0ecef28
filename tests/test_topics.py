"""/topics, /subscribe and /unsubscribe: what is followed, by press and by name."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.lookout import Watched
from storage.database import Database
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation."""
    return Talk(database, watched, now)


def test_every_topic_has_its_button(talk: Talk) -> None:
    """In the watchlist's order, each saying what a press will do, and one for all."""
    wishes = buttons(talk.write("/topics"))
    assert wishes == [*(f"topics on {topic}" for topic in talk.watched.subjects.names), "topics on all"]
    wishes = buttons(talk.press("topics on way-home"))
    assert wishes[0] == "topics off way-home"
    assert "topics on all" in wishes


def test_a_press_is_a_wish(talk: Talk) -> None:
    """Pressed twice it is as pressed once, and the screen shows what is so."""
    for _ in range(2):
        calls = talk.press("topics on protest")
        assert talk.chat().topics == {"protest"}
        assert "topics off protest" in buttons(calls)
    for _ in range(2):
        talk.press("topics off protest")
        assert talk.chat().topics == frozenset()


def test_all_and_none(talk: Talk) -> None:
    """One press turns everything on, the next everything off."""
    calls = talk.press("topics on all")
    assert talk.chat().topics == set(talk.watched.subjects.names)
    assert buttons(calls)[-1] == "topics off all"
    assert str(len(talk.watched.subjects.names)) in said(calls)
    talk.press("topics off all")
    assert talk.chat().topics == frozenset()


@pytest.mark.parametrize("wish", ["on nonsense", "off nonsense", "on", "off", "on way-home protest", "maybe way-home", "on ALL", "'; --"])
def test_a_wish_that_makes_no_sense(talk: Talk, wish: str) -> None:
    """An old or made-up button changes nothing and shows the list."""
    talk.press("topics on losses")
    assert "topics off losses" in buttons(talk.press(f"topics {wish}"))
    assert talk.chat().topics == {"losses"}


@pytest.mark.parametrize("typed", ["way-home", "The Way Home", "путь домой", "«Шлях додому»", "#way-home", "WAY-HOME"])
def test_by_name(talk: Talk, typed: str) -> None:
    """/subscribe and /unsubscribe take the id or the name in any language, and say the name."""
    assert "The Way Home" in said(talk.write(f"/subscribe {typed}"))
    assert talk.chat().topics == {"way-home"}
    assert "The Way Home" in said(talk.write(f"/unsubscribe {typed}"))
    assert talk.chat().topics == frozenset()


def test_a_name_with_a_slip(talk: Talk) -> None:
    """The nearest topic is a tap away; nothing is turned on by guessing."""
    calls = talk.write("/subscribe way hmoe")
    assert buttons(calls) == ["subscribe way-home"]
    assert talk.chat().topics == frozenset()
    talk.press("subscribe way-home")
    assert talk.chat().topics == {"way-home"}
    assert buttons(talk.write("/unsubscribe mobilzation")) == ["unsubscribe mobilisation"]


@pytest.mark.parametrize("typed", ["zzz", "<b>&amp;", "🤷" * 100, "a" * 4_000, "{name}", "%s", "\u202e"])
def test_a_name_of_nothing(talk: Talk, typed: str) -> None:
    """It is repeated, shortened and harmless, with where to choose from."""
    calls = talk.write(f"/subscribe {typed}")
    assert "/topics" in said(calls)
    assert "<b>&amp;" not in said(calls)
    assert talk.chat().topics == frozenset()


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe"])
def test_without_a_name(talk: Talk, command: str) -> None:
    """The list to choose from."""
    assert "topics on all" in buttons(talk.write(f"/{command}"))


@pytest.mark.parametrize(("language", "name"), [("en", "Protest"), ("ru", "Протест"), ("uk", "Протест")])
def test_in_the_readers_language(talk: Talk, language: str, name: str) -> None:
    """Topics go by their names in it."""
    talk.language = language
    calls = talk.write("/topics")
    texts = [button["text"] for row in calls[0]["reply_markup"]["inline_keyboard"] for button in row]
    assert any(name in text for text in texts)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=strategies.data())
def test_the_last_wish_counts(talk: Talk, data: strategies.DataObject) -> None:
    """After any presses each topic is as it was last wished, on the screen and in the database."""
    wishes = strategies.tuples(strategies.sampled_from(["on", "off"]), strategies.sampled_from([*talk.watched.subjects.names, "all"]))
    expected: set[str] = set()
    calls = talk.press("topics off all")
    for wish, topic in data.draw(strategies.lists(wishes, max_size=8)):
        calls = talk.press(f"topics {wish} {topic}")
        named = set(talk.watched.subjects.names) if topic == "all" else {topic}
        expected = expected | named if wish == "on" else expected - named
    assert talk.chat().topics == expected
    assert {data.split()[2] for data in buttons(calls)[:-1] if " off " in data} == expected


@pytest.mark.parametrize("everything", ["all", "все", "всё", "Усе"])
def test_all_at_once(talk: Talk, everything: str) -> None:
    """By a word for it, on and off."""
    talk.write(f"/subscribe {everything}")
    assert talk.chat().topics == set(talk.watched.subjects.names)
    talk.write(f"/unsubscribe {everything}")
    assert talk.chat().topics == frozenset()
