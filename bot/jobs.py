"""What the clock starts: polling what is due, writing digests that are due, and sweeping. Subscribers have no job of their own."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot import edition, unasked
from bot.clock import Clock, last_due, next_due
from bot.dispatch import notices
from bot.edition import Occasion
from bot.idle import ask_idle
from bot.letters import letter
from bot.lookout import Lookout
from bot.voice import voice
from feeds import health, pace
from feeds.poll import Poller
from feeds.recent import ECHO_WINDOW, WINDOW
from storage import archive, coverage, errands, guests, likeness, mailbox, retention, shrinking, sources, story_index, subscribers
from storage.database import Database
from storage.records import Sentence, StorageError
from storage.subscribers import Chat

TICK = 5
UNASKED_SECONDS = 15
SOURCES_A_TICK = 100
REPAIR_MINUTES = 15
LONGEST_REPAIR = 300.0
# While one waits for servers that let a request hang, the others go on; each has the fetcher's connections to share.
POLLS_AT_ONCE = 3
DIGESTS_A_TRANSACTION = 100
LATE_AFTER = timedelta(minutes=15)
TRY_AGAIN = timedelta(hours=1)
# Settled messages are kept this long for the operator's eyes.
KEEP_SETTLED = timedelta(days=7)
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

    ``hurried``: every source is polled at every tick, as in a demonstration where all of them are ours.
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
        scheduler.add_job(self.fade_terms, "interval", days=1, id="fade")

    async def poll(self) -> None:
        """Poll what is due. Several of these run side by side, so that slow sources hold up no others."""
        while claimed := await asyncio.to_thread(self._claim):
            report = await self.poller.poll(claimed)
            tell = _log.info if report.new or report.failed else _log.debug
            tell("polled", sources=report.sources, failed=report.failed, new=report.new, matched=report.matched)
            if len(claimed) < SOURCES_A_TICK:
                return

    async def look_out(self) -> None:
        """Take up what is watched for where that has changed."""
        noted = await asyncio.to_thread(self.lookout.refresh)
        if noted is not None:
            _log.info("what is watched for has changed", note=str(noted))
            await asyncio.to_thread(self._tell_operators, noted)

    async def repair_stories(self) -> None:
        """Put the stories of the last days right, in a process of its own, where new ones have come since the last time."""
        latest = await asyncio.to_thread(self._latest)
        if latest == self.repaired:
            return
        groups = sorted(self.lookout.watched.recogniser.matcher.groups)
        command = [sys.executable, "-m", "feeds.repairing", self.database.url, *groups]
        child = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(LONGEST_REPAIR):
                out, error = await child.communicate()
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
        """Tell operators of sources that have begun to fare badly, or well again."""
        noted = await asyncio.to_thread(self.write_health_notes)
        if noted:
            self.said()

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
                    sources.tell(connection, each.id, condition)
                mailbox.put_out(connection, notices(connection, self.operators, noted) if noted else [], now)
        return noted

    async def digests(self) -> None:
        """Write the digests that are due."""
        while await asyncio.to_thread(self.write_digests):
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
        retired = retention.BATCH
        while retired == retention.BATCH:
            retired = await asyncio.to_thread(self._retire)
        await asyncio.to_thread(self._give_back)

    async def shrink(self) -> None:
        """Let the index lose the words of what has left, and the file the room."""
        await asyncio.to_thread(self._merge_index)
        await asyncio.to_thread(self._give_back)

    async def fade_terms(self) -> None:
        """Let the counts of terms grow a day older."""
        await asyncio.to_thread(self._fade)

    def _fade(self) -> None:
        with self.database.write() as connection:
            story_index.fade(connection, KEPT_A_DAY)

    def write_digests(self) -> int:
        """Write a batch of the digests that are due, and return how many subscribers were dealt with."""
        now = self.clock.now()
        with self.database.read() as connection:
            if not subscribers.due(connection, now, 1):
                return 0
        with self.database.write() as connection:
            due = subscribers.due(connection, now, DIGESTS_A_TRANSACTION)
            for chat in due:
                self._serve_apart(connection, chat, now)
        return len(due)

    def _serve_apart(self, connection: Connection, chat: Chat, now: datetime) -> None:
        """Serve a subscriber; one that can't be served is tried again later and stops no other."""
        try:
            with connection.begin_nested():
                self._serve(connection, chat, now)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - one subscriber must not stop the others
            _log.exception("digest not written", subscriber=chat.id)
            subscribers.change(connection, chat.id, next_due_at=now + TRY_AGAIN)

    def _serve(self, connection: Connection, chat: Chat, now: datetime) -> None:
        """Write a subscriber's digest, late or not, and set the next one's time. What was missed comes in one."""
        slot = last_due(chat.digest_times, chat.time_zone, now, chat.choices.weekdays)
        following = next_due(chat.digest_times, chat.time_zone, now, chat.choices.weekdays)
        subscribers.change(connection, chat.id, next_due_at=following.at if following else None)
        if slot is None:
            return
        say = voice(chat.language)
        late = chat.next_due_at is not None and now - chat.next_due_at > LATE_AFTER
        note = say("Late: I was not running at {time}.", time=slot.slot) if late else ""
        title = f"{say('Your digest')} · {say.date(slot.local_date)}, {slot.slot}"
        occasion = Occasion(slot.local_date, slot.slot, title, note, unasked=True)
        up_to = archive.latest(connection)
        message = edition.write(connection, chat, self.lookout.watched.subjects, occasion, after=chat.cursor, up_to=up_to)
        if message is None and chat.choices.tells_nothing:
            message = edition.nothing(connection, chat, self.lookout.watched.subjects, after=chat.cursor, up_to=up_to)
        if message is not None:
            mailbox.put_out(connection, [letter(chat, message, "digest")], now)

    def _tell_operators(self, noted: Sentence) -> None:
        now = self.clock.now()
        with self.database.write() as connection:
            mailbox.put_out(connection, notices(connection, self.operators, [noted]), now)
        self.said()

    def _latest(self) -> int:
        with self.database.read() as connection:
            return archive.latest(connection)

    def _claim(self) -> list[sources.Polled]:
        now = self.clock.now()
        with self.database.write() as connection:
            return (
                sources.claim_named(connection, now, None)
                if self.hurried
                else sources.claim_due(connection, now, SOURCES_A_TICK, pace.PUBLISHER_SPACING)
            )

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
            mailbox.sweep(connection, now - KEEP_SETTLED)
            errands.sweep(connection, now - KEEP_ERRANDS)
            coverage.forget_before(connection, now.date() - KEEP_DAYS)
            story_index.sweep(connection, now - WINDOW, now - ECHO_WINDOW)
            likeness.sweep(connection, now.date() - KEEP_SENTENCES)
            ask_idle(connection, now)
            guests.sweep(connection, now)
            return retention.retire(connection, now - self.keep_unmatched)
