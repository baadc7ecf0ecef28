"""A researcher's corpus goes into the archive the way that polled entries do, in the order of its dates.

Two passes, so that memory stays flat: the first reads and checks every line and keeps no more than its time and place; the second admits
and places the articles, oldest first, a batch in one transaction. Which number an article gets depends on the file alone, so an import that
was stopped goes on where it was, and a file that is imported again adds nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import Connection

from feeds.arriving import arrive
from feeds.files import KEY_BYTES, Record, csv_records, file_key, json_records, read_at
from feeds.lines import Line, LineError, read_line
from feeds.placing import place
from feeds.recent import ECHO_WINDOW, WINDOW, recall
from feeds.recogniser import Recogniser
from feeds.repairing import MOST_IMPORTED, Trail, repair_stories_of
from feeds.sameness.changes import is_trivial
from feeds.second_look import look_again
from storage import archive, articles, likeness, past, sources, story_index
from storage.archive import Arrival, Past
from storage.batches import BATCH as SWEPT
from storage.database import Database
from storage.lineup import Lineup, lineup
from storage.past import Block, Stretch
from storage.records import StorageError

BATCH = 300
# Sentences that a publisher has printed once and not again within this time are no furniture.
_KEEP_SENTENCES = timedelta(days=14)
_BETWEEN_SWEEPS = 100  # batches


@dataclass(slots=True)
class Imported:
    """Counts of an import: ``lines`` read, and what became of them."""

    lines: int = 0
    new: int = 0
    matched: int = 0
    known: int = 0
    copies: int = 0
    revised: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how an import goes: of each refused line by its number, of bytes read and of lines dealt with, of how many."""

    refused: Callable[[int, str], None] = lambda _number, _reason: None
    read: Callable[[int], None] = lambda _bytes: None
    stored: Callable[[int, int], None] = lambda _done, _of: None


@dataclass(slots=True)
class Importer:
    """Imports files into a database. ``everything``: also what nobody wants is looked at for copies and stories."""

    database: Database
    recogniser: Recogniser
    now: datetime
    everything: bool = True
    watcher: Watcher = Watcher()

    def run(self, stream: BinaryIO, form: str) -> Imported:
        """Import a file of ``form`` jsonl or csv. LineError where nothing in it can be read, StorageError where it can't be stored."""
        counts = Imported()
        with _plain_errors(), _seekable(stream) as file, TemporaryFile() as spool, lineup() as lines:
            key = file_key(file, form)
            with self.database.read() as connection:
                block = past.known_block(connection, key)
            started = block.started_at if block else self.now
            records = csv_records(file, spool) if form == "csv" else json_records(file)
            self._line_up(records, lines, started, counts)
            if lines.count:
                self._store(spool if form == "csv" else file, lines, self._numbers(block, key, lines.count), counts)
        return counts

    def _line_up(self, records: Iterable[Record], lines: Lineup, now: datetime, counts: Imported) -> None:
        for record in records:
            counts.lines += 1
            reason = _taken(lines, record, now)
            if reason:
                counts.refused += 1
                self.watcher.refused(record.number, reason)
            self.watcher.read(record.offset)

    def _numbers(self, block: Block | None, key: bytes, count: int) -> Block:
        """The numbers of the file's articles: those that it had before, where it was begun before."""
        if block is not None and block.count == count:
            return block
        with self.database.write(patient=True) as connection:
            return past.reserve(connection, key, count, self.now)

    def _store(self, file: BinaryIO, lines: Lineup, block: Block, counts: Imported) -> None:
        with self.database.write(patient=True) as connection:
            home, named = past.import_source(connection, self.now), sources.numbers_by_name(connection)
        last, trail, beside = None, Trail(), list[Stretch]()
        for turn, batch in enumerate(lines.batches(BATCH), start=1):
            numbers = {block.first + rank: start for rank, _, start in batch}
            with self.database.read() as connection:
                there = past.stored(connection, numbers)
            found = [(number, _checked(read_at(file, start), block.started_at)) for number, start in numbers.items() if number not in there]
            arrivals = [self._arrival(line, number, home, named) for number, line in found]
            waiting = {number: at for number, (at, story) in there.items() if story is None} if self.everything else {}
            counts.known += len(there)
            if arrivals or waiting:
                seen = [*(line.seen_at for _, line in found), *waiting.values()]
                with self.database.write(patient=True) as connection:
                    if last is None:
                        beside = past.stretches(connection, block, min(seen) - WINDOW)
                    last = max(seen)
                    self._recall(connection, beside, last, trail)
                    self._admit(connection, arrivals, waiting, last, trail=trail, counts=counts)
                    if turn % _BETWEEN_SWEEPS == 0:
                        likeness.sweep(connection, last.date() - _KEEP_SENTENCES)
                if trail.is_due():
                    self._repair(trail)
            self.watcher.stored(batch[-1][0] + 1, block.count)
        if last is not None:
            with self.database.write(patient=True) as connection:
                self._recall(connection, beside, last + WINDOW, trail)
            self._repair(trail)
            self._forget(last)

    def _recall(self, connection: Connection, beside: Sequence[Stretch], until: datetime, trail: Trail) -> None:
        """What was told in the same days is told on: its stories are joined, and put right together with those of the file."""
        told = deque((each for stretch in beside for each in past.read_on(connection, stretch, until)), maxlen=MOST_IMPORTED)
        if told:
            at = {number: moment for moment, number in told}
            tellers = sorted(articles.tellers(connection, list(at)), key=lambda teller: (teller.first_seen_at, teller.id))
            terms = recall(connection, tellers, self.recogniser.matcher.groups)
            trail.add(((at[teller.id], teller.id) for teller in tellers), terms)

    def _repair(self, trail: Trail) -> None:
        """Stories were opened and joined in the order of time; seen together, some are one."""
        repair_stories_of(self.database, trail.articles(), self.recogniser.matcher.groups, self.now, trail.terms)
        trail.go_on()

    def _arrival(self, line: Line, number: int, home: int, named: Mapping[str, int]) -> Arrival:
        """A line as the archive takes it: of the source that it names, else of the source of all imports."""
        source = named.get(line.outlet)
        owner = str(source) if source is not None else f"import {line.outlet}"
        entry = line.entry if source is None else replace(line.entry, outlet=None)
        if source is not None and entry.guid is not None:
            # Its own ids are somebody else's, not those of the feed.
            entry = replace(entry, guid=f"import {entry.guid}")
        kept = Past(number, line.seen_at, line.given_id)
        return arrive(
            self.recogniser,
            home if source is None else source,
            owner,
            entry,
            language=line.language,
            credited=self.everything,
            past=kept,
        )

    def _admit(
        self,
        connection: Connection,
        arrivals: Sequence[Arrival],
        waiting: Mapping[int, datetime],
        at: datetime,
        *,
        trail: Trail,
        counts: Imported,
    ) -> None:
        admitted = archive.admit_all(connection, [arrivals], self.now, is_trivial)[0]
        chosen = sorted({*admitted.wanted, *waiting, *(admitted.new if self.everything else ())})
        # Stories that are over by then would keep those that go on from being found.
        seen_at = {**waiting, **{arrival.past.number: arrival.past.seen_at for arrival in arrivals if arrival.past}}
        begun = min(seen_at.values(), default=at)
        while story_index.sweep(connection, begun - WINDOW, begun - ECHO_WINDOW) == SWEPT:
            pass
        placed = place(connection, chosen, self.recogniser.matcher.groups, at)
        trail.add(((seen_at.get(number, at), number) for number in chosen), placed.terms)
        look_again(connection, admitted.rewritten, self.recogniser.matcher.groups, at)
        trail.reread(each.article_id for each in admitted.rewritten)
        counts.copies += len(placed.copies)
        counts.new += len(admitted.new)
        counts.matched += admitted.matched
        counts.known += admitted.known
        counts.revised += admitted.revised

    def _forget(self, last: datetime) -> None:
        """Let go of what only the articles that came after one another were compared by."""
        with self.database.write(patient=True) as connection:
            likeness.sweep(connection, last.date() - _KEEP_SENTENCES)
            while story_index.sweep(connection, self.now - WINDOW, self.now - ECHO_WINDOW) == SWEPT:
                pass


def _taken(lines: Lineup, record: Record, now: datetime) -> str:
    """Take a line up, or say why it is refused."""
    try:
        line = _checked(record.raw, now)
    except LineError as error:
        return str(error)
    new = lines.add(record.number, record.offset, line.seen_at, _repeating(line))
    return "" if new else "its id was there before"


def _checked(raw: bytes | LineError, now: datetime) -> Line:
    if isinstance(raw, LineError):
        raise raw
    return read_line(raw, now)


def _repeating(line: Line) -> bytes | None:
    """What mustn't be there twice in a file: an id, of one outlet."""
    if line.entry.guid is None:
        return None
    return blake2b(f"{line.outlet}\0{line.entry.guid}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream where it can be read twice, else a copy of it on disk."""
    if stream.seekable():
        yield stream
        return
    with TemporaryFile() as copy:
        copyfileobj(stream, copy)
        yield copy


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"The file can't be read, or a temporary one can't be written: {error.strerror}. Is the disk full?") from error
