"""Alerts: a story is told at once when enough publishers tell it. In quiet hours nothing is written; what came is told when they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from bot import edition
from bot.clock import quiet_until
from bot.digest import News, houses, of_tellings
from bot.digest_page import Reader, covered, story_block
from bot.letters import letter
from bot.render import Button, Message, bold, fitting, lines
from bot.subjects import Subjects
from bot.taste import wanted
from storage import archive, cursors, digests, mailbox, stories, turns
from storage.stories import Telling
from storage.subscribers import Chat

_MOST_BUTTONS = 3


class Occasion(NamedTuple):
    """The part of the sequence that alerts are about, and when that is."""

    after: int
    up_to: int
    now: datetime


def write_alerts(connection: Connection, subjects: Subjects, now: datetime) -> int:
    """Write what is to be told at once, and return how many subscribers it was told to.

    Subscribers come as far as the archive does, all of those together who had come equally far; those for whom it is quiet stay behind.
    """
    up_to, written = archive.latest(connection), 0
    for after in turns.alert_cursors(connection, up_to):
        changed = cursors.changed(connection, list(subjects.names), after, up_to)
        told = [each for each in stories.tellings(connection, changed).values() if _risen(each, after, up_to)]
        quiet = set[int]()
        for chat in turns.alerted(connection, after) if told else []:
            if quiet_until(chat.quiet_hours, chat.time_zone, now) is not None:
                quiet.add(chat.id)
                continue
            news = crossed(told, chat, subjects, after=after, up_to=up_to)
            if news:
                _put_out(connection, chat, subjects, news, Occasion(after, up_to, now))
                written += 1
        turns.move_alerts(connection, after, up_to, but=quiet)
    return written


def crossed(told: Sequence[Sequence[Telling]], chat: Chat, subjects: Subjects, *, after: int, up_to: int) -> list[News]:
    """The stories that as many publishers tell now as a subscriber asked for, and fewer told before; most publishers first. Pure."""
    choices = chat.choices
    topics, choose = subjects.ordered(choices.alerts), partial(wanted, choices=choices)
    found = [of_tellings(choose(each), topics, chat.language, after=after, up_to=up_to) for each in told]
    news = [each for each in found if each and len(_houses(each.tellings, after)) < choices.publishers <= each.publishers]
    return sorted(news, key=lambda each: (-each.publishers, -each.tellings[-1].article_id))


def alert_message(news: Sequence[News], reader: Reader) -> Message:
    """An alert in one message, with a button for each of its first stories."""
    say = reader.say
    text, shown = fitting([story_block(reader, each) for each in news], f"🔔 {bold(say('Just in'))}")
    rest = len(news) - shown
    text += f"\n\n{lines(say.many('and {n} more', 'and {n} more', rest))}" if rest else ""
    first = news[: min(shown, _MOST_BUTTONS)]
    row = [
        Button(f"{say('The story')} {index}" if len(first) > 1 else say("The story"), f"story {each.story_id}")
        for index, each in enumerate(first, start=1)
    ]
    return Message(text, (tuple(row), (Button(say("Change alerts"), "alerts"),)), fresh=True)


def _put_out(connection: Connection, chat: Chat, subjects: Subjects, news: Sequence[News], occasion: Occasion) -> None:
    reader = edition.reader_of(connection, chat, subjects)
    message = alert_message(news, reader)
    if chat.choices.discreet and not chat.choices.is_channel:
        day = edition.local_date(chat, occasion.now)
        ids, slot = [each.story_id for each in news], f"alert {occasion.after}-{occasion.up_to}"
        number = digests.record(connection, chat.id, day, slot, from_seq=occasion.after, to_seq=occasion.up_to, stories=ids)
        message = covered(reader, reader.say("Your notes"), len(news), number or 0)
    mailbox.put_out(connection, [letter(chat, message, "alert")], occasion.now)


def _risen(told: Sequence[Telling], after: int, up_to: int) -> bool:
    """Whether more publishers tell a story than before."""
    return len(_houses(told, after)) < len(_houses(told, up_to))


def _houses(told: Sequence[Telling], up_to: int) -> list[object]:
    return [*houses(telling for telling in told if telling.article_id <= up_to)]
