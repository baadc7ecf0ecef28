"""Sending: each letter has a named outcome, one bad chat never stops the others, and nothing is said twice that mustn't be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.clock import SystemClock
from bot.deliver import MOST_ATTEMPTS, Sender, outcome_of
from bot.pictures.easel import Easel
from bot.pictures.figures import Happening, Timeline, to_json
from storage import mailbox, subscribers
from storage.database import Database
from storage.mailbox import Kind, Letter, Outgoing
from storage.tables import Outbox, table
from tests.connection import connected, running, until

YOU, GROUP = 1001, -2001
Put = Callable[..., None]
# Programs that stand in for the one that draws.
NEVER = (sys.executable, "-c", "import time; time.sleep(60)")
BROKEN = (sys.executable, "-c", "raise SystemExit('no ink')")


@pytest.fixture
def put(database: Database) -> Put:
    """Write letters into the outbox."""

    def write(*letters: tuple[int, str, Kind]) -> None:
        with database.write() as connection:
            mailbox.put_out(
                connection,
                [Outgoing(chat, "sendMessage", {"chat_id": chat, "text": text}, kind) for chat, text, kind in letters],
                SystemClock().now(),
            )

    return write


@pytest.fixture
def put_picture(database: Database) -> Callable[..., None]:
    """Write letters with a picture into the outbox, each to one of the chats."""

    def write(*chats: int, kind: Kind = "reply", chart: object = None) -> None:
        figure = to_json(Timeline("Week", (Happening("22 Nov", "A petition"),))) if chart is None else chart
        with database.write() as connection:
            payload = {"photo": {"chart": figure}, "caption": "<b>Week</b>: a petition", "parse_mode": "HTML"}
            letters = [Outgoing(chat, "sendPhoto", {"chat_id": chat, **payload}, kind) for chat in chats]
            mailbox.put_out(connection, letters, SystemClock().now())

    return write


def _states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(table(Outbox).c.state).order_by(table(Outbox).c.id)))


async def test_letters_arrive_in_order(database: Database, put: Put) -> None:
    """Each chat gets its letters in the order they were written, and the outbox empties itself."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put((YOU, "one", "reply"), (GROUP, "other", "reply"), (YOU, "two", "reply"), (YOU, "three", "reply"))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: set(_states(database)) == {"sent"})
        assert connection.texts() == ["one", "two", "three"]
        assert connection.texts(GROUP) == ["other"]


async def test_a_blocked_chat_is_let_go(database: Database, put: Put) -> None:
    """Its subscriber is no longer served, what waited for it is given up, and others get theirs."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.block(YOU)
        with database.write() as writing:
            chat = subscribers.create(writing, YOU, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
            subscribers.change(writing, chat.id, state="on")
        put((YOU, "one", "reply"), (YOU, "two", "digest"), (GROUP, "other", "reply"))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["gone", "gone", "sent"])
        with database.read() as reading:
            found = subscribers.find(reading, YOU)
        assert found is not None
        assert found.state == "gone"


async def test_a_chat_told_to_wait_waits_alone(database: Database, put: Put) -> None:
    """retry_after parks one chat; its letter goes when the time has come, before what was behind it."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", status=429, description="Too Many Requests: retry after 3600", parameters={"retry_after": 3600})
        put((YOU, "one", "reply"), (YOU, "two", "reply"))
        sender = Sender(connection.bot, database, connection.clock)
        async with running(sender.run()):
            await until(lambda: _states(database) == ["later", "pending"])
            put((GROUP, "other", "reply"))
            sender.wake()
            await until(lambda: connection.texts(GROUP) == ["other"])
            assert connection.texts() == []
            connection.clock.advance(3700)
            sender.wake()
            await until(lambda: connection.texts() == ["one", "two"])


async def test_a_group_that_moved(database: Database, put: Put) -> None:
    """The letter follows the group to its new id, and so do its choices."""
    async with connected() as connection:
        new = connection.chat.upgrade(GROUP)
        with database.write() as writing:
            subscribers.create(writing, GROUP, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        put((GROUP, "text", "digest"))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: "text" in connection.texts(new))
        with database.read() as reading:
            assert subscribers.find(reading, new) is not None
            assert subscribers.find(reading, GROUP) is None


@pytest.mark.parametrize(("kind", "times"), [("reply", 2), ("digest", 1)])
async def test_a_connection_lost_after_sending(database: Database, put: Put, kind: Kind, times: int) -> None:
    """Nobody knows whether it arrived: an answer is sent again, a digest isn't."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", drop=True)
        put((YOU, "text", kind))
        sender = Sender(connection.bot, database, connection.clock)
        async with running(sender.run()):
            await until(lambda: _states(database)[0] in {"later", "unknown", "rejected"})
            connection.clock.advance(60)
            sender.wake()
            await until(lambda: _states(database)[0] in {"sent", "unknown"})
        assert connection.texts().count("text") == times


async def test_a_rejected_letter_is_kept_with_its_reason(database: Database, put: Put) -> None:
    """What Telegram won't take is set aside, and the next one goes."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put((YOU, "x" * 5000, "reply"), (YOU, "fine", "reply"))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["rejected", "sent"])
        with database.read() as reading:
            assert "too long" in str(reading.scalar(select(table(Outbox).c.error))).lower()


@pytest.mark.parametrize(
    ("error", "kind", "attempts", "state"),
    [
        (RetryAfter(7), "reply", 0, "later"),
        (RetryAfter(timedelta(seconds=7)), "digest", 0, "later"),
        (ChatMigrated(-1005), "reply", 0, "moved"),
        (Forbidden("bot was blocked by the user"), "digest", 0, "gone"),
        (BadRequest("Chat not found"), "reply", 0, "gone"),
        (BadRequest("Message is not modified: specified new message…"), "reply", 0, "sent"),
        (BadRequest("Message is too long"), "reply", 0, "rejected"),
        (TimedOut(), "digest", 0, "unknown"),
        (TimedOut(), "reply", 0, "later"),
        (NetworkError("refused"), "digest", 0, "later"),
        (NetworkError("refused"), "reply", MOST_ATTEMPTS, "rejected"),
        (NetworkError("refused"), "digest", 500, "later"),
        (InvalidToken(), "digest", 0, "later"),
        (TelegramError("odd"), "reply", 0, "rejected"),
    ],
)
def test_what_errors_mean(error: TelegramError, kind: str, attempts: int, state: str) -> None:
    """Every error of the library has one meaning."""
    assert outcome_of(error, Letter(1, YOU, kind, "sendMessage", {}, attempts)).state == state


async def test_stopping_loses_no_letter(database: Database, put: Put) -> None:
    """A sender that is told to stop at any moment leaves every letter sent or waiting, none half way."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        for round_ in range(12):
            put((YOU, f"text {round_}", "digest"))
            sender = Sender(connection.bot, database, connection.clock)
            task = asyncio.create_task(sender.run())
            for _ in range(round_ * 3):
                await asyncio.sleep(0)
            sender.stop()
            await task
            await sender.drain()
            assert set(_states(database)) <= {"sent", "pending"}


async def test_a_picture_is_drawn_and_sent(database: Database, put_picture: Put) -> None:
    """It arrives as a photo with its caption; nothing of it stays in the outbox."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put_picture(YOU)
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["sent"])
        photo = connection.chat.transcript(YOU)[-1]
        assert photo["photo"][0]["width"] == 1080
        assert (photo["text"], photo["caption_entities"][0]["type"]) == ("Week: a petition", "bold")
        with database.read() as reading:
            assert reading.scalar(select(table(Outbox).c.payload)) is None


@pytest.mark.parametrize(
    ("easel", "chart", "reason"),
    [
        (Easel(BROKEN), None, "no ink"),
        (Easel(NEVER, patience=0.2), None, "longer than"),
        (Easel(("/nowhere/python",)), None, "could not be started"),
        (Easel(), {"kind": "pie"}, "no kind of picture 'pie'"),
    ],
)
async def test_what_cannot_be_drawn_is_said(database: Database, put_picture: Put, easel: Easel, chart: object, reason: str) -> None:
    """The caption comes as a message, and the log says why."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put_picture(YOU, chart=chart)
        with structlog.testing.capture_logs() as logged:
            async with running(Sender(connection.bot, database, connection.clock, easel=easel).run()):
                await until(lambda: _states(database) == ["sent"])
        assert connection.texts() == ["Week: a petition"]
        assert "photo" not in connection.chat.transcript(YOU)[-1]
        assert reason in logged[0]["error"]


async def test_a_chat_that_takes_no_photos_gets_the_words(database: Database, put_picture: Put) -> None:
    """What Telegram refuses as a photo it may take as a message."""
    async with connected() as connection:
        connection.chat.arm("sendPhoto", status=400, description="Bad Request: not enough rights to send photos to the chat")
        put_picture(GROUP)
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["sent"])
        assert connection.texts(GROUP) == ["Week: a petition"]


async def test_drawing_holds_up_nobody_else(database: Database, put: Put, put_picture: Put) -> None:
    """One picture is drawn at a time, the next waits unclaimed behind it, and letters to other chats go past both."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        other = connection.chat.new_person("Other")
        connection.chat.say(other, "/start")
        put_picture(YOU, other)
        put((GROUP, "text", "digest"), (YOU, "behind", "reply"))
        sender = Sender(connection.bot, database, connection.clock, easel=Easel(NEVER))
        task = asyncio.create_task(sender.run())
        await until(lambda: _states(database) == ["sending", "pending", "sent", "pending"])
        sender.stop()
        await task
        await sender.drain()


@pytest.mark.parametrize("kind", ["reply", "digest"])
async def test_stopping_puts_a_picture_back(database: Database, put_picture: Put, kind: Kind) -> None:
    """What wasn't sent yet is sent by the next run, digests too."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put_picture(YOU, kind=kind)
        sender = Sender(connection.bot, database, connection.clock, easel=Easel(NEVER))
        task = asyncio.create_task(sender.run())
        await until(lambda: _states(database) == ["sending"])
        await asyncio.sleep(0.05)
        sender.stop()
        await task
        await sender.drain()
        assert _states(database) == ["later"]
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: "photo" in connection.chat.transcript(YOU)[-1])
