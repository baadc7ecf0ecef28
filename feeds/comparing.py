"""Why two articles are or aren't the same text, or the same event, with the figures that decide it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from feeds.originals import decide
from feeds.recent import features_of
from feeds.sameness.copies import Decision
from feeds.sameness.story import Fit, fit, profile
from storage import articles
from storage.articles import Teller
from storage.records import StorageError


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles, whether one is a copy of the other, and how well they fit into one story."""

    one: Teller
    other: Teller
    decision: Decision
    fit: Fit


def compare_articles(connection: Connection, one: int, other: int, groups: Collection[str]) -> Comparison:
    """Compare two stored articles as they would be compared now. StorageError where one isn't there."""
    found = {teller.id: teller for teller in articles.tellers(connection, [one, other])}
    missing = [number for number in (one, other) if number not in found]
    if missing:
        raise StorageError(f"There is no article {missing[0]}.")
    first, second = found[one], found[other]
    weighed = features_of(connection, [first, second], groups)
    fits = fit(profile(weighed[one], first.first_seen_at), profile(weighed[other], second.first_seen_at))
    return Comparison(first, second, decide(connection, first, second), fits)
