"""Every command with every kind of argument: an answer that Telegram takes, in the reader's language."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.commands.table import COMMANDS
from bot.localchat import entities
from bot.lookout import Watched
from bot.render import fits, plain
from bot.voice import LANGUAGES
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk, buttons, said

ODD = [
    "",
    "x",
    "on",
    "off all",
    "0",
    "-1",
    "99999999999999999999 1",
    "5 5",
    "<b>&",
    "🤷",
    "yes please",
    "way-home",
    "a" * 500,
    '"',
    "на",
    "\u202eabc",
]


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation, with an archive of one article."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
    return Talk(database, watched, now)


def _check(calls: list[dict[str, object]]) -> None:
    assert calls
    for call in calls:
        if call["method"] != "answerCallbackQuery":
            text = str(call.get("text") or call["caption"])
            assert fits(text)
            entities.message_text(text, "HTML")
            assert "{" not in text.replace("{query}", "")
    assert all(0 < len(data.encode()) <= 64 for data in buttons(calls))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_any_argument_is_answered(talk: Talk, name: str, language: str) -> None:
    """Whatever follows a command, typed or pressed, is answered within the limits."""
    talk.language = language
    for argument in ODD:
        _check(talk.write(f"/{name} {argument}".strip()))
        if len(f"{name} {argument}".encode()) <= 64:
            _check(talk.press(f"{name} {argument}".strip()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=strategies.text(min_size=1, max_size=200).filter(str.strip))
def test_any_text_is_answered(talk: Talk, text: str) -> None:
    """Free text is searched for; whatever it is, there is an answer."""
    calls = talk.write(text)
    assert calls == [] or all(fits(str(call.get("text") or call["caption"])) for call in calls)


def test_help_lists_every_command(talk: Talk) -> None:
    """/help names them all."""
    text = said(talk.write("/help"))
    assert all((f"/{name} " in text) is not command.operators for name, command in COMMANDS.items())


def test_a_mistyped_command_is_guessed(talk: Talk) -> None:
    """The nearest command is a tap away, with what was typed behind it."""
    calls = talk.write("/serach путь")
    assert buttons(calls) == ["search путь"]
    assert "/help" in said(calls)


# What each command can't mean; a command that isn't named takes any words, or none.
WRONG = {
    "subscribe": ["xyzzy", "<b>"],
    "unsubscribe": ["xyzzy"],
    "schedule": ["noonish", "25:00", "8 pm"],
    "timezone": ["xyzzy", "🗺"],
    "alerts": ["xyzzy", "from 99"],
    "quiet": ["night", "8-8", "22:00"],
    "search": ["after:neverday"],
    "story": ["first", "12 x"],
    "trend": ["xyzzy plugh"],
    "timeline": ["xyzzy plugh"],
    "watch": ["AND", "name 9 x", '"open'],
    "export": ["after:neverday"],
    "language": ["klingon"],
    "removesource": ["xyzzy"],
    "addsource": ["https://example.org/ colour: red"],
    "revoke": ["xyzzy"],
    "channel": ["xyzzy plugh", "-5"],
}
_NO_ARGUMENT = {
    *(
        "start",
        "help",
        "topics",
        "digest",
        "pause",
        "resume",
        "mute",
        "why",
        "sources",
        "status",
        "discreet",
        "cancel",
        "privacy",
        "forget",
    ),
    *("announce", "invite", "health"),
}


def test_every_command_has_its_wrong_arguments() -> None:
    """A new command is tried too."""
    assert WRONG.keys() | _NO_ARGUMENT == COMMANDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_answered_in_a_sentence_or_two(talk: Talk, name: str, language: str) -> None:
    """Short, in the reader's own letters, with something to do next: an example, a command or a button."""
    talk.language, talk.operators = language, frozenset({YOU})
    for argument in WRONG[name]:
        calls = talk.write(f"/{name} {argument}")
        text = plain(said(calls))
        assert 0 < len(text) < 400, text
        assert "/" in text or ":" in text or buttons(calls), text
        if language != "en":
            assert any("а" <= letter <= "я" for letter in text.lower()), text


def test_texts_for_telegrams_menu() -> None:
    """Names and summaries are within what setMyCommands takes."""
    assert all(0 < len(command.name) <= 32 and command.name.isascii() and 0 < len(command.summary) <= 256 for command in COMMANDS.values())
