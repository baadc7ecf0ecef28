"""What Telegram's answer means for a letter: one of the named outcomes, or a simpler letter to try instead. Pure.

python-telegram-bot rewrites error texts (lower case after the first letter), so they are compared without regard to case; the texts are in
tdlib/telegram-bot-api's Client.cpp.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.render import MOST_UNITS, cut, plain
from storage.outbox import Letter

# Calls that say nothing in a chat: Telegram's limits aren't for them. A press ends by itself, so it isn't answered later.
SILENT = ("answerCallbackQuery", "answerInlineQuery")
SAID_AGAIN = ("reply", "farewell")
TOLD = "told to wait"
UNREACHED = ("no connection to Telegram", "an error of Telegram's")
# Seconds between attempts, where Telegram certainly didn't have the letter, and where it may come twice.
_LONGEST_WAIT = 60.0
_LONGEST_IN_DOUBT = 300.0
_MOST_DOUBLINGS = 9
_DAY = timedelta(days=1)
# How long a letter is of use. What was alerted to is in the next digest; Telegram deletes nothing that is older than two days.
OF_USE: Mapping[str, timedelta] = {"reply": _DAY, "alert": _DAY, "farewell": 2 * _DAY, "digest": 7 * _DAY, "announcement": 7 * _DAY}
# Telegram forgets an inline query after thirty seconds.
INLINE_OF_USE = timedelta(seconds=30)
_TOO_MUCH = ("is too long", "entities_too_long", "can't parse entities", "text must be non-empty")
_BUTTONS = ("button_", "inline keyboard", "reply_markup")
_NO_MORE_TO_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_closed")


class Outcome(NamedTuple):
    """How sending a letter ended: sent, gone, moved, later, rejected, stale or unknown.

    ``wait``: seconds until it is tried again. ``trouble``: what went wrong, one of ``troubles.NAMES``. ``thread``: only the thread is gone.
    """

    state: str
    message_id: int | None = None
    error: str | None = None
    wait: float = 0.0
    new_chat_id: int | None = None
    trouble: str = ""
    thread: bool = False


class Call(NamedTuple):
    """A method of the Bot API and its arguments."""

    method: str
    payload: Mapping[str, Any]


def is_stale(letter: Letter, now: datetime) -> bool:
    """Whether a letter is of no use any more, as it waited too long."""
    return now - letter.written_at > (INLINE_OF_USE if letter.method == "answerInlineQuery" else OF_USE[letter.kind])


def outcome_of(error: Exception, letter: Letter) -> Outcome:
    """What an error means for the letter that met it."""
    text = str(error)
    if isinstance(error, RetryAfter):
        return Outcome("later", error=text, wait=seconds_to_wait(error), trouble=TOLD)
    if isinstance(error, ChatMigrated):
        return _moved(error, letter, text)
    if "Parsing the server response" in text:
        # Not Telegram's words but those of something in between, which speaks for nobody's chat.
        return _later(letter, text, "an answer that can't be read")
    if isinstance(error, Forbidden):
        return Outcome("gone", error=text, trouble="chat gone")
    if isinstance(error, BadRequest):
        return Outcome("rejected", error=text) if letter.method in SILENT else _bad_request(text)
    return _unanswered(error, letter, text)


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram told us to wait. The library gives it in one of two types."""
    asked = error.retry_after
    return float(asked if isinstance(asked, int | float) else asked.total_seconds())


def is_revoked(error: Exception) -> bool:
    """Whether Telegram says that the token isn't one. The library takes such answers for missing methods as well."""
    cause = error.__cause__ if isinstance(error.__cause__, InvalidToken) else error
    return isinstance(cause, InvalidToken) and "Parsing the server response" not in str(cause)


def simpler(call: Call, error: BadRequest) -> Call | None:
    """What may be taken where a call wasn't: a new message for one that can't be edited, plain words, fewer of them, no buttons."""
    text, payload = str(error).lower(), dict(call.payload)
    if call.method not in {"sendMessage", "editMessageText"}:
        return None
    if call.method == "editMessageText" and any(sign in text for sign in _NO_MORE_TO_EDIT):
        payload.pop("message_id", None)
        return Call("sendMessage", payload)
    if any(sign in text for sign in _TOO_MUCH):
        words = plain(str(payload["text"])) if payload.pop("parse_mode", None) == "HTML" else str(payload["text"])
        payload["text"] = cut(words, MOST_UNITS)
    elif any(sign in text for sign in _BUTTONS):
        payload.pop("reply_markup", None)
    return Call(call.method, payload) if payload != dict(call.payload) and payload["text"].strip() else None


def in_words(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A sendPhoto's arguments as those of a sendMessage with its caption."""
    kept = {name: value for name, value in payload.items() if name not in {"photo", "document", "caption"}}
    return {**kept, "text": payload.get("caption", ""), "link_preview_options": {"is_disabled": True}}


def _moved(error: ChatMigrated, letter: Letter, text: str) -> Outcome:
    if error.new_chat_id == letter.chat_id:
        return _later(letter, text, "an answer that can't be read")
    return Outcome("moved", error=text, new_chat_id=error.new_chat_id)


def _unanswered(error: Exception, letter: Letter, text: str) -> Outcome:
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Outcome("later", error=text, wait=60.0, trouble="an error of Telegram's")
    if isinstance(error, TimedOut) or not isinstance(error, NetworkError):
        # The request may have been carried out: a digest isn't sent twice, an answer is.
        trouble = "no answer from Telegram" if isinstance(error, TimedOut) else "an answer that can't be read"
        again = _later(letter, text, trouble, _LONGEST_IN_DOUBT)
        return again if letter.kind in SAID_AGAIN else Outcome("unknown", error=text, trouble=trouble)
    return _later(letter, text, "no connection to Telegram" if "can't be reached" in text else "an error of Telegram's")


def _later(letter: Letter, text: str, trouble: str, longest: float = _LONGEST_WAIT) -> Outcome:
    """The trouble isn't the letter's own, so it is tried for as long as it is of use."""
    if letter.method == "answerCallbackQuery":
        return Outcome("rejected", error=text, trouble=trouble)
    return Outcome("later", error=text, wait=min(2.0 ** min(letter.attempts, _MOST_DOUBLINGS), longest), trouble=trouble)


def _bad_request(text: str) -> Outcome:
    lowered = text.lower()
    if "message is not modified" in lowered:
        return Outcome("sent")
    if "chat not found" in lowered:
        return Outcome("gone", error=text, trouble="chat gone")
    if any(sign in lowered for sign in _NO_THREAD):
        return Outcome("gone", error=text, trouble="chat gone", thread=True)
    return Outcome("rejected", error=text, trouble="message rejected")
