"""/search: the archive, newest first, a page at a time."""

from __future__ import annotations

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.render import Button, Message, code, fitting, highlight, italic, lines, link, shorten
from bot.voice import mark
from storage import search
from storage.records import QueryError
from storage.search import Hit, Marked

HITS_A_PAGE = 5
_LONGEST_TITLE = 180
_MISTAKES = {
    "empty": mark("Say at least one word to look for; words to leave out (-word) don't do alone."),
    "open quotation": mark("This quotation mark is never closed:"),
    "too long": mark("A search has at most {most} characters."),
    "too many": mark("A search has at most {most} words and phrases."),
}


def find(request: Request) -> Answer:
    """Search for the argument; a press of "more" gives the number of the last hit instead, and the query is in the message."""
    say = request.say
    before, typed = None, request.argument
    if request.pressed and request.argument.isascii() and request.argument.isdigit():
        before, typed = int(request.argument[:18]), request.quoted
        if not typed:
            return Answer(toast=say("That list is too old. Please search again."))
    if not typed:
        return answer(lines(say("What shall I look for? For example: /search Way Home Moscow")))
    try:
        query = search.parse(typed)
    except QueryError as error:
        return answer(_mistake(request, typed, error))
    page = search.search(request.connection, query, before=before, limit=HITS_A_PAGE)
    if not page.hits:
        hint = say("Try fewer words, or only the beginning of one: mobilis*")
        return answer(lines(say("Nothing in the archive has “{query}”.", query=shorten(typed, 100)), hint))
    # The whole query stands in the message: the next page is searched with it, and nothing of it is stored.
    text, shown = fitting([_hit(request, hit) for hit in page.hits], head=f"🔎 {code(typed)}")
    more = ((Button(say("Older"), f"search {page.hits[shown - 1].id}"),),) if page.more or shown < len(page.hits) else ()
    return Answer((Message(text, more, fresh=True),))


def _hit(request: Request, hit: Hit) -> str:
    say = request.say
    title = hit.title if len(hit.title.text) <= _LONGEST_TITLE else Marked(shorten(hit.title.text, _LONGEST_TITLE), ())
    headline = link(title.text, hit.url) if title.text else link(hit.outlet, hit.url)
    standing = say(STANDINGS.get(hit.standing, hit.standing))
    when = say.moment(hit.first_seen_at, request.chat.time_zone)
    body = highlight(hit.snippet.text, hit.snippet.marks)
    return f"{headline}\n{italic(f'{hit.outlet} ({standing}) · {when}')}" + (f"\n{body}" if body else "")


def _mistake(request: Request, typed: str, error: QueryError) -> str:
    place = typed[max(0, error.position - 20) : error.position + 20]
    return lines(request.say(_MISTAKES[error.kind], most=error.most)) + (f"\n{code(place)}" if place.strip() else "")
