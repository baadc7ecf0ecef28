"""/discreet: for those who run a risk by reading. Neutral lines that open at a tap, no forwarding, and what was said is deleted again."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.request import Answer, Request
from bot.render import Button, Message, bold, lines
from storage import subscribers
from storage.fading import HOURS


def discreet(request: Request) -> Answer:
    """Turn it on or off, or choose after how many hours messages are deleted ("fade 6"; 0: never)."""
    connection, chat, hours = request.connection, request.chat, [*map(str, HOURS)]
    match request.words:
        case ["on" | "off" as wish]:
            chat = subscribers.choose(connection, chat, discreet=wish == "on")
            # On it begins with a day, the most careful choice that still lets somebody read; off, nothing is deleted any more.
            fade = (chat.fade_hours or 24) if wish == "on" else None
            chat = _fading(request, replace(chat, fade_hours=fade))
        case ["fade", number] if number in {"0", *hours}:
            chat = _fading(request, replace(chat, fade_hours=int(number) or None))
    return _shown(replace(request, chat=chat))


def _fading(request: Request, chat: subscribers.Chat) -> subscribers.Chat:
    subscribers.change(request.connection, chat.id, fade_hours=chat.fade_hours)
    return chat


def _shown(request: Request) -> Answer:
    say, on, fade = request.say, request.chat.choices.discreet, request.chat.fade_hours
    what = say(
        "Digests and alerts come as a neutral line that opens at a tap. Nothing can be forwarded or saved, links show no preview, and "
        "what I said is deleted after the time you choose."
    )
    yours = say("Your own messages, this chat in your list and Telegram's own records stay: delete those yourself.")
    state = say("Discreet mode is on.") if on else say("Discreet mode is off.")
    switch = (Button(say("Turn it off") if on else say("Turn it on"), f"discreet {'off' if on else 'on'}"),)
    times = [(say("Keep messages"), "0"), *((say("{n} h", n=hours), str(hours)) for hours in HOURS)]
    row = tuple(Button(f"{'✅ ' if number == str(fade or 0) else ''}{name}", f"discreet fade {number}") for name, number in times)
    text = f"{bold(state)}\n{lines(what, '', yours)}"
    return Answer((Message(text, (switch, row[:1], row[1:]) if on else (switch,)),))
