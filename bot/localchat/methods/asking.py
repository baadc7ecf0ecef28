"""What a bot may ask about chats, people and files: getChat, getChatMember, getFile and the like; leaveChat."""

from typing import Any

from bot.localchat.access import known_chat
from bot.localchat.calls import Call
from bot.localchat.chats import PRESENT, chat_member
from bot.localchat.errors import bad_request, forbidden
from bot.localchat.files import DOWNLOAD_LIMIT
from bot.localchat.world import World

# Fields that ChatFullInfo always has.
_FULL = {"accent_color_id": 0, "max_reaction_count": 11}
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(world: World, _call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#getme."""
    flags = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
    return {**world.bot, "first_name": world.profile.text("name", ""), **flags}


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#getchat."""
    chat = known_chat(world, call)
    if chat.kind != "private" and chat.bot_status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return {**chat.body(), **_FULL, "accepted_gift_types": dict.fromkeys(_GIFTS, False)}


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#getchatmember."""
    chat = known_chat(world, call)
    user_id = call.number("user_id")
    if user_id == world.bot["id"]:
        return chat_member(world.bot, chat.bot_status, chat.kind)
    if user_id not in world.people:
        raise bad_request("user not found" if user_id else "invalid user_id specified")
    return chat_member(world.people[user_id].user(), chat.people.get(user_id, "left"), chat.kind)


def get_chat_member_count(world: World, call: Call) -> int:
    """Answer https://core.telegram.org/bots/api#getchatmembercount."""
    chat = known_chat(world, call)
    return sum(status in PRESENT for status in (*chat.people.values(), chat.bot_status))


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    """Answer https://core.telegram.org/bots/api#getchatadministrators; other bots are left out, this one isn't."""
    chat = known_chat(world, call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    if chat.bot_status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    everybody = [(world.people[person].user(), status) for person, status in chat.people.items()]
    everybody.append((world.bot, chat.bot_status))
    return [chat_member(user, status, chat.kind) for user, status in everybody if status in ("creator", "administrator")]


def leave_chat(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#leavechat."""
    chat = known_chat(world, call)
    if chat.kind == "private":
        raise bad_request("chat not found")
    if chat.bot_status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    chat.bot_status = "left"
    world.show_chat(chat)
    return True


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#getfile."""
    stored = world.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**stored.body(), "file_path": stored.path}


def get_user_profile_photos(world: World, call: Call) -> dict[str, Any]:
    """Answer https://core.telegram.org/bots/api#getuserprofilephotos: nobody here has a photo."""
    if call.number("user_id") not in world.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def yes(_world: World, _call: Call) -> bool:
    """Answer logOut and close, which have nothing to do here."""
    return True
