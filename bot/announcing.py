"""An announcement to every subscriber, some at a time, so that it can be stopped; after a crash it goes on, and nobody is told twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.letters import letter
from bot.render import Message, bold, lines
from bot.voice import Voice, voice
from storage import errands, mailbox, subscribers
from storage.errands import Waiting

DRAFT, RUNNING = "announcement", "announcing"
AT_ONCE = 300  # in a quarter of a minute: below what Telegram lets through
MOST_WAITING = 600


def announcement(say: Voice, text: str) -> Message:
    """An announcement as subscribers see it."""
    return Message(f"📢 {bold(say('From those who run this bot'))}\n{lines(*text.splitlines())}", fresh=True)


def begin(connection: Connection, draft: Waiting) -> bool:
    """Begin to announce a draft; False where it was begun or dropped before."""
    return errands.turn(connection, draft.id, RUNNING, f"0 0\n{draft.argument}")


def go_on(connection: Connection, now: datetime) -> int:
    """Write the next letters of every announcement that is under way, and return how many."""
    return sum(_step(connection, errand, now) for errand in errands.waiting(connection, RUNNING, 1))


def stop(connection: Connection, errand: Waiting) -> tuple[int, int]:
    """Stop one that is under way: how many letters were written, and how many of those could be called back."""
    written = int(errand.argument.split("\n", 1)[0].split()[1])
    errands.end(connection, errand.id)
    return written, mailbox.call_back(connection, "announcement")


def _step(connection: Connection, errand: Waiting, now: datetime) -> int:
    head, _, text = errand.argument.partition("\n")
    after, written = map(int, head.split())
    if mailbox.waiting_of(connection, "announcement") > MOST_WAITING:
        return 0
    chats = subscribers.following(connection, after, AT_ONCE)
    mailbox.put_out(connection, [letter(chat, announcement(voice(chat.language), text), "announcement") for chat in chats], now)
    if chats:
        errands.turn(connection, errand.id, RUNNING, f"{chats[-1].id} {written + len(chats)}\n{text}")
        return len(chats)
    errands.end(connection, errand.id)
    operator = subscribers.find(connection, errand.chat_id, errand.thread_id)
    if operator is not None:
        say = voice(operator.language)
        done = say.many("Your announcement went to {n} chat.", "Your announcement went to {n} chats.", written)
        mailbox.put_out(connection, [letter(operator, Message(lines(done)), "alert")], now)
    return 1
