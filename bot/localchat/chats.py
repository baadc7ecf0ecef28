"""People, chats and messages as the local chat remembers them, and their shapes in the Bot API."""

from dataclasses import dataclass, field
from typing import Any, Literal

ChatKind = Literal["private", "group", "supergroup", "channel"]
KEPT_MESSAGES = 500
PRESENT = ("creator", "administrator", "member")

_ADMINISTRATOR_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
}
_CHANNEL_RIGHTS = {"can_post_messages": True, "can_edit_messages": True}
_GROUP_RIGHTS = {"can_pin_messages": True, "can_manage_topics": False}


@dataclass
class Person:
    """Someone with a Telegram client; `language_code` is the language of that client."""

    id: int
    first_name: str
    username: str
    language_code: str = "en"

    def user(self) -> dict[str, Any]:
        """Return the User object."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}
        return user | ({"username": self.username} if self.username else {})


@dataclass
class Message:
    """One message: `body` is the Message object; the rest is what a bot can't see but an assertion wants."""

    body: dict[str, Any]
    by_bot: bool = False
    silent: bool = False
    protected: bool = False
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, Any] | None = None
    inline_message_id: str | None = None
    earlier: list[str] = field(default_factory=list)
    deleted: bool = False
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The number of the message in its chat."""
        return int(self.body["message_id"])

    def transcript(self) -> dict[str, Any]:
        """Return everything known about the message, for the page and for assertions."""
        return {
            **self.body,
            "text": self.body.get("text", self.body.get("caption", "")),
            "reply_markup": self.reply_markup,
            "link_preview_options": self.link_preview_options,
            "by_bot": self.by_bot,
            "protected": self.protected,
            "silent": self.silent,
            "earlier": self.earlier,
            "deleted": self.deleted,
            "answers": self.answers,
        }


@dataclass
class Chat:
    """A chat with the bot's and everybody else's status in it; message ids count from 1."""

    id: int
    kind: ChatKind
    title: str
    username: str = ""
    is_forum: bool = False
    bot_status: str = "left"
    started: bool = True
    people: dict[int, str] = field(default_factory=dict)
    threads: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    migrated_to: int | None = None

    def body(self) -> dict[str, Any]:
        """Return the Chat object."""
        found: dict[str, Any] = {"id": self.id, "type": self.kind}
        found["first_name" if self.kind == "private" else "title"] = self.title
        if self.username:
            found["username"] = self.username
        if self.is_forum:
            found["is_forum"] = True
        return found

    def next_message_id(self) -> int:
        """Return the number for a new message."""
        self.last_message_id += 1
        return self.last_message_id

    def keep(self, message: Message) -> None:
        """Add a message; the oldest goes when there are too many."""
        self.messages[message.id] = message
        if len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]

    def message(self, message_id: int) -> Message | None:
        """Return a message that is still there for people."""
        found = self.messages.get(message_id)
        return None if found is None or found.deleted else found


def chat_member(user: dict[str, Any], status: str, kind: ChatKind) -> dict[str, Any]:
    """Return the ChatMember object, with all the fields that python-telegram-bot insists on."""
    found: dict[str, Any] = {"status": status, "user": user}
    if status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found |= _ADMINISTRATOR_RIGHTS | (_CHANNEL_RIGHTS if kind == "channel" else _GROUP_RIGHTS)
    elif status == "kicked":
        found["until_date"] = 0
    return found
