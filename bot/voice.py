"""What the bot says, in a subscriber's language: catalogues in gettext's format, read once by Babel.

A message in the code is its English sentence; ``locales/ru.po`` and ``locales/uk.po`` hold the others. Babel finds them in the source
by the names ``say``, ``many`` and ``mark``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from bot.places import city
from storage.records import Sentence

LANGUAGES: Mapping[str, str] = {"en": "English", "ru": "Русский", "uk": "Українська"}
_SMALL = 10
_PREFIX = 3  # letters tell the weekdays of a language apart, in every case
_LOCALES = Path(__file__).with_name("locales")

Day: TypeAlias = date  # by this name in a class that has a method called date


@dataclass(frozen=True)
class Voice:
    """Speaks one language: ``say("Hello")``, ``say.many("{n} item", "{n} items", 3)``."""

    language: str
    catalogue: Translations

    def __call__(self, sentence: str, **values: object) -> str:
        """The sentence in this language, with its {placeholders} filled in."""
        return self.catalogue.gettext(sentence).format(**values)

    def sentence(self, sentence: Sentence) -> str:
        """A sentence that was put together elsewhere, and each of its values that is a sentence of the catalogue itself."""
        return self(sentence.template, **{name: self._value(value) for name, value in sentence.values})

    def _value(self, value: object) -> object:
        if isinstance(value, Sentence):
            return self.sentence(value)
        return self.word(value) if isinstance(value, str) else value

    def word(self, name: str) -> str:
        """A name that may be one of the catalogue, as those of the shipped watchlist's rules are."""
        return self.catalogue.gettext(name) if name else name

    def many(self, one: str, other: str, n: int, **values: object) -> str:
        """The plural of the sentence that fits the number ``n``."""
        return self.catalogue.ngettext(one, other, n).format(n=n, **values)

    def number(self, value: float) -> str:
        """A number, with one decimal where it is small, as "0.4", "12" or "1,200"."""
        return format_decimal(value, "#,##0.#" if value < _SMALL else "#,##0", locale=self.language)

    def date(self, day: date) -> str:
        """A date, as "22 November"."""
        return format_date(day, "d MMMM", locale=self.language)

    def days(self, first: Day, last: Day) -> str:
        """Days from the first to the last, as "24 Oct – 22 Nov 2026"."""
        end = format_date(last, "d MMM yyyy", locale=self.language)
        if first == last:
            return end
        begin = format_date(first, "d MMM" if first.year == last.year else "d MMM yyyy", locale=self.language)
        return f"{begin} – {end}"

    def weekday(self, number: int) -> str:
        """A weekday's short name; Monday is 0."""
        return str(get_day_names("abbreviated", "stand-alone", self.language)[number])

    def recently(self, moment: datetime, zone: str) -> str:
        """A moment of these days in a time zone, as "22 Nov, 14:05"."""
        local = moment.astimezone(ZoneInfo(zone))
        return f"{format_date(local.date(), 'd MMM', locale=self.language)}, {local:%H:%M}"

    def moment(self, moment: datetime, zone: str) -> str:
        """A moment's date and time of day in a time zone, as "22 Nov 2026, 14:05"."""
        local = moment.astimezone(ZoneInfo(zone))
        return f"{format_date(local.date(), 'd MMM yyyy', locale=self.language)}, {local:%H:%M}"

    def place(self, zone: str) -> str:
        """A time zone by the name of its city, as "Москва"."""
        return city(zone, self.language)


def mark(sentence: str) -> str:
    """Mark a sentence for translation where it is only kept, to be said later."""
    return sentence


def language_of(code: str | None) -> str:
    """The language to begin with for a client whose language has this code: theirs where we have it, else English."""
    prefix = (code or "").lower().partition("-")[0]
    nearest = {"be": "ru", "kk": "ru"}
    prefix = nearest.get(prefix, prefix)
    return prefix if prefix in LANGUAGES else "en"


def weekday_named(word: str) -> int | None:
    """The weekday that a word names in any of our languages, short or long, in any case: Monday is 0; None where it names none."""
    letters = _letters(word)
    return next((number for name, number in _weekdays().items() if letters[:_PREFIX] == name[:_PREFIX]), None)


@lru_cache(1)
def _weekdays() -> Mapping[str, int]:
    widths = ("abbreviated", "wide")
    names = [(language, width) for language in LANGUAGES for width in widths]
    return {
        _letters(name): number
        for language, width in names
        for number, name in get_day_names(width, "stand-alone", language).items()  # type: ignore[arg-type] # babel names the widths one by one
    }


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalpha() and letter != "\u02bc")


@lru_cache
def voice(language: str) -> Voice:
    """The voice for a language of LANGUAGES; English for any other."""
    path = _LOCALES / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return Voice("en", Translations())
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, domain="homefront")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Voice(language, Translations(compiled, domain="homefront"))
