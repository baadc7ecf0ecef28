"""Sending what is in the outbox, within Telegram's limits, each with a named outcome. One bad chat never stops the others.

A picture is drawn just before it is sent, one at a time, while other letters go on; where there is none, its caption is sent alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from telegram import Bot, InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.clock import Clock
from bot.limits import Limits
from bot.pictures.easel import DrawingError, DrawingStoppedError, Easel
from storage import mailbox, subscribers
from storage.database import Database
from storage.mailbox import Letter
from storage.records import HomefrontError

MOST_ATTEMPTS = 10
MOST_UNDER_WAY = 30
MOST_PICTURES = 1
_LONGEST_WAIT = 300.0
_IDLE = 20.0
_log = structlog.get_logger(__name__)


class Outcome(NamedTuple):
    """How sending a letter ended: sent, gone, moved, later, rejected or unknown."""

    state: str
    message_id: int | None = None
    error: str | None = None
    wait: float = 0.0
    new_chat_id: int | None = None


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
    files: Callable[[Mapping[str, Any]], tuple[str, bytes]] = lambda _: ("", b"")
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[asyncio.Task[None], Letter] = field(default_factory=dict)
    _stopping: bool = False

    def wake(self) -> None:
        """Look into the outbox now."""
        self._wake.set()

    def stop(self) -> None:
        """Begin no other letter. Not by cancelling, which could come between the claim of a letter and its sending."""
        self._stopping = True
        self.easel.stop()
        self._wake.set()

    async def run(self) -> None:
        """Deal with what an earlier run left half sent, then send until stopped."""
        await asyncio.to_thread(self._recover)
        while not self._stopping:
            self._wake.clear()
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

    async def _claim(self) -> list[Letter]:
        now = self.clock.now()
        # A letter that waits for a connection can't be told from one that Telegram has: so there are fewer letters than connections.
        room = min(self.limits.room(now), MOST_UNDER_WAY - len(self._under_way))
        if room <= 0:
            return []
        letters = await asyncio.to_thread(self._claim_up_to, now, room, self.limits.resting(now) | self._busy(), self._pictures())
        for letter in letters:
            if letter.chat_id is not None and letter.method != "answerCallbackQuery":
                self.limits.spend(letter.chat_id, now)
        return letters

    async def _rest(self) -> None:
        """Wait until there may be something to send."""
        pause, now = _IDLE, self.clock.now()
        moment = await asyncio.to_thread(self._next_moment, self._busy(), self._pictures())
        if moment is not None:
            until = moment if moment > now else self.limits.next_change(now)
            pause = min(pause, max(0.02, (until - now).total_seconds()))
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
        outcome = await self._send(letter)
        if outcome.state == "later" and letter.chat_id is not None:
            self.limits.park(letter.chat_id, self.clock.now() + timedelta(seconds=outcome.wait))
        await asyncio.to_thread(self._record, letter, outcome)

    async def _send(self, letter: Letter) -> Outcome:
        try:
            result = await self._call(letter)
        except DrawingStoppedError as error:
            return Outcome("later", error=str(error))
        except TelegramError as error:
            return outcome_of(error, letter)
        message_id = result.get("message_id") if isinstance(result, Mapping) else None
        return Outcome("sent", message_id=message_id)

    async def _call(self, letter: Letter) -> Any:
        chart, export = _chart(letter), _export(letter)
        if export is not None:
            return await self._call_with_file(letter, export)
        if chart is None:
            return await self.bot.do_api_request(letter.method, api_kwargs=dict(letter.payload))
        try:
            photo = InputFile(await self.easel.draw(chart), filename="chart.png")
            return await self.bot.do_api_request(letter.method, api_kwargs={**letter.payload, "photo": photo})
        except DrawingStoppedError:
            raise
        except (DrawingError, BadRequest) as error:
            # Also where a group takes no photos: what the picture shows is in its caption too.
            _log.warning("sent without its picture", kind=letter.kind, error=str(error))
        return await self.bot.do_api_request("sendMessage", api_kwargs=in_words(letter.payload))

    async def _call_with_file(self, letter: Letter, export: Mapping[str, Any]) -> Any:
        try:
            name, content = await asyncio.to_thread(self.files, export)
        except HomefrontError as error:
            _log.warning("sent without its file", kind=letter.kind, error=str(error))
            return await self.bot.do_api_request("sendMessage", api_kwargs=in_words(letter.payload))
        return await self.bot.do_api_request(letter.method, api_kwargs={**letter.payload, "document": InputFile(content, filename=name)})

    def _claim_up_to(self, now: datetime, room: int, busy: set[int], pictures: int) -> list[Letter]:
        with self.database.read() as connection:
            if not mailbox.anything_waiting(connection, now):
                return []
        with self.database.write() as connection:
            return mailbox.claim(connection, now, room, busy, pictures=pictures)

    def _next_moment(self, busy: set[int], pictures: int) -> datetime | None:
        with self.database.read() as connection:
            return mailbox.next_moment(connection, busy, pictures=pictures)

    def _record(self, letter: Letter, outcome: Outcome) -> None:
        now = self.clock.now()
        with self.database.write() as connection:
            if outcome.state == "later":
                mailbox.postpone(connection, letter, now + timedelta(seconds=outcome.wait), outcome.error or "")
                return
            if outcome.new_chat_id is not None and letter.chat_id is not None:
                mailbox.readdress(connection, letter, outcome.new_chat_id)
                subscribers.move(connection, letter.chat_id, outcome.new_chat_id)
                return
            mailbox.settle(connection, letter, outcome.state, now, message_id=outcome.message_id, error=outcome.error)
            if outcome.state == "gone" and letter.chat_id is not None:
                subscribers.deactivate(connection, letter.chat_id)
                mailbox.drop_waiting(connection, letter.chat_id, now)
        if outcome.state in {"rejected", "unknown"}:
            _log.warning("message not delivered", outcome=outcome.state, method=letter.method, kind=letter.kind, error=outcome.error)

    def _recover(self) -> None:
        with self.database.write() as connection:
            mailbox.recover(connection, self.clock.now())


def outcome_of(error: TelegramError, letter: Letter) -> Outcome:
    """What an error means for the letter that met it."""
    text = str(error)
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        return Outcome("later", error=text, wait=float(asked if isinstance(asked, int | float) else asked.total_seconds()))
    if isinstance(error, ChatMigrated):
        return Outcome("moved", error=text, new_chat_id=error.new_chat_id)
    if isinstance(error, Forbidden):
        return Outcome("gone", error=text)
    if isinstance(error, BadRequest):
        return _bad_request(text)
    return _unanswered(error, letter, text)


def in_words(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A sendPhoto's arguments as those of a sendMessage with its caption."""
    kept = {name: value for name, value in payload.items() if name not in {"photo", "document", "caption"}}
    return {**kept, "text": payload.get("caption", ""), "link_preview_options": {"is_disabled": True}}


def _chart(letter: Letter) -> Mapping[str, Any] | None:
    photo = letter.payload.get("photo")
    return photo.get("chart") if letter.method == mailbox.PICTURE and isinstance(photo, Mapping) else None


def _export(letter: Letter) -> Mapping[str, Any] | None:
    document = letter.payload.get("document")
    return document.get("export") if letter.method == "sendDocument" and isinstance(document, Mapping) else None


def _unanswered(error: TelegramError, letter: Letter, text: str) -> Outcome:
    if isinstance(error, InvalidToken):
        return Outcome("later", error=text, wait=60.0)
    if isinstance(error, TimedOut) and letter.kind not in {"reply", "farewell"}:
        # The request may have arrived: a digest isn't sent twice, an answer is.
        return Outcome("unknown", error=text)
    if isinstance(error, NetworkError) and (letter.kind == "digest" or letter.attempts < MOST_ATTEMPTS):
        # A digest that certainly didn't arrive is tried for as long as the network is down; an answer is of no use later.
        return Outcome("later", error=text, wait=min(2.0 ** min(letter.attempts, MOST_ATTEMPTS), _LONGEST_WAIT))
    return Outcome("rejected", error=text)


def _bad_request(text: str) -> Outcome:
    lowered = text.lower()
    if "message is not modified" in lowered:
        return Outcome("sent")
    if "chat not found" in lowered:
        return Outcome("gone", error=text)
    return Outcome("rejected", error=text)
