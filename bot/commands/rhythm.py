"""/schedule, /timezone and /digest: when a subscriber hears from us."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import edition
from bot.clock import next_due, parse_slot
from bot.commands.request import Answer, Request, answer
from bot.places import zones_named
from bot.render import Button, Message, grid, lines
from bot.voice import weekday_named
from storage import archive, cursors, digests, subscribers, watches

MOST_SLOTS = 12
_OFFERED = [f"{hour:02d}:00" for hour in (6, 7, 8, 9, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23)]
_LOOK_BACK = timedelta(days=7)
_EVERY_DAY = tuple(range(7))
_MANY_DAYS: Mapping[str, Collection[int]] = {
    **dict.fromkeys(("daily", "ежедневно", "щодня"), _EVERY_DAY),
    **dict.fromkeys(("weekdays", "будни", "будні"), _EVERY_DAY[:5]),
    **dict.fromkeys(("weekend", "weekends", "выходные", "вихідні"), _EVERY_DAY[5:]),
    **dict.fromkeys(("weekly", "еженедельно", "щотижня"), _EVERY_DAY[:1]),
}
_FILLERS = frozenset({"at", "on", "and", "every", "в", "и", "по", "о", "у", "і", "та", "кожен"})


def schedule(request: Request) -> Answer:
    """Set the times of day of the digest, and its weekdays, as typed ("8 20:30", "mon fri 8"), or turn some on or off ("on 08:00")."""
    if request.words[:1] in (["day"], ["days"], ["nothing"]):
        return _by_button(request)
    wish, typed = _wish(request)
    days = [each for word in typed for each in _days(word)]
    times = [word for word in typed if not _days(word) and word.casefold() not in _FILLERS]
    if days and wish != "off":
        request = _keep_days(request, days)
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


def _by_button(request: Request) -> Answer:
    """What the buttons below the hours wish: "days", "day on 0" (Monday), "nothing say" or "nothing silence"."""
    match request.words:
        case ["nothing", "say" | "silence" as wish]:
            chat = subscribers.choose(request.connection, request.chat, tells_nothing=wish == "say")
            return _times(replace(request, chat=chat))
        case ["day", "on" | "off" as wish, number] if number in set("0123456"):
            before = set(request.chat.choices.weekdays or _EVERY_DAY)
            request = _keep_days(request, before | {int(number)} if wish == "on" else before - {int(number)})
    return _weekdays(request)


def _weekdays(request: Request) -> Answer:
    say, chosen = request.say, request.chat.choices.weekdays or _EVERY_DAY
    buttons = [
        Button(f"{'✅' if day in chosen else '▫️'} {say.weekday(day)}", f"schedule day {'off' if day in chosen else 'on'} {day}")
        for day in _EVERY_DAY
    ]
    back = (Button(say("← Hours"), "schedule"),)
    return Answer((Message(lines(say("On which days shall the digest come? Tap to change.")), (*grid(buttons, 4), back)),))


def _days(word: str) -> Collection[int]:
    """The weekdays that a word means."""
    folded = word.casefold()
    day = weekday_named(folded) if folded[:1].isalpha() else None
    return _MANY_DAYS.get(folded, () if day is None else (day,))


def _keep_days(request: Request, days: Collection[int]) -> Request:
    every = len(set(days)) in {0, len(_EVERY_DAY)}
    chat = subscribers.choose(request.connection, request.chat, weekdays=() if every else tuple(sorted(set(days))))
    return _keep(replace(request, chat=chat), chat.digest_times)


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
            zone=say.place(request.chat.time_zone),
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
    due = next_due(request.chat.digest_times, zone, request.now, request.chat.choices.weekdays)
    subscribers.change(request.connection, request.chat.id, time_zone=zone, next_due_at=due.at if due else None)
    text = say("Your time zone is {zone} now; it is {now} there.", zone=say.place(zone), now=say.moment(request.now, zone))
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
    after = cursors.seq_before(request.connection, request.now - _LOOK_BACK) if week else chat.cursor
    title = say("The last seven days") if week else say("Your digest")
    occasion = edition.at_once(chat, title, request.now, after=after, up_to=up_to, wish="week" if week else "now")
    messages = edition.write(request.connection, chat, request.subjects, occasion, after=after, up_to=up_to)
    if messages:
        return Answer(messages)
    if week:
        return answer(lines(say("Nothing on your topics was reported in the last seven days.")))
    if digests.last_window(request.connection, chat.id) is None:
        return answer(lines(say("Nothing new on your topics yet.")), (Button(say("Show the last seven days"), "digest week"),))
    return answer(lines(say("Nothing new since your last digest.")), (Button(say("Show the last seven days again"), "digest week"),))


def _page(request: Request, digest_id: int, start: int) -> Answer:
    window = digests.window(request.connection, digest_id)
    mine = window is not None and window.subscriber_id == request.chat.id
    message = edition.turn_page(request.connection, request.chat, request.subjects, window, start) if window and mine else None
    return Answer((message,)) if message else Answer(toast=request.say("There is nothing more in that digest."))


def _keep(request: Request, slots: Sequence[str]) -> Request:
    due = next_due(slots, request.chat.time_zone, request.now, request.chat.choices.weekdays)
    moment = due.at if due else None
    subscribers.change(request.connection, request.chat.id, digest_times=" ".join(slots), next_due_at=moment, state="on")
    return replace(request, chat=replace(request.chat, digest_times=tuple(slots), next_due_at=moment, state="on"))


def _times(request: Request) -> Answer:
    say, chat = request.say, request.chat
    times, days = chat.digest_times, ", ".join(map(say.weekday, chat.choices.weekdays)) or say("every day")
    if times:
        text = say(
            "Your digest comes at {times} ({zone}), {days}. Tap to change.",
            times=", ".join(times),
            zone=say.place(chat.time_zone),
            days=days,
        )
    else:
        text = say("No digest is planned. Tap the hours you want one at; times are those of {zone}.", zone=say.place(chat.time_zone))
    if chat.state == "paused":
        text = f"{text}\n{say('All is paused at the moment: /resume')}"
    offered = sorted({*_OFFERED, *times})
    buttons = [Button(f"{'✅ ' if slot in times else ''}{slot}", f"schedule {'off' if slot in times else 'on'} {slot}") for slot in offered]
    tells = chat.choices.tells_nothing
    silence = say("If nothing is new: a line") if tells else say("If nothing is new: silence")
    below = (
        (Button(say("Days: {days}", days=days), "schedule days"),),
        (Button(silence, f"schedule nothing {'silence' if tells else 'say'}"),),
    )
    return Answer((Message(lines(text), (*grid(buttons, 4), *below)),))
