"""Whatever the news says, every page of a digest is a message that Telegram takes, and no story is lost between the pages."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.digest import News
from bot.digest_page import STORIES_A_PAGE, Reader, digest_head, digest_message, posts
from bot.letters import send
from bot.localchat.server import LocalChat
from bot.localchat.world import YOU
from bot.render import LONGEST_ADDRESS, Message, fits, plain
from bot.voice import LANGUAGES, voice
from storage.stories import Telling
from tests.serving import serving
from tests.test_localchat_server import StillClock

# ``make digests`` makes ten thousand.
EXAMPLES = int(os.environ.get("HOMEFRONT_TEST_DIGESTS", "150"))
_TOKEN = "1:local-test"
_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
_SCRIPTS = strategies.sampled_from(
    [
        "Пикет ",
        "Картина ",
        "عنوان ",
        "כותרת ",
        "新聞",
        "👩‍👩‍👧",
        "<b>",
        "</blockquote>",
        "&amp;",
        '"',
        "'",
        "\u202e",
        "e\u0301",
        "Way Home ",
    ]
)
_WORDS = strategies.lists(_SCRIPTS, max_size=60).map("".join)
_TEXTS = strategies.text(max_size=300) | _WORDS | strategies.integers(0, 3_000).map(lambda length: "x" * length)
_ADDRESSES = strategies.integers(1, LONGEST_ADDRESS + 200).map(lambda length: "https://h.example/?a=1&b=" + "y" * length)


@strategies.composite
def _telling(draw: strategies.DrawFn, story: int, number: int) -> Telling:
    title, text = draw(_TEXTS), draw(_TEXTS)
    names = draw(strategies.text(min_size=1, max_size=80))
    return Telling(
        article_id=number,
        story_id=story,
        copy_of=None,
        title=title,
        text=text,
        url=draw(_ADDRESSES),
        language=draw(strategies.sampled_from(["ru", "en", "uk"])),
        first_seen_at=_AT,
        outlet=names,
        publisher=f"{names}{number}",
        standing=draw(strategies.sampled_from(["state", "exile", "wire", "strange"])),
        wire=draw(strategies.none() | strategies.text(max_size=20)),
        topics=("way-home",),
    )


@strategies.composite
def _news(draw: strategies.DrawFn, story: int) -> News:
    told = tuple(draw(_telling(story, story * 100 + index)) for index in range(draw(strategies.integers(1, 4))))
    topic = draw(strategies.sampled_from(["way-home", "losses"]))
    return News(story, topic, told[0], told, draw(strategies.integers(1, len(told))))


@strategies.composite
def _digests(draw: strategies.DrawFn) -> tuple[str, list[News]]:
    count = draw(strategies.integers(1, 9))
    return draw(strategies.sampled_from(sorted(LANGUAGES))), [draw(_news(number)) for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def telegram() -> Iterator[HTTPConnection]:
    """The strict local server, as a program meets it."""
    chat = LocalChat(StillClock(), token=_TOKEN)
    with serving(chat) as address:
        connection = HTTPConnection(address.removeprefix("http://"))
        yield connection
        connection.close()


def _taken(telegram: HTTPConnection, message: Message) -> dict[str, Any]:
    """The message as it stands in the chat after it was sent there, in the form in which the bot sends it."""
    call = send(YOU, 0, message)
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in call.payload.items()}
    telegram.request("POST", f"/bot{_TOKEN}/{call.method}", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    answer = json.load(telegram.getresponse())
    assert answer["ok"], answer
    taken: dict[str, Any] = answer["result"]
    return taken


def _seen(text: str) -> str:
    """The text without what nobody sees, which Telegram drops or replaces."""
    return "".join(letter for letter in text if letter.isprintable() and letter != " ")


def _begin_again(telegram: HTTPConnection) -> None:
    """Empty the chat, which would hold all that was ever sent; over a new connection, as the server ends one that was idle."""
    telegram.close()
    for action, arguments in (("reset", {}), ("say", {"chat_id": YOU, "text": "/start"})):
        telegram.request("POST", f"/control/{action}", json.dumps(arguments), {"Content-Type": "application/json"})
        assert json.load(telegram.getresponse())["ok"]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(_digests())
def test_every_page_is_taken_and_nothing_is_lost(telegram: HTTPConnection, made: tuple[str, list[News]]) -> None:
    """Each page is taken by the strict local server and keeps our own, lower limits; together they have every story once, in order."""
    _begin_again(telegram)
    language, news = made
    reader = Reader(voice(language), "Europe/Moscow", {"way-home": "Путь <домой>", "losses": "Losses & co"})
    start, pages = 0, 0
    while start < len(news):
        message = digest_message(reader, digest_head(reader, news, "Digest"), news, digest_id=7, start=start)
        assert fits(message.text)
        taken = _taken(telegram, message)
        assert _seen(taken["text"]) == _seen(plain(message.text))
        assert len(taken["reply_markup"]["inline_keyboard"]) == len(message.buttons)
        assert all(len(button.data.encode()) <= 64 for row in message.buttons for button in row)
        (about,) = (button.data for row in message.buttons for button in row if button.data.startswith("mute of"))
        assert about == f"mute of 7 {start} {int(about.split()[-1])}"
        shown = int(about.split()[-1])
        assert 1 <= shown <= STORIES_A_PAGE
        onward = [button.data for row in message.buttons for button in row if button.data.startswith("digest ")]
        assert onward == ([f"digest 7 {start + shown}"] if start + shown < len(news) else [])
        assert not re.search(r"&(?!(?:lt|gt|amp|quot|#x?[0-9a-fA-F]+);)", message.text)
        start, pages = start + shown, pages + 1
    assert pages <= len(news)
    for post in posts(reader, digest_head(reader, news, "Digest"), news):
        assert fits(post.text)
        assert _taken(telegram, post)["text"]
