"""From updates to answers: who is answered, how, and what happens when something goes wrong."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.commands.request import Answer
from bot.dispatch import Desk, _said
from bot.lookout import Watched
from bot.pictures.figures import Happening, Timeline, from_json
from bot.render import Button, Message, Picture
from bot.updates import Asked
from storage import forgetting, inbox, mailbox, outbox, subscribers
from storage.database import Database
from storage.inbox import Incoming
from storage.tables import Inbox, Row, Subscriber, table
from tests.talk import BOT, YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation."""
    return Talk(database, watched, now)


@pytest.mark.sqlite_only("it takes a minute, and looks at values, not at statements")
def test_nothing_personal_is_stored(talk: Talk) -> None:
    """After a conversation no table holds a name, a username or a word that was written."""
    talk.write("/search сокровенное слово")
    talk.write("привет")
    talk.press("topics on way-home")
    with talk.database.read() as connection:
        for each in Row.metadata.sorted_tables:
            if each.name != "outbox":
                kept = str(connection.execute(select(each)).all())
                assert not any(word in kept for word in ("Name", "Surname", "nickname", "сокровенное", "привет"))


def test_a_press_edits_its_message(talk: Talk) -> None:
    """A button's answer takes the place of its message, and the press is confirmed first."""
    calls = talk.press("topics on way-home")
    assert [call["method"] for call in calls] == ["answerCallbackQuery", "editMessageText"]
    assert calls[1]["message_id"] == 77
    assert talk.press("topics on way-home")[1]["reply_markup"] == calls[1]["reply_markup"]


def test_a_picture_is_always_a_message_of_its_own() -> None:
    """A pressed message can't become a picture; what it shows goes out as values, with its caption and buttons."""
    figure = Timeline("Week", (Happening("22 Nov", "A petition"),))
    picture = Picture(figure, "<b>Week</b>: a petition", ((Button("More", "topics"),),))
    pressed = Asked(YOU, 4, "topics", "", "en", YOU, callback_id="q1", pressed=77)
    calls = _said(pressed, Answer((picture, Message("and a text"))))
    assert [call.method for call in calls] == ["answerCallbackQuery", "sendPhoto", "sendMessage"]
    sent = dict(calls[1].payload)
    assert from_json(sent["photo"]["chart"]) == figure
    assert (sent["chat_id"], sent["message_thread_id"], sent["caption"], sent["parse_mode"]) == (YOU, 4, picture.caption, "HTML")
    assert buttons([sent]) == ["topics"]


def test_another_bots_command_is_not_ours(talk: Talk) -> None:
    """In groups only commands for this bot are answered, and no small talk."""
    group = {"id": -5, "type": "group", "title": "Group"}
    assert talk.write("/help@other_bot", **group) == []
    assert talk.write("hello there", **group) == []
    assert said(talk.write(f"/help@{BOT}", **group))


def test_a_chat_that_leaves_and_comes_back(talk: Talk) -> None:
    """Blocking stops everything; coming back goes on with the same choices."""
    talk.press("start on all")
    talk.press("start hour 08:00")
    talk.member("kicked")
    assert talk.chat().state == "gone"
    with talk.database.read() as connection:
        assert mailbox.waiting_of(connection, "reply") == 0
    talk.member("member")
    assert talk.chat().state == "on"
    assert talk.chat().next_due_at is not None


def test_a_group_that_becomes_a_supergroup(talk: Talk) -> None:
    """Choices move with the chat."""
    group = {"id": -5, "type": "group", "title": "Group"}
    talk.write("/subscribe way-home", **group)
    talk.take(
        {"update_id": 900, "message": {"message_id": 5, "date": 1, "chat": group, "migrate_to_chat_id": -1005, **talk._from()}},
    )
    with talk.database.read() as connection:
        moved = subscribers.find(connection, -1005)
    assert moved is not None
    assert moved.topics == {"way-home"}


def test_a_closed_bot_refuses_politely_and_keeps_nothing(talk: Talk) -> None:
    """Who isn't on the list gets one sentence to /start, silence to the rest, and no row."""
    talk.allowed = frozenset({7})
    assert str(YOU) in said(talk.write("/start"))
    assert talk.write("/digest") == []
    with talk.database.read() as connection:
        assert connection.execute(select(table(Subscriber))).all() == []


def test_an_update_that_fails_is_set_aside(talk: Talk, now: datetime) -> None:
    """Its reason is kept without a word of it, and who waits is told."""
    incoming = Incoming(5, YOU, {"update_id": 5, "message": {"secret": 1}})
    desk = Desk(lambda: talk.watched, BOT)
    with talk.database.write() as connection:
        inbox.take_in(connection, [incoming], now)
        desk.set_aside(connection, incoming, KeyError("secret"), now)
        row = connection.execute(select(table(Inbox))).one()
        (letter,) = outbox.claim(connection, now, 5, [])
    assert (row.state, row.reason, row.body) == ("bad", "KeyError", None)
    assert letter.chat_id == YOU


def test_forgetting(talk: Talk) -> None:
    """Asked, confirmed, gone: the answer itself is a farewell that leaves no row."""
    talk.press("start on all")
    assert buttons(talk.write("/forget"))[0] == "forget yes"
    assert talk.chat().topics
    calls = talk.press("forget yes")
    assert {call["kind"] for call in calls} == {"farewell"}
    with talk.database.write() as connection:
        for letter in outbox.claim(connection, talk.now, 9, []):
            outbox.settle(connection, letter, "sent", talk.now)
        for letter in outbox.claim(connection, talk.now, 9, []):
            outbox.settle(connection, letter, "sent", talk.now)
        assert forgetting.remaining(connection, YOU) == 0


def test_threads_are_apart(talk: Talk) -> None:
    """A forum's thread has its own choices, and answers stay in it."""
    forum = {"id": -1009, "type": "supergroup", "title": "Forum", "is_forum": True}
    message = {"message_id": 5, "date": 1, "chat": forum, "text": "/subscribe way-home", "message_thread_id": 4, "is_topic_message": True}
    entity = {"type": "bot_command", "offset": 0, "length": 10}
    calls = talk.take({"update_id": 901, "message": {**message, "entities": [entity], **talk._from()}})
    assert calls[0]["message_thread_id"] == 4
    with talk.database.read() as connection:
        thread, whole = subscribers.find(connection, -1009, 4), subscribers.find(connection, -1009)
    assert thread is not None
    assert thread.topics == {"way-home"}
    assert whole is None
