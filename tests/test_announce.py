"""/announce, /invite and /revoke: a word to everybody that can be stopped, and who may use the bot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import announcing
from bot.idle import ask_idle
from bot.lookout import Watched
from storage import guests, mailbox, outbox, subscribers
from storage.database import Database
from storage.tables import Outbox, table
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """An operator, where access is by list."""
    talk = Talk(database, watched, now, operators=frozenset({YOU}), allowed=frozenset({YOU}))
    talk.write("/start")
    return talk


def _reader(talk: Talk, chat_id: int, state: str = "on") -> None:
    with talk.database.write() as connection:
        made = subscribers.create(connection, chat_id, 0, language="ru", time_zone="UTC", cursor=0, month="2026-11")
        subscribers.change(connection, made.id, state=state)


def _send(talk: Talk, text: str = "Завтра бот не работает.") -> str:
    """Preview an announcement and send it; the button that stops it."""
    send = next(data for data in buttons(talk.write(f"/announce {text}")) if data.startswith("announce send"))
    return buttons(talk.press(send))[0]


def _go_on(talk: Talk) -> list[int]:
    """The chats that the announcement is written to now."""
    outbox = table(Outbox)
    with talk.database.write() as connection:
        connection.execute(update(outbox).values(state="sent"))
        announcing.go_on(connection, talk.now)
        written = select(outbox.c.chat_id).where(outbox.c.state == "pending", outbox.c.kind == "announcement")
        return sorted(connection.scalars(written))


def test_everybody_hears_it_once(talk: Talk) -> None:
    """Previewed as it will look, then sent to all who are served: not to those who paused or are gone, and to nobody twice."""
    for number, state in enumerate(["on", "new", "paused", "gone"]):
        _reader(talk, 2000 + number, state)
    preview = talk.write("/announce Завтра <b>тихо</b>")
    assert "&lt;b&gt;" in preview[0]["text"]
    assert _go_on(talk) == []
    talk.press(buttons(preview)[0])
    assert _go_on(talk) == [YOU, 2000, 2001]
    assert _go_on(talk) == []


def test_stopping(talk: Talk) -> None:
    """What isn't sent yet is called back; a second press says that it is over."""
    _reader(talk, 2000)
    stop = _send(talk)
    with talk.database.write() as connection:
        announcing.go_on(connection, talk.now)
        assert mailbox.waiting_of(connection, "announcement") == 2
    talk.press(stop)
    with talk.database.read() as connection:
        assert mailbox.waiting_of(connection, "announcement") == 0
    assert talk.press(stop)[0]["text"]


def test_a_dropped_draft_is_gone(talk: Talk) -> None:
    """It can't be sent any more; /cancel drops one too."""
    for _ in range(2):
        send, drop = buttons(talk.write("/announce Привет"))
        talk.press(drop)
        talk.press(send)
        assert _go_on(talk) == []
    send, _ = buttons(talk.write("/announce Привет"))
    assert "Cancelled" in said(talk.write("/cancel"))
    talk.press(send)
    assert _go_on(talk) == []
    assert "nothing to cancel" in said(talk.write("/cancel"))


def test_only_operators(talk: Talk) -> None:
    """For anybody else there is no such command."""
    talk.operators = frozenset()
    for name in ("announce x", "invite", "revoke"):
        assert "There is no command" in said(talk.write(f"/{name}"))


def test_an_invitation_lets_one_in(talk: Talk) -> None:
    """The link works once and for a week; who came by it may stay, and is put out with everything that is kept."""
    code = said(talk.write("/invite")).partition("start=")[2].partition("<")[0]
    first, second = (Talk(talk.database, talk.watched, talk.now, allowed=talk.allowed) for _ in range(2))
    first_message = first.write(f"/start {code}", id=3001)
    assert "homefront" in said(first_message)
    assert "small circle" in said(second.write(f"/start {code}", id=3002))
    assert first.write("/topics", id=3001)
    talk.press("revoke 3001")
    assert first.write("/topics", id=3001) == []
    with talk.database.read() as connection:
        assert subscribers.find(connection, 3001) is None


def test_an_invitation_grows_old(talk: Talk) -> None:
    """After a week, or once they were withdrawn, links are worth nothing."""
    with talk.database.write() as connection:
        code = guests.invite(connection, talk.now)
        assert not guests.let_in(connection, 3001, code, talk.now + timedelta(days=8))
        assert not guests.let_in(connection, 3001, "wrong", talk.now)
        assert guests.withdraw_all(connection) == 1
        assert not guests.let_in(connection, 3001, code, talk.now)


def test_the_idle_are_asked_once_and_then_erased(talk: Talk) -> None:
    """After a year one question; without an answer all is erased, with one nothing is; who is gone is erased unasked."""
    for number in (2000, 2001):
        _reader(talk, number)
    _reader(talk, 2002, "gone")
    _reader(talk, 2003, "paused")
    asked = []
    for month in range(3):
        moment = talk.now + timedelta(days=370 + 31 * month)
        with talk.database.write() as connection:
            subscribers.change(connection, talk.chat().id, last_active_month=f"{moment:%Y-%m}")
            ask_idle(connection, moment)
            ask_idle(connection, moment)
            asked.append(sorted(letter.chat_id or 0 for letter in outbox.claim(connection, moment, 50, ()) if letter.kind == "digest"))
            if month == 0:
                found = subscribers.find(connection, 2001)
                assert found is not None
                subscribers.change(connection, found.id, last_active_month=f"{moment:%Y-%m}")
    with talk.database.read() as connection:
        left = [chat_id for chat_id in (2000, 2001, 2002, 2003) if subscribers.find(connection, chat_id)]
    assert asked == [[2000, 2001, 2003], [], []]
    assert left == [2001]
