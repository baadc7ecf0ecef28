"""Sending: each letter has a named outcome, one bad chat never stops the others, and nothing is said twice that mustn't be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import select
from telegram import Bot

from bot import troubles
from bot.clock import SystemClock
from bot.deliver import Sender
from bot.letters import send
from bot.pictures.easel import Easel
from bot.pictures.figures import Happening, Timeline, to_json
from bot.render import Message
from bot.request import AiohttpRequest
from storage import digests, mailbox, outbox, subscribers
from storage.database import Database
from storage.mailbox import Kind, Outgoing
from storage.records import DamagedError
from storage.tables import Outbox, table
from tests.connection import connected, running, until
from tests.servers import Request, response, serving

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
        connection.chat.arm("sendMessage", status=400, description="Bad Request: have no rights to send a message")
        put((YOU, "one", "reply"), (YOU, "fine", "reply"))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["rejected", "sent"])
        with database.read() as reading:
            assert "no rights" in str(reading.scalar(select(table(Outbox).c.error))).lower()


@pytest.mark.parametrize(
    ("text", "shown"), [("<b>Bold &amp; unclosed", "Bold & unclosed"), (f"<b>{'word ' * 1000}</b>", "word word"), ("x" * 5000, "xxx")]
)
async def test_what_telegram_wont_take_is_said_more_simply(database: Database, text: str, shown: str) -> None:
    """A message with broken markup comes in plain words, one that is too long is cut."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        with database.write() as writing:
            payload = {"chat_id": YOU, "text": text, "parse_mode": "HTML"}
            mailbox.put_out(writing, [Outgoing(YOU, "sendMessage", payload)], connection.clock.now())
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["sent"])
        assert connection.texts()[0].startswith(shown)


async def test_an_answer_whose_message_is_gone_comes_as_a_new_one(database: Database) -> None:
    """Somebody deleted the message whose button they had pressed; the answer isn't lost with it."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        with database.write() as writing:
            edit = Outgoing(YOU, "editMessageText", {"chat_id": YOU, "message_id": 999, "text": "answer"})
            mailbox.put_out(writing, [edit], connection.clock.now())
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["sent"])
        assert connection.texts() == ["answer"]


async def test_edits_and_deletions_go_the_same_way(database: Database) -> None:
    """They are letters like others, in the order they were written."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        sent = await connection.bot.send_message(YOU, "first")
        with database.write() as writing:
            at = {"chat_id": YOU, "message_id": sent.message_id}
            letters = [Outgoing(YOU, "editMessageText", {**at, "text": "second"}), Outgoing(YOU, "deleteMessage", at)]
            mailbox.put_out(writing, letters, connection.clock.now())
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["sent", "sent"])
        message = connection.chat.transcript(YOU)[-1]
        assert (message["earlier"], message["text"], message["deleted"]) == (["first"], "second", True)


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


def _allow_writing(database: Database, *, allowed: bool) -> None:
    with closing(database._place.writer.raw_connection()) as writing:
        writing.cursor().execute(f"PRAGMA query_only={'OFF' if allowed else 'ON'}")


@pytest.mark.sqlite_only("a file is damaged, or can't be written")
@pytest.mark.parametrize("kind", ["reply", "digest"])
async def test_an_end_that_cant_be_recorded(database: Database, put: Put, kind: Kind) -> None:
    """While the database can't be written, what was sent stays known as sent, nothing overtakes it, and it isn't sent again."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", delay=0.2)
        put((YOU, "text", kind), (YOU, "next", kind))
        with structlog.testing.capture_logs() as logged:
            async with running(Sender(connection.bot, database, connection.clock).run()):
                await until(lambda: _states(database)[0] == "sending")
                _allow_writing(database, allowed=False)
                await until(lambda: any("can't be used; trying again" in line["event"] for line in logged))
                assert _states(database) == ["sending", "pending"]
                _allow_writing(database, allowed=True)
                await until(lambda: _states(database) == ["sent", "sent"])
        assert connection.texts() == ["text", "next"]


async def test_what_a_crash_cut_off(database: Database, put: Put) -> None:
    """An answer that was being sent is sent again; an alert or a digest isn't, for it may have arrived."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        put((YOU, "answer", "reply"), (GROUP, "alert", "alert"), (-1_002_000_003_001, "digest", "digest"))
        with database.write() as writing:
            assert len(outbox.claim(writing, connection.clock.now(), 9, [])) == 3
        with structlog.testing.capture_logs() as logged:
            async with running(Sender(connection.bot, database, connection.clock).run()):
                await until(lambda: _states(database) == ["sent", "unknown", "unknown"])
        assert connection.texts() == ["answer"]
        assert "letters were under way when the program ended" in [line["event"] for line in logged]


async def test_a_digest_that_may_be_lost_is_offered(database: Database, now: datetime) -> None:
    """It isn't sent again by itself; one line says so, with a button that shows it."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        with database.write() as writing:
            chat = subscribers.create(writing, YOU, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
            number = digests.record(writing, chat.id, now.date(), "08:00", from_seq=0, to_seq=1, stories=[])
            mailbox.put_out(writing, [replace(send(YOU, 0, Message("digest"), "digest"), digest_id=number)], now)
            outbox.claim(writing, now, 1, [])
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["unknown", "sent"])
        (said,) = [message for message in connection.chat.transcript(YOU) if message["by_bot"]]
        assert "can't tell whether your last digest has reached you" in said["text"]
        assert said["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == f"digest {number} 0"


async def test_a_wait_for_all_stops_everything(database: Database, put: Put) -> None:
    """Once two chats in a row are told to wait, nobody is written to until that is over; then everybody is."""
    async with connected() as connection:
        people = [connection.chat.new_person(f"Person {n}") for n in range(6)]
        for person in people:
            connection.chat.say(person, "/start")
        connection.chat.arm("sendMessage", times=2, status=429, description="retry after 600", parameters={"retry_after": 600})
        sender = Sender(connection.bot, database, connection.clock)
        put(*((person, "digest", "digest") for person in people[:2]))
        async with running(sender.run()):
            await until(lambda: _states(database) == ["later"] * 2)
            put(*((person, "digest", "digest") for person in people[2:]))
            sender.wake()
            assert sender.limits.halted(connection.clock.now())
            assert _states(database) == ["later"] * 2 + ["pending"] * 4
            connection.clock.advance(601)
            sender.wake()
            await until(lambda: set(_states(database)) == {"sent"})


async def test_a_night_without_network(database: Database, put: Put) -> None:
    """Few letters try while Telegram can't be reached, none is lost, and each is sent once when it can."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", times=4, status=502, description="Bad Gateway")
        put(*((GROUP if n % 2 else YOU, f"text {n}", "digest") for n in range(4)))
        sender = Sender(connection.bot, database, connection.clock)

        def a_minute_later() -> bool:
            connection.clock.advance(60)
            sender.wake()
            return set(_states(database)) == {"sent"}

        async with running(sender.run()):
            await until(a_minute_later)
        assert connection.texts() == ["text 0", "text 2"]
        assert connection.texts(GROUP) == ["text 1", "text 3"]


async def test_a_server_out_of_order_for_long(database: Database, put: Put) -> None:
    """However often it answers with an error of its own, no answer is given up; all come in order, once, soon after it is back."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", times=100_000, status=502, description="Bad Gateway")
        put((YOU, "one", "reply"), (YOU, "two", "reply"), (GROUP, "other", "reply"))
        sender = Sender(connection.bot, database, connection.clock)

        def attempts() -> list[int]:
            connection.clock.advance(60)
            sender.wake()
            with database.read() as reading:
                return list(reading.scalars(select(table(Outbox).c.attempts).order_by(table(Outbox).c.id)))

        async with running(sender.run()):
            await until(lambda: min(attempts()[::2]) > 12)
            assert set(_states(database)) <= {"later", "pending", "sending"}
            connection.chat.disarm()
            await until(lambda: attempts() and set(_states(database)) == {"sent"})
        assert connection.texts() == ["one", "two"]
        assert connection.texts(GROUP) == ["other"]


async def test_what_waited_too_long_says_so(database: Database, now: datetime) -> None:
    """An answer after more than a day, or a digest after more than a week, isn't sent; its state says why, and the digest is offered."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.clock.advance((now - connection.clock.now()).total_seconds())
        with database.write() as writing:
            chat = subscribers.create(writing, YOU, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
            number = digests.record(writing, chat.id, now.date(), "08:00", from_seq=0, to_seq=1, stories=[])
            mailbox.put_out(writing, [replace(send(YOU, 0, Message("digest"), "digest"), digest_id=number)], now - timedelta(days=8))
            for hours in (25, 23):
                mailbox.put_out(writing, [send(YOU, 0, Message(f"{hours} hours"))], now - timedelta(hours=hours))
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["stale", "stale", "sent", "sent"])
        assert connection.texts() == ["23 hours", "A digest of yours couldn't be sent for a week. It is here if you still want it."]
        with database.read() as reading:
            assert "of no use" in str(reading.scalar(select(table(Outbox).c.error)))


async def test_a_clock_that_is_set_back(database: Database, put: Put) -> None:
    """What was told to wait by a clock that ran ahead waits no longer than it was told, and the log says why."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        connection.chat.arm("sendMessage", status=429, description="retry after 5", parameters={"retry_after": 5})
        connection.clock.advance(86_400)
        put((YOU, "text", "digest"))
        sender = Sender(connection.bot, database, connection.clock)
        with structlog.testing.capture_logs() as logged:
            async with running(sender.run()):
                await until(lambda: _states(database) == ["later"])
                connection.clock.advance(-86_400)
                sender.wake()
                await until(lambda: any("set back" in line["event"] for line in logged))
                connection.clock.advance(6)
                sender.wake()
                await until(lambda: _states(database) == ["sent"])


@pytest.mark.sqlite_only("a file is damaged, or can't be written")
async def test_a_damaged_database_ends_the_program_with_a_sentence(database: Database, put: Put) -> None:
    """Waiting doesn't mend it, so it isn't waited for."""
    put((YOU, "text", "digest"))
    database.path.write_bytes(b"This is no database. " * 1000)
    for log in database.path.parent.glob("*.sqlite-*"):
        log.unlink()
    database.close()
    async with connected() as connection:
        with pytest.raises(DamagedError, match="homefront db restore"):
            await Sender(connection.bot, database, connection.clock).run()


async def test_a_thread_that_is_gone_ends_itself_alone(database: Database) -> None:
    """The chat's other threads go on."""
    async with connected() as connection:
        with database.write() as writing:
            for thread in (0, 5):
                chat = subscribers.create(writing, GROUP, thread, language="en", time_zone="UTC", cursor=0, month="2026-11")
                subscribers.change(writing, chat.id, state="on")
            mailbox.put_out(writing, [send(GROUP, 5, Message("text"), "digest")], connection.clock.now())
        connection.chat.arm("sendMessage", status=400, description="Bad Request: message thread not found")
        async with running(Sender(connection.bot, database, connection.clock).run()):
            await until(lambda: _states(database) == ["gone"])
        with database.read() as reading:
            assert {chat.thread_id: chat.state for chat in subscribers.in_chat(reading, GROUP)} == {0: "on", 5: "gone"}


@pytest.mark.parametrize(
    ("answer", "reply", "digest"),
    [
        (response(b"<html>"), "later", "unknown"),
        (response(b'{"ok": true}'), "later", "unknown"),
        (response(b"[]"), "later", "unknown"),
        (b"", "later", "unknown"),
        (response(b"<html>", "500 Internal Server Error"), "later", "later"),
        (response(b"<html>", "403 Forbidden"), "later", "later"),
        (response(b'{"ok": false, "error_code": 500, "description": "restart"}', "500 Internal Server Error"), "later", "later"),
    ],
    ids=["garbage", "no result", "no object", "nothing", "a page of an error", "a page of a refusal", "an error"],
)
async def test_what_isnt_an_answer(database: Database, put: Put, answer: bytes, reply: str, digest: str) -> None:
    """Nothing is taken for sent, nobody for gone, and the log and the counters say what it was."""

    async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    put((YOU, "text", "reply"), (GROUP, "text", "digest"))
    before = sum(troubles.counted().values())
    async with serving(respond) as server, AiohttpRequest() as calls, AiohttpRequest() as polls:
        bot = Bot("1:token", f"{server.url}/bot", request=calls, get_updates_request=polls)
        async with running(Sender(bot, database, SystemClock()).run()):
            await until(lambda: _states(database)[:2] == [reply, digest])
    assert sum(troubles.counted().values()) > before


async def test_no_name_service(database: Database, put: Put) -> None:
    """A name that can't be looked up is a network that is down: everything waits."""
    put((YOU, "text", "reply"), (GROUP, "text", "digest"))
    async with AiohttpRequest() as calls, AiohttpRequest() as polls:
        bot = Bot("1:token", "http://telegram.invalid/bot", request=calls, get_updates_request=polls)
        with structlog.testing.capture_logs() as logged:
            async with running(Sender(bot, database, SystemClock()).run()):
                await until(lambda: _states(database) == ["later", "later"])
    assert "no connection to Telegram" in [line["event"] for line in logged]
