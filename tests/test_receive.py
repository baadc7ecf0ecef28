"""Receiving: every update is written down, handled once, and a bad one is set aside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
import structlog
from telegram.error import InvalidToken

from bot.dispatch import Desk
from bot.handling import Handling
from bot.lookout import Watched
from bot.receive import Receiver
from storage.database import Database
from storage.tables import Inbox, Outbox
from tests.connection import Connection, connected, running, until
from tests.test_handling import handling, rows

YOU = 1001
_REPLACED = "terminated by other getUpdates request; make sure that only one bot instance is running"


@asynccontextmanager
async def _receiving(connection: Connection, handler: Handling) -> AsyncIterator[None]:
    async with running(handler.run()), running(Receiver(connection.bot, handler).run()):
        yield


async def test_updates_become_answers(database: Database, watched: Watched) -> None:
    """What a person writes is answered in the outbox, and nothing of it stays in the inbox."""
    async with connected() as connection:
        connection.chat.say(YOU, "/help")
        connection.chat.say(YOU, "/status")
        async with _receiving(connection, handling(database, watched)):
            await until(lambda: len(rows(database, Outbox)) == 2)
        assert [(row.state, row.body) for row in rows(database, Inbox)] == [("done", None)] * 2


@pytest.mark.parametrize("fault", [{"status": 500, "description": "Internal Server Error: restart"}, {"drop": True}])
async def test_an_answer_lost_on_the_way_is_taken_again(database: Database, watched: Watched, fault: dict[str, Any]) -> None:
    """When getUpdates fails once, whatever way, the updates are taken the next time, each once."""
    async with connected() as connection:
        handler = handling(database, watched)
        connection.chat.arm("getUpdates", **fault)
        connection.chat.say(YOU, "/help")
        async with _receiving(connection, handler):
            await until(lambda: rows(database, Outbox))
        assert len(rows(database, Inbox)) == 1


async def test_a_second_receiver_is_named_and_waited_for(database: Database, watched: Watched) -> None:
    """The log says what to do, operators are told once, and nothing is lost."""
    desk = Desk(lambda: watched, "homefront_bot", operators=frozenset({77}))
    async with connected() as connection:
        connection.chat.arm("getUpdates", times=1, status=409, description=f"Conflict: {_REPLACED}")
        with structlog.testing.capture_logs() as logged:
            async with _receiving(connection, handling(database, watched, desk)):
                (notice,) = await until(lambda: rows(database, Outbox))
    assert (notice.chat_id, notice.kind) == (77, "alert")
    assert "Another program asks" in notice.payload["text"]
    assert any("Another program asks" in line["event"] for line in logged)


async def test_a_webhook_that_was_set_is_left(database: Database, watched: Watched) -> None:
    """Asking works after a run that was called, and what came meanwhile isn't dropped."""
    async with connected() as connection:
        await connection.bot.set_webhook("http://127.0.0.1:9/hook")
        connection.chat.say(YOU, "/help")
        async with _receiving(connection, handling(database, watched)):
            await until(lambda: rows(database, Outbox))


async def test_a_revoked_token_ends_it(database: Database, watched: Watched) -> None:
    """Nothing more will ever come with it."""
    async with connected() as connection:
        connection.chat.arm("getUpdates", status=401, description="Unauthorized")
        with pytest.raises(InvalidToken):
            await Receiver(connection.bot, handling(database, watched)).run()


def _most_pages(database: Database, pages: int) -> None:
    with closing(database._place.writer.raw_connection()) as writing:
        writing.cursor().execute(f"PRAGMA max_page_count={pages}")


@pytest.mark.sqlite_only("the server's disk isn't ours to fill")
async def test_a_full_disk(database: Database, watched: Watched) -> None:
    """Updates stay with Telegram until they can be written down; then each is answered."""
    async with connected() as connection:
        for _ in range(40):
            connection.chat.say(YOU, "x" * 4000)
        _most_pages(database, 1)
        with structlog.testing.capture_logs() as logged:
            async with _receiving(connection, handling(database, watched)):
                await until(lambda: any("database or disk is full" in line.get("error", "") for line in logged))
                assert rows(database, Inbox) == []
                _most_pages(database, 1_000_000)
                await until(lambda: len(rows(database, Inbox)) == 40)
                await until(lambda: all(row.state == "done" for row in rows(database, Inbox)))
