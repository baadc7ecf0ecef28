"""Everything the local chat remembers: the bot, people, chats, files, queues. In memory; gone when the process ends."""

from typing import Any

from bot.localchat.chats import PRESENT, Chat, Message, Person
from bot.localchat.clock import MovableClock
from bot.localchat.errors import ControlError
from bot.localchat.events import EventHub
from bot.localchat.faults import Faults
from bot.localchat.files import FileShelf
from bot.localchat.flood import FloodLimits
from bot.localchat.profile import Profile
from bot.localchat.queries import Queries
from bot.localchat.updates import UpdateQueue

YOU = 1001
NEWSROOM = -2001
FRONT_PAGE = -1_002_000_003_001


class World:
    """The state that the Bot API methods and the people's actions share."""

    def __init__(self, clock: MovableClock, *, token: str, bot_name: str) -> None:
        self.clock = clock
        self.token = token
        self.bot: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": f"{bot_name}_bot",
        }
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue()
        self.events = EventHub()
        self.files = FileShelf()
        self.faults = Faults()
        self.profile = Profile(bot_name)
        self.flood = FloodLimits(clock.now)
        self.queries = Queries(clock.now)
        self.populate()

    def populate(self) -> None:
        """Set up the three chats there are from the start; the bot is in two, the private one waits for its first message."""
        self.people = {YOU: Person(YOU, "You", "you")}
        self.chats = {
            YOU: Chat(YOU, "private", "You", "you", started=False, bot_status="member", people={YOU: "member"}),
            NEWSROOM: Chat(NEWSROOM, "group", "Newsroom", bot_status="member", people={YOU: "creator"}),
            FRONT_PAGE: Chat(FRONT_PAGE, "channel", "Front page", "front_page", bot_status="administrator", people={YOU: "creator"}),
        }

    def reset(self) -> None:
        """Begin again with the three chats; the bot's profile, its webhook and the growth of all ids stay."""
        self.updates.clear()
        self.files.clear()
        self.faults.clear()
        self.queries.clear()
        self.flood.switch(on=False)
        self.populate()
        self.events.publish("reset")

    def unix_now(self) -> int:
        """Return the server's time in whole seconds, as messages carry it."""
        return int(self.clock.now().timestamp())

    def chat(self, chat_id: int) -> Chat:
        """Return a chat for a person's action; raise ControlError if there is none."""
        if chat_id not in self.chats:
            raise ControlError(f"there is no chat {chat_id}")
        return self.chats[chat_id]

    def person(self, person_id: int) -> Person:
        """Return a person; raise ControlError if there is none."""
        if person_id not in self.people:
            raise ControlError(f"there is nobody with the id {person_id}")
        return self.people[person_id]

    def inline_message(self, inline_message_id: str) -> tuple[Chat, Message] | None:
        """Find a message that somebody sent by way of the bot."""
        for chat in self.chats.values():
            for message in chat.messages.values():
                if message.inline_message_id == inline_message_id and not message.deleted:
                    return chat, message
        return None

    def has_bot(self, chat: Chat) -> bool:
        """Say whether the bot hears anything of this chat."""
        return chat.bot_status in PRESENT and chat.migrated_to is None

    def show_chat(self, chat: Chat) -> None:
        """Tell the pages how the chat is now."""
        self.events.publish("chat", chat=self.chat_view(chat))

    def chat_view(self, chat: Chat) -> dict[str, Any]:
        """Return what the page shows of a chat, without its messages."""
        you = self.people[chat.id if chat.kind == "private" else YOU]
        return {
            **chat.body(),
            "title": chat.title,
            "bot_status": chat.bot_status,
            "started": chat.started,
            "people": [{**self.people[person].user(), "status": status} for person, status in chat.people.items()],
            "threads": [{"id": thread, "name": name} for thread, name in chat.threads.items()],
            "migrated_to": chat.migrated_to,
            "commands": self.profile.shown(chat, you.id, you.language_code),
            "last_message_id": chat.last_message_id,
        }
