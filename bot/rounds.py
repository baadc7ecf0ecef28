"""A round of digests: every one that is due at a tick. What readers of the same topics, language, zone and window get is made once for all.

The subscribers come in batches, each with its digests, letters and cursors in one transaction. Not here: what a digest says
(``digest.py``, ``digest_page.py``), one reader's own (``edition.py``), and the tick (``jobs.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zlib import crc32

import structlog
from sqlalchemy import Connection

from bot import edition
from bot.clock import Due, last_due, next_due
from bot.digest import News, news
from bot.digest_page import Reader, digest_head, digest_message
from bot.edition import Occasion
from bot.letters import copies, copy, letter
from bot.render import Message, numbered
from bot.subjects import Subjects
from bot.voice import voice
from storage import digests, mailbox, subscribers, turns, watches
from storage.choices import NO_CHOICES
from storage.digests import Written
from storage.records import StorageError
from storage.subscribers import Chat

LATE_AFTER = timedelta(minutes=15)
TRY_AGAIN = timedelta(hours=1)
# Digests of one hour come one after the other at this rate, as fast as they may be sent, but over no longer than this.
A_SECOND = 28
LONGEST_SPREAD = timedelta(minutes=8)
_log = structlog.get_logger(__name__)


class Said(NamedTuple):
    """The words of a digest: the message, whose buttons have the number 0 of no digest yet, and what all who get it have alike."""

    message: Message
    alike: mailbox.Alike


class Made(NamedTuple):
    """A digest for all who read alike: the stories it tells, and how; nothing where there is no news."""

    stories: tuple[int, ...]
    said: Said | None


class Slot(NamedTuple):
    """What a time table means at the moment of the round: the slot that is due, and the next one."""

    due: Due | None
    following: Due | None


@dataclass(slots=True)
class Round:
    """One tick's digests, of what came up to the number ``up_to`` of the sequence. ``spread``: over how long those of an hour come."""

    subjects: Subjects
    now: datetime
    up_to: int
    spread: timedelta
    _slots: dict[tuple[tuple[str, ...], str, tuple[int, ...]], Slot] = field(default_factory=dict)
    _news: dict[Any, list[News]] = field(default_factory=dict)
    _made: dict[Any, Made] = field(default_factory=dict)

    def write(self, connection: Connection, chats: Sequence[Chat]) -> None:
        """Write the digests of these subscribers, and set when each is due next. One that can't be served is tried again later."""
        alone = watches.owners(connection, [chat.id for chat in chats])
        together: list[tuple[Chat, Slot, Made]] = []
        for chat in chats:
            with self._apart(connection, chat):
                slot = self._slot(chat)
                if chat.id in alone or chat.choices != NO_CHOICES:
                    self._write_alone(connection, chat, slot)
                else:
                    together.append((chat, slot, self._made_for(connection, chat, slot)))
        self._write_together(connection, together)

    @contextmanager
    def _apart(self, connection: Connection, chat: Chat) -> Iterator[None]:
        """Let nothing that goes wrong in the block with one subscriber stop the others."""
        try:
            yield
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is
            _log.exception("digest not written", subscriber=chat.id)
            subscribers.change(connection, chat.id, next_due_at=self.now + TRY_AGAIN)

    def _write_together(self, connection: Connection, served: Sequence[tuple[Chat, Slot, Made]]) -> None:
        telling = [
            (chat, slot.due, made.stories, made.said) for chat, slot, made in served if slot.due is not None and made.said is not None
        ]
        written = [
            Written(chat.id, due.local_date, due.slot, from_seq=chat.cursor, to_seq=self.up_to, stories=stories)
            for chat, due, stories, _ in telling
        ]
        numbers = digests.record_all(connection, written)
        letters = [
            copy(chat, numbered(said.message, numbers[chat.id]), said.alike, "digest", numbers[chat.id])
            for chat, _, _, said in telling
            if chat.id in numbers
        ]
        mailbox.put_out(connection, letters, self.now)
        # Who has had that slot's digest already keeps the cursor: what came since is for the next one.
        kept = {chat.id for chat, *_ in telling} - numbers.keys()
        moved = {chat.id: chat.cursor if chat.id in kept or slot.due is None else max(chat.cursor, self.up_to) for chat, slot, _ in served}
        turns.move_on(connection, [(chat.id, moved[chat.id], self._next(chat, slot)) for chat, slot, _ in served])

    def _write_alone(self, connection: Connection, chat: Chat, slot: Slot) -> None:
        """Write the digest of a subscriber with watches or choices, which nobody else has."""
        with connection.begin_nested():
            subscribers.change(connection, chat.id, next_due_at=self._next(chat, slot))
            if slot.due is None:
                return
            occasion = self._occasion(chat, slot.due)
            told = edition.found(connection, chat, self.subjects, after=chat.cursor, up_to=self.up_to)
            messages = edition.publish(connection, chat, self.subjects, occasion, told, after=chat.cursor, up_to=self.up_to)
            letters = edition.letters(connection, chat, messages)
            if not told and chat.choices.tells_nothing:
                letters = [letter(chat, edition.nothing(chat), "digest")]
            mailbox.put_out(connection, letters, self.now)

    def _slot(self, chat: Chat) -> Slot:
        key = chat.digest_times, chat.time_zone, chat.choices.weekdays
        if key not in self._slots:
            times, zone, weekdays = key
            self._slots[key] = Slot(last_due(times, zone, self.now, weekdays), next_due(times, zone, self.now, weekdays))
        return self._slots[key]

    def _next(self, chat: Chat, slot: Slot) -> datetime | None:
        return slot.following.at + offset(chat.id, self.spread) if slot.following else None

    def _made_for(self, connection: Connection, chat: Chat, slot: Slot) -> Made:
        if slot.due is None:
            return Made((), None)
        key = chat.topics, chat.language, chat.time_zone, chat.cursor, slot.due, self._is_late(chat)
        if key not in self._made:
            self._made[key] = self._make(connection, chat, self._occasion(chat, slot.due))
        return self._made[key]

    def _make(self, connection: Connection, chat: Chat, occasion: Occasion) -> Made:
        topics = self.subjects.ordered(chat.topics)
        key = tuple(topics), chat.language, chat.cursor
        if key not in self._news:
            self._news[key] = news(connection, topics, chat.language, after=chat.cursor, up_to=self.up_to)
        told = self._news[key]
        if not told:
            return Made((), None)
        reader = Reader(voice(chat.language), chat.time_zone, self.subjects.in_language(chat.language))
        head = digest_head(reader, told, occasion.title, occasion.note)
        message = digest_message(reader, head, told, digest_id=0)
        return Made(tuple(each.story_id for each in told), Said(message, copies(message)))

    def _is_late(self, chat: Chat) -> bool:
        return chat.next_due_at is not None and self.now - chat.next_due_at > LATE_AFTER

    def _occasion(self, chat: Chat, due: Due) -> Occasion:
        say = voice(chat.language)
        note = say("Late: I was not running at {time}.", time=due.slot) if self._is_late(chat) else ""
        return Occasion(
            due.local_date, due.slot, f"{edition.title_for(chat, say)} · {say.date(due.local_date)}, {due.slot}", note, unasked=True
        )


def put_right(connection: Connection, now: datetime, limit: int) -> int:
    """Set anew when those are due who are so only in days, as a clock that ran ahead decided, and return how many there were."""
    chats = turns.far_off(connection, now, limit)
    dues = [(chat, next_due(chat.digest_times, chat.time_zone, now, chat.choices.weekdays)) for chat in chats]
    turns.move_on(connection, [(chat.id, chat.cursor, due.at if due else None) for chat, due in dues])
    return len(chats)


def spread_of(count: int) -> timedelta:
    """Over how long the digests of one hour come, with so many subscribers."""
    return min(timedelta(seconds=count // A_SECOND), LONGEST_SPREAD)


def offset(subscriber_id: int, spread: timedelta) -> timedelta:
    """How long after the hour a subscriber's digest is due: for each the same every day, and even over the spread."""
    return timedelta(seconds=int(crc32(str(subscriber_id).encode()) / 2**32 * spread.total_seconds()))
