"""/language, /privacy, /forget and /status: what we know of a subscriber, and how we fare."""

from __future__ import annotations

from html import escape

from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, bold, lines
from bot.voice import LANGUAGES, voice
from storage import sources, stories, subscribers


def language(request: Request) -> Answer:
    """Choose the language the bot speaks."""
    wanted = request.argument.strip().casefold()
    code = next((code for code, name in LANGUAGES.items() if wanted in {code, name.casefold()}), None)
    buttons = tuple(Button(name, f"language {each}") for each, name in LANGUAGES.items())
    if code is None:
        return answer(lines(request.say("Which language shall I speak?")), buttons)
    subscribers.change(request.connection, request.chat.id, language=code)
    return answer(lines(voice(code)("I speak English now.")), buttons)


def privacy(request: Request) -> Answer:
    """Say what is stored."""
    say = request.say
    kept = [
        say("your chat's number, and the thread's in a forum"),
        say("your language, time zone, hours, topics and other choices"),
        say("your watches: their names and rules, and what they found"),
        say("how far your digests have come, and which were written"),
        say("the month in which you last wrote, to erase chats that nobody uses"),
    ]
    never = say("No name, no username, no phone number. What you write is erased as soon as I have answered; only a watch you save stays.")
    telegram = say(
        "Telegram itself knows that you talk to this bot. /forget erases everything here at once, in daily copies within the hour."
    )
    text = f"{bold(say('What I keep about you'))}\n" + "\n".join(f"• {escape(each)}" for each in kept) + f"\n\n{lines(never, '', telegram)}"
    return answer(text)


def forget(request: Request) -> Answer:
    """Erase everything about the chat, once that has been confirmed."""
    say = request.say
    if request.argument != "yes":
        text = say("This erases your topics, hours and everything else I keep about this chat. It can't be undone.")
        return answer(lines(text), (Button(say("Erase everything"), "forget yes"), Button(say("Keep it"), "status")))
    erased = subscribers.forget(request.connection, request.chat.chat_id)
    left = subscribers.remaining(request.connection, request.chat.chat_id)
    text = say("Done. Rows erased: {erased}, left: {left}. If you ever want to come back: /start", erased=erased, left=left)
    return Answer((Message(lines(text)),), farewell=True)


def status(request: Request) -> Answer:
    """Say what the subscriber has chosen and how the program fares."""
    say, chat = request.say, request.chat
    names = request.subjects.in_language(say.language)
    chosen = ", ".join(names[topic] for topic in request.subjects.ordered(chat.topics)) or say("none yet, see /topics")
    times = f"{', '.join(chat.digest_times)} ({chat.time_zone})" if chat.digest_times else say("only when you ask, see /schedule")
    rows = [(say("Topics"), chosen), (say("Digest"), times)]
    if chat.next_due_at is not None:
        rows.append((say("Next one"), say.moment(chat.next_due_at, chat.time_zone)))
    polled = [each for each in sources.every(request.connection) if each.state == "on"]
    failing = sum(each.failures > 0 for each in polled)
    fine = say.many("{n} followed", "{n} followed", len(polled))
    trouble = say.many("{n} doesn't answer at the moment", "{n} don't answer at the moment", failing)
    rows.append((say("Sources"), f"{fine}, {trouble}" if failing else fine))
    articles = stories.count_matched(request.connection)
    rows.append((say("Archive"), say.many("{n} article on our topics", "{n} articles on our topics", articles)))
    return answer("\n".join(f"{bold(name)}: {escape(value)}" for name, value in rows), (Button(say("Choose topics"), "topics"),))
