"""How the bot gets its updates from the local chat: waiting, confirming, choosing kinds, one poller at a time, the webhook."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict
from telegram.request import HTTPXRequest

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat
from bot.localchat.updates import KEPT_UPDATES, UpdateQueue
from bot.localchat.world import NEWSROOM, YOU
from tests.serving import serving

TOKEN = "1:local-test"


@pytest.fixture
def chat() -> LocalChat:
    """Return a local chat whose private chat is started."""
    return LocalChat(ShiftedClock(), token=TOKEN)


@pytest.fixture
async def bot(chat: LocalChat) -> AsyncIterator[Bot]:
    """Return the library's bot, connected to the chat."""
    with serving(chat) as address:
        # Two polls at once need two connections; the library gives getUpdates one of its own.
        request = HTTPXRequest(connection_pool_size=2)
        async with Bot(TOKEN, base_url=f"{address}/bot", get_updates_request=request) as bot:
            yield bot


class Hook(HTTPServer):
    """A webhook that refuses the first update and keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.filled = threading.Event()


class HookHandler(BaseHTTPRequestHandler):
    """Answers 500 once, then 200."""

    server: Hook

    def do_POST(self) -> None:
        """Take an update."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body))
        self.send_response(500 if len(self.server.received) == 1 else 200)
        self.end_headers()
        if len(self.server.received) > 2:
            self.server.filled.set()

    def log_message(self, *_arguments: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Serve a webhook on loopback."""
    with Hook() as hook:
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        yield hook
        hook.shutdown()


async def waiting(chat: LocalChat, bot: Bot) -> "asyncio.Task[Any]":
    """Return a getUpdates call that has reached the server and waits."""
    task = asyncio.create_task(bot.get_updates(timeout=30))
    assert await asyncio.to_thread(chat.wait_for_poll, 10)
    return task


async def test_a_waiting_poll_wakes_at_once(bot: Bot, chat: LocalChat) -> None:
    """It doesn't sleep through a message."""
    poll = await waiting(chat, bot)
    said = time.monotonic()
    chat.say(YOU, "/start")
    updates = await poll
    assert [update.message.text for update in updates] == ["/start"]
    assert time.monotonic() - said < 2


async def test_updates_stay_until_a_greater_offset_confirms_them(bot: Bot, chat: LocalChat) -> None:
    """The same updates come again without it; a negative offset keeps the last ones."""
    for number in range(4):
        chat.say(YOU, str(number))
    first = await bot.get_updates(limit=2)
    assert [update.message and update.message.text for update in first] == ["0", "1"]
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [update.update_id - rest[0].update_id for update in rest] == [0, 1]
    assert [update.message and update.message.text for update in await bot.get_updates(offset=-1)] == ["3"]
    assert len(await bot.get_updates()) == 1
    assert len(await bot.get_updates(offset=rest[0].update_id + 100)) == 1


async def test_the_choice_of_updates_sticks(bot: Bot, chat: LocalChat) -> None:
    """It holds until another list is given; an empty list is the default again."""
    await bot.get_updates(allowed_updates=["callback_query"])
    chat.say(YOU, "unheard")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    chat.say(YOU, "heard")
    assert len(await bot.get_updates()) == 1


async def test_a_second_poller_ends_the_first(bot: Bot, chat: LocalChat) -> None:
    """The one that waits gets 409."""
    poll = await waiting(chat, bot)
    second = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot instance is running"):
        await poll
    assert await second == ()


def test_ids_grow_over_a_restart() -> None:
    """A later run's ids are never smaller than an earlier one's."""
    ids = []
    for _ in range(2):
        queue = UpdateQueue()
        queue.add("message", {})
        update = queue.peek()
        assert update is not None
        ids.append(update["update_id"])
        time.sleep(0.002)
    assert ids[0] < ids[1]
    assert ids[0] > 1_700_000_000_000


def test_memory_is_bounded() -> None:
    """The oldest updates go."""
    queue = UpdateQueue()
    for number in range(KEPT_UPDATES + 5):
        queue.add("message", {"number": number})
    oldest = queue.peek()
    assert oldest is not None
    assert (len(queue), oldest["message"]["number"]) == (KEPT_UPDATES, 5)


async def test_a_webhook_gets_every_update_in_order_until_it_accepts(bot: Bot, chat: LocalChat, hook: Hook) -> None:
    """A refused update comes again; the secret is in its header; polling is refused meanwhile."""
    address = f"http://127.0.0.1:{hook.server_port}/hook"
    await bot.set_webhook(address, secret_token="s3cret", allowed_updates=["message"])
    chat.say(YOU, "one")
    chat.say(YOU, "two")
    assert await asyncio.to_thread(hook.filled.wait, 10)
    assert [(secret, update["message"]["text"]) for secret, update in hook.received] == [
        ("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two"),
    ]  # fmt: skip
    info = await bot.get_webhook_info()
    assert (info.url, info.last_error_message) == (address, "Wrong response from the webhook: 500 Internal Server Error")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_updates() == ()


async def test_a_webhook_ends_a_waiting_poll_and_stays_on_loopback(bot: Bot, chat: LocalChat) -> None:
    """The local chat calls no address of another machine."""
    with pytest.raises(BadRequest, match="loopback addresses only"):
        await bot.set_webhook("https://example.org/hook")
    poll = await waiting(chat, bot)
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll


async def test_a_private_group_message_is_no_update(bot: Bot, chat: LocalChat) -> None:
    """Privacy mode holds for edits, too."""
    number = chat.say(NEWSROOM, "hello")
    chat.edit(NEWSROOM, number, "hello all")
    mine = chat.say(YOU, "/start")
    chat.edit(YOU, mine, "/start again")
    first, second = await bot.get_updates()
    assert first.message is not None
    assert second.edited_message is not None
    assert (first.message.text, second.edited_message.text) == ("/start", "/start again")
