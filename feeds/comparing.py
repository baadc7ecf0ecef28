"""Why two articles are or aren't the same text, or the same event, with the figures that decide it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from feeds.repairing import features_of
from feeds.sameness.copies import Decision, compare
from feeds.sameness.furniture import countable_keys, is_furniture, is_learnt
from feeds.sameness.shingles import Likeness, likeness
from feeds.sameness.story import Fit, fit, profile
from storage import articles, likeness as copies
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
    (mine, mine_learnt), (theirs, theirs_learnt) = _likeness(connection, first), _likeness(connection, second)
    hours = abs((first.first_seen_at - second.first_seen_at).total_seconds()) / 3600
    same = first.publisher == second.publisher
    decision = compare(mine, theirs, hours=hours, same_publisher=same, learnt=mine_learnt and theirs_learnt)
    weighed = features_of(connection, [first, second], groups)
    fits = fit(profile(weighed[one], first.first_seen_at), profile(weighed[other], second.first_seen_at))
    return Comparison(first, second, decision, fits)


def _likeness(connection: Connection, teller: Teller) -> tuple[Likeness, bool]:
    """What an article is compared by without its publisher's furniture, and whether that is known."""
    counts = copies.furniture(connection, {teller.publisher: countable_keys(teller.text)})[teller.publisher]
    of = counts.pop(copies.TOTAL, 0)
    furniture = {key for key, groups in counts.items() if is_furniture(groups, of)}
    return likeness(teller.title, teller.text, outlet=teller.publisher, furniture=furniture), is_learnt(of)
