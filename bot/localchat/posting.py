"""How a message comes into a chat, and whether the bot gets to hear of it."""

from typing import Any

from bot.localchat.chats import Chat, Message, Person
from bot.localchat.world import World

_SERVICE = (
    "new_chat_members", "left_chat_member", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "migrate_to_chat_id", "migrate_from_chat_id", "forum_topic_created",
)  # fmt: skip


def post(
    world: World,
    chat: Chat,
    content: dict[str, Any],
    *,
    sender: Person | None = None,
    thread_id: int = 0,
    reply_to: Message | None = None,
) -> Message:
    """Add a message of a person, or of the bot if there is no sender; `content` are the fields of Message that differ by kind."""
    body: dict[str, Any] = {"message_id": chat.next_message_id(), "date": world.unix_now(), "chat": chat.body()}
    if chat.kind == "channel":
        body["sender_chat"] = chat.body()
    else:
        body["from"] = sender.user() if sender else world.bot
    if thread_id:
        body |= {"message_thread_id": thread_id, "is_topic_message": True}
    if reply_to:
        body["reply_to_message"] = {name: value for name, value in reply_to.body.items() if name != "reply_to_message"}
    message = Message({**body, **content}, by_bot=sender is None)
    chat.keep(message)
    return message


def show(world: World, chat: Chat, message: Message) -> None:
    """Tell the pages of a new message."""
    world.events.publish("message", chat_id=chat.id, message=message.transcript())


def show_change(world: World, chat: Chat, message: Message) -> None:
    """Tell the pages that a message changed or went."""
    if message.deleted:
        world.events.publish("deleted", chat_id=chat.id, message_id=message.id)
    else:
        world.events.publish("edited", chat_id=chat.id, message=message.transcript())


def report(world: World, chat: Chat, message: Message, *, edited: bool = False) -> None:
    """Queue the update for a person's message, if it reaches the bot."""
    if reaches_bot(world, chat, message):
        kind = "channel_post" if chat.kind == "channel" else "message"
        world.updates.add(f"edited_{kind}" if edited else kind, message.body)


def reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """Apply the privacy mode: in a group an ordinary member sees commands, replies to it, mentions and service messages."""
    if chat.migrated_to and "migrate_to_chat_id" in message.body:
        return True
    if not world.has_bot(chat):
        return False
    if chat.kind in ("private", "channel") or chat.bot_status == "administrator":
        return True
    body = message.body
    if any(name in body for name in _SERVICE) or "via_bot" in body:
        return True
    if body.get("reply_to_message", {}).get("from", {}).get("id") == world.bot["id"]:
        return True
    return _addresses(body, f"@{world.bot['username']}".lower(), world.bot["id"])


def _addresses(body: dict[str, Any], bot: str, bot_id: int) -> bool:
    units = str(body.get("text", "")).encode("utf-16-le")
    for entity in body.get("entities", ()):
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        part = units[start:end].decode("utf-16-le").lower()
        if entity["type"] == "mention" and part == bot:
            return True
        if entity["type"] == "text_mention" and entity.get("user", {}).get("id") == bot_id:
            return True
        if entity["type"] == "bot_command" and start == 0 and ("@" not in part or part.endswith(bot)):
            return True
    return False
