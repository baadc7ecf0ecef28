"""Checks of reply_markup (pure). Texts from tdlib/td, ReplyMarkup.cpp; those in capitals are of Telegram's core, from memory."""

import json
from typing import Any

from bot.localchat.errors import bad_request
from bot.localchat.links import checked_link

_BUTTON_LIMIT = 100
_ROW_LIMIT = 8
_DATA_LIMIT_BYTES = 64
_SIZE_LIMIT_BYTES = 10_000
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_OTHER_KINDS = ("keyboard", "remove_keyboard", "force_reply")


def check_keyboard(markup: Any) -> dict[str, Any] | None:
    """Return the reply markup as it is kept, or None if there is none; raise ApiError if Telegram would refuse it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return {name: value for name, value in markup.items() if value} if any(name in markup for name in _OTHER_KINDS) else None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    rows = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, rows)) > _BUTTON_LIMIT or any(len(row) > _ROW_LIMIT for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    if len(json.dumps(rows, ensure_ascii=False).encode()) > _SIZE_LIMIT_BYTES:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def has_button(markup: dict[str, Any] | None, data: str) -> bool:
    """Say whether a keyboard has a button with this callback data."""
    rows = (markup or {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= _DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        link = checked_link(str(button["url"]))
        if not link:
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return {**button, "url": link}
    return dict(button)
