"""/schedule, /timezone and /digest: when a subscriber hears from us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import edition
from bot.clock import next_due, parse_slot
from bot.commands.request import Answer, Request, answer
from bot.edition import Occasion
from bot.places import zones_named
from bot.render import Button, Message, grid, lines
from storage import archive, stories, subscribers, watches

MOST_SLOTS = 12
_OFFERED = [f"{hour:02d}:00" for hour in (6, 7, 8, 9, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23)]
_LOOK_BACK = timedelta(days=7)


def schedule(request: Request) -> Answer:
    """Set the times of day of the digest, as typed ("8 20:30"), or turn some on or off ("on 08:00")."""
    wish, times = _wish(request)
    if not times:
        return _times(_keep(request, ()) if wish == "off" else request)
    slots = [parse_slot(word) for word in times]
    if None in slots:
        return _not_a_time(request, times[slots.index(None)])
    before = set() if wish == "set" else set(request.chat.digest_times)
    chosen = before - set(slots) if wish == "off" else before | {slot for slot in slots if slot}
    if len(chosen) > MOST_SLOTS:
        return answer(lines(request.say("A day holds at most {n} digests.", n=MOST_SLOTS)))
    return _times(_keep(request, sorted(chosen)))


def _wish(request: Request) -> tuple[str, list[str]]:
    """What is wished (set, on or off) and the times behind it, as typed."""
    words = [word.strip(",;") for word in request.words]
    return (words[0], words[1:]) if words[:1] in (["on"], ["off"]) else ("set", words)


def _not_a_time(request: Request, typed: str) -> Answer:
    return answer(lines(request.say("“{typed}” isn't a time of day. Write it as in: /schedule 8:00 20:30", typed=typed[:20])))


def time_zone(request: Request) -> Answer:
    """Set the time zone by a city's or a zone's name, in any of our languages."""
    say = request.say
    if not request.argument:
        now = say.moment(request.now, request.chat.time_zone)
        text = say(
            "Your time zone is {zone}; it is {now} there. To change it, name your city: /timezone Samara",
            zone=request.chat.time_zone,
            now=now,
        )
        return answer(lines(text))
    found = zones_named(request.argument)
    if not found:
        text = say("I don't know a place called “{name}”. Try the largest city nearby, as in: /timezone Berlin", name=request.argument[:60])
        return answer(lines(text))
    if len(found) > 1:
        buttons = grid([Button(zone.replace("_", " "), f"timezone {zone}") for zone in found], 1)
        return answer(lines(say("Which of these?")), *buttons)
    zone = found[0]
    due = next_due(request.chat.digest_times, zone, request.now)
    subscribers.change(request.connection, request.chat.id, time_zone=zone, next_due_at=due.at if due else None)
    text = say("Your time zone is {zone} now; it is {now} there.", zone=zone, now=say.moment(request.now, zone))
    return answer(lines(text))


def digest(request: Request) -> Answer:
    """Write a digest now ("" or "week"), or turn to another page of one ("17 6")."""
    words = request.words
    if len(words) == 2 and all(word.isascii() and word.isdigit() and len(word) < 18 for word in words):  # noqa: PLR2004 - digest and story
        return _page(request, int(words[0]), int(words[1]))
    say, chat = request.say, request.chat
    if not request.subjects.ordered(chat.topics) and not watches.of_subscriber(request.connection, chat.id):
        return answer(lines(say("You follow no topic yet.")), (Button(say("Choose topics"), "topics"),))
    week = words[:1] == ["week"]
    up_to = archive.latest(request.connection)
    after = stories.seq_before(request.connection, request.now - _LOOK_BACK) if week else chat.cursor
    title = say("The last seven days") if week else say("Your digest")
    occasion = Occasion(edition.local_date(chat, request.now), f"{'week' if week else 'now'} {after}-{up_to} {request.now:%H%M%S%f}", title)
    message = edition.write(request.connection, chat, request.subjects, occasion, after=after, up_to=up_to)
    if message is not None:
        return Answer((message,))
    if week:
        return answer(lines(say("Nothing on your topics was reported in the last seven days.")))
    return answer(lines(say("Nothing new since your last digest.")), (Button(say("Show the last seven days again"), "digest week"),))


def _page(request: Request, digest_id: int, start: int) -> Answer:
    window = subscribers.window(request.connection, digest_id)
    mine = window is not None and window.subscriber_id == request.chat.id
    message = edition.turn_page(request.connection, request.chat, request.subjects, window, start) if window and mine else None
    return Answer((message,)) if message else Answer(toast=request.say("There is nothing more in that digest."))


def _keep(request: Request, slots: Sequence[str]) -> Request:
    due = next_due(slots, request.chat.time_zone, request.now)
    moment = due.at if due else None
    subscribers.change(request.connection, request.chat.id, digest_times=" ".join(slots), next_due_at=moment, state="on")
    return replace(request, chat=replace(request.chat, digest_times=tuple(slots), next_due_at=moment))


def _times(request: Request) -> Answer:
    say, times = request.say, request.chat.digest_times
    if times:
        text = say("Your digest comes at {times} ({zone}). Tap to change.", times=", ".join(times), zone=request.chat.time_zone)
    else:
        text = say("No digest is planned. Tap the hours you want one at; times are those of {zone}.", zone=request.chat.time_zone)
    offered = sorted({*_OFFERED, *times})
    buttons = [Button(f"{'✅ ' if slot in times else ''}{slot}", f"schedule {'off' if slot in times else 'on'} {slot}") for slot in offered]
    return Answer((Message(lines(text), grid(buttons, 4)),))
