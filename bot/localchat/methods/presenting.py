"""The bot's commands, name and descriptions: set, get and delete, for scopes and languages."""

from collections.abc import Callable
from typing import Any

from bot.localchat.calls import Call
from bot.localchat.profile import parse_commands, parse_scope
from bot.localchat.world import World


def set_my_commands(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#setmycommands."""
    commands = parse_commands(call.listed("commands"))
    world.profile.set_commands(parse_scope(call.mapped("scope")), call.text("language_code"), commands)
    _show(world)
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, str]]:
    """Answer https://core.telegram.org/bots/api#getmycommands."""
    return world.profile.commands(parse_scope(call.mapped("scope")), call.text("language_code"))


def delete_my_commands(world: World, call: Call) -> bool:
    """Answer https://core.telegram.org/bots/api#deletemycommands."""
    world.profile.set_commands(parse_scope(call.mapped("scope")), call.text("language_code"), [])
    _show(world)
    return True


def _show(world: World) -> None:
    for chat in world.chats.values():
        world.show_chat(chat)


def setter(field: str) -> Callable[[World, Call], bool]:
    """Return the method that sets the name or a description."""

    def method(world: World, call: Call) -> bool:
        world.profile.set_text(field, call.text("language_code"), call.text(field))
        world.events.publish("bot", name=world.profile.text("name", ""))
        return True

    return method


def getter(field: str) -> Callable[[World, Call], dict[str, Any]]:
    """Return the method that tells the name or a description."""

    def method(world: World, call: Call) -> dict[str, Any]:
        return {field: world.profile.text(field, call.text("language_code"))}

    return method
