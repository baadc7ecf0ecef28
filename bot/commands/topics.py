"""/topics, /subscribe and /unsubscribe: what a subscriber receives."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, bold, grid, lines
from storage import subscribers

_EVERYTHING = frozenset({"all", "everything", "все", "всё", "усе", "всі", "усі"})


def topics(request: Request) -> Answer:
    """Show every topic with a button to turn it on or off."""
    wish, _, topic = request.argument.partition(" ")
    if wish in {"on", "off"}:
        names = request.subjects.names if topic == "all" else request.subjects.ordered([topic])
        request = choose(request, dict.fromkeys(names, wish == "on"))
    text = f"{bold(request.say('Your topics'))}\n{lines(chosen_note(request))}"
    return Answer((Message(text, topic_buttons(request, "topics")),))


def subscribe(request: Request) -> Answer:
    """Turn on the topic that is named."""
    return _by_name(request, on=True)


def unsubscribe(request: Request) -> Answer:
    """Turn off the topic that is named."""
    return _by_name(request, on=False)


def choose(request: Request, wanted: dict[str, bool]) -> Request:
    """Turn topics on or off, and give the request with its chat as it is then."""
    subscribers.choose_topics(request.connection, request.chat.id, wanted)
    chosen = (request.chat.topics | {topic for topic, on in wanted.items() if on}) - {topic for topic, on in wanted.items() if not on}
    return replace(request, chat=replace(request.chat, topics=frozenset(chosen)))


def topic_buttons(request: Request, command: str) -> tuple[tuple[Button, ...], ...]:
    """A button for each topic, ticked where it is on, and one for all. A press says what is wished, so a second one does no harm."""
    chosen = request.chat.topics
    names = request.subjects.in_language(request.say.language)
    each = [
        Button(f"{'✅' if topic in chosen else '▫️'} {name}", f"{command} {'off' if topic in chosen else 'on'} {topic}")
        for topic, name in names.items()
    ]
    everything = chosen >= set(names)
    every = Button(
        request.say("Select none") if everything else request.say("Select all"), f"{command} {'off' if everything else 'on'} all"
    )
    return (*grid(each, 1), (every,))


def chosen_note(request: Request) -> str:
    """How many topics are on, in words."""
    chosen = len(request.subjects.ordered(request.chat.topics))
    if not chosen:
        return request.say("None is on yet. Tap what you want to follow.")
    return request.say.many("{n} topic is on. Tap to change.", "{n} topics are on. Tap to change.", chosen)


def _by_name(request: Request, *, on: bool) -> Answer:
    say, names = request.say, request.subjects.in_language(request.say.language)
    if not request.argument:
        return topics(request)
    if request.argument.casefold() in _EVERYTHING:
        return topics(replace(request, argument=f"{'on' if on else 'off'} all"))
    topic = request.subjects.find(request.argument)
    if topic is None:
        near = get_close_matches(request.argument.casefold(), [name.casefold() for name in names.values()] + list(names), n=1, cutoff=0.5)
        hint = request.subjects.find(near[0]) if near else None
        text = say("I don't know a topic called “{name}”. Send /topics to choose from the list.", name=request.argument[:60])
        verb = "subscribe" if on else "unsubscribe"
        return answer(lines(text), *(((Button(names[hint], f"{verb} {hint}"),),) if hint else ()))
    choose(request, {topic: on})
    done = say("“{name}” is on.", name=names[topic]) if on else say("“{name}” is off.", name=names[topic])
    return answer(lines(done))
