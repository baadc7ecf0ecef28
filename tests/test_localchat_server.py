"""python-telegram-bot's own Bot against the local chat over loopback: the methods, and the errors in Telegram's words."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton as Button,
    InlineKeyboardMarkup as Keyboard,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from bot.localchat.server import LocalChat
from bot.localchat.world import NEWSROOM, YOU
from tests.serving import serving

TOKEN = "1:local-test"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"


class StillClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 28, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """Say the time."""
        return self._now

    def advance(self, seconds: float, /) -> None:
        """Move the time."""
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def chat() -> LocalChat:
    """Return a local chat whose private chat is started."""
    chat = LocalChat(StillClock(), token=TOKEN)
    chat.say(YOU, "/start")
    return chat


@pytest.fixture
def address(chat: LocalChat) -> Iterator[str]:
    """Serve the chat on loopback."""
    with serving(chat) as address:
        yield address


@pytest.fixture
async def bot(address: str) -> AsyncIterator[Bot]:
    """Return the library's bot, connected to the chat."""
    async with Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot") as bot:
        yield bot


async def newest(bot: Bot) -> Update:
    """Return the last update the bot has been sent."""
    return (await bot.get_updates(offset=-1, timeout=5))[-1]


async def test_a_persons_message_is_an_update_and_the_answer_a_message(bot: Bot, chat: LocalChat) -> None:
    """A reply, with formatting and a keyboard, arrives as it was meant."""
    number = chat.say(YOU, "/digest now", language_code="uk")
    update = await newest(bot)
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.from_user.language_code) == ("/digest now", "uk")
    assert update.message.entities[0].type == "bot_command"
    keyboard = Keyboard([[Button("More", callback_data="more"), Button("Open", url="https://e.org")]])
    sent = await bot.send_message(
        YOU, "<b>News</b>", parse_mode="HTML", reply_markup=keyboard, reply_parameters=ReplyParameters(number), protect_content=True
    )
    assert sent.reply_to_message is not None
    assert (sent.text_html, sent.reply_to_message.message_id, sent.has_protected_content) == ("<b>News</b>", number, True)
    assert sent.date == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert chat.transcript(YOU)[-1]["reply_markup"]["inline_keyboard"][0][1]["url"] == "https://e.org/"


async def test_a_press_is_answered_once_and_within_150_seconds(bot: Bot, chat: LocalChat) -> None:
    """The answer shows in the transcript; a second or a late one is refused."""
    sent = await bot.send_message(YOU, "x", reply_markup=Keyboard([[Button("a", callback_data="yes")]]))
    chat.press(YOU, sent.message_id, "yes")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert query.data == "yes"
    assert await query.answer("Done", show_alert=True)
    assert chat.transcript(YOU)[-1]["answers"][0]["text"] == "Done"
    with pytest.raises(BadRequest, match=r"(?i)query is too old and response timeout expired or query id is invalid"):
        await query.answer()
    late = chat.press(YOU, sent.message_id, "yes")
    chat.move_clock(advance=151)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(late)


async def test_edits_keep_the_earlier_text_and_refuse_no_change(bot: Bot, chat: LocalChat) -> None:
    """An edit without a keyboard takes the keyboard away."""
    sent = await bot.send_message(YOU, "one", reply_markup=Keyboard([[Button("a", callback_data="b")]]))
    edited = await sent.edit_text("two")
    assert isinstance(edited, type(sent))
    assert (edited.text, edited.reply_markup) == ("two", None)
    assert chat.transcript(YOU)[-1]["earlier"] == ["one"]
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message content and reply markup are exactly"):
        await sent.edit_text("two")
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", YOU, 999)
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", YOU, 1)
    await bot.edit_message_reply_markup(YOU, sent.message_id, reply_markup=Keyboard([[Button("c", callback_data="d")]]))
    assert await sent.delete()
    assert chat.transcript(YOU)[-1]["deleted"]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await sent.delete()


async def test_files_come_back_as_they_were_sent(bot: Bot, chat: LocalChat) -> None:
    """A photo has its size, a document its name; captions can be edited; addresses and junk are refused."""
    document = await bot.send_document(YOU, b"a,b\n", filename="export.csv", caption="<i>all</i>", parse_mode="HTML")
    assert document.document is not None
    assert (document.document.file_name, document.document.mime_type) == ("export.csv", "text/csv")
    assert await (await bot.get_file(document.document.file_id)).download_as_bytearray() == b"a,b\n"
    await document.edit_caption("some")
    assert chat.transcript(YOU)[-1]["earlier"] == ["all"]
    photo = await bot.send_photo(YOU, PICTURE, filename="chart.png")
    assert (photo.photo[-1].width, photo.photo[-1].height) == (16, 16)
    assert (await bot.send_photo(YOU, photo.photo[-1].file_id)).photo[-1].file_id == photo.photo[-1].file_id
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(YOU, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)failed to get http url content"):
        await bot.send_photo(YOU, "https://e.org/a.png")
    with pytest.raises(BadRequest, match=r"(?i)there is no caption in the message to edit"):
        await bot.edit_message_caption(YOU, (await bot.send_message(YOU, "x")).message_id, caption="y")


async def test_a_photo_has_its_caption_and_buttons(bot: Bot, chat: LocalChat, address: str) -> None:
    """A caption has at most 1,024 characters when its markup is read; the page can fetch what was sent."""
    keyboard = Keyboard([[Button("More", callback_data="more")]])
    sent = await bot.send_photo(YOU, PICTURE, caption=f"<b>{'ж' * 1024}</b>", parse_mode="HTML", reply_markup=keyboard)
    assert sent.caption == "ж" * 1024
    kept = chat.transcript(YOU)[-1]
    assert (kept["text"], kept["caption_entities"][0]["length"]) == (sent.caption, 1024)
    assert kept["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "more"
    async with httpx.AsyncClient(base_url=address) as page:
        shown = await page.get(f"/control/file/{kept['photo'][0]['file_id']}")
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/png")
    with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
        await bot.send_photo(YOU, PICTURE, caption="ж" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await bot.send_photo(YOU, PICTURE[:16] + (21).to_bytes(4, "big") + (1).to_bytes(4, "big") + PICTURE[24:])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"chat_id": YOU}, "message text is empty"),
        (
            {"chat_id": YOU, "text": "<b>ж", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 5, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": YOU, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"chat_id": YOU, "text": "x", "reply_to_message_id": 99}, "message to be replied not found"),
        ({"chat_id": YOU, "text": "x", "message_thread_id": 9}, "message thread not found"),
    ],
)
def test_refusals_are_worded_as_telegrams(address: str, arguments: dict[str, Any], reason: str) -> None:
    """JSON, urlencoded and GET calls get the same answer."""
    expected = {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
    answer = httpx.post(f"{address}/bot{TOKEN}/sendMessage", json=arguments)
    assert (answer.status_code, answer.json()) == (400, expected)
    assert httpx.post(f"{address}/bot{TOKEN}/sendmessage", data=arguments).json() == expected
    assert httpx.get(f"{address}/bot{TOKEN}/SENDMESSAGE", params=arguments).json() == expected


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "url": "javascript:alert(1)"}, "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL"),
    ],
)
def test_buttons_telegram_would_refuse(address: str, button: dict[str, str], reason: str) -> None:
    """Data has 1 to 64 bytes, not characters; every button does something."""
    arguments = {"chat_id": YOU, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}}
    assert httpx.post(f"{address}/bot{TOKEN}/sendMessage", json=arguments).json()["description"] == f"Bad Request: {reason}"


def test_keyboards_are_limited_in_width(address: str) -> None:
    """Eight buttons a row."""
    arguments = {"chat_id": YOU, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]}}
    assert "REPLY_MARKUP_TOO_LONG" in httpx.post(f"{address}/bot{TOKEN}/sendMessage", json=arguments).text


def test_tokens_and_paths_that_are_wrong(address: str) -> None:
    """401 for a token that isn't the bot's, 404 for a method or a path there isn't."""
    answers = {
        f"/bot{TOKEN}/fly": (404, "Not Found: method not found"),
        "/bot1:other/getMe": (401, "Unauthorized"),
        "/botnonsense/getMe": (401, "Unauthorized: invalid token specified"),
        "/nothing": (404, "Not Found"),
        f"/file/bot{TOKEN}/documents/none": (404, "Not Found"),
    }
    for path, expected in answers.items():
        answer = httpx.get(address + path)
        assert (answer.status_code, answer.json()["description"]) == expected


async def test_an_unknown_token_stops_the_library(address: str) -> None:
    """The library raises InvalidToken."""
    with pytest.raises(InvalidToken):
        async with Bot("1:other", base_url=f"{address}/bot"):
            pass


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_armed_faults_fail_delay_or_lose_the_answer(bot: Bot, chat: LocalChat) -> None:
    """A dropped call was carried out: its message is there, though the caller can't know."""
    chat.arm("sendMessage", status=429, description="Too Many Requests: retry after 7", parameters={"retry_after": 7})
    with pytest.raises(RetryAfter):
        await bot.send_message(YOU, "refused")
    chat.arm("*", drop=True)
    with pytest.raises(NetworkError):
        await bot.send_message(YOU, "lost answer")
    assert await bot.send_message(YOU, "fine")
    assert [message["text"] for message in chat.transcript(YOU)] == ["/start", "lost answer", "fine"]


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_flood_limits_count_by_the_clock(bot: Bot, chat: LocalChat) -> None:
    """Three at once to one chat, then one a second; 20 a minute to a group; nothing of it while they are off."""
    for _ in range(5):
        await bot.send_message(YOU, "x")
    chat.flood(on=True)
    for _ in range(3):
        await bot.send_message(YOU, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(YOU, "x")
    for _ in range(20):
        await bot.send_message(NEWSROOM, "x")
    with pytest.raises(RetryAfter) as limited:
        await bot.send_message(NEWSROOM, "x")
    assert limited.value.retry_after == 60
    chat.move_clock(advance=61)
    assert await bot.send_message(NEWSROOM, "x")
