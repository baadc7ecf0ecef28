"""The one list of commands: it drives dispatch, /help, Telegram's command menu, and a test that the README lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.commands import (
    account,
    addsource,
    alerts,
    announce,
    channel,
    discreet,
    export,
    find,
    listing,
    mute,
    rhythm,
    start,
    story,
    topics,
    trend,
    watch,
    why,
)
from bot.commands.request import Answer, Request, answer
from bot.render import MOST_DATA_BYTES, Button, bold, code, lines
from bot.voice import Voice, mark
from storage.search import cursor_of


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it does in a few words, and how it is written with an argument. ``operators``: only for those who run the bot.

    ``settles``: it changes what the chat gets, so that in groups and channels only administrators may use it; ``own``: it does so for the
    chat it is written in alone, never for a channel that is controlled from there.
    """

    name: str
    summary: str
    run: Callable[[Request], Answer]
    example: str = ""
    operators: bool = False
    settles: bool = False
    own: bool = False


def help_(request: Request) -> Answer:
    """List every command."""
    say = request.say
    known = [command for command in COMMANDS.values() if request.operator or not command.operators]
    examples = "\n".join(code(say(command.example)) for command in known if command.example)
    free = say("Anything you write without a slash is searched for in the archive.")
    return answer(f"{lines(free)}{''.join(_listed(say, command) for command in known)}\n\n{bold(say('For example'))}\n{examples}")


def _listed(say: Voice, command: Command) -> str:
    """A command's line, below the heading of its part of the list where it is the first."""
    heading = _HEADINGS.get(command.name)
    above = f"\n\n{bold(say(heading))}" if heading else ""
    return f"{above}\n{lines(f'/{command.name} – {say(command.summary)}')}"


def unknown(request: Request, name: str) -> Answer:
    """Answer a command that doesn't exist with the nearest that does."""
    say = request.say
    known = [command.name for command in COMMANDS.values() if request.operator or not command.operators]
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    buttons = ((Button(f"/{near[0]}", _press(near[0], request.argument)),),) if near else ()
    if near:
        return answer(
            lines(say("There is no command /{name}. Did you mean /{near}? All of them: /help", name=name[:32], near=near[0])), *buttons
        )
    return answer(lines(say("There is no command /{name}. All that there are: /help", name=name[:32])))


def _press(name: str, argument: str) -> str:
    """A button's data for a command as it was typed, without the argument where a button can't carry all of it."""
    # Behind a pressed /search this would be a place between pages; as a phrase it is looked up.
    words = f'"{argument}"' if name == "search" and (argument == find.AS_SHOWN or cursor_of(argument)) else argument
    data = f"{name} {words}".strip()
    return data if len(data.encode("utf-8", "surrogatepass")) <= MOST_DATA_BYTES else name


_ALL = (
    Command("start", mark("begin, or set everything up again"), start.start, settles=True, own=True),
    Command("help", mark("all commands"), help_),
    Command("topics", mark("what you follow"), topics.topics, settles=True),
    Command("subscribe", mark("follow a topic"), topics.subscribe, mark("/subscribe Way Home"), settles=True),
    Command("unsubscribe", mark("stop following a topic"), topics.unsubscribe, settles=True),
    Command("schedule", mark("when your digest comes"), rhythm.schedule, "/schedule 8:00 20:30", settles=True),
    Command("timezone", mark("your time zone, by city"), rhythm.time_zone, mark("/timezone Samara"), settles=True),
    Command("digest", mark("what is new, now"), rhythm.digest),
    Command("alerts", mark("what you hear of at once"), alerts.alerts, mark("/alerts Way Home"), settles=True),
    Command("quiet", mark("hours in which alerts wait"), alerts.quiet, "/quiet 22:00-8:00", settles=True),
    Command("pause", mark("nothing unasked until /resume"), alerts.pause, settles=True),
    Command("resume", mark("go on after a pause"), alerts.resume, settles=True),
    Command("mute", mark("less of an outlet, a topic or a story"), mute.mute, settles=True),
    Command("search", mark("look something up in the archive"), find.find, mark("/search “Way Home” Moscow")),
    Command("story", mark("every report of one story"), story.story),
    Command("trend", mark("how much was told, as a picture"), trend.trend, mark("/trend Way Home 90d")),
    Command("timeline", mark("what happened when, as a picture"), trend.timeline, mark("/timeline Way Home 2024")),
    Command("watch", mark("rules of your own"), watch.watch, mark("/watch mobilised NEAR/5 Samara"), settles=True),
    Command("export", mark("what a search finds, as a file"), export.export, mark("/export Way Home 2024")),
    Command("why", mark("what I recognise in an article, and why"), why.why, mark("/why “Way Home” Moscow")),
    Command("sources", mark("where the news comes from"), listing.list_sources),
    Command("language", mark("the language I speak, and those you read"), account.language, settles=True),
    Command("status", mark("your choices, and how I fare"), account.status),
    Command("discreet", mark("neutral wording, and messages that delete themselves"), discreet.discreet, settles=True),
    Command("channel", mark("the digest as a post in a channel of yours"), channel.channel, "/channel @ourchannel"),
    Command("cancel", mark("drop what you have begun"), account.cancel, settles=True, own=True),
    Command("privacy", mark("what I keep about you"), account.privacy),
    Command("forget", mark("erase everything about this chat"), account.forget, settles=True, own=True),
    Command("addsource", mark("follow another source"), addsource.add, "/addsource https://example.org/rss", operators=True),
    Command("removesource", mark("stop polling a source"), addsource.remove, operators=True),
    Command("announce", mark("a word to every subscriber"), announce.announce, operators=True),
    Command("invite", mark("a link that lets one person in"), announce.invite, operators=True),
    Command("revoke", mark("put somebody out who was invited"), announce.revoke, operators=True),
    Command("health", mark("which sources are in trouble"), listing.health, operators=True),
)
_HEADINGS: Mapping[str, str] = {
    "start": mark("To begin with"),
    "topics": mark("Your news"),
    "search": mark("The archive"),
    "language": mark("You and this chat"),
    "addsource": mark("For those who run the bot"),
}
COMMANDS: Mapping[str, Command] = {command.name: command for command in _ALL}
