"""Small makers of values that many tests need."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from feeds.fingerprint import fingerprint
from feeds.placing import place
from storage import archive, claiming, sources, subscribers
from storage.archive import Admitted, Arrival
from storage.polled import Polled
from storage.records import Entry, Mention, Source
from storage.subscribers import Chat

GROUPS = ("way-home", "council-of-wives-and-mothers", "committee-of-soldiers-mothers", "soldiers-widows")
LONG = "Жёны мобилизованных вышли на пикет у Минобороны в Москве и потребовали вернуть мужей домой. Образец текста для проверки."


def event(number: int | str) -> str:
    """A text in words that exist in no language and in no other such text, as if of an event that nothing else has to do with."""
    chance = random.Random(f"event {number}")  # noqa: S311 - made-up words need no secrecy
    words = ["".join(chance.choice("бвгджзклмнпрст") + chance.choice("аоуеи") for _ in range(4)) for _ in range(25)]
    return " ".join(words)


def outlet(name: str, url: str = "", **fields: object) -> Source:
    """A source of an outlet that is its own publisher, with other ``fields`` where they are given."""
    made = Source(name, url or f"https://{name.lower()}.example/rss", publisher=name, standing="exile")
    return replace(made, **fields)  # type: ignore[arg-type] # fields of Source


def names_of(polled: Sequence[Polled]) -> list[str]:
    """The names of sources, in their order."""
    return [each.source.name for each in polled]


def listed(connection: Connection, now: datetime, *names: str, standing: str = "exile") -> list[Polled]:
    """Store sources with these names, each its own publisher, and claim them."""
    sources.keep_catalog(connection, [outlet(name, standing=standing) for name in names], now)
    return claiming.claim_named(connection, now, list(names))


def arrival(
    polled: Polled,
    *,
    title: str = "Пикет «Пути домой»",
    text: str = LONG,
    guid: str | None = None,
    url: str | None = "https://herald.example/picket",
    topics: Sequence[str] = ("way-home",),
    language: str = "ru",
    watches: Sequence[int] = (),
    outlet: str | None = None,
) -> Arrival:
    """An entry of a source as the poll cycle hands it to the archive."""
    entry = Entry(guid, url, title, text, language=language, outlet=outlet)
    keys = fingerprint(str(polled.id), entry, url or "")
    return Arrival(
        source_id=polled.id,
        entry=entry,
        address=url or "",
        language=language,
        wire=None,
        identity=keys.identity,
        text_key=keys.text,
        content_key=keys.content,
        telling=keys.telling,
        topics=tuple(topics),
        mentions=tuple(Mention(topic, "alias", "title", 0, 5) for topic in topics),
        watches=tuple(watches),
    )


def admit(connection: Connection, now: datetime, *arrivals: Arrival) -> Admitted:
    """Admit arrivals as one batch, and place those that somebody wants."""
    admitted = archive.admit_all(connection, [arrivals], now)[0]
    admitted.copies = len(place(connection, admitted.wanted, GROUPS, now).copies)
    return admitted


def newcomer(connection: Connection, chat_id: int = 1, thread_id: int = 0) -> Chat:
    """A subscriber who has only begun."""
    return subscribers.create(connection, chat_id, thread_id, language="ru", time_zone="Europe/Moscow", cursor=5, month="2026-11")
