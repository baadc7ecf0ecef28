"""The library's way to the Bot API over our HTTP client: values, files and failures."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.request import AiohttpRequest
from tests.connection import TOKEN, connected

YOU = 1001


async def test_calls_texts_and_files() -> None:
    """Plain calls and uploads arrive as they were meant."""
    async with connected() as connection:
        connection.chat.say(YOU, "/start")
        assert (await connection.bot.get_me()).is_bot
        message = await connection.bot.send_message(YOU, "«Путь» & 😀")
        assert message.text == "«Путь» & 😀"
        sent = await connection.bot.send_document(YOU, b"a,b\n1,2\n", filename="list.csv")
        assert sent.document is not None
        assert sent.document.file_name == "list.csv"


async def test_errors_have_their_class() -> None:
    """A status of the server becomes the library's error."""
    async with connected() as connection:
        connection.chat.arm("getMe", status=429, description="Too Many Requests: retry after 5", parameters={"retry_after": 5})
        with pytest.raises(RetryAfter):
            await connection.bot.get_me()


async def test_nothing_tells_the_token() -> None:
    """Neither a refused connection nor a wrong token shows it."""
    async with AiohttpRequest() as calls:
        with pytest.raises(NetworkError) as refused:
            await Bot(TOKEN, "http://127.0.0.1:9/bot", request=calls, get_updates_request=calls).get_me()
    assert TOKEN not in f"{refused.value!r} {refused.value.__cause__!r}"
    async with connected() as connection, AiohttpRequest() as calls:
        address = str(connection.bot.base_url).removesuffix(TOKEN)
        with pytest.raises(InvalidToken):
            await Bot("1:wrong", address, request=calls, get_updates_request=calls).get_me()


async def test_a_late_answer_is_a_time_out() -> None:
    """Who waits too long is told so, as an error of its own."""
    async with connected() as connection:
        connection.chat.arm("getMe", delay=5.0)
        with pytest.raises(TimedOut):
            await connection.bot.get_me(read_timeout=0.05, connect_timeout=0.05, write_timeout=0.05)


async def test_a_closed_pool_says_so() -> None:
    """Before it is opened a call fails with words."""
    closed = AiohttpRequest()
    assert closed.read_timeout == 20.0
    with pytest.raises(NetworkError, match="isn't open"):
        await closed.do_request("http://127.0.0.1:9/", "GET")
