"""What the clock starts: polling what is due, writing digests that are due, and sweeping. Subscribers have no job of their own."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot import troubles, unasked
from bot.claims import Claims
from bot.clock import Clock
from bot.dispatch import notices, tell_operators
from bot.idle import ask_idle
from bot.lookout import Lookout
from bot.rounds import Round, put_right, spread_of
from feeds import health
from feeds.poll import Poller, Polling, Report
from feeds.recent import ECHO_WINDOW, WINDOW
from feeds.settlement import trouble_of
from storage import (
    archive,
    backup as backups,
    claiming,
    coverage,
    errands,
    guests,
    inbox,
    likeness,
    mailbox,
    outbox,
    retention,
    shrinking,
    sources,
    story_index,
    turns,
)
from storage.database import Database
from storage.polled import Polled
from storage.records import Sentence, StorageError, sentence

TICK = 5
UNASKED_SECONDS = 15
SOURCES_A_TICK = 100
REPAIR_MINUTES = 15
# Once a day there is something to do; also, how long somebody who was forgotten stays in the copies.
BACKUP_MINUTES = 15
LONGEST_REPAIR = 300.0
# While one waits for servers that let a request hang, the others go on; each has the fetcher's connections to share.
POLLS_AT_ONCE = 3
DIGESTS_A_TRANSACTION = 500
# Settled messages are kept this long for the operator's eyes.
KEEP_SETTLED = timedelta(days=7)
# Telegram repeats an update for a day at most.
KEEP_UPDATES = timedelta(days=2)
# What an operator was shown can be saved for so long; days of polling are kept for the trends of years.
KEEP_ERRANDS = timedelta(days=1)
KEEP_DAYS = timedelta(days=3 * 366)
# A sentence that a publisher hasn't repeated for so long is no furniture.
KEEP_SENTENCES = timedelta(days=14)
# Half of a count is left after ten weeks: words of a season become rare again.
KEPT_A_DAY = 0.99
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Jobs:
    """The system's jobs. ``said`` is called when there may be something to send; ``operators`` are told what they should know.

    ``hurried``: every source is polled at every tick, as in a demonstration where all of them are ours. ``polled`` and ``stored`` are told
    what came of each source and of each cycle.
    """

    database: Database
    poller: Poller
    lookout: Lookout
    clock: Clock
    keep_unmatched: timedelta
    said: Callable[[], None]
    operators: frozenset[int] = frozenset()
    hurried: bool = False
    repaired: int = -1
    refusals_until: datetime | None = None
    polled: Callable[[Polling], None] = lambda _: None
    stored: Callable[[Report], None] = lambda _: None
    claims: Claims = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing claimed."""
        self.claims = Claims(self.database, self.clock.now)

    def schedule(self, scheduler: AsyncIOScheduler) -> None:
        """Put every job on the scheduler."""
        scheduler.add_job(self.poll, "interval", seconds=TICK, id="poll", next_run_time=datetime.now(UTC), max_instances=POLLS_AT_ONCE)
        scheduler.add_job(self.digests, "interval", seconds=TICK, id="digests", next_run_time=datetime.now(UTC))
        scheduler.add_job(self.unasked, "interval", seconds=UNASKED_SECONDS, id="unasked", next_run_time=datetime.now(UTC))
        scheduler.add_job(self.look_out, "interval", seconds=TICK, id="look out")
        scheduler.add_job(self.check_health, "interval", minutes=10, id="health")
        scheduler.add_job(self.repair_stories, "interval", minutes=REPAIR_MINUTES, id="repair")
        scheduler.add_job(self.sweep, "interval", hours=1, id="sweep")
        scheduler.add_job(self.shrink, "interval", days=1, id="shrink")
        scheduler.add_job(self.back_up, "interval", minutes=BACKUP_MINUTES, id="backup")
        scheduler.add_job(self.fade_terms, "interval", days=1, id="fade")

    async def poll(self) -> None:
        """Poll what is due. Several of these run side by side, so that slow sources hold up no others."""
        while claimed := await asyncio.to_thread(self._claim):
            report = await self.claims.poll(self.poller, claimed, self._note)
            self.stored(report)
            tell = _log.info if report.new or report.failed else _log.debug
            tell("polled", sources=report.sources, failed=report.failed, new=report.new, matched=report.matched)
            if len(claimed) < SOURCES_A_TICK:
                return

    def _note(self, polling: Polling) -> None:
        if polling.error is not None and not polling.polled.failures:
            _log.info("source failed", source_id=polling.polled.id, source=polling.polled.source.name, trouble=trouble_of(polling.error))
        self.polled(polling)

    async def look_out(self) -> None:
        """Take up what is watched for where that has changed."""
        noted = await asyncio.to_thread(self.lookout.refresh)
        if noted is not None:
            _log.info("what is watched for has changed", note=str(noted))
            await asyncio.to_thread(tell_operators, self.database, self.operators, noted, self.clock.now())
            self.said()

    async def repair_stories(self) -> None:
        """Put the stories of the last days right, in a process of its own, where new ones have come since the last time."""
        latest = await asyncio.to_thread(self._latest)
        if latest == self.repaired:
            return
        groups = sorted(self.lookout.watched.recogniser.matcher.groups)
        command = [sys.executable, "-m", "feeds.repairing", *groups]
        child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(LONGEST_REPAIR):
                # The address may hold a password, which in a command anybody on the machine could read.
                out, error = await child.communicate(self.database.url.encode())
        except TimeoutError:
            _log.warning("the repair of stories took too long and was stopped")
            return
        finally:
            # Nor does it outlive the program, which answers for the database.
            if child.returncode is None:
                child.kill()
                await child.wait()
        self.repaired = latest
        if child.returncode:
            _log.warning("stories could not be repaired", reason=error.decode(errors="replace").strip()[-300:])
        elif out.strip() != b"0 0":
            moved, merged = out.split()
            _log.info("stories repaired", moved=int(moved), merged=int(merged))

    async def check_health(self) -> None:
        """Tell operators of sources that have begun to fare badly, or well again, and of messages that Telegram wouldn't take."""
        noted = await asyncio.to_thread(self.write_health_notes)
        refused = await asyncio.to_thread(self.write_refusals)
        if noted or refused:
            self.said()

    def write_refusals(self) -> int:
        """Tell operators how many messages were rejected since they were last told, and why; how many it were."""
        now = self.clock.now()
        with self.database.write() as connection:
            count, reason = outbox.rejected(connection, self.refusals_until or now, now)
            self.refusals_until = now
            if count:
                noted = sentence(
                    "Telegram wouldn't take some messages: {count}. The last one because: {reason}", count=count, reason=reason
                )
                mailbox.put_out(connection, notices(connection, self.operators, [noted]), now)
        return count

    def write_health_notes(self) -> list[Sentence]:
        """Note how sources fare, and write what is new about that to operators."""
        now = self.clock.now()
        with self.database.read() as connection:
            rhythms = coverage.rhythms(connection, now.date(), health.RHYTHM_DAYS)
            found = [(each, health.condition(each, rhythms.get(each.id), now)) for each in sources.every(connection)]
        changed = [(each, condition) for each, condition in found if condition != each.told or each.former_title]
        noted = [note for each, condition in changed for note in health.notes(each, condition, rhythms.get(each.id), now)]
        if changed:
            with self.database.write() as connection:
                for each, condition in changed:
                    claiming.tell(connection, each.id, condition)
                mailbox.put_out(connection, notices(connection, self.operators, noted) if noted else [], now)
        return noted

    async def digests(self) -> None:
        """Write the digests that are due."""
        if not await asyncio.to_thread(self._anybody_due):
            return
        round_ = await asyncio.to_thread(self._begin_round)
        while await asyncio.to_thread(self._write_batch, round_):
            self.said()

    async def unasked(self) -> None:
        """Write alerts, go on with an announcement, and delete what is to fade."""
        if await asyncio.to_thread(self.write_unasked):
            self.said()

    def write_unasked(self) -> int:
        """Do that, and return how many letters were written."""
        now = self.clock.now()
        with self.database.read() as connection:
            if not unasked.anything(connection, now):
                return 0
        with self.database.write() as connection:
            return unasked.write(connection, self.lookout.watched.subjects, now)

    async def sweep(self) -> None:
        """Let go of what needn't be kept."""
        if troubles.counted():
            _log.info("troubles since the start", **{name.replace(" ", "_"): times for name, times in troubles.counted().items()})
        retired = retention.BATCH
        while retired == retention.BATCH:
            retired = await asyncio.to_thread(self._retire)
        await asyncio.to_thread(self._give_back)

    async def shrink(self) -> None:
        """Let the index lose the words of what has left, and the file the room."""
        await asyncio.to_thread(self._merge_index)
        await asyncio.to_thread(self._give_back)

    async def back_up(self) -> None:
        """Make the day's copy of the database where there is none yet, and erase from the copies who was forgotten meanwhile."""
        try:
            made = await asyncio.to_thread(backups.back_up_daily, self.database, self.clock.now().date())
            forgotten = await asyncio.to_thread(backups.forget_in_copies, self.database)
        except StorageError as error:
            troubles.count("backup failed")
            _log.warning("the database could not be copied", error=str(error))
            return
        if made or forgotten:
            _log.info("the database was copied" if made else "chats were erased from copies", file=str(made or ""), forgotten=forgotten)

    async def fade_terms(self) -> None:
        """Let the counts of terms grow a day older."""
        await asyncio.to_thread(self._fade)

    def _fade(self) -> None:
        with self.database.write() as connection:
            story_index.fade(connection, KEPT_A_DAY)

    def _anybody_due(self) -> bool:
        with self.database.read() as connection:
            return turns.anybody_due(connection, self.clock.now())

    def _begin_round(self) -> Round:
        with self.database.read() as connection:
            spread = spread_of(turns.count_due(connection))
            return Round(self.lookout.watched.subjects, self.clock.now(), archive.latest(connection), spread)

    def _write_batch(self, round_: Round) -> int:
        with self.database.write() as connection:
            due = turns.due(connection, round_.now, DIGESTS_A_TRANSACTION)
            round_.write(connection, due)
            return len(due) or put_right(connection, round_.now, DIGESTS_A_TRANSACTION)

    def _latest(self) -> int:
        with self.database.read() as connection:
            return archive.latest(connection)

    def _claim(self) -> list[Polled]:
        if not self.hurried:
            return self.claims.due(SOURCES_A_TICK)
        with self.database.write() as connection:
            return claiming.claim_named(connection, self.clock.now(), None)

    def _merge_index(self) -> None:
        with self.database.write(patient=True) as connection:
            shrinking.begin_merging(connection)
        self._in_steps(shrinking.merge)

    def _give_back(self) -> None:
        if self._in_steps(shrinking.give_back) > 1:
            self.database.checkpoint()

    def _in_steps(self, step: Callable[[Connection], bool]) -> int:
        """Do something step by step, each in its own transaction after everybody else who waits, and return how many it took."""
        steps, more = 0, True
        while more:
            with self.database.write(patient=True) as connection:
                more = step(connection)
            steps += 1
        return steps

    def _retire(self) -> int:
        now = self.clock.now()
        with self.database.write() as connection:
            outbox.sweep(connection, now - KEEP_SETTLED)
            mailbox.sweep_circulars(connection, now)
            inbox.sweep(connection, now - KEEP_UPDATES)
            errands.sweep(connection, now - KEEP_ERRANDS)
            coverage.forget_before(connection, now.date() - KEEP_DAYS)
            story_index.sweep(connection, now - WINDOW, now - ECHO_WINDOW)
            likeness.sweep(connection, now.date() - KEEP_SENTENCES)
            ask_idle(connection, now)
            guests.sweep(connection, now)
            return retention.retire(connection, now - self.keep_unmatched)
