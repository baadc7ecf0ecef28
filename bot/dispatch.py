"""From an update to what is said in answer: state and outbox change in one transaction, which also ends the update."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot import charge, coming, updates
from bot.authority import Question, Ruling
from bot.commands import channel
from bot.commands.request import Answer, Request, answer
from bot.commands.table import COMMANDS, unknown
from bot.inline import inline_answer
from bot.letters import NO_PREVIEW, send
from bot.lookout import Watched
from bot.plain_words import THANKS, understood
from bot.render import Message, fitting, lines
from bot.updates import Asked, Event, Looked, Membership, Moved
from bot.voice import Voice, language_of, voice
from storage import guests, inbox, mailbox, subscribers
from storage.database import Database
from storage.inbox import Incoming
from storage.mailbox import Outgoing
from storage.records import Sentence


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers updates. ``watched`` gives what is watched for at the moment; ``allowed`` is None where anybody may use the bot.

    ``operators``: the chats of those who run it, who have commands of their own.
    """

    watched: Callable[[], Watched]
    bot_username: str
    allowed: frozenset[int] | None = None
    operators: frozenset[int] = frozenset()

    def handle(self, connection: Connection, incoming: Incoming, now: datetime, ruling: Ruling | None = None) -> Question | None:
        """Answer one update, and mark it as done; or change nothing and return what must be known first, to be called with the ruling."""
        event = updates.read(incoming.body, self.bot_username)
        event = understood(event) if isinstance(event, Asked) else event
        if ruling is None and isinstance(event, Asked) and (unknown := self._question(connection, event)):
            return unknown
        mailbox.put_out(connection, self._outgoing(connection, event, now, ruling), now)
        inbox.finish(connection, incoming.update_id)
        return None

    def set_aside(self, connection: Connection, incoming: Incoming, error: Exception, now: datetime) -> None:
        """Put by an update that can't be handled, and say so where somebody waits for an answer. What they wrote is not kept."""
        inbox.finish(connection, incoming.update_id, problem=type(error).__name__)
        if incoming.chat_id is not None:
            chat = subscribers.find(connection, incoming.chat_id)
            say = voice(chat.language if chat else "en")
            text = say("Sorry, that went wrong on my side. It has been noted; please try again later.")
            mailbox.put_out(connection, [send(incoming.chat_id, 0, Message(text))], now)

    def _question(self, connection: Connection, asked: Asked) -> Question | None:
        command = COMMANDS.get(asked.command)
        if command is None or not charge.matters(command) or not self._allowed(connection, asked.chat_id):
            return None
        return charge.question(asked, command, subscribers.find(connection, asked.chat_id, asked.thread_id))

    def _outgoing(self, connection: Connection, event: Event | None, now: datetime, ruling: Ruling | None) -> list[Outgoing]:
        if isinstance(event, Membership):
            return self._come_or_go(connection, event, now)
        if isinstance(event, Moved):
            subscribers.move(connection, event.old_chat_id, event.new_chat_id)
        if isinstance(event, Looked):
            return [inline_answer(connection, self.watched().subjects, event, allowed=self._allowed(connection, event.person_id))]
        if isinstance(event, Asked):
            if not self._allowed(connection, event.chat_id) and not _invited(connection, event, now):
                return _refuse(event)
            return self._answer(connection, event, now, ruling)
        return []

    def _come_or_go(self, connection: Connection, event: Membership, now: datetime) -> list[Outgoing]:
        if not event.present:
            coming.go(connection, event, now)
            return []
        known = self._allowed(connection, event.chat_id) or self._allowed(connection, event.person_id)
        return coming.come(connection, event, now) if known else []

    def _allowed(self, connection: Connection, chat_id: int) -> bool:
        return self.allowed is None or chat_id in self.allowed or guests.known(connection, chat_id)

    def _answer(self, connection: Connection, asked: Asked, now: datetime, ruling: Ruling | None) -> list[Outgoing]:
        own = subscribers.find(connection, asked.chat_id, asked.thread_id) or coming.welcome(connection, asked, now)
        coming.welcome_back(connection, own, now)
        subscribers.change(connection, own.id, last_active_month=f"{now:%Y-%m}")
        watched = self.watched()
        request = Request(
            connection=connection,
            chat=own,
            say=voice(own.language),
            argument=asked.argument,
            now=now,
            subjects=watched.subjects,
            recogniser=watched.recogniser,
            operator=asked.chat_id in self.operators,
            bot_username=self.bot_username,
            by_list=self.allowed is not None,
            written=asked.written,
            pressed=asked.pressed is not None,
            quoted=asked.quoted,
            ruling=ruling,
        )
        return _said(asked, _run(request, asked), protected=own.choices.discreet)


def _run(request: Request, asked: Asked) -> Answer:
    if asked.command == THANKS:
        return answer(lines(request.say("You’re welcome. I am here whenever you need me.")))
    command = COMMANDS.get(asked.command or "search")
    if command is None or (command.operators and not request.operator):
        return unknown(request, asked.command)
    if asked.directed and request.ruling is None:
        return Answer(toast=request.say("Your channel isn't open any more. /channel opens it."))
    if request.ruling is None or command.run is channel.channel:
        return command.run(request)
    return charge.run(request, asked, command.run)


def _said(asked: Asked, answer: Answer, *, protected: bool = False) -> list[Outgoing]:
    """An answer as calls of the Bot API: the first message takes the pressed one's place, unless it asks for its own."""
    kind: mailbox.Kind = "farewell" if answer.farewell else "reply"
    said: list[Outgoing] = []
    if asked.callback_id is not None:
        toast = {"text": answer.toast} if answer.toast else {}
        said.append(Outgoing(asked.chat_id, "answerCallbackQuery", {"callback_query_id": asked.callback_id, **toast}, kind))
    elif answer.toast and not answer.messages:
        said.append(send(asked.chat_id, asked.thread_id, Message(lines(answer.toast)), kind, protected=protected))
    for index, message in enumerate(answer.messages):
        if asked.pressed is not None and index == 0 and isinstance(message, Message) and not message.fresh:
            payload = {"chat_id": asked.chat_id, "message_id": asked.pressed, **message.payload(), **NO_PREVIEW}
            said.append(Outgoing(asked.chat_id, "editMessageText", payload, kind))
        else:
            said.append(send(asked.chat_id, asked.thread_id, message, kind, protected=protected))
    return [*said, *answer.elsewhere]


def notices(connection: Connection, operators: Collection[int], noted: Sequence[Sentence]) -> list[Outgoing]:
    """What operators should know, each told in their own language, in one message."""
    found = [(chat_id, subscribers.find(connection, chat_id)) for chat_id in sorted(operators)]
    voices = [(chat_id, voice(chat.language if chat else "en")) for chat_id, chat in found]
    return [send(chat_id, 0, Message(_notice(say, noted)), "alert") for chat_id, say in voices]


def tell_operators(database: Database, operators: Collection[int], noted: Sentence, now: datetime) -> None:
    """Write to operators what they should know, in a transaction of its own."""
    with database.write() as connection:
        mailbox.put_out(connection, notices(connection, operators, [noted]), now)


def _notice(say: Voice, noted: Sequence[Sentence]) -> str:
    text, told = fitting([lines(f"⚠️ {say.sentence(each)}") for each in noted])
    rest = len(noted) - told
    return f"{text}\n\n{lines(say.many('and {n} more', 'and {n} more', rest))}" if rest else text


def _refuse(asked: Asked) -> list[Outgoing]:
    if asked.command != "start":
        return []
    say = voice(language_of(asked.client_language))
    text = say(
        "This bot is for a small circle. If you belong to it, ask the person who runs it to add your chat number: {id}", id=asked.chat_id
    )
    return [send(asked.chat_id, asked.thread_id, Message(text), "farewell")]


def _invited(connection: Connection, asked: Asked, now: datetime) -> bool:
    """Whether somebody came by an invitation, which is used up with that."""
    code = asked.argument.removeprefix(guests.PREFIX)
    return asked.command == "start" and code != asked.argument and guests.let_in(connection, asked.chat_id, code, now)
