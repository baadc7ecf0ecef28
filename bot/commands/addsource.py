"""/addsource and /removesource, for operators: an address is looked at, shown, and saved by one tap on its standing.

What is to be saved waits as an errand, not in the message, which would show the password that an address may hold.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from html import escape
from typing import Any
from urllib.parse import urlsplit

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.render import MOST_DATA_BYTES, Button, Message, block, bold, code, grid, lines, shorten
from bot.voice import Voice
from feeds import catalog
from feeds.addresses import redact
from feeds.catalog import SHORTEST_INTERVAL, STANDINGS as KNOWN_STANDINGS
from feeds.parse import Document, discover
from feeds.probe import OfferError, Probe
from storage import errands, sources
from storage.records import HomefrontError, SettingsError, Source, SourceError, sentence

_KEYS = ("name", "publisher", "language", "interval", "note", "kind")
_MOST_SHOWN = 3
_LONGEST = 1_000  # characters of an address with its keys
_MINUTE = 60
_LIKE_AN_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
_CHANNEL = re.compile(r"@([A-Za-z]\w{3,31})", re.ASCII)
_SAVE = re.compile(r"save (\d{1,12}) (\w+)")


def add(request: Request) -> Answer:
    """Look at an address, or save what the pressed message shows under a standing."""
    say, typed = request.say, (request.written or request.argument).strip()
    pressed = _SAVE.fullmatch(typed) if request.pressed else None
    if pressed and pressed[2] in KNOWN_STANDINGS:
        return _save(request, int(pressed[1]), pressed[2])
    if not typed:
        text = say("Send the address of a feed, a news sitemap or a channel. Below it you may say more, a line each:")
        return answer(f"{lines(text)}\n{code('/addsource https://example.org/rss')}\n{lines(', '.join(f'{key}: …' for key in _KEYS))}")
    asked = _address(typed[:_LONGEST])
    if not _LIKE_AN_ADDRESS.match(asked):
        return answer(lines(say("That isn't an address. It is written as in: /addsource https://example.org/rss")))
    try:
        source = read_lines(asked)
    except SettingsError as error:
        return answer(lines(say.sentence(error.problem)))
    errands.begin(request.connection, request.chat.chat_id, request.chat.thread_id, request.now, kind="probe", argument=asked)
    return answer(lines(say("I am looking at {address} …", address=redact(source.url))))


def remove(request: Request) -> Answer:
    """Stop polling a source that is named, once that has been confirmed."""
    say, typed = request.say, request.argument.strip()
    polled = {each.source.name: each for each in sources.every(request.connection)}
    if request.pressed and typed.startswith("#"):
        chosen = next((each for each in polled.values() if f"#{each.id}" == typed), None)
        if chosen is None or not sources.remove(request.connection, chosen.source.name):
            return Answer(toast=say("That source isn’t in the list any more."))
        return answer(lines(say("“{name}” isn’t polled any more. What it brought stays in the archive.", name=chosen.source.name)))
    if not typed:
        return answer(lines(say("Which one? Write its name as /sources shows it: /removesource NAME")))
    names = [name for name in polled if name.casefold() == typed.casefold()] or get_close_matches(typed, polled, n=4, cutoff=0.5)
    if not names:
        return answer(lines(say("There is no source called “{name}”. All of them: /sources", name=typed[:80])))
    buttons = [(Button(f"🗑 {shorten(name, 50)}", f"removesource #{polled[name].id}"),) for name in names]
    return answer(lines(say("Tap to stop polling it. What it brought stays in the archive.")), *buttons)


def described(asked: str, found: Probe) -> Source:
    """The source at an address that was asked about: what was said of it goes before what it says of itself."""
    source = read_lines(asked)
    title = source.name if source.name != source.url else found.title or redact(source.url)
    publisher = title if source.publisher in {"", source.url} else source.publisher
    return replace(source, name=title, publisher=publisher, kind=found.kind, language=source.language or found.language)


def probed(say: Voice, source: Source, document: Document, number: int) -> Message:
    """What is at an address: its title, kind and last items, and a button for each standing to save it under."""
    items = [f"• {escape(shorten(entry.title or entry.text, 90))}" for entry in document.entries[:_MOST_SHOWN]]
    if not items:
        items = [escape(say("It has no items at the moment."))]
    skipped = len(document.skipped)
    trouble = [escape(say.many("{n} item can't be read.", "{n} items can't be read.", skipped))] if skipped else []
    kept = block(write_lines(replace(source, url=redact(source.url))))
    text = "\n".join([bold(source.name), *items, *trouble, "", kept, escape(say("Save it as which kind of outlet?"))])
    buttons = [Button(say(STANDINGS[standing]), f"addsource save {number} {standing}") for standing in KNOWN_STANDINGS]
    return Message(text, grid(buttons, 2), fresh=True)


def refused(say: Voice, asked: str, error: HomefrontError) -> Message:
    """Why an address is no source, and the feeds that its page offers instead."""
    text = f"{bold(redact(asked.splitlines()[0]))}\n{lines(say.sentence(error.problem))}"
    shown = error.offered[:_MOST_SHOWN] if isinstance(error, OfferError) else ()
    offered = [f"• {escape(shorten(title, 60))}\n{code(f'/addsource {address}')}" for title, address in shown]
    # What is too long for a button can be copied from the message.
    buttons = [Button(f"➕ {shorten(title, 40)}", f"addsource {address}") for title, address in shown]
    rows = tuple((button,) for button in buttons if len(button.data.encode()) <= MOST_DATA_BYTES)
    return Message("\n".join([text, *offered]), rows, fresh=True)


def read_lines(written: str) -> Source:
    """A source as it is written in a message: its address, then a line for each key. SettingsError names what can't be used."""
    first, *rest = [line.strip() for line in written.strip().splitlines() if line.strip()] or [""]
    table: dict[str, Any] = {"url": first, "name": first}
    for line in rest:
        key, _, value = line.partition(":")
        if key.strip() not in _KEYS or not value.strip():
            raise SettingsError(sentence("“{line}” isn't understood. The keys are: {keys}.", line=line[:60], keys=", ".join(_KEYS)))
        table[key.strip()] = value.strip()
    if "interval" in table:
        minutes = str(table["interval"]).split()[0]
        if not minutes.isascii() or not minutes.isdigit() or len(minutes) > 5:  # noqa: PLR2004 - no interval is longer
            raise SettingsError(sentence("interval must be a number of minutes."))
        if int(minutes) * _MINUTE < SHORTEST_INTERVAL:
            raise SettingsError(sentence("interval must be {least} minutes or more.", least=SHORTEST_INTERVAL // _MINUTE))
        table["interval"] = int(minutes) * _MINUTE
    return catalog.read_source(table, "/addsource")


def write_lines(source: Source) -> str:
    """The same the other way round."""
    values = {
        "name": source.name,
        "publisher": source.publisher,
        "language": source.language,
        "interval": source.interval // _MINUTE if source.interval else None,
        "note": source.note,
        "kind": source.kind,
    }
    return "\n".join([source.url, *(f"{key}: {value}" for key, value in values.items() if value)])


def _save(request: Request, number: int, standing: str) -> Answer:
    say = request.say
    offer = errands.find(request.connection, number, request.chat.chat_id, "offer")
    if offer is None:
        return Answer(toast=say("That message is too old. Please send the address again."))
    source = replace(read_lines(offer.argument), standing=standing)
    source = replace(source, name=sources.free_name(request.connection, source, urlsplit(source.url).hostname or ""))
    try:
        sources.add(request.connection, source, request.now)
    except SourceError as error:
        return Answer(toast=say.sentence(error.problem)[:190])
    errands.end(request.connection, number)
    return answer(lines(say("“{name}” is followed from now on.", name=source.name)))


def _address(typed: str) -> str:
    """What was typed, with a channel's name or address as its preview's, and an address whole."""
    first, _, rest = typed.partition("\n")
    first = first.strip()
    if named := _CHANNEL.fullmatch(first):
        first = f"https://t.me/{named[1]}"
    elif _BARE.fullmatch(first):
        first = f"https://{first}"
    channel = discover(b"", first) if first.startswith(("https://t.me/", "http://t.me/")) else ()
    return f"{channel[0][1] if channel else first}\n{rest}".strip()
