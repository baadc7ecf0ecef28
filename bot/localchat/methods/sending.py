"""sendMessage, sendPhoto, sendDocument, sendChatAction."""

import mimetypes
from collections.abc import Callable
from typing import Any

from bot.localchat.access import replied_to, thread_of, writable_chat
from bot.localchat.calls import Call, Upload
from bot.localchat.chats import Chat
from bot.localchat.entities import Formatted, caption, message_text
from bot.localchat.errors import bad_request, too_many_requests
from bot.localchat.files import StoredFile, picture_size, picture_type
from bot.localchat.keyboards import check_keyboard
from bot.localchat.posting import post, show
from bot.localchat.world import World

_PHOTO_LIMIT_BYTES = 10_000_000
_PHOTO_SIDES_LIMIT = 10_000
_PHOTO_RATIO_LIMIT = 20
_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio", "upload_audio",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note", "cancel",
)  # fmt: skip


def read_text(world: World, call: Call) -> Formatted:
    """Return the checked `text` of a call."""
    found = message_text(call.text("text"), call.text("parse_mode"), call.listed("entities"))
    return _with_users(world, found)


def read_caption(world: World, call: Call) -> Formatted:
    """Return the checked `caption` of a call."""
    found = caption(call.text("caption"), call.text("parse_mode"), call.listed("caption_entities"))
    return _with_users(world, found)


def _with_users(world: World, found: Formatted) -> Formatted:
    """Put users into the mentions by id; a mention of nobody known is dropped, as there."""
    entities = []
    for entity in found.entities:
        user = entity.pop("user_id", None)
        if user is not None:
            person = world.people.get(user)
            entities += [{**entity, "user": person.user()}] if person else []
        elif entity["type"] != "text_mention" or "user" in entity:
            entities.append(entity)
    return Formatted(found.text, entities)


def text_fields(found: Formatted, chat: Chat, field: str = "text") -> dict[str, Any]:
    """Return a text as fields of Message; a channel has no bot commands."""
    entities = [entity for entity in found.entities if chat.kind != "channel" or entity["type"] != "bot_command"]
    name = "entities" if field == "text" else "caption_entities"
    return ({field: found.text} if found.text else {}) | ({name: entities} if entities else {})


def link_preview(call: Call) -> dict[str, Any] | None:
    """Return the link preview options of a call, from the new field or the old one."""
    given = call.mapped("link_preview_options")
    return given or ({"is_disabled": True} if call.flag("disable_web_page_preview") else None)


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#sendmessage."""
    found = read_text(world, call)
    preview = link_preview(call)
    extra = {"link_preview_options": preview} if preview else {}
    return _send(world, call, lambda chat: text_fields(found, chat) | extra)


def send_photo(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#sendphoto; a photo from an address can't be had, there is no network here."""
    found = read_caption(world, call)
    stored, width, height = _photo(world, call)
    sizes = [{**stored.body(), "width": width, "height": height}]
    above = {"show_caption_above_media": True} if call.flag("show_caption_above_media") else {}
    return _send(world, call, lambda chat: {"photo": sizes, **text_fields(found, chat, "caption"), **above})


def send_document(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#senddocument."""
    found = read_caption(world, call)
    stored = _document(world, call)
    document = {**stored.body(), "file_name": stored.name, "mime_type": stored.mime_type}
    return _send(world, call, lambda chat: {"document": document, **text_fields(found, chat, "caption")})


def send_chat_action(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#sendchataction."""
    action = call.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(world, call)
    world.events.publish("typing", chat_id=chat.id, action=action, thread_id=thread_of(chat, call))
    return True


def _send(world: World, call: Call, content: Callable[[Chat], dict[str, Any]]) -> dict[str, Any]:
    markup = check_keyboard(call.value("reply_markup"))
    chat = writable_chat(world, call)
    reply = replied_to(chat, call)
    thread = thread_of(chat, call)
    wait = world.flood.wait_seconds(chat.id)
    if wait:
        raise too_many_requests(wait)
    message = post(world, chat, content(chat), thread_id=thread, reply_to=reply)
    message.reply_markup = markup
    message.silent = call.flag("disable_notification")
    message.protected = call.flag("protect_content")
    if markup and "inline_keyboard" in markup:
        message.body["reply_markup"] = markup
    if message.protected:
        message.body["has_protected_content"] = True
    show(world, chat, message)
    return message.body


def _given(world: World, call: Call, field: str) -> Upload | StoredFile:
    """Return the file that came with the call, or the stored one it names by file_id."""
    upload = call.upload(field)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return upload
    reference = call.text(field)
    if not reference or reference.startswith("attach://"):
        raise bad_request(f"there is no {field} in the request")
    if "://" in reference:
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.get(reference)
    if stored is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return stored


def _document(world: World, call: Call) -> StoredFile:
    given = _given(world, call, "document")
    if isinstance(given, StoredFile):
        return given
    # python-telegram-bot calls every part it doesn't know application/octet-stream, so the name is the better hint.
    return world.files.add(given.name, mimetypes.guess_type(given.name)[0] or "application/octet-stream", given.content)


def _photo(world: World, call: Call) -> tuple[StoredFile, int, int]:
    given = _given(world, call, "photo")
    if len(given.content) > _PHOTO_LIMIT_BYTES:
        raise bad_request("too big for a photo")
    size = picture_size(given.content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > _PHOTO_SIDES_LIMIT or min(size) * _PHOTO_RATIO_LIMIT < max(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if isinstance(given, Upload):
        given = world.files.add(given.name, picture_type(given.content), given.content)
    return given, *size
