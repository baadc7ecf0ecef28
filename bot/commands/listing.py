"""/sources and, for operators, /health: where the news comes from, how each source fares, and what part of them was heard by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from html import escape

from bot import troubles
from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.pictures.figures import Column, Grid, Row
from bot.render import Button, Picture, bold, fits, fitting, lines, shorten
from bot.voice import LANGUAGES, mark
from feeds import health as judging
from storage import coverage, outbox, sources
from storage.coverage import Cell
from storage.measures import measure
from storage.polled import Polled

SOURCES_A_PAGE = 10
COVERAGE_DAYS = 14
# How much of a note or an error is shown: the second where a page of the first is more than a message takes.
_LONG_NOTE, _SHORT_NOTE = 200, 60
_CONDITIONS: Mapping[str, str] = {
    "failing": mark("can't be reached"),
    "unreadable": mark("answers with something else"),
    "no preview": mark("shows no preview"),
    "gone": mark("is gone"),
    "silent": mark("is unusually quiet"),
    "restless": mark("changes its texts again and again"),
}


def list_sources(request: Request) -> Answer:
    """Show the sources, with the trouble there is with them, a page at a time."""
    say = request.say
    group, _, of = request.argument.partition(" ")
    if group == "coverage":
        return _coverage(request, of if of in {"language", "standing"} else "language")
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
    heard = (Button(say("Coverage by day"), "sources coverage"),)
    return answer(text, *(((*back, *onward),) if back or onward else ()), heard)


def _source(request: Request, each: Polled, longest_note: int) -> str:
    say = request.say
    name = f"{bold(shorten(each.source.name, 80))} ({escape(say(STANDINGS.get(each.source.standing, each.source.standing)))})"
    if each.state != "on":
        return f"⏸ {name}\n{escape(shorten(each.source.note, longest_note) or say('switched off'))}"
    if each.failures and each.last_error:
        kind = "unreadable" if each.trouble == "document" else each.trouble if each.trouble in _CONDITIONS else "failing"
        # What went wrong in detail is for those who can mend it.
        detail = f": {shorten(say.sentence(each.last_error), longest_note)}" if request.operator else ""
        return f"⚠️ {name}\n{escape(say(_CONDITIONS[kind]) + detail)}"
    if each.last_success_at is None:
        return f"⏳ {name}\n{escape(say('not polled yet'))}"
    return f"✅ {name}\n{escape(say('last read {when}', when=say.moment(each.last_success_at, request.chat.time_zone)))}"


def health(request: Request) -> Answer:
    """List the sources that fare badly, with the reason in words."""
    say, now = request.say, request.now
    polled = [each for each in sources.every(request.connection) if each.state == "on"]
    rhythms = coverage.rhythms(request.connection, now.date(), judging.RHYTHM_DAYS)
    found = [(each, judging.condition(each, rhythms.get(each.id), now)) for each in polled]
    bad = [(each, condition) for each, condition in found if condition]
    counts = Counter(condition for _, condition in bad)
    summary = ", ".join(f"{say(_CONDITIONS[condition])}: {count}" for condition, count in counts.most_common())
    head = f"{bold(say.many('{n} source', '{n} sources', len(polled)))}\n{escape(summary or say('All of them fare well.'))}"
    head += f"\n\n{lines(*_queue(request))}"
    text, shown = fitting([_trouble(request, each, condition) for each, condition in bad], head=head)
    rest = len(bad) - shown
    tail = f"\n\n{lines(say.many('and {n} more', 'and {n} more', rest))}" if rest else ""
    return answer(text + tail, (Button(say("All sources"), "sources"), Button(say("Coverage by day"), "sources coverage")))


def _queue(request: Request) -> list[str]:
    """What waits to be sent, what Telegram wouldn't take since yesterday, and the troubles since the program started."""
    say, connection, now = request.say, request.connection, request.now
    waiting = sum(measure(connection, now).letters.values())
    refused, reason = outbox.rejected(connection, now - timedelta(days=1), now)
    met = ", ".join(f"{say(name)}: {count}" for name, count in sorted(troubles.counted().items()))
    queue = say.many("{n} message waits to be sent.", "{n} messages wait to be sent.", waiting)
    rows = [queue if waiting else say("Nothing waits to be sent.")]
    if refused:
        rows.append(
            say.many("Telegram wouldn't take {n} message since yesterday.", "Telegram wouldn't take {n} messages since yesterday.", refused)
        )
        rows.append(say("The last: {reason}", reason=shorten(reason, _LONG_NOTE)))
    return [*rows, *([say("Since the start: {troubles}", troubles=met)] if met else [])]


def _trouble(request: Request, each: Polled, condition: str) -> str:
    say, zone = request.say, request.chat.time_zone
    rows = [f"⚠️ {bold(shorten(each.source.name, 80))} – {escape(say(_CONDITIONS[condition]))}"]
    rows += [escape(shorten(say.sentence(each.last_error), _LONG_NOTE))] if each.last_error else []
    rows += [escape(say("last read {when}", when=say.moment(each.last_success_at, zone)))] if each.last_success_at else []
    return "\n".join(rows)


def _coverage(request: Request, group: str) -> Answer:
    """Which part of the sources of each language or standing was heard on each of the last days, and what they brought: a picture."""
    say, today = request.say, request.now.date()
    days = [today - timedelta(days=age) for age in range(COVERAGE_DAYS - 1, -1, -1)]
    cells = {(cell.group, cell.day): cell for cell in coverage.by_day(request.connection, group, days[0])}
    names = sorted({name for name, _ in cells})
    every = Button(say("All sources"), "sources")
    if not names:
        return answer(lines(say("Nothing has been polled yet.")), (every,))
    found = {_name(request, group, name): [cells.get((name, day)) for day in days] for name in names}
    title = say("Coverage by day")
    grid = Grid(
        title=title,
        columns=tuple(Column(day, say.date(day)) for day in days),
        rows=tuple(
            Row(name, tuple(map(_share, row)), tuple(each.matched if each else None for each in row)) for name, row in found.items()
        ),
        low=say("no source answered"),
        high=say("all answered"),
        missing=say("not polled"),
    )
    caption = "\n".join([bold(title), *(escape(_in_words(request, name, row)) for name, row in found.items())])
    wish, label = ("standing", say("By kind of outlet")) if group == "language" else ("language", say("By language"))
    return Answer((Picture(grid, caption, ((Button(label, f"sources coverage {wish}"), every),)),))


def _share(cell: Cell | None) -> float | None:
    return round(cell.heard / cell.sources, 4) if cell and cell.sources else None


def _matched(cell: Cell | None) -> int | None:
    return cell.matched if cell else None


def _in_words(request: Request, name: str, row: list[Cell | None]) -> str:
    """A row for those who can't see it: the share that answered over the days, and the items on our topics."""
    polled = [each for each in row if each is not None]
    heard, asked = sum(each.heard for each in polled), sum(each.sources for each in polled)
    share = f"{heard / asked:.0%}" if asked else "–"
    return request.say(
        "{name}: {share} answered, items on our topics: {items}", name=name, share=share, items=sum(each.matched for each in polled)
    )


def _name(request: Request, group: str, name: str) -> str:
    if group == "standing":
        return request.say(STANDINGS.get(name, name))
    return LANGUAGES.get(name, request.say("several languages"))
