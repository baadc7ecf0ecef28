"""What a command gets and what it gives back. A button's data is a command like a typed one, so both arrive here alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.authority import Ruling
from bot.render import Button, Document, Message, Picture
from bot.subjects import Subjects
from bot.voice import Voice
from feeds.recogniser import Recogniser
from storage.mailbox import Outgoing
from storage.subscribers import Chat


@dataclass(frozen=True, slots=True)
class Request:
    """A command from a chat, inside the transaction that will also hold its answer.

    ``argument``: the text after the command, on one line; ``written``: the same as it was typed. ``pressed``: it came from a button.
    ``quoted``: the text set in code in the message with that button, where searches keep their query, so that nothing of it needs to be
    stored. ``operator``: it comes from those who run the bot. ``by_list``: only chats on a list, and who was invited, may use the bot.
    ``ruling``: whether who asks decides in the channel that it is about, where that was asked.
    """

    connection: Connection
    chat: Chat
    say: Voice
    argument: str
    now: datetime
    subjects: Subjects
    recogniser: Recogniser
    pressed: bool = False
    quoted: str = ""
    operator: bool = False
    written: str = ""
    bot_username: str = ""
    by_list: bool = False
    ruling: Ruling | None = None

    @property
    def words(self) -> list[str]:
        """The argument's words."""
        return self.argument.split()


@dataclass(frozen=True, slots=True)
class Answer:
    """Messages to send, or to put in place of the message whose button was pressed; ``toast`` is shown for a moment over the chat.

    ``farewell``: the chat has been forgotten, and no trace of the answer may stay. ``elsewhere``: letters to other chats.
    """

    messages: tuple[Message | Picture | Document, ...] = ()
    toast: str = ""
    farewell: bool = False
    elsewhere: tuple[Outgoing, ...] = ()


def answer(text: str, *rows: tuple[Button, ...], toast: str = "") -> Answer:
    """One message."""
    return Answer((Message(text, rows),), toast)
