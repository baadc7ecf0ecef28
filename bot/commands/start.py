"""/start: language, topics and hour in three taps, then a first digest of the last days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot import edition
from bot.clock import next_due, parse_slot
from bot.commands.find import find
from bot.commands.request import Answer, Request, answer
from bot.commands.story import story as show_story
from bot.commands.topics import chosen_note, topic_buttons
from bot.render import Button, Message, bold, grid, lines
from bot.voice import LANGUAGES, voice
from storage import archive, cursors, subscribers

FIRST_HOURS = ("07:00", "08:00", "09:00", "12:00", "18:00", "19:00", "20:00", "21:00")
_STORY = re.compile(r"story[_-](-?\d{1,17})")  # in a deep link: t.me/<bot>?start=story_123
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
    return _linked(request)


def _linked(request: Request) -> Answer:
    """What a deep link leads to: a story, the search, or a topic with an example of its news; without one, the greeting."""
    if told := _STORY.fullmatch(request.argument):
        return show_story(replace(request, argument=told[1]))
    if request.argument == "search":
        return find(replace(request, argument=""))
    topic = request.subjects.find(request.argument) if request.argument else None
    if topic is None:
        return _greet(request)
    subscribers.choose_topics(request.connection, request.chat.id, {topic: True})
    request = _again(request)
    return Answer((*_greet(request).messages, *_example(request)))


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
    zone = say(
        "Times are those of {zone}; change that with /timezone, and add more hours with /schedule.", zone=say.place(request.chat.time_zone)
    )
    text = f"{bold(say('When shall I bring your digest?'))}\n{lines(zone)}"
    buttons = grid([Button(hour, f"start hour {hour}") for hour in FIRST_HOURS], 4)
    return Answer((Message(text, (*buttons, (Button(say("Only when I ask"), "start hour none"),))),))


def _finish(request: Request, slot: str | None) -> Answer:
    say, chat = request.say, request.chat
    due = next_due((slot,), chat.time_zone, request.now, chat.choices.weekdays) if slot else None
    moment = due.at if due else None
    subscribers.change(request.connection, chat.id, state="on", digest_times=slot or "", next_due_at=moment)
    when = (
        say("Your digest comes every day at {time}, {zone}.", time=slot, zone=say.place(chat.time_zone))
        if slot
        else say("I bring your digest when you send /digest.")
    )
    text = f"{bold(say('All set.'))} {lines(when, say('To look something up, just write the words. Everything else: /help'))}"
    nothing = Message(lines(say("Nothing on your topics has been reported in the last three days. I keep watching.")), fresh=True)
    return Answer((Message(text), *(_example(_again(request)) or (nothing,))))


def _example(request: Request) -> tuple[Message, ...]:
    """A first digest of the last days, where there is anything."""
    chat, up_to = request.chat, archive.latest(request.connection)
    title = request.say("An example: the last three days")
    after = cursors.seq_before(request.connection, request.now - LOOK_BACK)
    occasion = edition.at_once(chat, title, request.now, after=after, up_to=up_to, wish="first")
    return edition.write(request.connection, chat, request.subjects, occasion, after=after, up_to=up_to)


def _wanted(request: Request, typed: str, *, on: bool) -> dict[str, bool]:
    return dict.fromkeys(request.subjects.names if typed == "all" else request.subjects.ordered([typed]), on)


def _in_language(request: Request, language: str) -> Request:
    subscribers.change(request.connection, request.chat.id, language=language)
    return _again(replace(request, say=voice(language)))


def _again(request: Request) -> Request:
    """The request with its chat as it is stored now."""
    chat = subscribers.find(request.connection, request.chat.chat_id, request.chat.thread_id)
    return replace(request, chat=chat or request.chat)
