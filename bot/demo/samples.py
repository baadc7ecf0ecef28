"""The sample feeds and items, as they are written in the TOML files beside this module.

Not here: what a feed carries at a given time (``newsroom.py``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKS = {"en": "(Sample text.)", "ru": "(Образец текста.)", "uk": "(Зразок тексту.)"}  # behind every text: nobody is to take it for news

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Feed:
    """A document of an outlet. ``format``: rss, rss_full, atom, rdf, sitemap, json or telegram; ``path`` begins with a slash."""

    id: str
    outlet: str
    path: str
    name: str
    publisher: str
    format: str
    standing: str
    language: str | None = None
    charset: str = "utf-8"
    compressed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Other words that an item gets ``after`` so many seconds."""

    after: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An item that appears ``delay`` seconds after the start, and claims to be ``age`` minutes older than that.

    ``relevant`` and ``groups`` are what matching has to make of it.
    """

    id: str
    feeds: tuple[str, ...]
    language: str
    title: str
    text: str
    relevant: bool
    groups: tuple[str, ...] = ()
    delay: int = 0
    age: int = 0
    change: Change | None = None


def load_feeds() -> tuple[Feed, ...]:
    """Read ``feeds.toml``."""
    return tuple(Feed(**table) for table in _tables("feeds", "feeds"))


def load_samples() -> tuple[Sample, ...]:
    """Read the items of every language; each text gets its mark, each repetition the words of its original."""
    tables = [{"language": language} | table for language in MARKS for table in _tables(f"samples_{language}", "items")]
    originals = {table["id"]: table for table in tables}
    return tuple(_sample(table, originals) for table in tables)


def _tables(name: str, key: str) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[key]
    return tables


def _sample(table: Mapping[str, Any], originals: Mapping[str, Mapping[str, Any]]) -> Sample:
    original = originals[table["same_as"]] if "same_as" in table else table
    mark, change = MARKS[original["language"]], table.get("change")
    return Sample(
        id=table["id"],
        feeds=tuple(table["feeds"]),
        language=original["language"],
        title=original["title"],
        text=_marked(original["text"], mark),
        relevant=original["relevant"],
        groups=tuple(original.get("groups", ())),
        delay=table.get("delay", 0),
        age=table.get("age", 0),
        change=Change(change["after"], change["title"], _marked(change["text"], mark)) if change else None,
    )


def _marked(text: str, mark: str) -> str:
    """Return ``text`` on one line, with its mark behind."""
    return f"{' '.join(text.split())} {mark}"
