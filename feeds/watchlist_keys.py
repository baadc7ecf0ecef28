"""Reading the keys of a watchlist's tables, each with the error that names the place and the key. Not here: what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feeds.language import LANGUAGES
from feeds.rules import Node, RuleError, parse
from storage.records import WatchlistError

LONGEST_WORDING = 200  # characters
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Table:
    """A TOML table and the words for where it stands in the file."""

    place: str
    content: Mapping[str, Any]

    def allow(self, *keys: str) -> None:
        """Raise WatchlistError where the table has another key."""
        for key in self.content:
            if key not in keys:
                raise WatchlistError(f"In {self.place}, the key “{key}” is unknown; known are {', '.join(keys)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A string that isn't empty, or ``default``."""
        value = self.content.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self._wrong(key, "a string")
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """One of ``choices``."""
        value = self.text(key)
        if value not in choices:
            raise self._wrong(key, " or ".join(choices))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, none of them empty; no list where the key isn't there."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
            raise self._wrong(key, "a list of strings, none of them empty")
        return tuple(value)

    def words(self, *beside: str) -> dict[str, tuple[str, ...]]:
        """The table's wordings by language: any, en, ru or uk. ``beside`` are the other keys that it may have."""
        self.allow(_ANY, *LANGUAGES, *beside)
        found = {}
        for language in (_ANY, *LANGUAGES):
            found[language] = self.texts(language)
            for wording in found[language]:
                if len(wording) > LONGEST_WORDING:
                    raise WatchlistError(f"In {self.place}, “{wording[:30]}…” is longer than {LONGEST_WORDING} characters")
        return found

    def texts_by_language(self, key: str) -> dict[str, str]:
        """A table with a string for each of the languages."""
        inner = self.table(key)
        inner.allow(*LANGUAGES)
        return {language: inner.text(language) for language in LANGUAGES}

    def numbers_by_language(self, key: str) -> dict[str, float]:
        """A table with a number for each of the languages, 0 where one is left out."""
        inner = self.table(key)
        inner.allow(*LANGUAGES)
        return {language: inner.number(language, 0) for language in LANGUAGES}

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false; ``default`` where the key isn't there."""
        value = self.content.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def number(self, key: str, default: int) -> int:
        """A whole number from 0 to 100, or ``default``."""
        value = self.content.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:  # noqa: PLR2004 - the docstring names it
            raise self._wrong(key, "a whole number from 0 to 100")
        return value

    def day(self, key: str) -> date | None:
        """A date, or None where the key isn't there."""
        value = self.content.get(key)
        if value is not None and type(value) is not date:
            raise self._wrong(key, "a date such as 2022-02-24")
        return value

    def rule(self, key: str) -> Node | None:
        """A rule, parsed, or None where the key isn't there."""
        value = self.text(key, "")
        try:
            return parse(value, lists=True) if value else None
        except RuleError as error:
            raise WatchlistError(f"In {self.place}, “{key}”: {error}") from error

    def table(self, key: str) -> Table:
        """The table under ``key``; an empty one where it isn't there."""
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return Table(f"{self.place}, {key}", value)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of the array under ``key``."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise self._wrong(key, "an array of tables")
        for number, table in enumerate(value, 1):
            yield Table(f"{self.place}, {key} {number}", table)

    def named_tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """The tables inside the table ``key``, with their names."""
        inner = self.table(key)
        for name in inner.content:
            yield name, inner.table(name)

    def _wrong(self, key: str, expected: str) -> WatchlistError:
        return WatchlistError(f"In {self.place}, “{key}” has to be {expected}")
