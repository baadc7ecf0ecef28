"""Values into messages: escaped, under every limit of the Bot API, nothing cut inside a word. Pure.

Limits (telegram.constants, and tdlib/telegram-bot-api#165 for addresses): 4,096 characters after entities are read, 100 entities, about
9.5 kB of entities with their addresses. Ours are lower, so that no way of counting breaks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any

from bot.pictures.figures import Figure, to_json

MOST_UNITS = 3_900
MOST_ENTITIES = 90
MOST_ADDRESS_BYTES = 8_000
LONGEST_ADDRESS = 1_500
MOST_DATA_BYTES = 64  # in a button: https://core.telegram.org/bots/api#inlinekeyboardbutton
# What the buttons of a digest begin with, before its number.
_OF_A_DIGEST = ("digest ", "story of ", "mute of ")
_TAG = re.compile(r"<(/?)[^>]*>")
_ADDRESS = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Button:
    """A button. ``data`` is a command without its slash ("topics on way-home"), at most 64 bytes; or ``url`` opens a page."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: HTML as Telegram reads it, and rows of buttons. ``fresh``: a new message even where a pressed one could be edited."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    fresh: bool = False

    def payload(self) -> dict[str, Any]:
        """The arguments of the Bot API's sendMessage or editMessageText, without the chat."""
        return {**self.words(), **self.keyboard()}

    def words(self) -> dict[str, Any]:
        """The arguments that are the same for all who get this text."""
        return {"text": self.text, "parse_mode": "HTML"}

    def keyboard(self) -> dict[str, Any]:
        """The argument with the buttons, where there are any."""
        return _keyboard(self.buttons)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption, always a message of its own. It is drawn when it is sent, and where it can't be, the caption goes alone.

    So the caption, HTML as in a message, says in words what the picture shows, also to those who can't see it: at most 1,024 characters.
    """

    figure: Figure
    caption: str
    buttons: tuple[tuple[Button, ...], ...] = ()

    def payload(self) -> dict[str, Any]:
        """The arguments of the Bot API's sendPhoto, without the chat; the sender puts the picture in place of the "chart"."""
        return {"photo": {"chart": to_json(self.figure)}, "caption": self.caption, "parse_mode": "HTML", **_keyboard(self.buttons)}


def numbered(message: Message, digest_id: int) -> Message:
    """A digest that was made for many, with buttons that lead on in the one of that number."""
    return replace(message, buttons=tuple([tuple([_numbered(button, digest_id) for button in row]) for row in message.buttons]))


def _numbered(button: Button, digest_id: int) -> Button:
    for verb in _OF_A_DIGEST:
        if button.data.startswith(f"{verb}0 "):
            return Button(button.text, f"{verb}{digest_id}{button.data[len(verb) + 1 :]}")
    return button


@dataclass(frozen=True, slots=True)
class Document:
    """Articles in a file, which is written when it is sent: the newest that ``query`` finds, as ``form`` ("csv")."""

    query: str
    form: str
    caption: str

    def payload(self) -> dict[str, Any]:
        """The arguments of the Bot API's sendDocument, without the chat; the sender puts the file in place of the "export"."""
        return {"document": {"export": {"query": self.query, "form": self.form}}, "caption": self.caption, "parse_mode": "HTML"}


def plain(html: str) -> str:
    """What a reader sees of a message."""
    return unescape(_TAG.sub("", html))


def fits(html: str) -> bool:
    """Whether a message keeps to every limit."""
    addresses = sum(len(unescape(address).encode()) for address in _ADDRESS.findall(html))
    entities = sum(not match[1] for match in _TAG.finditer(html))
    return units(plain(html)) <= MOST_UNITS and entities <= MOST_ENTITIES and addresses <= MOST_ADDRESS_BYTES


def units(text: str) -> int:
    """A text's length in UTF-16 units, the strictest of the ways Telegram is said to count."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, longest: int) -> str:
    """A text on one line of at most ``longest`` characters, cut between words and marked with an ellipsis where it was cut."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line.rfind(" ", 0, longest)
    return line[: cut if cut > longest // 2 else longest - 1].rstrip(" .,;:–—-…") + "…"


def cut(text: str, longest: int) -> str:
    """A text of at most ``longest`` UTF-16 units, its lines as they are, marked with an ellipsis where it was cut."""
    if units(text) <= longest:
        return text
    short = text[:longest]
    while units(short) >= longest:
        short = short[: len(short) - max(1, (units(short) - longest + 2) // 2)]
    return short.rstrip() + "…"


def bold(text: str) -> str:
    """A text in bold."""
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    """A text in italics."""
    return f"<i>{escape(text)}</i>"


def code(text: str) -> str:
    """A text in code, which a tap copies."""
    return f"<code>{escape(text)}</code>"


def block(text: str) -> str:
    """A text in letters of one width, line by line as it is."""
    return f"<pre>{escape(text)}</pre>"


def lines(*paragraphs: str) -> str:
    """Plain paragraphs, one below the other."""
    return "\n".join(escape(paragraph) for paragraph in paragraphs)


def link(text: str, url: str) -> str:
    """A link, or only its text where the address is none that Telegram opens or is too long to carry."""
    if url.startswith(("http://", "https://")) and len(url.encode()) <= LONGEST_ADDRESS:
        return f'<a href="{escape(url)}">{escape(text)}</a>'
    return escape(text)


def highlight(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """A text with the marked places in bold."""
    pieces, at = [], 0
    for start, end in marks:
        pieces += [escape(text[at:start]), "<b>", escape(text[start:end]), "</b>"]
        at = end
    return "".join(pieces) + escape(text[at:])


def fitting(blocks: Sequence[str], head: str = "") -> tuple[str, int]:
    """As many of the first blocks as fit into one text under the head, at least one, and how many they are; a huge one is shortened."""
    text, count = head, 0
    for block in blocks:
        longer = f"{text}\n\n{block}" if text else block
        if not fits(longer):
            break
        text, count = longer, count + 1
    if count or not blocks:
        return text, count
    return escape(shorten(plain(f"{head}\n\n{blocks[0]}"), MOST_UNITS // 2)), 1


def pages(blocks: Sequence[str], head: str = "") -> list[str]:
    """All blocks in texts that fit, the head on every one."""
    texts, start = list[str](), 0
    while start < len(blocks):
        text, count = fitting(blocks[start:], head)
        texts.append(text)
        start += count
    return texts


def grid(buttons: Sequence[Button], columns: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of ``columns``."""
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))


def _keyboard(buttons: Sequence[Sequence[Button]]) -> dict[str, Any]:
    rows = [[_button(button) for button in row] for row in buttons]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Button) -> dict[str, str]:
    return {"text": button.text, "url": button.url} if button.url else {"text": button.text, "callback_data": button.data}
