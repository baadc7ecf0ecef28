"""Being called behaves as asking does: written down, handled once, nothing lost, and nobody else is listened to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.handling import Handling
from bot.lookout import Watched
from bot.serve import served
from bot.webhook import LARGEST_BODY, Webhook
from storage.database import Database
from storage.records import SettingsError
from storage.tables import Inbox, Outbox
from tests.connection import Connection, connected, running, until
from tests.test_handling import handling, message, rows
from tests.world import program, source_list

YOU = 1001
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "secret"}


@asynccontextmanager
async def _called(connection: Connection, handler: Handling) -> AsyncIterator[str]:
    """A webhook, served while the block runs; its address."""
    webhook = Webhook(connection.bot, handler, "", secret="secret")
    webhook.address = "http://127.0.0.1/hook"
    async with served(Starlette(routes=webhook.routes), 0) as address:
        webhook.address = f"{address}/hook"
        async with running(handler.run()), running(webhook.run()):
            yield webhook.address


async def test_updates_become_answers(database: Database, watched: Watched) -> None:
    """What a person writes is answered in the outbox, and nothing of it stays in the inbox."""
    async with connected() as connection:
        connection.chat.say(YOU, "/help")
        async with _called(connection, handling(database, watched)):
            connection.chat.say(YOU, "/status")
            await until(lambda: len(rows(database, Outbox)) == 2)
        assert [(row.state, row.body) for row in rows(database, Inbox)] == [("done", None)] * 2


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, json.dumps(message(5)), 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, json.dumps(message(5)), 403),
        (SECRET, "{", 400),
        (SECRET, "[]", 400),
        (SECRET, '{"update_id": true}', 400),
        (SECRET, "[" * 100_000, 400),
        (SECRET, "x" * (LARGEST_BODY + 1), 400),
        (SECRET, json.dumps(message(5)), 200),
    ],
)
async def test_who_is_listened_to(database: Database, watched: Watched, headers: dict[str, str], body: str, status: int) -> None:
    """Who knows the secret and brings an update; nothing else is written down."""
    async with connected() as connection, _called(connection, handling(database, watched)) as address, aiohttp.ClientSession() as session:
        answer = await session.post(address, data=body, headers=headers)
        assert answer.status == status
    assert len(rows(database, Inbox)) == (status == 200)


async def test_an_update_that_comes_twice_is_answered_once(database: Database, watched: Watched) -> None:
    """As where our answer to Telegram was lost."""
    async with connected() as connection, _called(connection, handling(database, watched)) as address, aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.post(address, json=message(5), headers=SECRET) as answer:
                assert answer.status == 200
        await until(lambda: rows(database, Outbox))
    assert len(rows(database, Outbox)) == 1


async def test_a_webhook_that_telegram_wont_take(database: Database, watched: Watched) -> None:
    """The program says which setting is wrong."""
    async with connected() as connection:
        with pytest.raises(SettingsError, match="HOMEFRONT_WEBHOOK_URL isn't accepted by Telegram"):
            await Webhook(connection.bot, handling(database, watched), "https://homefront.example/hook").run()


def test_the_program_is_called(tmp_path: Path, unused_port: int) -> None:
    """With an address to be called at, the program answers as it does when it asks, and again after a restart without one."""
    listed = source_list(tmp_path / "sources.toml", {"name": "Nothing", "url": "http://127.0.0.1:9/feed"})
    called: dict[str, Any] = {
        "HOMEFRONT_LISTEN": f"127.0.0.1:{unused_port}",
        "HOMEFRONT_WEBHOOK_URL": f"http://127.0.0.1:{unused_port}/hook",
    }
    with program(tmp_path / "data", listed, **called) as running_:
        assert running_.ask("/status")["text"]
        assert running_.stop() == 0
