"""/search: the archive, a page at a time in one message, and what was probably meant where nothing can be read or found."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.render import Button, Message, block, code, fits, highlight, italic, lines, link, shorten
from storage import search
from storage.hits import Hit
from storage.nearest import Nearest, nearest
from storage.query import Query, parse
from storage.records import QueryError
from storage.search import MOST_COUNTED, Cursor, Page, cursor_of
from storage.snippets import Marked, Place

HITS_A_PAGE = 5
# In a button: search for what stands in code in its message.
AS_SHOWN = "="
_LONGEST_TITLE, _SHORT_TITLE = 180, 80
_LONGEST_OUTLET = 60
_MOST_MARKS = 12  # of a hit: a message takes 100 entities
_AROUND = 24  # characters of a query shown on each side of a mistake


def find(request: Request) -> Answer:
    """Search for the argument; a pressed button gives a place between pages instead, and the query is in the message."""
    say, typed, cursor = request.say, request.argument, None
    if request.pressed and (typed == AS_SHOWN or cursor_of(typed)):
        cursor, typed = cursor_of(typed), request.quoted
        if not typed:
            return Answer(toast=say("That list is too old. Please search again."))
    if not typed:
        return answer(lines(say("What shall I look for? For example: /search Way Home Moscow")))
    try:
        return _found(request, parse(typed), cursor)
    except QueryError as error:
        return _mistake(request, typed, error)


def _found(request: Request, query: Query, cursor: Cursor | None) -> Answer:
    page = _page(request, query, cursor)
    if page.hits:
        return Answer((_message(request, query, page),))
    if cursor is not None:
        return Answer(toast=request.say("That list is too old. Please search again."))
    near = nearest(request.connection, query, topics=request.subjects.sought)
    return _nothing(request, query, near) if near is None or not near.left_out else _without(request, query, near)


def _page(request: Request, query: Query, cursor: Cursor | None = None) -> Page:
    return search.search(request.connection, query, topics=request.subjects.sought, cursor=cursor, limit=HITS_A_PAGE)


def _message(request: Request, query: Query, page: Page, note: str = "") -> Message:
    """A page of hits. The whole query stands in the message: other pages are searched with it, and nothing of it is stored."""
    say = request.say
    named = [
        say("“{words}” is a topic: its articles in every language are here too.", words=shorten(each.words, 60)) for each in page.named
    ]
    head = "\n".join(
        [*([escape(note)] if note else []), f"🔎 {code(query.typed)} · {escape(_count(request, page.count))}", *map(italic, named)]
    )
    turns = [(say("← Newer"), page.newer), (say("Older →"), page.older)]
    row = tuple(Button(label, f"search {cursor}") for label, cursor in turns if cursor)
    numbered = tuple(enumerate(page.hits, start=1))
    told = tuple(Button(f"📖 {number}", f"story {hit.story_id}") for number, hit in numbered if hit.story_id is not None)
    # Every hit of a page is shown, so that pages stay the same; where they are too much for one message, less of each.
    texts = ("\n\n".join([head, *(f"{number}. {_hit(request, hit, detail)}" for number, hit in numbered)]) for detail in (2, 1, 0))
    return Message(next(filter(fits, texts), head), tuple(filter(None, (row, told))))


def _count(request: Request, count: int) -> str:
    say = request.say
    if count > MOST_COUNTED:
        return say("{n}+ articles", n=MOST_COUNTED)
    return say.many("{n} article", "{n} articles", count)


def _hit(request: Request, hit: Hit, detail: int) -> str:
    """A hit: 2 with a part of its text, 1 without, 0 with a short title alone."""
    say = request.say
    title, snippet = shorten(hit.title.text, _LONGEST_TITLE if detail else _SHORT_TITLE), hit.snippet
    if not title:
        title, snippet = shorten(snippet.text, _LONGEST_TITLE if detail else _SHORT_TITLE), Marked("", ())
    standing = say(STANDINGS.get(hit.standing, hit.standing))
    when = say.moment(hit.first_seen_at, request.chat.time_zone)
    shown = f"{link(title or hit.outlet, hit.url)}\n{italic(f'{shorten(hit.outlet, _LONGEST_OUTLET)} ({standing}) · {when}')}"
    body = highlight(snippet.text, _few(snippet.marks)) if detail > 1 else ""
    return f"{shown}\n{body}" if body else shown


def _few(marks: Sequence[Place]) -> Sequence[Place]:
    return marks[:_MOST_MARKS]


def _nothing(request: Request, query: Query, near: Nearest | None) -> Answer:
    say = request.say
    nothing = say("Nothing in the archive has “{query}”.", query=shorten(query.typed, 100))
    if near is None:
        one = len(query.typed.split()) == 1
        hint = (
            say("Try another word, or only its beginning: mobilis*")
            if one
            else say("Try fewer words, or only the beginning of one: mobilis*")
        )
        return answer(lines(nothing, hint, say("What else I can do: /help")))
    return _offer(request, lines(nothing), near.typed, f" · {escape(_count(request, near.count))}")


def _without(request: Request, query: Query, near: Nearest) -> Answer:
    """What there is without the part that nothing has."""
    note = request.say(
        "Nothing in the archive has “{query}”. Without “{left}” there is:", query=shorten(query.typed, 100), left=shorten(near.left_out, 60)
    )
    rest = parse(near.typed)
    return Answer((_message(request, rest, _page(request, rest), note),))


def _mistake(request: Request, typed: str, error: QueryError) -> Answer:
    """What is wrong with a query, its place, and a button for what was probably meant."""
    problem, place = lines(request.say.sentence(error.problem)), _place(typed, error.position)
    text = f"{problem}\n{place}" if place else problem
    return _offer(request, text, error.meant) if error.meant else answer(text)


def _offer(request: Request, text: str, typed: str, more: str = "") -> Answer:
    say = request.say
    return answer(f"{text}\n{escape(say('Did you mean:'))} {code(typed)}{more}", (Button(say("Search for this"), f"search {AS_SHOWN}"),))


def _place(typed: str, position: int) -> str:
    """The characters around a place, and a caret below it."""
    start, end = max(0, position - _AROUND), position + _AROUND
    shown = typed[start:end]
    if not shown.strip() or position == 0:
        return ""
    return block(f"{'…' if start else ''}{shown}{'…' if end < len(typed) else ''}\n{' ' * (position - start + bool(start))}↑")
