"""Updates of the Bot API: stripped of names before they are written down, and read into what was asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    InlineQuery,
    Message,
    MessageEntity,
    Update,
)

from bot.voice import language_of
from storage.inbox import Incoming

ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "inline_query", "my_chat_member")
LONGEST_TEXT = 4_096
LONGEST_OFFSET = 64
DIRECTED = "@"  # begins the data of a button that is about a channel controlled from a private chat
DEEPEST = 50  # levels; the Bot API's own updates have about ten
_LARGEST_ID = 2**63  # what the database can hold
# The Bot API's fields that name a person or chat, hold other people's words, tell where somebody is, or are none of our business.
_PERSON = {"last_name", "username", "usernames", "active_usernames", "bio", "photo", "nickname"}
_CONTACT = {"contact", "phone_number", "email", "vcard"}
_MEMBER = {"author_signature", "custom_title", "tag", "sender_tag", "sender_user_name", "users_shared", "chat_shared"}
_CHAT = {"title", "new_chat_title", "new_chat_photo", "invite_link", "forum_topic_created", "forum_topic_edited", "business_intro"}
_FORWARDED = {"forward_origin", "forward_from", "forward_from_chat", "forward_signature", "forward_sender_name"}
_OTHERS_WORDS = {"reply_to_message", "external_reply", "quote", "pinned_message", "reply_to_story", "story", "poll", "checklist"}
_WHEREABOUTS = {"location", "venue", "business_location", "order_info", "successful_payment", "passport_data"}
_FILES = {"performer", "file_name", "invoice", "game"}
_NAMES = frozenset(_PERSON | _CONTACT | _MEMBER | _CHAT | _FORWARDED | _OTHERS_WORDS | _WHEREABOUTS | _FILES)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wrote a command or pressed a button, which is the same thing here. ``command`` is empty for free text.

    ``argument``: what followed the command, on one line; ``written``: the same as it was written. ``pressed``: the id of the message whose
    button it was. ``quoted``: that message's text in code. ``kind``: of the chat ("private", "group", "supergroup", "channel").
    ``for_chat``: what was written speaks for the whole chat, as a channel's post does and an administrator who stays anonymous.
    ``directed``: the button is about the channel that is controlled from here.
    """

    chat_id: int
    thread_id: int
    command: str
    argument: str
    client_language: str | None
    person_id: int = 0
    kind: str = "private"
    for_chat: bool = False
    directed: bool = False
    pressed: int | None = None
    callback_id: str | None = None
    quoted: str = ""
    written: str = ""

    @property
    def private(self) -> bool:
        """Whether nobody else is in the chat."""
        return self.kind == "private"


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was let into a chat or put out of it, by a person; or it may write there now, or no longer.

    ``came``: it wasn't there before.
    """

    chat_id: int
    present: bool
    came: bool = False
    person_id: int = 0
    kind: str = "private"
    client_language: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, with a new id."""

    old_chat_id: int
    new_chat_id: int


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody typed “@bot text” in some chat, or scrolled to the end of the results; ``offset`` is then what those ended with.

    ``language``: the client's.
    """

    query_id: str
    person_id: int
    text: str
    offset: str
    language: str


Event = Asked | Membership | Moved | Looked


def strip(raw: Mapping[str, Any]) -> Incoming:
    """An update as the Bot API gave it, without anybody's name. Takes any object with a whole number as ``update_id``.

    The chat is None where none is told in a way that can be read: what is wrong with an update is found out when it is handled.
    """
    return Incoming(int(raw["update_id"]), _chat_id(raw), _without_names(raw))


def read(body: Mapping[str, Any], bot_username: str) -> Event | None:
    """What an update asks for; None where it isn't for us. Raises what python-telegram-bot raises on an update it can't read."""
    update = Update.de_json(dict(body), None)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.callback_query is not None:
        return _pressed(update)
    if update.inline_query is not None:
        return _looked(update.inline_query)
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    return _written(message, bot_username)


def _written(message: Message, bot_username: str) -> Asked | None:
    text = (message.text or "").strip()[:LONGEST_TEXT]
    private = message.chat.type == "private"
    if not text:
        return None
    command, argument = "", text
    if text.startswith("/"):
        first, argument = (*text.split(maxsplit=1), "")[:2]
        command, _, addressee = first[1:].partition("@")
        if addressee and addressee.casefold() != bot_username.casefold():
            return None
    elif not private:
        return None
    return Asked(
        chat_id=message.chat.id,
        thread_id=message.message_thread_id or 0 if message.is_topic_message else 0,
        command=command.lower(),
        argument=" ".join(argument.split()),
        written=argument,
        client_language=message.from_user.language_code if message.from_user else None,
        person_id=message.from_user.id if message.from_user else 0,
        kind=message.chat.type,
        for_chat=message.sender_chat is not None and message.sender_chat.id == message.chat.id,
    )


def _pressed(update: Update) -> Asked | None:
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return None
    message = query.message
    command, _, argument = query.data.removeprefix(DIRECTED).partition(" ")
    quoted, thread_id = "", 0
    if isinstance(message, Message):
        quoted = next(iter(message.parse_entities([MessageEntity.CODE]).values()), "")
        thread_id = message.message_thread_id or 0 if message.is_topic_message else 0
    return Asked(
        chat_id=message.chat.id,
        thread_id=thread_id,
        command=command,
        argument=argument,
        client_language=query.from_user.language_code,
        person_id=query.from_user.id,
        kind=message.chat.type,
        directed=query.data.startswith(DIRECTED),
        pressed=message.message_id,
        callback_id=query.id,
        quoted=quoted,
    )


def _looked(query: InlineQuery) -> Looked:
    text = " ".join(query.query[:LONGEST_TEXT].split())
    return Looked(query.id, query.from_user.id, text, query.offset[:LONGEST_OFFSET], language_of(query.from_user.language_code))


def _membership(change: ChatMemberUpdated) -> Membership:
    return Membership(
        change.chat.id,
        _present(change.new_chat_member),
        came=not _present(change.old_chat_member),
        person_id=change.from_user.id,
        kind=change.chat.type,
        client_language=change.from_user.language_code,
    )


def _present(member: ChatMember) -> bool:
    """Whether the bot is in a chat; in a channel it isn't, for us, where it may not post."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _chat_id(raw: Mapping[str, Any]) -> int | None:
    found = (_chat(raw) or {}).get("id")
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < _LARGEST_ID else None


def _chat(raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for kind in ALLOWED_UPDATES:
        part = raw.get(kind)
        if isinstance(part, Mapping):
            holder = part.get("message", part) if kind == "callback_query" else part
            chat = holder.get("chat") if isinstance(holder, Mapping) else None
            return chat if isinstance(chat, Mapping) else None
    return None


def _without_names(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        # The library insists on a first name where there is a person.
        return {key: "" if key == "first_name" else _without_names(each, depth + 1) for key, each in value.items() if key not in _NAMES}
    if isinstance(value, list):
        return [_without_names(each, depth + 1) for each in value]
    return value
