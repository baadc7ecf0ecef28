"""What the program counts and measures, for Prometheus: the one place where metrics are named.

What happens is counted in this process; what the database knows is read from it when somebody asks. No metric knows a chat.
Not here: answering who asks (``operations.py``), the queries (``storage/measures.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import troubles
from feeds.poll import Polling, Report
from storage import archive, measures
from storage.database import Database
from storage.measures import Measures

TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds; a poll may walk through several pages, an answer should be there within a second.
_POLL_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_ANSWER_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BROUGHT = ("new", "matched", "known", "copies", "revised", "skipped")


class Metrics:
    """Counts since the program began, and the database at the moment. ``trouble``: why no updates come from Telegram."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Begin with nothing counted; matches are counted from what the archive has now."""
        self._database, self._seen = database, _latest(database)
        self.trouble = "Telegram hasn't answered yet"
        self.registry = CollectorRegistry()
        # The library would add the time at which each series began; it has no setting but this one.
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library gives it no types
        self._count(self.registry)
        ProcessCollector(registry=self.registry)
        self.registry.register(_Stored(database, now))
        self.registry.register(_Troubles())

    def _count(self, into: CollectorRegistry) -> None:
        self._polls = Counter("homefront_polls", "Polls of a source: brought, unchanged or failed.", ["outcome"], registry=into)
        self._poll_seconds = Histogram("homefront_poll_seconds", "Fetching and reading a source.", buckets=_POLL_BUCKETS, registry=into)
        self._entries = Counter("homefront_entries", "What polls brought: new, of them matched, known, copies, …", ["what"], registry=into)
        self._matches = Counter("homefront_matches", "New articles about a topic.", ["topic"], registry=into)
        self._letters = Counter(
            "homefront_letters", "Messages by kind and outcome of an attempt to send.", ["kind", "outcome"], registry=into
        )
        self._answer_seconds = Histogram("homefront_answer_seconds", "Handling an update.", buckets=_ANSWER_BUCKETS, registry=into)
        self._requests = Counter("homefront_requests", "Answers of the HTTP port by status.", ["status"], registry=into)
        Gauge("homefront_receiving", "1: Telegram gives us updates.", registry=into).set_function(lambda: not self.trouble)

    def polled(self, polling: Polling) -> None:
        """A source has answered, or hasn't."""
        outcome = "failed" if polling.error else "unchanged" if polling.document is None else "brought"
        self._polls.labels(outcome).inc()
        self._poll_seconds.observe(max(0.0, polling.seconds))

    def stored(self, report: Report) -> None:
        """What came has been stored."""
        for what in _BROUGHT:
            self._entries.labels(what).inc(getattr(report, what))

    def sent(self, kind: str, outcome: str) -> None:
        """Sending a message has ended, well or not."""
        self._letters.labels(kind, outcome).inc()

    def heard(self, trouble: str) -> None:
        """Telegram gives us updates (""), or why it doesn't."""
        self.trouble = trouble

    def handled(self, seconds: float) -> None:
        """An update has been handled."""
        self._answer_seconds.observe(max(0.0, seconds))

    def answered(self, status: int) -> None:
        """The HTTP port has answered."""
        self._requests.labels(str(status)).inc()

    def text(self) -> bytes:
        """Everything in Prometheus's text format. Reads the database: not for the event loop's thread, and for one at a time."""
        with self._database.read() as connection:
            latest = archive.latest(connection)
            found = measures.matches_after(connection, self._seen)
        for topic, count in found.items():
            self._matches.labels(topic).inc(count)
        self._seen = latest
        return generate_latest(self.registry)


class _Stored(Collector):
    """What is read from the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def collect(self) -> Iterator[Metric]:
        """The database at this moment."""
        now = self._now()
        with self._database.read() as connection:
            found = measures.measure(connection, now)
        yield from _queues(found, now)
        yield from _sources(found, now)
        yield from self._room()

    def _room(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("homefront_database_bytes", "The database with its log.", value=self._database.size())
        file = self._database.file
        if file is not None:
            yield GaugeMetricFamily("homefront_disk_free_bytes", "Room on its disk.", value=shutil.disk_usage(file.parent).free)


class _Troubles(Collector):
    """What this process met and lived with, each trouble by its name, also those that it hasn't met yet."""

    def collect(self) -> Iterator[Metric]:
        """The counts at this moment."""
        met = CounterMetricFamily("homefront_troubles", "Troubles that the program lives with, by name.", labels=["trouble"])
        for name in troubles.NAMES:
            met.add_metric([name], troubles.counted().get(name, 0))
        yield met


def _queues(found: Measures, now: datetime) -> Iterator[Metric]:
    outbox = GaugeMetricFamily("homefront_outbox_letters", "Messages that wait to be sent.", labels=["kind"])
    for kind, count in found.letters.items():
        outbox.add_metric([kind], count)
    inbox = GaugeMetricFamily("homefront_inbox_updates", "Updates that wait (new) or were set aside (bad).", labels=["state"])
    for state, count in found.updates.items():
        inbox.add_metric([state], count)
    yield outbox
    yield inbox
    age = _age(found.unsent_since, now)
    yield GaugeMetricFamily("homefront_oldest_unsent_digest_seconds", "Since the oldest unsent digest was due; 0: none is.", value=age)
    yield GaugeMetricFamily("homefront_subscribers", "Chats that receive digests.", value=found.subscribers)


def _sources(found: Measures, now: datetime) -> Iterator[Metric]:
    on = GaugeMetricFamily("homefront_sources", "Sources that are polled.", labels=["standing"])
    heard = GaugeMetricFamily("homefront_sources_heard", "Of them, those that were heard within a day.", labels=["standing"])
    for standing, counts in found.sources.items():
        on.add_metric([standing], counts.on)
        heard.add_metric([standing], counts.heard)
    failing = GaugeMetricFamily(
        "homefront_sources_in_trouble", "Sources whose last poll failed, by the kind of failure.", labels=["trouble"]
    )
    for trouble, count in found.troubles.items():
        if trouble:
            failing.add_metric([trouble], count)
    yield on
    yield heard
    yield failing
    age = _age(found.check_due_since, now)
    yield GaugeMetricFamily("homefront_oldest_due_poll_seconds", "Since the source was due that is overdue the longest.", value=age)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def _latest(database: Database) -> int:
    with database.read() as connection:
        return archive.latest(connection)
