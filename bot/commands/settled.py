"""What a chat has settled, in rows of a name and a value: /status says it of one's own chat, /channel of a channel."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bot.commands.request import Request
from bot.render import bold
from storage.subscribers import Chat


def settled(request: Request, chat: Chat, *, no_topic: str, no_hour: str) -> list[tuple[str, str]]:
    """The topics and the hours of a chat, in the language of who asks; what to say where there are none."""
    say, names = request.say, request.subjects.in_language(request.say.language)
    topics = ", ".join(names[topic] for topic in request.subjects.ordered(chat.topics))
    hours = f"{', '.join(chat.digest_times)} ({say.place(chat.time_zone)})" if chat.digest_times else no_hour
    return [(say("Topics"), topics or no_topic), (say("Digest"), hours)]


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Rows as they stand in a message."""
    return "\n".join(f"{bold(name)}: {escape(value)}" for name, value in rows)
