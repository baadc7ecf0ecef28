"""Receiving: every update is written down, handled once, and a bad one is set aside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.dispatch import Desk
from bot.lookout import Watched
from bot.receive import Receiver
from storage import mailbox
from storage.database import Database
from storage.mailbox import Incoming
from storage.tables import Inbox, Outbox, table
from tests.connection import Connection, connected, running, until

YOU = 1001


def _receiver(connection: Connection, database: Database, watched: Watched) -> Receiver:
    return Receiver(connection.bot, database, Desk(lambda: watched, "homefront_bot"), connection.clock, lambda: None)


def _rows(database: Database, what: Any) -> list[Any]:
    with database.read() as reading:
        return list(reading.execute(select(table(what))).all())


async def test_updates_become_answers(database: Database, watched: Watched) -> None:
    """What a person writes is answered in the outbox, and nothing of it stays in the inbox."""
    async with connected() as connection:
        connection.chat.say(YOU, "/help")
        connection.chat.say(YOU, "/status")
        async with running(_receiver(connection, database, watched).run()):
            await until(lambda: len(_rows(database, Outbox)) == 2)
        assert [(row.state, row.body) for row in _rows(database, Inbox)] == [("done", None)] * 2


async def test_what_an_earlier_run_left_is_handled_first(database: Database, watched: Watched) -> None:
    """An update that was written down when the program died is answered by the next one."""
    chat = {"id": YOU, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": "/help", "from": {"id": YOU, "is_bot": False, "first_name": ""}}
    async with connected() as connection:
        with database.write() as writing:
            mailbox.take_in(writing, [Incoming(5, YOU, {"update_id": 5, "message": message})], connection.clock.now())
        await _receiver(connection, database, watched).handle_waiting()
    assert len(_rows(database, Outbox)) == 1
    assert _rows(database, Inbox)[0].state == "done"


async def test_an_update_that_cant_be_read_blocks_nothing(database: Database, watched: Watched) -> None:
    """It is set aside with its reason, and the next one is answered."""
    async with connected() as connection:
        with database.write() as writing:
            bad = {"update_id": 5, "callback_query": {"id": "1", "data": "x"}}
            mailbox.take_in(writing, [Incoming(5, YOU, bad)], connection.clock.now())
        connection.chat.say(YOU, "/help")
        async with running(_receiver(connection, database, watched).run()):
            await until(lambda: len(_rows(database, Inbox)) == 2 and all(row.state != "new" for row in _rows(database, Inbox)))
    assert sorted(row.state for row in _rows(database, Inbox)) == ["bad", "done"]
    assert len(_rows(database, Outbox)) == 2


async def test_an_answer_lost_on_the_way_is_taken_again(database: Database, watched: Watched) -> None:
    """When getUpdates fails once, the updates are taken the next time."""
    async with connected() as connection:
        connection.chat.arm("getUpdates", status=500, description="Internal Server Error: restart")
        connection.chat.say(YOU, "/help")
        async with running(_receiver(connection, database, watched).run()):
            await until(lambda: _rows(database, Outbox))
