"""How chats come to be and change: new people, groups, forums, channels; the bot added, removed, promoted; a group upgraded."""

from typing import Any, Literal

from bot.localchat.chats import PRESENT, Chat, Person
from bot.localchat.errors import ControlError
from bot.localchat.people import change_bot_status
from bot.localchat.posting import post, report, show
from bot.localchat.world import NEWSROOM, YOU, World

NewKind = Literal["group", "supergroup", "forum", "channel"]
_SUPERGROUP_BASE = -1_000_000_000_000


def new_person(world: World, first_name: str, *, username: str = "", language_code: str = "en") -> int:
    """Add somebody with a private chat that isn't started yet; return their id, which is the chat's too."""
    person = Person(max(world.people) + 1, first_name, username, language_code)
    world.people[person.id] = person
    chat = Chat(person.id, "private", first_name, username, bot_status="member", started=False, people={person.id: "member"})
    world.chats[chat.id] = chat
    world.show_chat(chat)
    return person.id


def new_chat(world: World, kind: NewKind, title: str, *, with_bot: bool = True, username: str = "") -> int:
    """Let You create a chat and, unless told otherwise, add the bot; return the chat's id. ``username``: of a public one."""
    if kind not in ("group", "supergroup", "forum", "channel"):
        raise ControlError(f"there are no chats of the kind {kind!r}")
    # Groups count down from Newsroom's id, everything else from below -100…, the way Telegram's ids look.
    below = [chat.id for chat in world.chats.values() if (chat.id > _SUPERGROUP_BASE) == (kind == "group")]
    chat_id = min([NEWSROOM if kind == "group" else _SUPERGROUP_BASE - 3_000, *below]) - 1
    chat = Chat(chat_id, "supergroup" if kind == "forum" else kind, title, username, is_forum=kind == "forum", people={YOU: "creator"})
    world.chats[chat.id] = chat
    world.show_chat(chat)
    if with_bot:
        add_bot(world, chat.id, administrator=kind == "channel")
    return chat.id


def add_bot(world: World, chat_id: int, *, administrator: bool = False) -> None:
    """Add the bot to a group or channel, or change what it is there."""
    chat = _shared(world, chat_id)
    was_there = chat.bot_status in PRESENT
    change_bot_status(world, chat, world.person(YOU), "administrator" if administrator else "member")
    if not was_there and chat.kind != "channel":
        _announce(world, chat, {"new_chat_members": [world.bot]})


def remove_bot(world: World, chat_id: int) -> None:
    """Remove the bot from a group or channel; it learns of it and may not come back by itself."""
    chat = _shared(world, chat_id)
    if chat.kind != "channel":
        _announce(world, chat, {"left_chat_member": world.bot})
    change_bot_status(world, chat, world.person(YOU), "kicked")


def add_person(world: World, chat_id: int, person_id: int, *, administrator: bool = False) -> None:
    """Add a person to a group or channel, or change what they are there."""
    chat = _shared(world, chat_id)
    person = world.person(person_id)
    was_there = chat.people.get(person.id) in PRESENT
    chat.people[person.id] = "administrator" if administrator else "member"
    world.show_chat(chat)
    if not was_there and chat.kind != "channel":
        _announce(world, chat, {"new_chat_members": [person.user()]})


def new_thread(world: World, chat_id: int, name: str) -> int:
    """Open a thread in a forum and return its id."""
    chat = _shared(world, chat_id)
    if not chat.is_forum:
        raise ControlError("only forums have threads")
    thread_id = chat.last_message_id + 1
    chat.threads[thread_id] = name
    content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    message = post(world, chat, content, sender=world.person(YOU), thread_id=thread_id)
    world.show_chat(chat)
    show(world, chat, message)
    report(world, chat, message)
    return thread_id


def upgrade(world: World, chat_id: int) -> int:
    """Make a group a supergroup; return the new id. The old one then answers 400 with migrate_to_chat_id."""
    old = _shared(world, chat_id)
    if old.kind != "group":
        raise ControlError("only groups can be upgraded")
    new = Chat(_SUPERGROUP_BASE + old.id, "supergroup", old.title, bot_status=old.bot_status, people=dict(old.people))
    world.chats[new.id] = new
    old.migrated_to = new.id
    _announce(world, old, {"migrate_to_chat_id": new.id})
    world.show_chat(old)
    world.show_chat(new)
    _announce(world, new, {"migrate_from_chat_id": old.id})
    return new.id


def _announce(world: World, chat: Chat, content: dict[str, Any]) -> None:
    """Post a service message by You."""
    message = post(world, chat, content, sender=world.person(YOU))
    show(world, chat, message)
    report(world, chat, message)


def _shared(world: World, chat_id: int) -> Chat:
    chat = world.chat(chat_id)
    if chat.kind == "private":
        raise ControlError("this needs a group or a channel")
    if chat.migrated_to is not None:
        raise ControlError(f"this group is now the supergroup {chat.migrated_to}")
    return chat
