"""/mute: less of an outlet, a topic or a story. Reached from below a digest; typed, it lists what is muted, to be had again at a tap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import edition
from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, bold, lines, shorten
from storage import choices, stories, story_changes, subscribers
from storage.stories import Telling

_OF = re.compile(r"of (\d{1,17}) (\d{1,4}) (\d{1,2})")
_STORY = re.compile(r"(story|hide) (-?\d{1,17})")
_ONE = re.compile(r"(outlet|topic) (-?\d{1,17}) (\d{1,3})")
_BACK = re.compile(r"back (outlet|topic|story) (\d{1,3})")
_LONGEST = 50
_MOST_LISTED = 30


def mute(request: Request) -> Answer:
    """List what is muted; offer a digest's stories ("of 17 0 6"), or what to mute of one ("story 5"); mute it, or have it back."""
    typed = request.argument
    if found := _OF.fullmatch(typed):
        return _offer(request, (int(found[1]), int(found[2]), int(found[3])))
    if found := _STORY.fullmatch(typed):
        return _hide(request, int(found[2])) if found[1] == "hide" else _choose(request, int(found[2]))
    if found := _ONE.fullmatch(typed):
        return _one(request, found[1], int(found[2]), int(found[3]))
    if found := _BACK.fullmatch(typed):
        return _back(request, found[1], int(found[2]))
    return _list(request)


def _offer(request: Request, page: tuple[int, int, int]) -> Answer:
    say = request.say
    told = edition.on_page(request.connection, request.chat, request.subjects, page)
    if not told:
        return Answer(toast=say("There is nothing more in that digest."))
    buttons = [(Button(shorten(each.headline.title or each.headline.text, _LONGEST), f"mute story {each.story_id}"),) for each in told]
    return Answer((Message(lines(say("Less like which of these?")), tuple(buttons), fresh=True),))


def _choose(request: Request, story_id: int) -> Answer:
    say, told = request.say, _told(request, story_id)
    if not told:
        return Answer(toast=say("There is no story with this number (any more)."))
    names, number = request.subjects.in_language(say.language), told[0].story_id
    rows = [Button(say("This story"), f"mute hide {number}")]
    rows += [
        Button(say("Everything about: {topic}", topic=names[topic]), f"mute topic {number} {index}")
        for index, topic in enumerate(_topics(told))
        if topic in names
    ]
    rows += [
        Button(say("The outlet {outlet}", outlet=shorten(outlet, 30)), f"mute outlet {number} {index}")
        for index, outlet in enumerate(_outlets(told)[:_MOST_LISTED])
    ]
    title = shorten(told[0].title or told[0].text, 100)
    return answer(f"{bold(title)}\n{lines(say('What shall I leave out from now on?'))}", *((row,) for row in rows))


def _hide(request: Request, story_id: int) -> Answer:
    say, told = request.say, _told(request, story_id)
    if not told:
        return Answer(toast=say("There is no story with this number (any more)."))
    before = request.chat.choices.muted_stories
    subscribers.choose(request.connection, request.chat, muted_stories=choices.muted(before, told[0].story_id))
    return _done(request, shorten(told[0].title or told[0].text, 100))


def _one(request: Request, kind: str, story_id: int, index: int) -> Answer:
    told = _told(request, story_id)
    found = _outlets(told) if kind == "outlet" else _topics(told)
    if index >= len(found):
        return Answer(toast=request.say("There is no story with this number (any more)."))
    before = request.chat.choices
    if kind == "outlet":
        subscribers.choose(request.connection, request.chat, muted_outlets=choices.muted(before.muted_outlets, found[index]))
    else:
        subscribers.choose(request.connection, request.chat, muted_topics=choices.muted(before.muted_topics, found[index]))
    return _done(request, request.subjects.in_language(request.say.language).get(found[index], found[index]))


def _back(request: Request, kind: str, index: int) -> Answer:
    field = {"outlet": "muted_outlets", "topic": "muted_topics", "story": "muted_stories"}[kind]
    before = getattr(request.chat.choices, field)
    chat = subscribers.choose(request.connection, request.chat, **{field: (*before[:index], *before[index + 1 :])})
    return _list(replace(request, chat=chat))


def _list(request: Request) -> Answer:
    say, muted = request.say, request.chat.choices
    names = request.subjects.in_language(say.language)
    told = stories.tellings(request.connection, muted.muted_stories)
    titles = [told[number][0].title or told[number][0].text if told[number] else str(number) for number in muted.muted_stories]
    rows = [
        *((f"mute back outlet {index}", outlet) for index, outlet in enumerate(muted.muted_outlets)),
        *((f"mute back topic {index}", names.get(topic, topic)) for index, topic in enumerate(muted.muted_topics)),
        *((f"mute back story {index}", title) for index, title in enumerate(titles)),
    ]
    if not rows:
        return answer(lines(say("Nothing is muted. Below a digest, “Less like this” mutes an outlet, a topic or a story.")))
    buttons = [(Button(f"🔇 {shorten(name, _LONGEST)}", data),) for data, name in rows[-_MOST_LISTED:]]
    return answer(lines(say("This is left out of your digests and alerts. Tap what you want to have again.")), *buttons)


def _done(request: Request, name: str) -> Answer:
    say = request.say
    return answer(lines(say("Muted: {name}. To have it again: /mute", name=name)), (Button(say("All that is muted"), "mute"),))


def _told(request: Request, story_id: int) -> Sequence[Telling]:
    """A story's reports about topics: nobody learns here what others watch for."""
    found = story_changes.current(request.connection, story_id)
    told = stories.tellings(request.connection, [found])[found] if found is not None else []
    return told if any(telling.topics for telling in told) else ()


def _outlets(told: Sequence[Telling]) -> list[str]:
    return sorted({telling.outlet for telling in told})


def _topics(told: Sequence[Telling]) -> list[str]:
    return sorted({topic for telling in told for topic in telling.topics})
