"""Who decides in a group or a channel: its administrators, as Telegram names them.

That is kept for minutes, in memory alone. Not here: which commands only they may use (``commands/table.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock

KNOWN_FOR = timedelta(minutes=5)
MOST_KNOWN = 1_000  # chats
PATIENCE = 5.0  # seconds; somebody waits for the answer
_log = structlog.get_logger(__name__)


class Question(NamedTuple):
    """Whether a person decides in a chat, which is named by its number or as "@name"."""

    place: int | str
    person_id: int


class Ruling(NamedTuple):
    """The answer: the chat's number, 0 where there is no such chat or the bot isn't in it; None where Telegram couldn't be asked."""

    chat_id: int
    decides: bool | None


@dataclass(slots=True)
class Authority:
    """Asks Telegram who the administrators of a chat are."""

    bot: Bot
    clock: Clock
    _known: dict[int, tuple[frozenset[int], datetime]] = field(default_factory=dict)

    async def rule(self, question: Question) -> Ruling:
        """Answer a question, from memory where the chat was asked about in the last minutes."""
        try:
            chat_id = question.place if isinstance(question.place, int) else await self._number(question.place)
            return Ruling(chat_id, question.person_id in await self._administrators(chat_id))
        except (BadRequest, Forbidden):
            # There is no such chat, or none that lets this bot see who runs it.
            return Ruling(0, decides=False)
        except TelegramError as error:
            _log.warning("administrators could not be asked for", error=type(error).__name__)
            return Ruling(0, decides=None)

    async def _number(self, name: str) -> int:
        return (await self.bot.get_chat(name, read_timeout=PATIENCE)).id

    async def _administrators(self, chat_id: int) -> frozenset[int]:
        now = self.clock.now()
        known, until = self._known.get(chat_id, (frozenset[int](), now))
        if until > now:
            return known
        found = await self.bot.get_chat_administrators(chat_id, read_timeout=PATIENCE)
        people = frozenset(member.user.id for member in found)
        while len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known.pop(chat_id, None)
        self._known[chat_id] = people, now + KNOWN_FOR
        return people
