"""What the bot says about itself: name, descriptions, and its commands for each scope and language."""

from typing import Any

from bot.localchat.chats import Chat
from bot.localchat.errors import bad_request

_COMMAND_LIMIT = 100
_NAME_LIMIT = 32
_DESCRIPTION_LIMIT = 256
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", *_CHAT_SCOPES)

Scope = tuple[str, int, int]


class Profile:
    """Texts and commands by language; an empty language code is for everybody else."""

    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self._commands: dict[tuple[Scope, str], list[dict[str, str]]] = {}

    def text(self, field: str, language: str) -> str:
        """Return name, description or short_description in a language, or the one for everybody."""
        return self._texts.get((field, language)) or self._texts.get((field, ""), "")

    def set_text(self, field: str, language: str, text: str) -> None:
        """Set one of the texts; an empty one removes it."""
        if len(text) > _TEXT_LIMITS[field]:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        self._texts[field, language] = text

    def commands(self, scope: Scope, language: str) -> list[dict[str, str]]:
        """Return the commands set for exactly this scope and language."""
        return self._commands.get((scope, language), [])

    def set_commands(self, scope: Scope, language: str, commands: list[dict[str, str]]) -> None:
        """Replace the commands of this scope and language; none removes them."""
        if commands:
            self._commands[scope, language] = commands
        else:
            self._commands.pop((scope, language), None)

    def shown(self, chat: Chat, person_id: int, language: str) -> list[dict[str, str]]:
        """Return the commands a person sees in a chat: the narrowest scope wins, the language before none."""
        for scope in _narrowest_first(chat, person_id):
            for code in (language, ""):
                if (scope, code) in self._commands:
                    return self._commands[scope, code]
        return []


def _narrowest_first(chat: Chat, person_id: int) -> list[Scope]:
    """List scopes in the order of https://core.telegram.org/bots/api#determining-list-of-commands."""
    if chat.kind == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    is_administrator = chat.people.get(person_id) in ("creator", "administrator")
    scopes: list[Scope] = [("chat_member", chat.id, person_id)]
    scopes += [("chat_administrators", chat.id, 0)] if is_administrator else []
    scopes += [("chat", chat.id, 0)]
    scopes += [("all_chat_administrators", 0, 0)] if is_administrator else []
    return [*scopes, ("all_group_chats", 0, 0), ("default", 0, 0)]


def parse_scope(scope: dict[str, Any]) -> Scope:
    """Return a BotCommandScope as a key."""
    kind = str(scope.get("type", "default"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = int(scope.get("chat_id", 0)) if kind in _CHAT_SCOPES else 0
    return kind, chat_id, int(scope.get("user_id", 0)) if kind == "chat_member" else 0


def parse_commands(commands: list[Any]) -> list[dict[str, str]]:
    """Check a list of BotCommand objects; the errors are Telegram's."""
    if len(commands) > _COMMAND_LIMIT:
        raise bad_request("too many commands specified")
    return [_command(command) for command in commands]


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("expected an Array of BotCommand")
    name = str(command.get("command", "")).strip().removeprefix("/").lower()
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > _NAME_LIMIT:
        raise bad_request("command length must not exceed 32")
    if not (name.isascii() and name.replace("_", "").isalnum()):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > _DESCRIPTION_LIMIT:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}
