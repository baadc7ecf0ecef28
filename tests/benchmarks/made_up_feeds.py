"""Feeds of made-up news in English and Russian, 30 items and about 31 kB each; an item in ten is on the subject of the watchlist."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path

from tests.benchmarks.matching import made_up_words

ITEMS = 30
ITEM_BYTES = 1010
NEW_ITEMS = 3  # of a feed that changed
_SAMPLES = Path(__file__).parent.parent / "samples" / "labelled"
_BEGINNING = datetime(2026, 9, 1, tzinfo=UTC)
_NOUNS = 3000
_SHORT_WORD = re.compile(r"\b\w{1,3}\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class _Words:
    """What items of a language are made of: nouns that don't exist among the short words of real ones, and items on the subject."""

    words: list[str]
    on_subject: list[tuple[str, str]]


@cache
def _words(language: str) -> _Words:
    items = [json.loads(line) for path in sorted(_SAMPLES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    spoken = [item for item in items if item["lang"] == language]
    short = [word for item in spoken for word in _SHORT_WORD.findall(item["text"])][:_NOUNS]
    return _Words(made_up_words(language, _NOUNS, 5) + short, [(item["title"], item["text"]) for item in spoken if item["relevant"]])


def language(number: int) -> str:
    """The language of a feed: English and Russian in turn."""
    return "en" if number % 2 else "ru"


def document(number: int, version: int = 0) -> bytes:
    """Feed ``number``: two in three are RSS 2.0, the others Atom. Each version has three new items before those of the last one."""
    is_atom = number % 3 == 0
    first = version * NEW_ITEMS
    items = "".join((_entry if is_atom else _item)(*each) for each in _items(number, range(first + ITEMS - 1, first - 1, -1)))
    home = f"https://outlet{number}.example.org/"
    if is_atom:
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
            f'xml:lang="{language(number)}"><title>Outlet {number}</title><id>{home}atom</id><link rel="self" href="{home}atom"/>'
            f'<link href="{home}"/><updated>{_BEGINNING.isoformat()}</updated>\n{items}</feed>\n'
        ).encode()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel><title>Outlet {number}</title><link>{home}</link>'
        f'<atom:link href="{home}rss" rel="self" type="application/rss+xml"/><description>All the news</description>'
        f"<language>{language(number)}</language><ttl>30</ttl>\n{items}</channel></rss>\n"
    ).encode()


def _items(number: int, which: range) -> Iterator[tuple[str, str, str, datetime]]:
    """Address, title, text as HTML and date of each item; the same for the same number."""
    known = _words(language(number))
    for index in which:
        chance = random.Random(number * 1000 + index)  # noqa: S311 - made-up news needs no secrecy
        title, text = " ".join(chance.choices(known.words, k=9)).capitalize(), ""
        if index % 10 == number % 10:
            title, text = chance.choice(known.on_subject)
            text = f"{_SENTENCE_END.split(text)[0]} "
        while len(f"{title}{text}".encode()) < ITEM_BYTES - 400:
            text += f"{' '.join(chance.choices(known.words, k=11)).capitalize()}. "
        address = f"https://outlet{number}.example.org/{language(number)}/2026/09/{index}-{chance.randrange(10**6)}.html"
        yield address, title, f"<p>{text.strip()}</p>" if index % 2 else text.strip(), _BEGINNING + timedelta(minutes=17 * index)


def _item(address: str, title: str, text: str, date: datetime) -> str:
    return (
        f"<item><title>{escape(title)}</title><link>{address}</link><guid isPermaLink='false'>{address[-12:]}</guid>"
        f"<pubDate>{format_datetime(date)}</pubDate><dc:creator>Editor</dc:creator><category>News</category>"
        f"<description><![CDATA[{text}]]></description></item>\n"
    )


def _entry(address: str, title: str, text: str, date: datetime) -> str:
    return (
        f"<entry><title>{escape(title)}</title><link rel='alternate' type='text/html' href='{address}'/><id>{address}</id>"
        f"<published>{date.isoformat()}</published><updated>{date.isoformat()}</updated><author><name>Editor</name></author>"
        f"<summary type='html'>{escape(text)}</summary></entry>\n"
    )
