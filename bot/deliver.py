"""Sending what is in the outbox, within Telegram's limits, each with a named outcome. One bad chat never stops the others.

A picture is drawn just before it is sent, one at a time, while other letters go on; where there is none, its caption is sent alone. Not
here: what an answer of Telegram's means (``outcomes.py``), and how fast letters may go (``limits.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot import troubles
from bot.clock import Clock
from bot.doubt import offer_again
from bot.limits import Limits
from bot.outcomes import SAID_AGAIN, SILENT, TOLD, UNREACHED, Call, Outcome, in_words, is_stale, outcome_of, simpler
from bot.pictures.easel import DrawingError, DrawingStoppedError, Easel
from bot.storing import stored
from storage import mailbox, outbox, subscribers
from storage.database import Database
from storage.outbox import Letter
from storage.records import HomefrontError

MOST_UNDER_WAY = 30
MOST_PICTURES = 1
_SIMPLER = 2  # times that a call is made simpler before it is given up
_IDLE = 20.0
_LONGEST_HALT = 30.0
_SET_BACK = timedelta(seconds=30)
_MINUTE = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sender:
    """Drains the outbox until it is told to stop. ``files`` writes the file that a letter asks for.

    Limits and what is under way are only touched on the event loop's thread.
    """

    bot: Bot
    database: Database
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    easel: Easel = field(default_factory=Easel)
    sent: Callable[[str, str], None] = lambda _kind, _outcome: None
    files: Callable[[Mapping[str, Any]], tuple[str, bytes]] = lambda _: ("", b"")
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[asyncio.Task[None], Letter] = field(default_factory=dict)
    _stopping: bool = False
    _unreached: int = 0
    _last: datetime | None = None

    def wake(self) -> None:
        """Look into the outbox now."""
        self._wake.set()

    def stop(self) -> None:
        """Begin no other letter. Not by cancelling, which could come between the claim of a letter and its sending."""
        self._stopping = True
        self.easel.stop()
        self._wake.set()

    async def run(self) -> None:
        """Deal with what an earlier run left half sent, then send until stopped. DamagedError where the database is."""
        await stored(self._recover)
        self.limits.remember(*await stored(self._remembered))
        while not self._stopping:
            self._wake.clear()
            await self._keep_time()
            letters = await self._claim()
            for letter in letters:
                task = asyncio.create_task(self._deliver(letter))
                self._under_way[task] = letter
                task.add_done_callback(self._ended)
            if not letters:
                await self._rest()

    async def drain(self) -> None:
        """Wait for the letters that are being sent."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _keep_time(self) -> None:
        """Notice a clock that was set back, which would make waits endless."""
        now, last = self.clock.now(), self._last
        self._last = now
        if last is not None and now < last - _SET_BACK:
            troubles.count("clock set back")
            _log.warning("the clock was set back; waits are shortened by as much", by=str(last - now))
            self.limits.set_back(last - now)
            await stored(self._set_back, last - now)

    async def _claim(self) -> list[Letter]:
        now = self.clock.now()
        # A letter that waits for a connection can't be told from one that Telegram has: so there are fewer letters than connections.
        room = min(self.limits.room(now), MOST_UNDER_WAY - len(self._under_way))
        if room <= 0:
            return []
        letters = await stored(self._claim_up_to, now, room, self.limits.resting(now) | self._busy(), self._pictures())
        for letter in letters:
            if letter.chat_id is not None and letter.method not in SILENT:
                self.limits.begin(letter.chat_id, self.clock.now())
        return letters

    async def _rest(self) -> None:
        """Wait until there may be something to send."""
        pause, now = _IDLE, self.clock.now()
        if self.limits.room(now) > 0:
            held = self.limits.resting(now)
            moment = await stored(self._next_moment, now, self._busy() | held, self._pictures())
            moments = [moment] if moment is not None else []
            moments += [self.limits.next_change(now)] if held else []
        else:
            moments = [self.limits.next_change(now)]
        pause = min([pause, *(max(0.02, (each - now).total_seconds()) for each in moments)])
        # Not asyncio.wait_for: before Python 3.12 it swallows a cancellation that comes together with what it waits for.
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()

    def _busy(self) -> set[int]:
        return {letter.chat_id for letter in self._under_way.values() if letter.chat_id is not None}

    def _pictures(self) -> int:
        """How many more pictures may be begun."""
        return max(0, MOST_PICTURES - sum(letter.method == mailbox.PICTURE for letter in self._under_way.values()))

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            _log.error("a letter could not be settled", error=repr(task.exception()))

    async def _deliver(self, letter: Letter) -> None:
        began = self.clock.now()
        outcome = await self._send(letter)
        now = self.clock.now()
        self.sent(letter.kind, outcome.state)
        if letter.chat_id is not None and letter.method not in SILENT:
            self.limits.end(letter.chat_id, now)
            if outcome.message_id is not None:
                self.limits.answered_after(now - began)
        self._learn(letter, outcome, now)
        # The chat stays busy until the outcome is stored, however long that takes: nothing overtakes it, and nothing is sent twice.
        await stored(self._record, letter, outcome)

    def _learn(self, letter: Letter, outcome: Outcome, now: datetime) -> None:
        """Take from an outcome what holds for the letters after it."""
        if outcome.trouble:
            troubles.count(outcome.trouble)
        if outcome.state == "later" and letter.chat_id is not None:
            self.limits.park(letter.chat_id, now + timedelta(seconds=outcome.wait))
        if outcome.trouble in UNREACHED:
            self._hold(outcome, now)
            return
        self._unreached = 0
        if outcome.trouble == TOLD and letter.chat_id is not None:
            self._slow_down(letter.chat_id, outcome, now)
        elif outcome.state == "sent" and letter.method not in SILENT:
            self.limits.went_through()

    def _slow_down(self, chat_id: int, outcome: Outcome, now: datetime) -> None:
        everybody = self.limits.told_to_wait(chat_id, timedelta(seconds=outcome.wait), now)
        if everybody:
            troubles.count("all told to wait")
        _log.warning("told to wait by Telegram", seconds=outcome.wait, everybody=everybody)

    def _hold(self, outcome: Outcome, now: datetime) -> None:
        """Telegram can't be reached or is out of order: let a few letters try, ever more seldom, instead of all of them."""
        if self.limits.halted(now):
            return
        self._unreached += 1
        # One failure is its letter's alone.
        pause = min(2.0 ** (self._unreached - 2), _LONGEST_HALT) if self._unreached > 1 else 0.0
        if pause:
            self.limits.halt(now + timedelta(seconds=pause))
        _log.warning(outcome.trouble, error=outcome.error, retry_in=pause or outcome.wait)

    async def _send(self, letter: Letter) -> Outcome:
        if is_stale(letter, self.clock.now()):
            return Outcome("stale", error="It waited until it was of no use.", trouble="message stale")
        try:
            result = await self._call(letter)
        except DrawingStoppedError as error:
            return Outcome("later", error=str(error))
        except Exception as error:  # noqa: BLE001 - whatever an answer does to the library, the letter gets its outcome
            return outcome_of(error, letter)
        message_id = result.get("message_id") if isinstance(result, Mapping) else None
        return Outcome("sent", message_id=message_id)

    async def _call(self, letter: Letter) -> Any:
        chart, export = _chart(letter), _export(letter)
        if export is not None:
            return await self._call_with_file(letter, export)
        if chart is None:
            return await self._say(Call(letter.method, letter.payload), letter)
        try:
            photo = InputFile(await self.easel.draw(chart), filename="chart.png")
            return await self.bot.do_api_request(letter.method, api_kwargs={**letter.payload, "photo": photo})
        except DrawingStoppedError:
            raise
        except (DrawingError, BadRequest) as error:
            # Also where a group takes no photos: what the picture shows is in its caption too.
            _log.warning("sent without its picture", letter=letter.id, kind=letter.kind, error=str(error))
        return await self._say(Call("sendMessage", in_words(letter.payload)), letter)

    async def _say(self, call: Call, letter: Letter) -> Any:
        """Make a call, and a simpler one where Telegram won't take it as it is."""
        for _ in range(_SIMPLER):
            try:
                return await self.bot.do_api_request(call.method, api_kwargs=dict(call.payload))
            except BadRequest as error:
                other = simpler(call, error)
                if other is None:
                    raise
                _log.warning("said more simply", letter=letter.id, kind=letter.kind, method=call.method, error=str(error))
                call = other
        return await self.bot.do_api_request(call.method, api_kwargs=dict(call.payload))

    async def _call_with_file(self, letter: Letter, export: Mapping[str, Any]) -> Any:
        try:
            name, content = await asyncio.to_thread(self.files, export)
        except HomefrontError as error:
            _log.warning("sent without its file", letter=letter.id, kind=letter.kind, error=str(error))
            return await self.bot.do_api_request("sendMessage", api_kwargs=in_words(letter.payload))
        return await self.bot.do_api_request(letter.method, api_kwargs={**letter.payload, "document": InputFile(content, filename=name)})

    def _claim_up_to(self, now: datetime, room: int, busy: set[int], pictures: int) -> list[Letter]:
        with self.database.read() as connection:
            if not outbox.anything_waiting(connection, now):
                return []
        with self.database.write() as connection:
            return outbox.claim(connection, now, room, busy, pictures=pictures)

    def _next_moment(self, now: datetime, busy: set[int], pictures: int) -> datetime | None:
        with self.database.read() as connection:
            return outbox.next_moment(connection, now, busy, pictures=pictures)

    def _record(self, letter: Letter, outcome: Outcome) -> None:
        now = self.clock.now()
        with self.database.write() as connection:
            if outcome.state == "later":
                until = now + timedelta(seconds=outcome.wait)
                outbox.postpone(connection, letter, until, outcome.error or "", counts=outcome.trouble != TOLD)
            elif outcome.new_chat_id is not None and letter.chat_id is not None:
                outbox.readdress(connection, letter, outcome.new_chat_id)
                subscribers.move(connection, letter.chat_id, outcome.new_chat_id)
            else:
                self._settle(connection, letter, outcome, now)
        if outcome.state in {"rejected", "stale", "unknown"} and letter.method not in SILENT:
            named = {"letter": letter.id, "method": letter.method, "kind": letter.kind}
            _log.warning("message not delivered", outcome=outcome.state, error=outcome.error, **named)

    def _settle(self, connection: Connection, letter: Letter, outcome: Outcome, now: datetime) -> None:
        outbox.settle(connection, letter, outcome.state, now, message_id=outcome.message_id, error=outcome.error)
        if outcome.state in {"unknown", "stale"}:
            mailbox.put_out(connection, offer_again(connection, letter, too_late=outcome.state == "stale"), now)
        if outcome.state == "gone" and letter.chat_id is not None:
            thread = int(letter.payload.get("message_thread_id", 0)) if outcome.thread else None
            subscribers.deactivate(connection, letter.chat_id, thread)
            if thread is None:
                mailbox.drop_waiting(connection, letter.chat_id, now)

    def _recover(self) -> None:
        """Send answers again that were under way when the program died; whether a digest arrived is unknown, and it isn't said twice."""
        now = self.clock.now()
        with self.database.write() as connection:
            letters = outbox.cut_off(connection)
            for letter in letters:
                if letter.kind in SAID_AGAIN:
                    outbox.put_back(connection, letter)
                else:
                    troubles.count("message unknown")
                    self._settle(connection, letter, Outcome("unknown", error="The program ended while this was sent."), now)
        if letters:
            _log.warning("letters were under way when the program ended", letters=len(letters))

    def _remembered(self) -> tuple[list[tuple[int, datetime]], list[tuple[int, datetime]]]:
        now = self.clock.now()
        with self.database.read() as connection:
            return outbox.sent_after(connection, now - _MINUTE), list(outbox.resting(connection, now).items())

    def _set_back(self, by: timedelta) -> None:
        with self.database.write() as connection:
            outbox.set_back(connection, by)


def _chart(letter: Letter) -> Mapping[str, Any] | None:
    photo = letter.payload.get("photo")
    return photo.get("chart") if letter.method == mailbox.PICTURE and isinstance(photo, Mapping) else None


def _export(letter: Letter) -> Mapping[str, Any] | None:
    document = letter.payload.get("document")
    return document.get("export") if letter.method == "sendDocument" and isinstance(document, Mapping) else None
