"""Subscribers who haven't written for a year are asked once whether to go on; who doesn't answer within a month or so is erased."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.letters import letter
from bot.render import Button, Message, lines
from bot.voice import Voice, voice
from storage import forgetting, mailbox, subscribers
from storage.subscribers import Chat

IDLE = timedelta(days=366)
PATIENCE = timedelta(days=31)
MOST_AT_ONCE = 100


def ask_idle(connection: Connection, now: datetime) -> None:
    """Ask who has become idle, and erase who was asked in vain or has been gone for as long.

    Channels aren't asked: nobody writes there.
    """
    asked = 0
    for chat_id in subscribers.idle(connection, f"{now - IDLE:%Y-%m}"):
        chats = subscribers.in_chat(connection, chat_id)
        first = chats[0]
        if all(chat.state == "gone" for chat in chats) or _in_vain(first, now):
            forgetting.forget(connection, chat_id)
        elif not first.choices.is_channel and first.choices.asked <= first.last_active_month and asked < MOST_AT_ONCE:
            subscribers.choose(connection, first, asked=f"{now:%Y-%m}")
            mailbox.put_out(connection, [letter(first, _question(voice(first.language)), "digest")], now)
            asked += 1


def _in_vain(chat: Chat, now: datetime) -> bool:
    """Whether a chat was asked since it last wrote, and long enough ago."""
    return chat.last_active_month < chat.choices.asked < f"{now - PATIENCE:%Y-%m}"


def _question(say: Voice) -> Message:
    text = say(
        "You haven't written to me for a year. Shall I go on? Without an answer I erase everything about this chat in a month or two."
    )
    return Message(lines(text), ((Button(say("Go on"), "status"), Button(say("Erase everything"), "forget")),), fresh=True)
