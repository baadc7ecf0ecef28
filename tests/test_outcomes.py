"""What Telegram's answers mean, and what is tried where it won't take a message as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.outcomes import INLINE_OF_USE, OF_USE, Call, is_stale, outcome_of, simpler
from bot.render import MOST_UNITS, cut, units
from storage.outbox import Letter

YOU = 1001
THEN = datetime(2026, 11, 22, 8, tzinfo=UTC)


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
        (NetworkError("Bad Gateway"), "reply", 500, "later"),
        (NetworkError("refused"), "digest", 500, "later"),
        (TimedOut(), "reply", 500, "later"),
        (InvalidToken(), "digest", 0, "later"),
        (TelegramError("Invalid server response"), "reply", 0, "later"),
        (TelegramError("Invalid server response"), "digest", 0, "unknown"),
        (KeyError("result"), "digest", 0, "unknown"),
        (ChatMigrated(YOU), "reply", 0, "later"),
        (Forbidden("Forbidden (403). Parsing the server response b'<html>' failed"), "digest", 0, "later"),
        (BadRequest("Message thread not found"), "digest", 0, "gone"),
    ],
)
def test_what_errors_mean(error: Exception, kind: str, attempts: int, state: str) -> None:
    """Every error of the library has one meaning."""
    assert outcome_of(error, Letter(1, YOU, kind, "sendMessage", {}, attempts, THEN)).state == state


def test_a_press_is_of_no_use_later() -> None:
    """What only ends a button's waiting isn't tried again, and no operator need hear of it."""
    letter = Letter(1, YOU, "reply", "answerCallbackQuery", {}, 0, THEN)
    assert outcome_of(NetworkError("refused"), letter).state == "rejected"
    late = outcome_of(BadRequest("Query is too old and response timeout expired or query id is invalid"), letter)
    assert (late.state, late.trouble) == ("rejected", "")


@pytest.mark.parametrize("kind", OF_USE)
def test_how_long_a_letter_is_of_use(kind: str) -> None:
    """A day or more, whatever its kind; an inline query's answer as long as Telegram remembers the query."""
    letter = Letter(1, YOU, kind, "sendMessage", {}, 99, THEN)
    assert not is_stale(letter, THEN + timedelta(hours=23))
    assert not is_stale(letter, THEN + OF_USE[kind])
    assert is_stale(letter, THEN + OF_USE[kind] + timedelta(seconds=1))
    inline = Letter(1, None, "reply", "answerInlineQuery", {}, 0, THEN)
    assert outcome_of(NetworkError("refused"), inline).state == "later"
    assert is_stale(inline, THEN + INLINE_OF_USE + timedelta(seconds=1))


def test_pauses_between_attempts() -> None:
    """They double, to a minute where nothing arrived, and to five where each may have."""
    for error, longest in ((NetworkError("Bad Gateway"), 60.0), (TimedOut(), 300.0)):
        waits = [outcome_of(error, Letter(1, YOU, "reply", "sendMessage", {}, attempts, THEN)).wait for attempts in (0, 1, 5, 11, 9_999)]
        assert waits == [1.0, 2.0, 32.0, longest, longest]


def test_what_something_in_between_says_ends_no_chat() -> None:
    """A proxy's page of refusal isn't Telegram's word that a chat is gone."""
    page = Forbidden("Forbidden (403). Parsing the server response b'<html>' failed")
    assert outcome_of(page, Letter(1, YOU, "reply", "sendMessage", {}, 0, THEN)).trouble == "an answer that can't be read"


HTML = {"chat_id": YOU, "text": "<b>a</b> &amp; b", "parse_mode": "HTML", "reply_markup": {"inline_keyboard": []}}


@pytest.mark.parametrize(
    ("method", "error", "changed"),
    [
        ("sendMessage", "Can't parse entities: unclosed start tag", {"text": "a & b", "parse_mode": None}),
        ("sendMessage", "Button_data_invalid", {"reply_markup": None}),
        ("editMessageText", "Message to edit not found", {"method": "sendMessage"}),
        ("editMessageText", "Entities_too_long", {"text": "a & b", "parse_mode": None}),
    ],
)
def test_a_simpler_call(method: str, error: str, changed: dict[str, object]) -> None:
    """Only what can't be taken is left out."""
    other = simpler(Call(method, HTML), BadRequest(error))
    assert other is not None
    wanted = {"method": method, **HTML, **changed}
    assert {"method": other.method, **other.payload} == {name: value for name, value in wanted.items() if value is not None}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (Call("sendMessage", HTML), "have no rights to send a message"),
        (Call("sendMessage", {"text": ""}), "message text is empty"),
        (Call("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}), "text must be non-empty"),
        (Call("sendPhoto", HTML), "message caption is too long"),
    ],
)
def test_where_nothing_simpler_helps(call: Call, error: str) -> None:
    """The letter is rejected then."""
    assert simpler(call, BadRequest(error)) is None


@pytest.mark.parametrize("text", ["short", "x" * 5000, "\U0001f600" * 3000, "line\n" * 2000])
def test_cutting(text: str) -> None:
    """Whatever is cut fits, in the strictest way of counting, and not much is lost."""
    short = cut(text, MOST_UNITS)
    assert units(short) <= MOST_UNITS
    assert short == text or units(short) > MOST_UNITS - 10
