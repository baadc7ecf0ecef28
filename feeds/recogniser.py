"""What is recognised in an item by everything that is watched for: the watchlist's topics and subscribers' own rules, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.match import Matcher
from feeds.reading import read
from feeds.verdict import Verdict
from feeds.watches import Watches


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an item is about, and the numbers of the watches that hold for it."""

    verdict: Verdict
    watches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A watchlist and watches, ready to be looked for. Immutable, so threads may share it."""

    matcher: Matcher
    watches: Watches[int]

    def recognise(self, title: str, text: str, published: datetime | None, language: str | None = None) -> Recognised:
        """What is recognised in an item; ``published`` is the time that it claims, ``language`` what it is known to be written in."""
        reading = read(title, text)
        verdict = self.matcher.match_reading(reading, language=language, published=published)
        return Recognised(verdict, tuple(match.watch for match in self.watches.match(reading)))
