"""/search: the archive, newest first, a page at a time."""

from __future__ import annotations

from html import escape

from bot.commands.request import Answer, Request, answer
from bot.digest_page import STANDINGS
from bot.render import Button, Message, highlight, link, pages, shorten
from storage import search
from storage.records import QueryError
from storage.search import Hit, Marked

HITS_A_PAGE = 5
_LONGEST_TITLE = 180


def find(request: Request) -> Answer:
    """Search for the argument; a press of "more" gives the number of the last hit instead, and the query is in the message."""
    say = request.say
    before, typed = None, request.argument
    if request.pressed and request.argument.isascii() and request.argument.isdigit():
        before, typed = int(request.argument[:18]), request.quoted
        if not typed:
            return Answer(toast=say("That list is too old. Please search again."))
    if not typed:
        return answer(escape(say("What shall I look for? For example: /search Way Home Moscow")))
    try:
        query = search.parse(typed)
    except QueryError as error:
        return answer(_mistake(request, typed, error))
    page = search.search(request.connection, query, before=before, limit=HITS_A_PAGE)
    if not page.hits:
        return answer(
            escape(
                say(
                    "Nothing in the archive has “{query}”. Try fewer words, or only the beginning of one: mobilis*",
                    query=shorten(typed, 100),
                )
            )
        )
    text = pages([_hit(request, hit) for hit in page.hits], head=f"🔎 <code>{escape(shorten(typed, 200))}</code>")[0]
    more = ((Button(say("Older"), f"search {page.hits[-1].id}"),),) if page.more else ()
    return Answer((Message(text, more, fresh=True),))


def _hit(request: Request, hit: Hit) -> str:
    say = request.say
    title = hit.title if len(hit.title.text) <= _LONGEST_TITLE else Marked(shorten(hit.title.text, _LONGEST_TITLE), ())
    headline = link(title.text, hit.url) if title.text else link(hit.outlet, hit.url)
    standing = say(STANDINGS.get(hit.standing, hit.standing))
    when = say.moment(hit.first_seen_at, request.chat.time_zone)
    body = highlight(hit.snippet.text, hit.snippet.marks)
    return f"{headline}\n<i>{escape(f'{hit.outlet} ({standing}) · {when}')}</i>" + (f"\n{body}" if body else "")


def _mistake(request: Request, typed: str, error: QueryError) -> str:
    place = typed[max(0, error.position - 20) : error.position + 20]
    return escape(request.say(str(error))) + (f"\n<code>{escape(place)}</code>" if place.strip() else "")
