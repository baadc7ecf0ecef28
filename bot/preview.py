"""What a rule would have found among the kept articles, for somebody who thinks of watching for it.

Articles are looked up by a word that the rule can't do without, and the rule is then read over each. Not here: words and layout
(``commands/watch.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from feeds.reading import read
from feeds.rules import Node, Term, needed
from feeds.watches import Watches
from storage import cursors, search
from storage.search import Found

LOOK_BACK = timedelta(days=30)
# Articles that a rule is read over: enough to tell how much it brings, few enough to answer at once.
MOST_READ = 1_000
MOST_A_DAY = 20.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article that the rule found, with the places where: field, first character, one after the last."""

    article: Found
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule found in the last ``days``, newest first."""

    found: tuple[Sample, ...]
    days: float

    @property
    def a_day(self) -> float:
        """How many articles it finds a day."""
        return len(self.found) / self.days

    @property
    def broad(self) -> bool:
        """Whether it brings more than a person reads."""
        return self.a_day > MOST_A_DAY


def preview(connection: Connection, rule: Node, now: datetime) -> Preview:
    """Try a rule on the kept articles of the last 30 days, or on the newest MOST_READ that have a word it needs."""
    after = cursors.seq_before(connection, now - LOOK_BACK)
    candidates, found = _read_over(connection, rule, after)
    since = candidates[-1].first_seen_at if len(candidates) == MOST_READ else cursors.first_seen_after(connection, after)
    # An archive of an hour says nothing of a day, so no less than a day is counted.
    days = max(now - since, _DAY) / _DAY if since else 1.0
    return Preview(tuple(found), days)


def found_after(connection: Connection, rule: Node, number: int) -> list[int]:
    """The articles with a greater number that a rule finds, of the newest MOST_READ that have a word it needs."""
    return [sample.article.id for sample in _read_over(connection, rule, number)[1]]


def _read_over(connection: Connection, rule: Node, after: int) -> tuple[list[Found], list[Sample]]:
    wanted = [(term.text, term.prefix) for term in needed(rule)[0] if isinstance(term, Term)]
    candidates = search.newest_with(connection, wanted, after=after, limit=MOST_READ)
    watches = Watches({0: rule})
    return candidates, [Sample(each, match.places) for each in candidates for match in watches.match(read(each.title, each.text))]
