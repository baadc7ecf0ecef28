"""/channel: a channel's digest, settled by one of its administrators from their private chat."""

from __future__ import annotations

import re

from bot import edition
from bot.authority import Ruling
from bot.coming import begin_channel
from bot.commands.request import Answer, Request, answer
from bot.commands.settled import settled, table
from bot.render import Button, bold, lines
from bot.updates import DIRECTED
from bot.voice import voice
from storage import archive, subscribers
from storage.subscribers import Chat

CLOSE = "off"
POST = "post"
_NUMBER = re.compile(r"-100\d{1,13}")
_NAME = re.compile(r"(?:(?:https?://)?(?:t\.me|telegram\.me)/|@)?([a-z][a-z0-9_]{3,31})/?", re.IGNORECASE | re.ASCII)


def place_in(argument: str) -> int | str:
    """The channel that is named: its number, or its "@name" from a name or an address; 0 where none is."""
    typed = argument.strip()
    if _NUMBER.fullmatch(typed):
        return int(typed)
    found = _NAME.fullmatch(typed)
    return f"@{found[1]}" if found and typed not in {CLOSE, POST} else 0


def channel(request: Request) -> Answer:
    """Open a channel ("@name", or its number from a button), show the one that is open, have it get its digest now, or leave it ("off")."""
    say, chat = request.say, request.chat
    if request.argument == CLOSE:
        subscribers.choose(request.connection, chat, controls=0)
        return answer(lines(say("What you write now is about this chat again.")))
    if request.argument not in {"", POST} and not place_in(request.argument):
        return answer(lines(say("“{name}” can't be a channel's name. Write it as in: /channel @ourchannel", name=request.argument[:40])))
    if request.ruling is None:
        return _how(request)
    if request.ruling.decides is None:
        return answer(lines(say("I couldn't find out from Telegram who runs that channel. Please try again in a minute.")))
    if not request.ruling.decides:
        subscribers.choose(request.connection, chat, controls=0)
        return answer(
            lines(say("That channel can't be opened: make both of us its administrators, me with the right to post, and try again."))
        )
    return _open(request, request.ruling)


def _open(request: Request, ruling: Ruling) -> Answer:
    say, chat, chat_id = request.say, request.chat, ruling.chat_id
    if not ruling.is_channel:
        return answer(lines(say("That isn't a channel. In groups, write to me in the group itself.")))
    # One that the bot was let into unnoticed speaks as who runs it does.
    opened = subscribers.find(request.connection, chat_id) or begin_channel(
        request.connection, chat_id, request.now, language=chat.language, time_zone=chat.time_zone
    )
    if chat.choices.controls != chat_id:
        subscribers.choose(request.connection, chat, controls=chat_id)
    return _post(request, opened) if request.argument == POST else _panel(request, opened)


def _post(request: Request, opened: Chat) -> Answer:
    """Have the channel get what is new to it at once."""
    connection, up_to, say = request.connection, archive.latest(request.connection), voice(opened.language)
    occasion = edition.at_once(opened, edition.title_for(opened, say), request.now, after=opened.cursor, up_to=up_to)
    posts = edition.write(connection, opened, request.subjects, occasion, after=opened.cursor, up_to=up_to)
    if not posts:
        return Answer(toast=request.say("There is nothing new on the channel's topics."))
    letters = edition.letters(connection, opened, posts)
    return Answer(toast=request.say("What is new goes to the channel in a moment."), elsewhere=tuple(letters))


def _panel(request: Request, opened: Chat) -> Answer:
    say = request.say
    listed = table(settled(request, opened, no_topic=say("none yet"), no_hour=say("no hour yet")))
    note = say("Until you press “Done”, your commands are about the channel: /topics, /schedule, /alerts, /quiet, /language, /mute …")
    buttons = (
        (Button(say("Topics"), f"{DIRECTED}topics"), Button(say("Hours"), f"{DIRECTED}schedule")),
        (Button(say("Language"), f"{DIRECTED}language"), Button(say("Post now"), f"channel {POST}")),
        (Button(say("Done"), f"channel {CLOSE}"),),
    )
    return answer(f"{bold('📣 ' + say('Your channel'))}\n{listed}\n\n{lines(note)}", *buttons)


def _how(request: Request) -> Answer:
    say = request.say
    text = say(
        "I can post the digest in a channel of yours. Add me to it as an administrator who may post, then write: /channel @ourchannel"
    )
    url = f"https://t.me/{request.bot_username}?startchannel&admin=post_messages"
    return answer(lines(text), (Button(say("Add me to a channel"), url=url),))
