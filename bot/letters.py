"""Messages as calls of the Bot API, on their way to a chat. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.render import Document, Message, Picture
from storage import mailbox
from storage.mailbox import Outgoing
from storage.subscribers import Chat

NO_PREVIEW: Mapping[str, Any] = {"link_preview_options": {"is_disabled": True}}


def send(
    chat_id: int, thread_id: int, message: Message | Picture | Document, kind: mailbox.Kind = "reply", *, protected: bool = False
) -> Outgoing:
    """A message, on its way to a chat or a thread of it. ``protected``: it can be neither forwarded nor saved."""
    where = _where(chat_id, thread_id, protected=protected and not isinstance(message, Document))
    match message:
        case Picture():
            return Outgoing(chat_id, mailbox.PICTURE, {**where, **message.payload()}, kind)
        case Document():
            return Outgoing(chat_id, "sendDocument", {**where, **message.payload()}, kind)
    return Outgoing(chat_id, "sendMessage", {**where, **message.payload(), **NO_PREVIEW}, kind)


def copies(message: Message) -> mailbox.Alike:
    """What everybody gets to read who gets this message, whatever its buttons do for each."""
    return mailbox.alike({**message.words(), **NO_PREVIEW})


def copy(chat: Chat, message: Message, alike: mailbox.Alike, kind: mailbox.Kind, digest_id: int) -> Outgoing:
    """As ``letter``, of a message that many get; ``alike``: what ``copies`` made of it."""
    where = _where(chat.chat_id, chat.thread_id, protected=chat.choices.discreet)
    return Outgoing(chat.chat_id, "sendMessage", {**where, **message.keyboard()}, kind, digest_id, alike)


def letter(chat: Chat, message: Message, kind: mailbox.Kind, digest_id: int | None = None) -> Outgoing:
    """What nobody asked for at this moment, on its way to a subscriber; to a channel without buttons. ``digest_id``: the digest's."""
    message = replace(message, buttons=()) if chat.choices.is_channel else message
    return replace(send(chat.chat_id, chat.thread_id, message, kind, protected=chat.choices.discreet), digest_id=digest_id)


def _where(chat_id: int, thread_id: int, *, protected: bool) -> dict[str, Any]:
    thread = {"message_thread_id": thread_id} if thread_id else {}
    return {"chat_id": chat_id, **thread, **({"protect_content": True} if protected else {})}
