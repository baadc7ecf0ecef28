"""Applying a changed watchlist to the archive: every article is judged again, and what comes out differently is stored.

A batch is one transaction, so stopping in between loses nothing and a second run goes on with what is left. Nothing becomes news by it:
subscribers get what is newer than their last digest, and find the rest by searching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feeds.match import Matcher
from feeds.placing import place
from feeds.verdict import Verdict
from storage import articles, retag
from storage.articles import Stored
from storage.database import Database
from storage.retag import Retag

BATCH = 500
MOST_SAMPLES = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored article and what is found in it now."""

    article: Stored
    verdict: Verdict

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it is about now, sorted."""
        return tuple(sorted(topic.id for topic in self.verdict.topics)) if self.verdict.relevant else ()

    @property
    def changed(self) -> bool:
        """Whether that is something else than what is stored."""
        return self.topics != self.article.topics


@dataclass(slots=True)
class Changes:
    """What a watchlist changes: per topic how many articles it adds and loses, with the newest of them.

    ``matched`` and ``unmatched`` count the articles that come to be about any topic, and about none. ``hits`` counts the articles of each
    topic that were first seen since ``since``.
    """

    since: datetime
    judged: int = 0
    matched: int = 0
    unmatched: int = 0
    added: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    added_samples: dict[str, list[Stored]] = field(default_factory=dict)
    lost_samples: dict[str, list[Stored]] = field(default_factory=dict)
    oldest: datetime | None = None

    def count(self, one: Judged) -> None:
        """Count an article."""
        before, after = set(one.article.topics), set(one.topics)
        self.judged += 1
        self.matched += bool(after) and not before
        self.unmatched += bool(before) and not after
        for topic in after - before:
            _note(self.added, self.added_samples, topic, one.article)
        for topic in before - after:
            _note(self.lost, self.lost_samples, topic, one.article)
        if one.article.first_seen_at >= self.since:
            self.oldest = self.oldest or one.article.first_seen_at
            self.hits.update(after)

    def hits_a_day(self, topic: str, now: datetime) -> float:
        """How many articles a day a topic has, over the time since ``since`` that the archive reaches back."""
        return self.hits[topic] / (max(now - self.oldest, _DAY) / _DAY) if self.oldest else 0.0


def judge(database: Database, matcher: Matcher) -> Iterator[list[Judged]]:
    """Every stored article as it is judged now, in batches."""
    last = articles.BEFORE_ALL
    while True:
        with database.read() as connection:
            batch = articles.read_after(connection, last, BATCH)
        if not batch:
            return
        yield [Judged(each, matcher.match(each.title, each.text, published=each.published_at)) for each in batch]
        last = batch[-1].id


def preview(database: Database, matcher: Matcher, since: datetime, done: Callable[[int], None] = lambda _: None) -> Changes:
    """What would change; ``done`` is told after each batch how many articles it had."""
    changes = Changes(since)
    for batch in judge(database, matcher):
        for one in batch:
            changes.count(one)
        done(len(batch))
    return changes


def rematch(database: Database, matcher: Matcher, now: datetime, done: Callable[[int], None] = lambda _: None) -> int:
    """Store what every article is about now, and return how many were changed."""
    total = 0
    for batch in judge(database, matcher):
        changed = [one for one in batch if one.changed]
        if changed:
            total += _store(database, matcher, changed, now)
        done(len(batch))
    return total


def _store(database: Database, matcher: Matcher, changed: list[Judged], now: datetime) -> int:
    with database.write() as connection:
        # What was revised or has left since it was judged is left alone: it was judged then, or is gone.
        stored = {each.id: each for each in articles.read(connection, [one.article.id for one in changed])}
        same = [one for one in changed if stored.get(one.article.id) == one.article]
        retag.retag(connection, [_retag(one) for one in same])
        place(connection, [one.article.id for one in same if one.topics], matcher.groups, now)
    return len(same)


def _retag(one: Judged) -> Retag:
    mentions = tuple(mention for topic in one.verdict.topics for mention in topic.mentions) if one.topics else ()
    return Retag(one.article.id, one.topics, mentions)


def _note(counts: Counter[str], samples: dict[str, list[Stored]], topic: str, article: Stored) -> None:
    counts[topic] += 1
    kept = samples.setdefault(topic, [])
    kept.append(article)
    del kept[:-MOST_SAMPLES]
