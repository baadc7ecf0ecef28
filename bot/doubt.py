"""What is said of digests that may have arrived, or that waited too long: never those by themselves, but the offer to show them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot import edition
from bot.clock import next_due
from bot.letters import send
from bot.render import Button, Message, lines
from bot.subjects import Subjects
from bot.voice import mark, voice
from storage import archive, digests, mailbox, outbox, subscribers, turns
from storage.mailbox import Outgoing
from storage.outbox import Letter
from storage.subscribers import Chat

_CUT_OFF = mark("I can't tell whether your last digest has reached you: the connection broke off while I sent it.")
_TOO_LATE = mark("A digest of yours couldn't be sent for a week. It is here if you still want it.")
_RESTORED = mark("I was put back from an older copy of myself, so I can't tell whether you have had these reports already.")
_BATCH = 500


def offer_again(connection: Connection, letter: Letter, *, too_late: bool = False) -> list[Outgoing]:
    """The offer, where the letter is a digest that is still recorded, to a subscriber that is still served. ``too_late``: it waited."""
    if letter.digest_id is None or letter.chat_id is None or digests.window(connection, letter.digest_id) is None:
        return []
    chat = subscribers.find(connection, letter.chat_id, int(letter.payload.get("message_thread_id", 0)))
    return [] if chat is None or chat.state == "gone" else [_offer(chat, _TOO_LATE if too_late else _CUT_OFF, letter.digest_id)]


def lay_aside(connection: Connection, subjects: Subjects, now: datetime) -> None:
    """Say nothing again that a copy of the database, which was just put back, still has to say: most of that was said since it was made.

    Digests that waited, and those whose hour has passed since, are offered instead; the next ones come at their hours.
    """
    for letter in outbox.unsettled(connection):
        outbox.settle(connection, letter, "unknown", now, error="It waited in a copy that was put back.")
        mailbox.put_out(connection, offer_again(connection, letter), now)
    latest = archive.latest(connection)
    while chats := turns.due(connection, now, _BATCH):
        for chat in chats:
            mailbox.put_out(connection, _missed(connection, chat, subjects, latest, now), now)
        dues = [(chat, next_due(chat.digest_times, chat.time_zone, now)) for chat in chats]
        turns.move_on(connection, [(chat.id, latest, due.at if due else None) for chat, due in dues])


def _missed(connection: Connection, chat: Chat, subjects: Subjects, latest: int, now: datetime) -> list[Outgoing]:
    told = [each.story_id for each in edition.found(connection, chat, subjects, after=chat.cursor, up_to=latest)]
    if not told:
        return []
    day, slot = edition.local_date(chat, now), f"restored {now:%H%M%S%f}"
    number = digests.record(connection, chat.id, day, slot, from_seq=chat.cursor, to_seq=latest, stories=told)
    return [_offer(chat, _RESTORED, number)] if number else []


def _offer(chat: Chat, text: str, digest_id: int) -> Outgoing:
    say = voice(chat.language)
    button = Button(say("Show it"), f"digest {digest_id} 0")
    return send(chat.chat_id, chat.thread_id, Message(lines(say(text)), ((button,),)))
