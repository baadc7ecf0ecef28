"""/language, /cancel, /privacy, /forget and /status: what we know of a subscriber, and how we fare."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from bot.commands.request import Answer, Request, answer
from bot.commands.settled import settled, table
from bot.render import Button, Message, bold, grid, lines
from bot.voice import LANGUAGES, voice
from storage import errands, forgetting, sources, stories, subscribers


def language(request: Request) -> Answer:
    """Choose the language the bot speaks, or in which languages news is wanted ("news on uk")."""
    match request.words:
        case ["news", "on" | "off" as wish, code] if code in LANGUAGES:
            return _languages(_reading(request, code, on=wish == "on"))
    wanted = request.argument.strip().casefold()
    chosen = next((code for code, name in LANGUAGES.items() if wanted in {code, name.casefold()}), None)
    if chosen is None:
        return _languages(request)
    subscribers.change(request.connection, request.chat.id, language=chosen)
    say = voice(chosen)
    return _languages(replace(request, say=say), say("I speak English now."))


def _reading(request: Request, code: str, *, on: bool) -> Request:
    """Turn the news in a language on or off; the last one stays on."""
    before = request.chat.choices.unread
    unread = tuple(each for each in LANGUAGES if (each in before and each != code) or (each == code and not on))
    if len(unread) == len(LANGUAGES):
        return request
    return replace(request, chat=subscribers.choose(request.connection, request.chat, unread=unread))


def _languages(request: Request, done: str = "") -> Answer:
    say, unread = request.say, request.chat.choices.unread
    spoken = tuple(Button(name, f"language {each}") for each, name in LANGUAGES.items())
    read = [
        Button(f"{'▫️' if each in unread else '✅'} {name}", f"language news {'on' if each in unread else 'off'} {each}")
        for each, name in LANGUAGES.items()
    ]
    news = say("Below that: the languages in which you want news. Articles in others are left out of digests and alerts.")
    return answer(lines(done or say("Which language shall I speak?"), news), spoken, *grid(read, 1))


def cancel(request: Request) -> Answer:
    """Give up what was begun: an address that is being looked at, a draft."""
    say = request.say
    if errands.cancel(request.connection, request.chat.chat_id, request.chat.thread_id):
        return answer(lines(say("Cancelled.")))
    return answer(lines(say("There is nothing to cancel: whatever I ask, you may just leave it.")))


def privacy(request: Request) -> Answer:
    """Say what is stored."""
    say = request.say
    kept = [
        say("your chat's number, and the thread's in a forum"),
        say("your language and those you read, time zone, hours, quiet hours, topics, alerts, and what you muted"),
        say("if you turned it on: discreet mode, and the hours after which I delete what I said"),
        *([say("the number of the channel that you settle from here")] if request.chat.choices.controls else []),
        say("your watches: their names and rules, and what they found"),
        say("how far your digests and alerts have come, and which were written"),
        say("for seven days, the numbers and times of my messages to you, without their text"),
        say(
            "the month in which you last wrote, to erase chats that nobody uses, and the month in which I asked whether you still want this"
        ),
        *([say("that you came by an invitation, but not whose")] if request.by_list else []),
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
    erased = forgetting.forget(request.connection, request.chat.chat_id)
    left = forgetting.remaining(request.connection, request.chat.chat_id)
    text = say("Done. Rows erased: {erased}, left: {left}. If you ever want to come back: /start", erased=erased, left=left)
    return Answer((Message(lines(text)),), farewell=True)


def status(request: Request) -> Answer:
    """Say what the subscriber has chosen and how the program fares."""
    say, chat = request.say, request.chat
    names = request.subjects.in_language(say.language)
    paused = chat.state == "paused"
    rows = settled(request, chat, no_topic=say("none yet, see /topics"), no_hour=say("only when you ask, see /schedule"))
    rows = [*rows[:1], (say("Digest"), say("paused, see /resume"))] if paused else rows
    if chat.next_due_at is not None:
        rows.append((say("Next one"), say.moment(chat.next_due_at, chat.time_zone)))
    if chat.choices.alerts:
        rows.append((say("Alerts"), ", ".join(names[topic] for topic in request.subjects.ordered(chat.choices.alerts))))
    if chat.quiet_hours:
        rows.append((say("Quiet hours"), chat.quiet_hours.replace("-", "–")))
    polled = [each for each in sources.every(request.connection) if each.state == "on"]
    failing = sum(each.failures > 0 for each in polled)
    fine = say.many("{n} followed", "{n} followed", len(polled))
    trouble = say.many("{n} doesn't answer at the moment", "{n} don't answer at the moment", failing)
    rows.append((say("Sources"), f"{fine}, {trouble}" if failing else fine))
    articles = stories.count_articles(request.connection)
    rows.append((say("Archive"), say.many("{n} article on our topics", "{n} articles on our topics", articles)))
    return answer(table(rows), (Button(say("Choose topics"), "topics"),))
