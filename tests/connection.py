"""The bot connected to a local chat in the same event loop, as the program does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat
from bot.request import AiohttpRequest
from bot.serve import served

TOKEN = "1:local-test-token-0123456789abcdef"
PATIENCE = 10.0


@dataclass
class Connection:
    """A local chat, a bot that talks to it, and their clock."""

    chat: LocalChat
    bot: Bot
    clock: ShiftedClock

    def texts(self, chat_id: int = 1001) -> list[str]:
        """What the bot said in a chat."""
        return [message["text"] for message in self.chat.transcript(chat_id) if message["by_bot"]]


@asynccontextmanager
async def connected() -> AsyncIterator[Connection]:
    """Serve a local chat and connect a bot to it while the block runs."""
    clock = ShiftedClock()
    chat = LocalChat(clock, token=TOKEN)
    async with served(chat.app, 0) as address:
        try:
            async with AiohttpRequest() as calls, AiohttpRequest(connections=1) as polls:
                bot = Bot(TOKEN, f"{address}/bot", f"{address}/file/bot", request=calls, get_updates_request=polls)
                yield Connection(chat, bot, clock)
        finally:
            chat.close()


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[asyncio.Task[Any]]:
    """Run a coroutine while the block runs, and end it then."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def until(condition: Callable[[], Any]) -> Any:
    """Let the loop run until something is there."""
    async with asyncio.timeout(PATIENCE):
        found = condition()
        while not found:
            await asyncio.sleep(0.005)
            found = condition()
    return found
