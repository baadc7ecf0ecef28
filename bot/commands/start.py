"""/start: language, topics and hour in three taps, then a first digest of the last days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import edition
from bot.clock import next_due, parse_slot
from bot.commands.request import Answer, Request, answer
from bot.commands.topics import chosen_note, topic_buttons
from bot.edition import Occasion
from bot.render import Button, Message, bold, grid, lines
from bot.voice import LANGUAGES, voice
from storage import archive, stories, subscribers

FIRST_HOURS = ("07:00", "08:00", "09:00", "12:00", "18:00", "19:00", "20:00", "21:00")
LOOK_BACK = timedelta(days=3)


def start(request: Request) -> Answer:
    """Greet a newcomer, or take the next step of setting up; the argument is the step, or a topic from a deep link."""
    step, _, rest = request.argument.partition(" ")
    if step == "language" and rest in LANGUAGES:
        return _topics(_in_language(request, rest))
    if step in {"on", "off"}:
        subscribers.choose_topics(request.connection, request.chat.id, _wanted(request, rest, on=step == "on"))
        return _topics(_again(request))
    if step == "hours":
        return _hours(request)
    if step == "hour":
        return _finish(request, parse_slot(rest))
    topic = request.subjects.find(request.argument) if request.argument else None
    if topic is not None:
        subscribers.choose_topics(request.connection, request.chat.id, {topic: True})
    return _greet(_again(request))


def _greet(request: Request) -> Answer:
    say = request.say
    what = say("News about the women of Russian soldiers: four movements of wives, mothers and widows, and mobilisation.")
    kept = say("I keep your chat number, your choices and little else. More: /privacy")
    text = f"{bold('homefront')}\n{lines(what, '', kept, '', say('Which language shall I speak?'))}"
    first = sorted(LANGUAGES, key=lambda code: code != request.chat.language)
    return answer(text, tuple(Button(LANGUAGES[code], f"start language {code}") for code in first))


def _topics(request: Request) -> Answer:
    say = request.say
    text = f"{bold(say('What shall I watch for you?'))}\n{lines(chosen_note(request))}"
    buttons = topic_buttons(request, "start")
    onward = (Button(say("Next: the hour"), "start hours"),) if request.chat.topics else ()
    return Answer((Message(text, (*buttons, *((onward,) if onward else ()))),))


def _hours(request: Request) -> Answer:
    say = request.say
    zone = say("Times are those of {zone}; change that with /timezone, and add more hours with /schedule.", zone=request.chat.time_zone)
    text = f"{bold(say('When shall I bring your digest?'))}\n{lines(zone)}"
    buttons = grid([Button(hour, f"start hour {hour}") for hour in FIRST_HOURS], 4)
    return Answer((Message(text, (*buttons, (Button(say("Only when I ask"), "start hour none"),))),))


def _finish(request: Request, slot: str | None) -> Answer:
    say, chat = request.say, request.chat
    due = next_due((slot,), chat.time_zone, request.now) if slot else None
    up_to = archive.latest(request.connection)
    moment = due.at if due else None
    subscribers.change(request.connection, chat.id, state="on", digest_times=slot or "", next_due_at=moment)
    when = (
        say("Your digest comes every day at {time}, {zone}.", time=slot, zone=chat.time_zone)
        if slot
        else say("I bring your digest when you send /digest.")
    )
    text = f"{bold(say('All set.'))} {lines(when, say('To look something up, just write the words. Everything else: /help'))}"
    occasion = Occasion(
        edition.local_date(chat, request.now), f"first {up_to} {request.now:%H%M%S%f}", say("An example: the last three days")
    )
    after = stories.seq_before(request.connection, request.now - LOOK_BACK)
    first = edition.write(request.connection, _again(request).chat, request.subjects, occasion, after=after, up_to=up_to)
    nothing = Message(lines(say("Nothing on your topics has been reported in the last three days. I keep watching.")), fresh=True)
    return Answer((Message(text), first or nothing))


def _wanted(request: Request, typed: str, *, on: bool) -> dict[str, bool]:
    return dict.fromkeys(request.subjects.names if typed == "all" else request.subjects.ordered([typed]), on)


def _in_language(request: Request, language: str) -> Request:
    subscribers.change(request.connection, request.chat.id, language=language)
    return _again(replace(request, say=voice(language)))


def _again(request: Request) -> Request:
    """The request with its chat as it is stored now."""
    chat = subscribers.find(request.connection, request.chat.chat_id, request.chat.thread_id)
    return replace(request, chat=chat or request.chat)
