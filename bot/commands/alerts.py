"""/alerts, /quiet, /pause and /resume: what is told at once, and when nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.clock import next_due, parse_quiet
from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, bold, grid, lines
from storage import archive, subscribers

THRESHOLDS = (1, 2, 3, 5)
_QUIET = ("22:00-07:00", "22:00-08:00", "23:00-07:00", "23:00-09:00")
_OFF = frozenset({"off", "none", "нет", "выкл", "ні", "вимк"})


def alerts(request: Request) -> Answer:
    """Choose topics to hear of at once ("on way-home", or a topic's name), and how many publishers must tell a story ("from 3")."""
    typed, chosen = request.argument, request.chat.choices.alerts
    match request.words:
        case ["from", number] if number in map(str, THRESHOLDS):
            return _chosen(_keep(request, chosen, int(number)))
        case ["on" | "off" as wish, "all"]:
            return _chosen(_keep(request, tuple(request.subjects.names) if wish == "on" else ()))
        case ["on" | "off" as wish, topic] if topic in request.subjects.names:
            return _chosen(_keep(request, (*chosen, topic) if wish == "on" else [each for each in chosen if each != topic]))
    if not typed or typed.casefold() in _OFF:
        return _chosen(_keep(request, ()) if typed else request)
    return _by_name(request, typed)


def _by_name(request: Request, typed: str) -> Answer:
    named = request.subjects.find(typed)
    if named is None:
        text = request.say("I don't know a topic called “{name}”. As in: /alerts Way Home, or tap one below /alerts.", name=typed[:60])
        return answer(lines(text))
    return _chosen(_keep(request, (*request.chat.choices.alerts, named)))


def quiet(request: Request) -> Answer:
    """Set the hours in which alerts are held back, as typed ("22-8"), or turn them off."""
    say, typed = request.say, request.argument
    hours = parse_quiet(typed)
    if typed and hours is None and typed.casefold() not in _OFF:
        text = say("“{typed}” isn't a span of hours. Write it as in: /quiet 22:00-8:00", typed=typed[:40])
        return answer(lines(text))
    if typed:
        subscribers.change(request.connection, request.chat.id, quiet_hours=hours or "")
    kept = (hours or "") if typed else request.chat.quiet_hours
    zone = say.place(request.chat.time_zone)
    if kept:
        text = say(
            "Quiet from {hours} ({zone}). Alerts wait until it is over; digests come when you planned them.", hours=_shown(kept), zone=zone
        )
    else:
        text = say("No hours are quiet. In quiet hours alerts wait; tap some, or write them as in: /quiet 22:00-8:00")
    offered = sorted({*_QUIET, *([kept] if kept else [])})
    buttons = [Button(f"{'✅ ' if each == kept else ''}{_shown(each)}", f"quiet {each}") for each in offered]
    off = ((Button(say("No quiet hours"), "quiet off"),),) if kept else ()
    return Answer((Message(lines(text), (*grid(buttons, 2), *off)),))


def pause(request: Request) -> Answer:
    """Send nothing unasked until further notice."""
    say = request.say
    subscribers.change(request.connection, request.chat.id, state="paused", next_due_at=None)
    text = say("Paused. Nothing comes unasked until you send /resume; the first digest then brings what you missed.")
    return answer(lines(text), (Button(say("Go on"), "resume"),))


def resume(request: Request) -> Answer:
    """Go on after a pause."""
    say, chat = request.say, request.chat
    due = next_due(chat.digest_times, chat.time_zone, request.now, chat.choices.weekdays)
    subscribers.change(request.connection, chat.id, state="on", next_due_at=due.at if due else None)
    if due is None:
        return answer(lines(say("I am back. No digest is planned: /schedule")))
    return answer(lines(say("I am back. Your next digest: {when}", when=say.moment(due.at, chat.time_zone))))


def _keep(request: Request, topics: Iterable[str], publishers: int = 0) -> Request:
    """Keep topics in the watchlist's order. What was told before alerts were turned on isn't told at once any more."""
    before = request.chat.choices
    ordered = tuple(request.subjects.ordered(list(topics)))
    chat = subscribers.choose(request.connection, request.chat, alerts=ordered, publishers=publishers or before.publishers)
    if not ordered:
        subscribers.change(request.connection, chat.id, alert_cursor=None)
    elif not before.alerts:
        subscribers.change(request.connection, chat.id, alert_cursor=archive.latest(request.connection))
    return replace(request, chat=chat)


def _chosen(request: Request) -> Answer:
    say, choices = request.say, request.chat.choices
    on = set(choices.alerts)
    text = say.many(
        "I tell you at once when a story on these topics has {n} publisher. Tap to change.",
        "I tell you at once when a story on these topics has {n} publishers or more. Tap to change.",
        choices.publishers,
    )
    if not on:
        text = say("Alerts tell you at once what can't wait for the digest. Tap the topics you want them for.")
    paused = say("All is paused at the moment: /resume") if request.chat.state == "paused" else ""
    quiet_hours, zone = request.chat.quiet_hours, say.place(request.chat.time_zone)
    held = say("Quiet from {hours} ({zone}): /quiet", hours=_shown(quiet_hours), zone=zone) if quiet_hours else say("Quiet hours: /quiet")
    names = request.subjects.in_language(say.language)
    topics = [
        Button(f"{'🔔' if topic in on else '▫️'} {name}", f"alerts {'off' if topic in on else 'on'} {topic}")
        for topic, name in names.items()
    ]
    counts = [Button(f"{'✅ ' if n == choices.publishers else ''}{say('from {n}', n=n)}", f"alerts from {n}") for n in THRESHOLDS]
    body = f"{bold(say('Alerts'))}\n{lines(text, *([paused] if paused else []), held)}"
    return Answer((Message(body, (*grid(topics, 1), *(grid(counts, 4) if on else ()))),))


def _shown(hours: str) -> str:
    return hours.replace("-", "–")
