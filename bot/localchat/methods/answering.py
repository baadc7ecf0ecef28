"""answerCallbackQuery and answerInlineQuery."""

from typing import Any

from bot.localchat.calls import Call
from bot.localchat.entities import message_text
from bot.localchat.errors import bad_request
from bot.localchat.keyboards import check_keyboard
from bot.localchat.world import World

_ANSWER_LIMIT = 200
_RESULTS_LIMIT = 50
_ID_LIMIT_BYTES = 64
_OFFSET_LIMIT_BYTES = 64
_CACHE_SECONDS = 300


def answer_callback_query(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#answercallbackquery."""
    query = world.queries.open(call.text("callback_query_id"), "callback")
    text = call.text("text")
    if len(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
    message = world.chat(query.chat_id).messages.get(query.message_id)
    if message:
        message.answers.append({"query_id": query.id, "person_id": query.person_id, **query.answer})
    world.events.publish("answer", chat_id=query.chat_id, message_id=query.message_id, query_id=query.id, answer=query.answer)
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#answerinlinequery."""
    results = call.listed("results")
    if len(results) > _RESULTS_LIMIT:
        raise bad_request("too many inline query results specified")
    checked = [_result(result) for result in results]
    if len({result["id"] for result in checked}) < len(checked):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(call.text("next_offset").encode()) > _OFFSET_LIMIT_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = world.queries.open(call.text("inline_query_id"), "inline")
    answer = {"results": checked, "next_offset": call.text("next_offset"), "button": call.value("button")}
    seconds = call.number("cache_time", _CACHE_SECONDS)
    world.queries.keep(query, answer, seconds, personal=call.flag("is_personal"))
    world.events.publish("inline", query_id=query.id, answer=answer)
    return True


def _result(result: Any) -> dict[str, Any]:
    """Return a result with its message parsed, as the person who chooses it will send it."""
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    number = str(result.get("id", ""))
    if not 1 <= len(number.encode()) <= _ID_LIMIT_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: only articles can be shown in the local chat")
    if not str(result.get("title", "")).strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad_request("MESSAGE_TEXT_EMPTY")
    found = message_text(str(content["message_text"]), str(content.get("parse_mode") or ""), content.get("entities") or [])
    markup = check_keyboard(result.get("reply_markup"))
    shown = {name: str(result.get(name, "")) for name in ("title", "description", "url")}
    return {"id": number, **shown, "text": found.text, "entities": found.entities, "reply_markup": markup}
