"""Writing a subscriber's digest: what they haven't had, as a message and a recorded window, with their cursor moved on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.digest import News, news, news_of, watch_topic
from bot.digest_page import Reader, covered, digest_head, digest_message, posts
from bot.letters import letter
from bot.render import Message, lines
from bot.subjects import Subjects
from bot.taste import readable, wanted
from bot.voice import Voice, voice
from storage import digests, story_changes, subscribers, watches
from storage.digests import Window
from storage.mailbox import Outgoing
from storage.subscribers import Chat


class Occasion(NamedTuple):
    """Why a digest is written: its local date and slot (one digest each), its title and a remark.

    ``unasked``: nobody waits for it, so somebody discreet gets a neutral line with a button to open it.
    """

    local_date: date
    slot: str
    title: str
    note: str = ""
    unasked: bool = False


def at_once(chat: Chat, title: str, now: datetime, *, after: int, up_to: int, wish: str = "now") -> Occasion:
    """Somebody asks for a digest of that part of the sequence, as often as they like. ``wish``: which of our digests on request."""
    return Occasion(local_date(chat, now), f"{wish} {after}-{up_to} {now:%H%M%S%f}", title)


def title_for(chat: Chat, say: Voice) -> str:
    """What a digest is called: a channel's is nobody's own."""
    return say("Digest") if chat.choices.is_channel else say("Your digest")


def reader_of(connection: Connection, chat: Chat, subjects: Subjects) -> Reader:
    """How a subscriber reads; topics and their own watches by the names they know them by."""
    own = {watch_topic(watch.id): f"🔎 {watch.name}" for watch in watches.of_subscriber(connection, chat.id)}
    return Reader(voice(chat.language), chat.time_zone, {**subjects.in_language(chat.language), **own})


def write(connection: Connection, chat: Chat, subjects: Subjects, occasion: Occasion, *, after: int, up_to: int) -> tuple[Message, ...]:
    """Write a digest of what came after one number of the sequence up to another; none where there is nothing, or it was written before.

    It is one message, and in a channel, where nobody can press a button to read on, as many posts as it takes.

    The cursor moves to ``up_to``, never back and never over what the subscriber hasn't had. It stays where that date and slot had its
    digest already: then the next one brings what came since.
    """
    told = found(connection, chat, subjects, after=after, up_to=up_to)
    return publish(connection, chat, subjects, occasion, told, after=after, up_to=up_to)


def publish(
    connection: Connection, chat: Chat, subjects: Subjects, occasion: Occasion, told: Sequence[News], *, after: int, up_to: int
) -> tuple[Message, ...]:
    """The same with what was found."""
    digest_id = (
        digests.record(
            connection,
            chat.id,
            occasion.local_date,
            occasion.slot,
            from_seq=after,
            to_seq=up_to,
            stories=[each.story_id for each in told],
        )
        if told
        else None
    )
    if after <= chat.cursor and (digest_id is not None or not told):
        subscribers.change(connection, chat.id, cursor=max(chat.cursor, up_to))
    if digest_id is None:
        return ()
    reader = reader_of(connection, chat, subjects)
    title = reader.say("Your notes") if chat.choices.discreet else occasion.title
    if chat.choices.discreet and occasion.unasked and not chat.choices.is_channel:
        return (covered(reader, title, len(told), digest_id),)
    head = digest_head(reader, told, title, occasion.note)
    if chat.choices.is_channel:
        return posts(reader, head, told)
    return (digest_message(reader, head, told, digest_id=digest_id),)


def letters(connection: Connection, chat: Chat, written: Sequence[Message]) -> list[Outgoing]:
    """The digest that was just written for a subscriber, on its way to them."""
    window = digests.last_window(connection, chat.id) if written else None
    return [letter(chat, message, "digest", window.id if window else None) for message in written]


def nothing(chat: Chat) -> Message:
    """The line for those who want to hear that there is nothing new."""
    return Message(lines(voice(chat.language)("Nothing new since your last digest.")), fresh=True)


def turn_page(connection: Connection, chat: Chat, subjects: Subjects, window: Window, start: int) -> Message | None:
    """The page of an earlier digest that begins with the story of index ``start``."""
    told = _told_again(connection, chat, subjects, window)
    if start >= len(told):
        return None
    reader = reader_of(connection, chat, subjects)
    title = reader.say("More from this digest") if start else reader.say("Your digest")
    title = reader.say("Your notes") if chat.choices.discreet else title
    head = f"<b>{title}</b> · {start + 1}–{len(told)}"
    return digest_message(reader, head, told, digest_id=window.id, start=start)


def on_page(connection: Connection, chat: Chat, subjects: Subjects, page: tuple[int, int, int]) -> list[News]:
    """The stories on a page of a subscriber's own digest (its id, the first story's index, how many); none of another's."""
    digest_id, start, count = page
    window = digests.window(connection, digest_id)
    if window is None or window.subscriber_id != chat.id:
        return []
    return _told_again(connection, chat, subjects, window)[start : start + count]


def found(connection: Connection, chat: Chat, subjects: Subjects, *, after: int, up_to: int) -> list[News]:
    """What a digest of that part of the sequence tells a subscriber."""
    own = [watch.id for watch in watches.of_subscriber(connection, chat.id)]
    topics, choose = subjects.ordered(chat.topics), partial(wanted, choices=chat.choices)
    return news(connection, topics, chat.language, after=after, up_to=up_to, watches=own, choose=choose)


def _told_again(connection: Connection, chat: Chat, subjects: Subjects, window: Window) -> list[News]:
    """What a digest told, in the order it had; a story that was merged meanwhile is told as the one it has become."""
    if not window.stories:
        return found(connection, chat, subjects, after=window.from_seq, up_to=window.to_seq)
    own = [watch.id for watch in watches.of_subscriber(connection, chat.id)]
    now = {story_id: story_changes.current(connection, story_id) for story_id in window.stories}
    every = news_of(
        connection,
        [number for number in now.values() if number],
        subjects.ordered(subjects.names),
        chat.language,
        after=window.from_seq,
        up_to=window.to_seq,
        watches=own,
        # What was muted since stays, so that every page begins where the one before it ended.
        choose=lambda told: readable(told, chat.choices) or told,
    )
    return [every[number] for number in now.values() if number in every]


def local_date(chat: Chat, now: datetime) -> date:
    """The date at a subscriber's place."""
    return now.astimezone(ZoneInfo(chat.time_zone)).date()
