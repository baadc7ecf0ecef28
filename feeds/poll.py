"""One poll cycle: due sources are fetched, parsed, matched and fingerprinted, and what they brought is admitted in batches.

This is where the outside world and the database meet; every decision on the way is a pure function of its own file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from feeds import pace
from feeds.canonical import canonical
from feeds.fetch import Fetcher
from feeds.fetched import Answer, Fetched
from feeds.fingerprint import body_hash, fingerprint
from feeds.pace import History
from feeds.parse import Document, parse
from feeds.recogniser import Recogniser
from storage import archive, sources
from storage.archive import Admitted, Arrival
from storage.database import Database
from storage.records import Entry, FetchError, SourceError, StorageError
from storage.sources import Polled

# Entries admitted in one transaction: enough to pay for its commit, few enough that a command in chat waits no longer than a blink.
BATCH = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Polling:
    """What became of one source in this cycle: its answer, the document where there was a new one, or the error."""

    polled: Polled
    answer: Answer | None = None
    document: Document | None = None
    hash: bytes | None = None
    arrivals: tuple[Arrival, ...] = ()
    error: SourceError | None = None


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

    ``recogniser`` gives what is watched for at the moment, ``now`` the time; ``spacing``: seconds between two starts at one publisher.
    """

    database: Database
    fetcher: Fetcher
    recogniser: Callable[[], Recogniser]
    now: Callable[[], datetime]
    concurrency: int = 16
    spacing: float = pace.PUBLISHER_SPACING.total_seconds()
    _paused: dict[str, datetime] = field(default_factory=dict)

    async def poll(self, claimed: Sequence[Polled], done: Callable[[Polling], None] = lambda _: None) -> Report:
        """Poll the claimed sources and store what they bring; ``done`` is called for each when its answer has come."""
        report, gate = Report(sources=len(claimed)), asyncio.Semaphore(self.concurrency)
        finished: asyncio.Queue[Polling] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            for polled_together in _by_publisher(claimed):
                group.create_task(self._poll_publisher(polled_together, gate, finished))
            group.create_task(self._store_all(len(claimed), finished, report, done))
        return report

    async def _poll_publisher(self, group: Sequence[Polled], gate: asyncio.Semaphore, finished: asyncio.Queue[Polling]) -> None:
        """Poll a publisher's sources one after the other, so that it isn't asked everything at once."""
        for index, polled in enumerate(group):
            if index:
                await asyncio.sleep(self.spacing)
            async with gate:
                finished.put_nowait(await self._poll_one(polled))

    async def _poll_one(self, polled: Polled) -> Polling:
        now = self.now()
        try:
            self._check_pause(polled.source.url, now)
            answer = await self._fetch(polled, now)
            if not isinstance(answer, Fetched):
                return Polling(polled, answer)
            return await asyncio.to_thread(self._read, polled, answer)
        except SourceError as error:
            return Polling(polled, error=error)
        except Exception as error:  # noqa: BLE001 - a bug in reading one document must not stop the others
            # The operator sees it like any other failure.
            _log.exception("reading a source failed", source=polled.source.name)
            return Polling(polled, error=SourceError(f"This document can't be read ({type(error).__name__}).", polled.source.url))

    async def _fetch(self, polled: Polled, now: datetime) -> Answer:
        whole = polled.full_fetch_at is None or now - polled.full_fetch_at >= pace.FULL_FETCH_EVERY
        validators = {} if whole else {"etag": polled.etag, "modified": polled.modified}
        return await self.fetcher.fetch(polled.source.url, **validators)

    def _read(self, polled: Polled, fetched: Fetched) -> Polling:
        """Parse, clean, match and fingerprint a document, unless it is the one that came last time."""
        found = body_hash(fetched.body)
        if found == polled.body_hash:
            return Polling(polled, fetched, hash=found)
        document = parse(fetched.body, url=fetched.final_url, kind=polled.source.kind, charset=fetched.charset)
        recogniser = self.recogniser()
        arrivals = tuple(arrival(recogniser, polled, entry) for entry in document.entries)
        return Polling(polled, fetched, document, found, arrivals)

    def _check_pause(self, url: str, now: datetime) -> None:
        until = self._paused.get(pace.pause_key(url))
        if until is not None and now < until:
            raise FetchError("Its server has asked us to wait.", url, retry_after=(until - now).total_seconds())

    async def _store_all(self, expected: int, finished: asyncio.Queue[Polling], report: Report, done: Callable[[Polling], None]) -> None:
        """Store pollings as they finish, several in one transaction where they come fast."""
        batch: list[Polling] = []
        for _ in range(expected):
            polling = await finished.get()
            self._note_pause(polling)
            done(polling)
            batch.append(polling)
            if finished.empty() or sum(len(each.arrivals) for each in batch) >= BATCH:
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
            sentence = f"What this source brought can't be stored ({type(error).__name__})."
            self._admit([Polling(polling.polled, error=SourceError(sentence, source.url))], report)

    def _admit(self, batch: Sequence[Polling], report: Report) -> None:
        stored: list[tuple[Polling, Admitted]] = []
        with self.database.write() as connection:
            for polling in batch:
                now = self.now()
                admitted = archive.admit(connection, polling.arrivals, now)
                sources.settle(connection, polling.polled.id, settlement(polling, admitted, now))
                stored.append((polling, admitted))
        # Only what was committed counts.
        for polling, admitted in stored:
            _count(report, polling, admitted)


def arrival(recogniser: Recogniser, polled: Polled, entry: Entry) -> Arrival:
    """All that is decided about an entry before the archive is asked."""
    recognised = recogniser.recognise(entry.title, entry.text, entry.published)
    verdict = recognised.verdict
    address = canonical(entry.url) if entry.url else ""
    # The number of a source stays when its name or its address changes, so its entries stay known.
    keys = fingerprint(str(polled.id), entry, address)
    return Arrival(
        source_id=polled.id,
        entry=entry,
        address=address,
        language=verdict.language,
        wire=None,
        identity=keys.identity,
        text_key=keys.text,
        content_key=keys.content,
        telling=keys.telling,
        topics=tuple(topic.id for topic in verdict.topics) if verdict.relevant else (),
        mentions=tuple(mention for topic in verdict.topics for mention in topic.mentions) if verdict.relevant else (),
        watches=recognised.watches,
    )


def settlement(polling: Polling, admitted: Admitted, now: datetime) -> dict[str, Any]:
    """What to record about a source after polling it (columns of the table). Pure."""
    polled, error = polling.polled, polling.error
    history = History(
        source=polled.source.url,
        now=now,
        last_success=polled.last_success_at,
        last_error_at=polled.last_error_at,
        interval=polled.source.interval,
        wait=polled.wait,
        full_at=polled.full_fetch_at,
    )
    if error is None:
        return _success(polling, admitted, history)
    failed = replace(history, failures=polled.failures + 1, last_error_at=now)
    if isinstance(error, FetchError):
        failed = replace(failed, status=error.status, retry_after=error.retry_after, offline=error.offline)
    decided = pace.next_check(failed)
    values: dict[str, Any] = {"next_check_at": decided.next_check_at, "wait": decided.wait, "last_error": str(error), "last_error_at": now}
    # A machine that is offline says nothing about the source.
    return values if failed.offline else {**values, "failures": polled.failures + 1}


def _success(polling: Polling, admitted: Admitted, history: History) -> dict[str, Any]:
    polled, answer, document, now = polling.polled, polling.answer, polling.document, history.now
    entries = len(polling.arrivals)
    known = (entries - len(admitted.new)) / entries if entries else (None if document else 1.0)
    decided = pace.next_check(
        replace(history, last_success=now, known=known, ttl=document.ttl if document else None, max_age=answer.max_age if answer else None)
    )
    values: dict[str, Any] = {
        "next_check_at": decided.next_check_at,
        "wait": decided.wait,
        "failures": 0,
        "last_error": None,
        "last_success_at": now,
    }
    if isinstance(answer, Fetched):
        whole = polled.full_fetch_at is None or now - polled.full_fetch_at >= pace.FULL_FETCH_EVERY
        values |= {"etag": answer.etag, "modified": answer.modified, "body_hash": polling.hash}
        values |= {"full_fetch_at": now} if whole or not (polled.etag or polled.modified) else {}
        # The list says where its own sources are, at every start; a feed of its that moved is found by the redirect.
        values |= {"url": answer.moved_to} if answer.moved_to and polled.origin == "operator" else {}
    if document is not None:
        values |= {"title": document.title or polled.title, "skipped": len(document.skipped)}
    return values | ({"last_new_at": now} if admitted.new else {})


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
