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
    """The answer: the chat's number, 0 where there is none that the bot is in; ``decides`` is None where Telegram couldn't be asked."""

    chat_id: int
    decides: bool | None
    is_channel: bool = False


class _Run(NamedTuple):
    """A chat and who runs it, known until a moment."""

    chat_id: int
    is_channel: bool
    administrators: frozenset[int]
    until: datetime


@dataclass(slots=True)
class Authority:
    """Asks Telegram who the administrators of a chat are."""

    bot: Bot
    clock: Clock
    _known: dict[int | str, _Run] = field(default_factory=dict)

    async def rule(self, question: Question) -> Ruling:
        """Answer a question, from memory where it was asked about that chat in the last minutes."""
        try:
            found = await self._run_by(question.place)
        except (BadRequest, Forbidden):
            # There is no such chat, or none that lets this bot see who runs it.
            return Ruling(0, decides=False)
        except TelegramError as error:
            _log.warning("administrators could not be asked for", error=type(error).__name__)
            return Ruling(0, decides=None)
        return Ruling(found.chat_id, question.person_id in found.administrators, found.is_channel)

    async def _run_by(self, place: int | str) -> _Run:
        known, now = self._known.pop(place, None), self.clock.now()
        if known is None or known.until <= now:
            chat = await self.bot.get_chat(place, read_timeout=PATIENCE)
            people = await self.bot.get_chat_administrators(chat.id, read_timeout=PATIENCE)
            known = _Run(chat.id, chat.type == "channel", frozenset(member.user.id for member in people), now + KNOWN_FOR)
        while len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[place] = known
        return known
