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
    thread = {"message_thread_id": thread_id} if thread_id else {}
    kept = {"protect_content": True} if protected and not isinstance(message, Document) else {}
    where = {"chat_id": chat_id, **thread, **kept}
    match message:
        case Picture():
            return Outgoing(chat_id, mailbox.PICTURE, {**where, **message.payload()}, kind)
        case Document():
            return Outgoing(chat_id, "sendDocument", {**where, **message.payload()}, kind)
    return Outgoing(chat_id, "sendMessage", {**where, **message.payload(), **NO_PREVIEW}, kind)


def letter(chat: Chat, message: Message, kind: mailbox.Kind, digest_id: int | None = None) -> Outgoing:
    """What nobody asked for at this moment, on its way to a subscriber; to a channel without buttons. ``digest_id``: the digest's."""
    message = replace(message, buttons=()) if chat.choices.is_channel else message
    return replace(send(chat.chat_id, chat.thread_id, message, kind, protected=chat.choices.discreet), digest_id=digest_id)
