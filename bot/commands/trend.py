"""/trend and /timeline: how much was told about topics by day, and what, as pictures with the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.pictures.figures import ROLES, Bars, Column, Happening, Series, Timeline
from bot.render import Button, Picture, bold, lines, link, shorten
from bot.spans import Span, read_span
from bot.voice import LANGUAGES
from feeds.publishers import house_of
from storage import trends
from storage.trends import Group, Told

MOST_TOPICS = 6
MOST_STORIES = 12
_CANDIDATES = 4  # times as many stories are read: the archive counts names, of which one house may have several
_DAYS, _WEEKLY_FROM, _LONGEST = 30, 92, 1_500
# By the beginnings of their names in each language: «по языкам», «за мовою».
_GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(("topic", "тем"), "topic"),
    **dict.fromkeys(("language", "язык", "мов"), "language"),
    **dict.fromkeys(("standing", "kind", "вид", "тип"), "standing"),
}
_CAPTION = 1_000


def trend(request: Request) -> Answer:
    """Draw how many articles there were by day or week, by topic, language or standing."""
    say = request.say
    topics, span, rest = _read(request)
    groups = [(word, _group(word)) for word in rest]
    group: Group = next((named for _, named in groups if named), "topic")
    unknown = [word for word, named in groups if not named and word not in {"by", "по", "за"}]
    if unknown:
        example = say("I don’t understand “{word}”. As in: /trend Way Home 90d, or: /trend protest 2024-01..2024-06", word=unknown[0][:40])
        return answer(lines(example))
    counted = trends.by_day(request.connection, topics, span.first, span.last, group)
    if not counted:
        return answer(lines(say("Nothing on these topics in those days.")))
    starts = _starts(span)
    daily = len(starts) == span.days
    names = _names(request, group, topics, counted)
    values = {name: [0] * len(starts) for name in names}
    for (name, day), count in counted.items():
        values[name][sum(start <= day for start in starts) - 1] += count
    silent = trends.silent_days(request.connection, span.first, span.last)
    title = _title(request, topics, span)
    bars = Bars(
        title=title,
        columns=tuple(Column(start, say.date(start)) for start in starts),
        series=tuple(Series(names[name], tuple(map(float, values[name])), ROLES[index % len(ROLES)]) for index, name in enumerate(names)),
        gaps=tuple(_gaps([start in silent for start in starts]) if daily else ()),
        gap_name=say("few sources answered"),
    )
    every = [sum(values[name][index] for name in names) for index in range(len(starts))]
    most = max(range(len(starts)), key=every.__getitem__)
    peak = {"day": say.date(starts[most]), "count": every[most]}
    told = [
        # An article on two topics stands in both of their bars, so there the sum would count it twice.
        *([say.many("{n} article", "{n} articles", sum(every))] if group != "topic" or len(topics) == 1 else []),
        say("most on {day}: {count}", **peak) if daily else say("most in the week of {day}: {count}", **peak),
        # One topic's sum is told already.
        *(f"{names[name]}: {sum(values[name])}" for name in names if group != "topic" or len(topics) > 1),
    ]
    caption = f"{bold(title)}\n{escape(shorten(' · '.join(told), _CAPTION - len(title)))}"
    return Answer((Picture(bars, caption, _turns(request, topics, span, group)),))


def timeline(request: Request) -> Answer:
    """Draw the stories of a topic that most publishers told, by date."""
    say = request.say
    topics, span, rest = _read(request)
    if rest or len(topics) != 1:
        return answer(lines(say("Name one topic, and days if you wish, as in: /timeline Way Home 2024")))
    candidates = MOST_STORIES * _CANDIDATES
    found = _most_told(trends.stories(request.connection, topics[0], span.first, span.last, candidates, language=say.language))
    if not found:
        return answer(lines(say("Nothing on these topics in those days.")))
    title = _title(request, topics, span)
    events = [Happening(say.recently(each.at, request.chat.time_zone), each.title or each.text, float(_publishers(each))) for each in found]
    rows = [bold(title)]
    for each in found:
        row = f"{escape(say.recently(each.at, request.chat.time_zone))} {link(shorten(each.title or each.text, 70), each.url)}"
        if sum(map(len, rows)) + len(row) > _CAPTION * 3 or len(rows) > MOST_STORIES:
            break
        rows.append(row)
    return Answer((Picture(Timeline(title, tuple(events)), _fitting(rows)),))


def _most_told(found: Sequence[Told]) -> list[Told]:
    """Those that most independent publishers told, in their order."""
    chosen = sorted(found, key=lambda each: (-_publishers(each), -each.articles, -each.story_id))[:MOST_STORIES]
    return sorted(chosen, key=lambda each: each.story_id)


def _publishers(told: Told) -> int:
    """How many independent publishers tell a story: those of one house are one."""
    return len({house_of(voice, "").name for voice in told.voices})


def _read(request: Request) -> tuple[list[str], Span, list[str]]:
    """The topics that are named, else the subscriber's own; the days, else the last thirty; and the words that are neither."""
    today, span, rest, topics = request.now.date(), None, list[str](), list[str]()
    for part in request.argument.replace(",", " , ").split():
        found = read_span(part, today)
        if found is not None:
            span = found
        else:
            rest.append(part)
    left = list[str]()
    for phrase in " ".join(rest).split(","):
        words = phrase.split()
        while words:
            # The longest beginning of what was written that names a topic.
            lengths = range(len(words), 0, -1)
            named = next((length for length in lengths if request.subjects.find(" ".join(words[:length]))), 0)
            topic = request.subjects.find(" ".join(words[:named]))
            if topic is None:
                left.append(words.pop(0))
            else:
                topics.append(topic)
                words = words[named:]
    chosen = list(dict.fromkeys(topics)) or request.subjects.ordered(request.chat.topics) or list(request.subjects.names)
    span = span or Span(today - timedelta(days=_DAYS - 1), today)
    if span.days > _LONGEST:
        span = Span(span.last - timedelta(days=_LONGEST - 1), span.last)
    return chosen[:MOST_TOPICS], span, left


def _group(word: str) -> Group | None:
    """What a word says that articles shall be counted by."""
    return next((group for beginning, group in _GROUPS.items() if word.casefold().startswith(beginning)), None)


def _starts(span: Span) -> list[date]:
    """The first days of the columns: every day, or of a longer span every week."""
    step = 1 if span.days <= _WEEKLY_FROM else 7
    return [span.first + timedelta(days=offset) for offset in range(0, span.days, step)]


def _names(request: Request, group: Group, topics: Sequence[str], counted: Mapping[tuple[str, date], int]) -> dict[str, str]:
    """The series with what they are called, in an order that stays."""
    if group == "topic":
        called = request.subjects.in_language(request.say.language)
        return {topic: called[topic] for topic in topics}
    there = {name for name, _ in counted}
    if group == "language":
        return {name: LANGUAGES[name] for name in LANGUAGES if name in there}
    return {name: request.say(STANDINGS[name]) for name in STANDINGS if name in there}


def _title(request: Request, topics: Sequence[str], span: Span) -> str:
    called = request.subjects.in_language(request.say.language)
    return shorten(f"{', '.join(called[topic] for topic in topics)}: {request.say.days(span.first, span.last)}", 180)


def _gaps(silent: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, gone in enumerate(silent):
        if gone and found and found[-1][1] == index - 1:
            found[-1] = found[-1][0], index
        elif gone:
            found.append((index, index))
    return found


def _turns(request: Request, topics: Sequence[str], span: Span, group: Group) -> tuple[tuple[Button, ...], ...]:
    """The same by another group, where a button can hold it."""
    say = request.say
    labels: Mapping[Group, str] = {"topic": say("By topic"), "language": say("By language"), "standing": say("By kind of outlet")}
    days = f"{span.first:%Y-%m-%d}..{span.last:%Y-%m-%d}"
    named = " ".join(topics) if len(topics) == 1 else ""
    return (tuple(Button(label, f"trend {each} {days} {named}".strip()) for each, label in labels.items() if each != group),)


def _fitting(rows: Sequence[str]) -> str:
    """As many rows as a caption takes."""
    kept = list(rows)
    while len("\n".join(kept)) > _CAPTION and len(kept) > 1:
        kept.pop()
    return "\n".join(kept)
