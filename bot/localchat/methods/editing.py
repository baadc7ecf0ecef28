"""editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage."""

from typing import Any

from bot.localchat.access import own_message, writable_chat
from bot.localchat.calls import Call
from bot.localchat.chats import Chat, Message
from bot.localchat.errors import bad_request
from bot.localchat.keyboards import check_keyboard
from bot.localchat.methods.sending import link_preview, read_caption, read_text, text_fields
from bot.localchat.posting import show_change
from bot.localchat.world import World

_DELETE_SECONDS = 48 * 3600
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TEXT_FIELDS = ("text", "entities", "link_preview_options")
_CAPTION_FIELDS = ("caption", "caption_entities")


def edit_message_text(world: World, call: Call) -> dict[str, Any] | bool:
    """Answer https://core.telegram.org/bots/api#editmessagetext."""
    found = read_text(world, call)
    markup = check_keyboard(call.value("reply_markup"))
    chat, message = own_message(world, call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    preview = link_preview(call)
    fields = text_fields(found, chat) | ({"link_preview_options": preview} if preview else {})
    return _change(world, (chat, message), fields, _TEXT_FIELDS, markup)


def edit_message_caption(world: World, call: Call) -> dict[str, Any] | bool:
    """Answer https://core.telegram.org/bots/api#editmessagecaption."""
    found = read_caption(world, call)
    markup = check_keyboard(call.value("reply_markup"))
    chat, message = own_message(world, call)
    if "photo" not in message.body and "document" not in message.body:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, (chat, message), text_fields(found, chat, "caption"), _CAPTION_FIELDS, markup)


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any] | bool:
    """Answer https://core.telegram.org/bots/api#editmessagereplymarkup."""
    markup = check_keyboard(call.value("reply_markup"))
    return _change(world, own_message(world, call), {}, (), markup)


def _change(
    world: World, where: tuple[Chat, Message], fields: dict[str, Any], names: tuple[str, ...], markup: dict[str, Any] | None
) -> dict[str, Any] | bool:
    """Replace the named fields and the keyboard; a missing keyboard is taken away, as there."""
    chat, message = where
    before = {name: message.body[name] for name in names if name in message.body}
    if fields == before and markup == message.reply_markup:
        raise bad_request(_SAME)
    if fields != before:
        message.earlier.append(str(message.body.get("text", message.body.get("caption", ""))))
    kept = {name: value for name, value in message.body.items() if name not in (*names, "reply_markup")}
    message.body = {**kept, **fields, "edit_date": world.unix_now()} | ({"reply_markup": markup} if markup else {})
    message.reply_markup = markup
    show_change(world, chat, message)
    # The bot isn't told of messages that others sent by way of it.
    return message.body if message.by_bot else True


def delete_message(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#deletemessage."""
    chat = writable_chat(world, call)
    message = chat.message(call.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not (message.by_bot or chat.kind == "private" or chat.bot_status == "administrator"):
        raise bad_request("message can't be deleted")
    if chat.kind == "private" and world.unix_now() - message.body["date"] > _DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    show_change(world, chat, message)
    return True
