"""Who is in charge of which chat: what has to be asked before a command runs, and which chat it is about.

In groups and channels the administrators settle what the chat gets. One of them may do so for a channel from their private chat: then what
they write there, as far as it settles something, is about the channel, and so are the buttons in the answers (``updates.DIRECTED``).
Not here: asking (``authority.py``), opening a channel (``commands/channel.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.authority import Question
from bot.commands import channel
from bot.commands.request import Answer, Request
from bot.commands.table import Command
from bot.render import Button, Document, Message, lines
from bot.updates import DIRECTED, Asked
from bot.voice import Voice
from storage import subscribers
from storage.subscribers import Chat


def matters(command: Command) -> bool:
    """Whether it can depend on who is in charge what a command does."""
    return command.settles or command.run is channel.channel


def question(asked: Asked, command: Command, own: Chat | None) -> Question | None:
    """What must be known before a command runs; ``own``: the subscriber in the chat it comes from, None where there is none yet."""
    if not asked.private:
        return Question(asked.chat_id, asked.person_id) if command.settles and not asked.for_chat else None
    opened = own.choices.controls if own else 0
    if command.run is channel.channel:
        place = channel.place_in(asked.argument) or (0 if asked.argument == channel.CLOSE else opened)
        return Question(place, asked.person_id) if place else None
    return Question(opened, asked.person_id) if opened and is_directed(asked, command) else None


def is_directed(asked: Asked, command: Command) -> bool:
    """Whether a command is about the channel that is open, where one is: typed, all that settles something; of buttons those marked so."""
    return asked.private and command.settles and not command.own and (asked.directed or asked.pressed is None)


def run(request: Request, asked: Asked, command: Callable[[Request], Answer]) -> Answer:
    """Run a command where the ruling allows it: about the group or channel it is written in, or about the one that is open."""
    say, ruling = request.say, request.ruling
    if ruling is None or ruling.decides is None:
        return _refusal(asked, say("I couldn't find out from Telegram who runs that. Please try again in a minute."))
    if not asked.private:
        told = say("Only the administrators settle what I do here. Looking things up is for all: /search Way Home")
        return command(request) if ruling.decides else _refusal(asked, told)
    opened = subscribers.find(request.connection, ruling.chat_id) if ruling.decides else None
    if opened is None:
        subscribers.choose(request.connection, request.chat, controls=0)
        return _refusal(asked, say("You don't run that channel any more, or I am not in it. What you write now is about this chat."))
    return _about_the_channel(say, command(replace(request, chat=opened)))


def _refusal(asked: Asked, text: str) -> Answer:
    return Answer(toast=text) if asked.pressed is not None else Answer((Message(lines(text)),))


def _about_the_channel(say: Voice, made: Answer) -> Answer:
    """An answer that says what it is about, and whose buttons are about that too."""
    messages = [each if isinstance(each, Document) else replace(each, buttons=_directed(each.buttons)) for each in made.messages]
    if messages and isinstance(messages[0], Message):
        messages[0] = replace(messages[0], text=f"{lines(say('📣 For your channel (/channel leads back):'))}\n{messages[0].text}")
    return replace(made, messages=tuple(messages))


def _directed(buttons: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(replace(each, data=f"{DIRECTED}{each.data}") if each.data else each for each in row) for row in buttons)
