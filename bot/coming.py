"""Chats that come and go: the first row about one, a greeting in a group, the offer of a digest for a channel, and coming back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.clock import next_due
from bot.letters import send
from bot.render import Button, Message, lines
from bot.updates import Asked, Membership
from bot.voice import language_of, voice
from storage import archive, mailbox, subscribers
from storage.mailbox import Outgoing
from storage.subscribers import Chat

# Where a subscriber probably is, until they say otherwise.
HOME_ZONES: Mapping[str, str] = {"ru": "Europe/Moscow", "uk": "Europe/Kyiv", "en": "UTC"}


def welcome(connection: Connection, event: Asked | Membership, now: datetime) -> Chat:
    """Begin to serve a chat or thread that is new; what came before isn't news to it."""
    language = language_of(event.client_language)
    thread_id = event.thread_id if isinstance(event, Asked) else 0
    if event.kind == "channel":
        return begin_channel(connection, event.chat_id, now, language=language, time_zone=HOME_ZONES[language])
    return _begin(connection, event.chat_id, now, thread_id=thread_id, language=language, time_zone=HOME_ZONES[language])


def begin_channel(connection: Connection, chat_id: int, now: datetime, *, language: str, time_zone: str) -> Chat:
    """Begin to serve a channel, in which there are no threads."""
    return subscribers.choose(connection, _begin(connection, chat_id, now, language=language, time_zone=time_zone), is_channel=True)


def welcome_back(connection: Connection, chat: Chat, now: datetime) -> None:
    """Serve a chat again that was gone."""
    if chat.state == "gone":
        due = next_due(chat.digest_times, chat.time_zone, now, chat.choices.weekdays)
        subscribers.change(connection, chat.id, state="on", next_due_at=due.at if due else None)


def come(connection: Connection, event: Membership, now: datetime) -> list[Outgoing]:
    """Take note that the bot may write in a chat, and say what is worth saying there, or to who added it."""
    if event.kind == "channel" and not subscribers.in_chat(connection, event.chat_id):
        welcome(connection, event, now)
    for chat in subscribers.in_chat(connection, event.chat_id):
        welcome_back(connection, chat, now)
    if event.kind == "private" or not event.came:
        return []
    return _offer(connection, event) if event.kind == "channel" else [_greeting(event)]


def go(connection: Connection, event: Membership, now: datetime) -> None:
    """Serve a chat no more that the bot was put out of; its choices stay in case it comes back."""
    subscribers.deactivate(connection, event.chat_id)
    mailbox.drop_waiting(connection, event.chat_id, now)


def _begin(connection: Connection, chat_id: int, now: datetime, *, thread_id: int = 0, language: str, time_zone: str) -> Chat:
    up_to, month = archive.latest(connection), f"{now:%Y-%m}"
    return subscribers.create(connection, chat_id, thread_id, language=language, time_zone=time_zone, cursor=up_to, month=month)


def _greeting(event: Membership) -> Outgoing:
    say = voice(language_of(event.client_language))
    text = say(
        "Hello. I bring news about the women of Russian soldiers. An administrator sets me up here with /start; "
        "anybody may look something up: /search Way Home"
    )
    return send(event.chat_id, 0, Message(lines(text)))


def _offer(connection: Connection, event: Membership) -> list[Outgoing]:
    """To who added the bot to a channel, where they have a chat with it: Telegram lets no bot begin one."""
    person = subscribers.find(connection, event.person_id)
    if person is None or person.state == "gone":
        return []
    say = voice(person.language)
    text = say("I may post in your channel now. Shall it have a digest of its own?")
    return [send(event.person_id, 0, Message(lines(text), ((Button(say("Set it up"), f"channel {event.chat_id}"),),)))]
