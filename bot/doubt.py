"""What is said of a digest of which nobody knows whether it arrived: never the digest again by itself, but the offer to show it."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.dispatch import send
from bot.render import Button, Message, lines
from bot.voice import voice
from storage import subscribers
from storage.mailbox import Letter, Outgoing


def offer_again(connection: Connection, letter: Letter) -> list[Outgoing]:
    """The offer, where the letter is a digest that is still recorded, to a subscriber that is still served."""
    if letter.digest_id is None or letter.chat_id is None or subscribers.window(connection, letter.digest_id) is None:
        return []
    thread = int(letter.payload.get("message_thread_id", 0))
    chat = subscribers.find(connection, letter.chat_id, thread)
    if chat is None or chat.state == "gone":
        return []
    say = voice(chat.language)
    text = say("I can't tell whether your last digest has reached you: the connection broke off while I sent it.")
    button = Button(say("Show it"), f"digest {letter.digest_id} 0")
    return [send(letter.chat_id, thread, Message(lines(text), ((button,),)))]
