"""One poll cycle: due sources are gathered, matched and fingerprinted, and what they brought is admitted in batches.

This is where the outside world and the database meet; every decision on the way is a pure function of its own file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bound_contextvars

from feeds import pace, withdrawn
from feeds.arriving import arrive
from feeds.canonical import canonical
from feeds.fetch import Fetcher
from feeds.fingerprint import Fingerprint, fingerprint
from feeds.gather import Gathered, Gatherer
from feeds.parse import Document
from feeds.placing import place
from feeds.recogniser import Recogniser
from feeds.sameness.changes import is_trivial
from feeds.second_look import look_again
from feeds.settlement import Outcome, settlement, trouble_of
from storage import archive, articles, claiming, coverage
from storage.archive import Admitted, Arrival
from storage.coverage import Poll
from storage.database import Database
from storage.polled import Polled
from storage.records import Entry, FetchError, SourceError, StorageError, sentence

# Entries admitted in one transaction: enough to pay for its commit, few enough that a command in chat waits no longer than a blink.
BATCH = 300
# Of a channel, among its newest articles: more than its preview shows.
_POSTS_COMPARED = 500
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Polling:
    """What became of one source in this cycle: what it answered, or the error. ``seconds``: from the first request until it was read."""

    polled: Polled
    gathered: Gathered | None = None
    arrivals: tuple[Arrival, ...] = ()
    error: SourceError | None = None
    seconds: float = 0.0

    @property
    def document(self) -> Document | None:
        """What came, where there was something new."""
        return self.gathered.document if self.gathered else None


@dataclass(slots=True)
class Report:
    """Counts of a cycle."""

    sources: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0
    matched: int = 0
    known: int = 0
    copies: int = 0
    revised: int = 0
    skipped: int = 0


@dataclass(slots=True)
class Poller:
    """Polls sources.

    ``recogniser`` gives what is watched for at the moment, ``now`` the time; ``spacing``: seconds between two starts at one publisher,
    ``pause``: between two requests for one source; ``batch``: entries from which on no more sources are stored in one transaction.
    """

    database: Database
    fetcher: Fetcher
    recogniser: Callable[[], Recogniser]
    now: Callable[[], datetime]
    concurrency: int = 16
    spacing: float = pace.PUBLISHER_SPACING.total_seconds()
    pause: float = pace.PAGE_SPACING.total_seconds()
    batch: int = BATCH
    _paused: dict[str, datetime] = field(default_factory=dict)
    # One document is read at a time: more threads would gain nothing, and a command in chat would wait for all of them.
    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    # All polls that run side by side share the places.
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Make as many places as there may be fetches at once."""
        self._gate = asyncio.Semaphore(self.concurrency)

    async def poll(self, claimed: Sequence[Polled], done: Callable[[Polling], None] = lambda _: None) -> Report:
        """Poll the claimed sources and store what they bring; ``done`` is called for each when its answer has come."""
        report = Report(sources=len(claimed))
        # What is fetched faster than it can be stored waits for its turn, so that memory holds no more than a few batches.
        finished: asyncio.Queue[Polling] = asyncio.Queue(self.concurrency)
        async with asyncio.TaskGroup() as group:
            for polled_together in _by_publisher(claimed):
                group.create_task(self._poll_publisher(polled_together, finished))
            group.create_task(self._store_all(len(claimed), finished, report, done))
        return report

    async def _poll_publisher(self, group: Sequence[Polled], finished: asyncio.Queue[Polling]) -> None:
        """Poll a publisher's sources one after the other, so that it isn't asked everything at once."""
        for index, polled in enumerate(group):
            if index:
                await asyncio.sleep(self.spacing)
            async with self._gate:
                began = self.now()
                with bound_contextvars(source_id=polled.id):
                    polling = await self._poll_one(polled)
                await finished.put(replace(polling, seconds=(self.now() - began).total_seconds()))

    async def _poll_one(self, polled: Polled) -> Polling:
        now = self.now()
        try:
            self._check_pause(polled.source.url, now)
            gatherer = Gatherer(self.fetcher, self.pause, self._reading)
            gathered = await gatherer.gather(polled, now, lambda document: self._knows(polled, document))
            if gathered.document is None:
                return Polling(polled, gathered)
            async with self._reading:
                return await asyncio.to_thread(self._read, polled, gathered, gathered.document)
        except SourceError as error:
            return Polling(polled, error=error)
        except Exception as error:  # noqa: BLE001 - a bug in reading one document must not stop the others
            # The operator sees it like any other failure.
            _log.exception("reading a source failed", source=polled.source.name)
            problem = sentence("This document can't be read ({kind}).", kind=type(error).__name__)
            return Polling(polled, error=SourceError(problem, polled.source.url))

    def _read(self, polled: Polled, gathered: Gathered, document: Document) -> Polling:
        """Match and fingerprint what came."""
        recogniser = self.recogniser()
        return Polling(polled, gathered, tuple(arrival(recogniser, polled, entry) for entry in document.entries))

    def _knows(self, polled: Polled, document: Document) -> bool:
        """Whether an entry of a page is known already."""
        with self.database.read() as connection:
            return archive.knows(connection, (key for entry in document.entries for key in _keys(polled, entry).identity))

    def _check_pause(self, url: str, now: datetime) -> None:
        until = self._paused.get(pace.pause_key(url)) if self._paused else None
        if until is not None and now < until:
            raise FetchError(sentence("Its server has asked us to wait."), url, retry_after=(until - now).total_seconds())

    async def _store_all(self, expected: int, finished: asyncio.Queue[Polling], report: Report, done: Callable[[Polling], None]) -> None:
        """Store pollings as they finish, several in one transaction where they come fast."""
        batch: list[Polling] = []
        for _ in range(expected):
            polling = await finished.get()
            self._note_pause(polling)
            done(polling)
            batch.append(polling)
            if finished.empty() or sum(len(each.arrivals) for each in batch) >= self.batch:
                await asyncio.to_thread(self._store, batch, report)
                batch = []

    def _note_pause(self, polling: Polling) -> None:
        if isinstance(polling.error, FetchError):
            pause = pace.pause_after(polling.polled.source.url, polling.error.status, polling.error.retry_after, self.now())
            if pause is not None:
                self._paused[pause[0]] = pause[1]

    def _store(self, batch: Sequence[Polling], report: Report) -> None:
        """Store a batch in one transaction; where one polling spoils it, each in its own."""
        try:
            self._admit(batch, report)
        except StorageError:
            # The database can't be used at all, which is no source's fault.
            raise
        except Exception:  # noqa: BLE001 - what one source brought must not keep out what the others did
            _log.exception("storing several sources together failed")
            for polling in batch:
                self._store_alone(polling, report)

    def _store_alone(self, polling: Polling, report: Report) -> None:
        """Store what one source brought; where that can't be, the operator sees it like any other failure."""
        try:
            self._admit([polling], report)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - the same
            source = polling.polled.source
            _log.exception("storing a source failed", source=source.name)
            problem = sentence("What this source brought can't be stored ({kind}).", kind=type(error).__name__)
            self._admit([Polling(polling.polled, error=SourceError(problem, source.url))], report)

    def _admit(self, batch: Sequence[Polling], report: Report) -> None:
        with self.database.write(patient=True) as connection:
            now = self.now()
            stored = list(zip(batch, archive.admit_all(connection, [polling.arrivals for polling in batch], now, is_trivial), strict=True))
            self._place(connection, [admitted for _, admitted in stored], now)
            self._look_again(connection, [admitted for _, admitted in stored], now)
            for polling in batch:
                if polling.document is not None and polling.document.shown:
                    _note_withdrawn(connection, polling.polled, polling.document, now)
            settled = {polling.polled.id: settlement(polling.polled, _outcome(polling, admitted), now) for polling, admitted in stored}
            claiming.settle(connection, settled)
            coverage.note(connection, _polls(stored, now))
        # Only what was committed counts.
        for polling, admitted in stored:
            _count(report, polling, admitted)

    def _place(self, connection: Connection, stored: Sequence[Admitted], now: datetime) -> None:
        """Find the places of all that somebody wants."""
        wanted = [number for admitted in stored for number in admitted.wanted]
        if wanted:
            copies = place(connection, wanted, self.recogniser().matcher.groups, now).copies
            for admitted in stored:
                admitted.copies = len(copies.intersection(admitted.wanted))

    def _look_again(self, connection: Connection, stored: Sequence[Admitted], now: datetime) -> None:
        """Place anew what got other words."""
        rewritten = [each for admitted in stored for each in admitted.rewritten]
        if rewritten:
            look_again(connection, rewritten, self.recogniser().matcher.groups, now)


def arrival(recogniser: Recogniser, polled: Polled, entry: Entry) -> Arrival:
    """All that is decided about an entry before the archive is asked."""
    return arrive(recogniser, polled.id, str(polled.id), entry)


def _keys(polled: Polled, entry: Entry) -> Fingerprint:
    # The number of a source stays when its name or its address changes, so its entries stay known.
    return fingerprint(str(polled.id), entry, canonical(entry.url) if entry.url else "")


def _outcome(polling: Polling, admitted: Admitted) -> Outcome:
    return Outcome(polling.gathered, polling.error, entries=len(polling.arrivals), new=len(admitted.new))


def _polls(stored: Iterable[tuple[Polling, Admitted]], now: datetime) -> list[Poll]:
    """What to count for the day. A machine that is offline says nothing about its sources."""
    return [
        Poll(polling.polled.id, now.date(), polling.error is not None, len(admitted.new), admitted.matched)
        for polling, admitted in stored
        if polling.error is None or trouble_of(polling.error) != "offline"
    ]


def _note_withdrawn(connection: Connection, polled: Polled, document: Document, now: datetime) -> None:
    """Mark the posts of a channel that its page no longer has, and take the mark from those that are back."""
    known = [
        (number, withdrawn.post_of(address), gone)
        for number, address, gone in articles.addresses_of(connection, polled.id, _POSTS_COMPARED)
    ]
    missing = withdrawn.missing(document.shown, [post for _, post, _ in known if post])
    shown = {post.lower() for post in document.shown}
    articles.withdraw(connection, [number for number, post, gone in known if post in missing and not gone], now)
    articles.withdraw(connection, [number for number, post, gone in known if post in shown and gone], None)


def _count(report: Report, polling: Polling, admitted: Admitted) -> None:
    report.failed += polling.error is not None
    report.unchanged += polling.error is None and polling.document is None
    report.new += len(admitted.new)
    report.matched += admitted.matched
    report.known += admitted.known
    report.copies += admitted.copies
    report.revised += admitted.revised
    report.skipped += len(polling.document.skipped) if polling.document else 0


def _by_publisher(claimed: Iterable[Polled]) -> list[list[Polled]]:
    groups: dict[str, list[Polled]] = {}
    for polled in claimed:
        groups.setdefault(polled.source.publisher or polled.source.name, []).append(polled)
    return list(groups.values())
