"""/language, /privacy, /forget, /status and /sources: what we know of a subscriber, and what there is to know of us."""

from __future__ import annotations

from html import escape

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.render import Button, Message, bold, fits, lines, shorten
from bot.voice import LANGUAGES, voice
from storage import sources, stories, subscribers
from storage.sources import Polled

SOURCES_A_PAGE = 10
# How much of a note or an error is shown: the second where a page of the first is more than a message takes.
_LONG_NOTE, _SHORT_NOTE = 200, 60


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
    telegram = say("Telegram itself knows that you talk to this bot. /forget erases everything here at once.")
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


def list_sources(request: Request) -> Answer:
    """Show the sources, with the trouble there is with them, a page at a time."""
    say = request.say
    polled = sorted(
        sources.every(request.connection), key=lambda each: (each.state != "on", each.failures == 0, each.source.name.casefold())
    )
    first = int(request.argument) if request.argument.isascii() and request.argument.isdigit() and len(request.argument) < 6 else 0  # noqa: PLR2004 - no list is longer
    first = min(first, max(0, len(polled) - 1)) // SOURCES_A_PAGE * SOURCES_A_PAGE
    shown = polled[first : first + SOURCES_A_PAGE]
    head = f"{bold(say.many('{n} source', '{n} sources', len(polled)))} · {first + 1}–{first + len(shown)}"
    long, short = ("\n\n".join([head, *(_source(request, each, most) for each in shown)]) for most in (_LONG_NOTE, _SHORT_NOTE))
    text = long if fits(long) else short
    back = (Button("‹", f"sources {first - SOURCES_A_PAGE}"),) if first else ()
    onward = (Button("›", f"sources {first + SOURCES_A_PAGE}"),) if first + SOURCES_A_PAGE < len(polled) else ()
    return answer(text, *(((*back, *onward),) if back or onward else ()))


def _source(request: Request, each: Polled, longest_note: int) -> str:
    say = request.say
    name = f"{bold(shorten(each.source.name, 80))} ({escape(say(STANDINGS.get(each.source.standing, each.source.standing)))})"
    if each.state != "on":
        return f"⏸ {name}\n{escape(shorten(each.source.note, longest_note) or say('switched off'))}"
    if each.failures and each.last_error:
        return f"⚠️ {name}\n{escape(shorten(each.last_error, longest_note))}"
    if each.last_success_at is None:
        return f"⏳ {name}\n{escape(say('not polled yet'))}"
    return f"✅ {name}\n{escape(say('last read {when}', when=say.moment(each.last_success_at, request.chat.time_zone)))}"
