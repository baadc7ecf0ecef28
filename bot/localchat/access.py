"""Which chat or message a call means, and whether the bot may write or edit there."""

from bot.localchat.calls import Call
from bot.localchat.chats import Chat, Message
from bot.localchat.errors import bad_request, forbidden
from bot.localchat.world import World

_KICKED = "bot was kicked from the {} chat"
_NO_MEMBER = "bot is not a member of the {} chat"


def chat_of(world: World, call: Call) -> Chat:
    """Return the chat that `chat_id` names, by number or @username."""
    name = call.text("chat_id").strip()
    if not name:
        raise bad_request("chat_id is empty")
    if name.startswith("@"):
        named = [chat for chat in world.chats.values() if chat.username and f"@{chat.username}".lower() == name.lower()]
        # People can't be found by username, only by id.
        found = next((chat for chat in named if chat.kind != "private"), None)
    else:
        found = world.chats.get(call.number("chat_id"))
    if found is None:
        raise bad_request("chat not found")
    return found


def known_chat(world: World, call: Call) -> Chat:
    """Return the chat for a question about it; the bot knows no person who never wrote to it."""
    chat = chat_of(world, call)
    if not chat.started:
        raise bad_request("chat not found")
    _check_upgraded(chat)
    return chat


def writable_chat(world: World, call: Call) -> Chat:
    """Return the chat if the bot may write there; raise Telegram's error otherwise."""
    chat = chat_of(world, call)
    _check_upgraded(chat)
    match chat.kind, chat.bot_status:
        case "private", _ if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        case "private", "kicked":
            raise forbidden("bot was blocked by the user")
        case kind, "kicked":
            raise forbidden(_KICKED.format(kind))
        case kind, "left":
            raise forbidden(_NO_MEMBER.format(kind))
        case "channel", "member":
            raise bad_request("need administrator rights in the channel chat")
    return chat


def _check_upgraded(chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})


def own_message(world: World, call: Call) -> tuple[Chat, Message]:
    """Return the message to edit, which must be the bot's own or one sent by way of it."""
    if call.has("inline_message_id"):
        found = world.inline_message(call.text("inline_message_id"))
        if found is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return found
    chat = writable_chat(world, call)
    if not call.number("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.message(call.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return chat, message


def replied_to(chat: Chat, call: Call) -> Message | None:
    """Return the message that a new one answers."""
    wanted = call.mapped("reply_parameters") or {
        "message_id": call.number("reply_to_message_id"),
        "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
    }
    number = wanted.get("message_id")
    if not isinstance(number, int) or not number:
        return None
    message = chat.message(number)
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def thread_of(chat: Chat, call: Call) -> int:
    """Return the thread of a forum that a new message goes to; 0 is the general one."""
    thread = call.number("message_thread_id")
    if thread and thread not in chat.threads:
        raise bad_request("message thread not found")
    return thread
