"""Errands: what a command began and can't answer at once, done beside everything else and answered when it is done.

An errand is a row until its answer is in the outbox, so one that a crash interrupted is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.commands.addsource import described, probed, refused, write_lines
from bot.letters import send
from bot.log import place_of
from bot.render import Message, lines
from bot.storing import stored
from bot.voice import voice
from feeds.fetch import Fetcher
from feeds.probe import probe
from storage import errands, mailbox, subscribers
from storage.database import Database
from storage.errands import Waiting
from storage.records import SettingsError, Source, SourceError

_IDLE = 20.0
_MOST = 20
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Errands:
    """Does errands until it is cancelled. ``said`` is called when there is something to send."""

    database: Database
    fetcher: Fetcher
    clock: Clock
    said: Callable[[], None]
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look for errands now."""
        self._wake.set()

    async def run(self) -> None:
        """Do what there is, then wait for more."""
        while True:
            self._wake.clear()
            for errand in await stored(self._waiting):
                await self._do(errand)
            with suppress(TimeoutError):
                async with asyncio.timeout(_IDLE):
                    await self._wake.wait()

    async def _do(self, errand: Waiting) -> None:
        language = await stored(self._language, errand)
        say = voice(language)
        try:
            found = await probe(self.fetcher, errand.argument.splitlines()[0])
            source = described(errand.argument, found)
            await stored(self._offer, errand, source, probed(say, source, found.document, errand.id))
        except (SourceError, SettingsError) as error:
            await stored(self._answer, errand, refused(say, errand.argument, error))
        except Exception as error:  # noqa: BLE001 - one errand that goes wrong must not stop the others
            # Not the error's own words, in which may stand what somebody wrote.
            _log.error("an errand went wrong", errand=errand.id, kind=errand.kind, at=place_of(error))
            sorry = say("Sorry, that went wrong on my side. It has been noted; please try again later.")
            await stored(self._answer, errand, Message(lines(sorry)))

    def _waiting(self) -> list[Waiting]:
        with self.database.read() as connection:
            return errands.waiting(connection, "probe", _MOST)

    def _language(self, errand: Waiting) -> str:
        with self.database.read() as connection:
            chat = subscribers.find(connection, errand.chat_id, errand.thread_id)
        return chat.language if chat else "en"

    def _offer(self, errand: Waiting, source: Source, message: Message) -> None:
        """Say what was found, and keep what would be saved."""
        with self.database.write() as connection:
            if errands.turn(connection, errand.id, "offer", write_lines(source)):
                mailbox.put_out(connection, [send(errand.chat_id, errand.thread_id, message)], self.clock.now())
        self.said()

    def _answer(self, errand: Waiting, message: Message) -> None:
        with self.database.write() as connection:
            # A chat that was forgotten meanwhile isn't written to.
            if errands.end(connection, errand.id):
                mailbox.put_out(connection, [send(errand.chat_id, errand.thread_id, message)], self.clock.now())
        self.said()
