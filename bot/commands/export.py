"""/export: what a search or a topic finds, as a file to work with. The file is written when it is sent, and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from html import escape

from bot.commands.request import Answer, Request, answer
from bot.files import MOST_ARTICLES
from bot.render import Button, Document, code, grid, lines, shorten
from bot.spans import read_span
from storage import search
from storage.query import parse
from storage.records import QueryError

_LONGEST = 300  # characters of a query, which stands in the caption too
FORMS: Mapping[str, str] = {"csv": "CSV", "jsonl": "JSON Lines", "bibtex": "BibTeX", "ris": "RIS"}
_FIRST_YEAR = 1990  # before it, four digits are a number


def export(request: Request) -> Answer:
    """Offer what a query or topic finds as a file, or send the file of the query in the pressed message."""
    say, typed = request.say, request.argument
    if request.pressed and typed in FORMS:
        return _send(request, typed)
    if not typed:
        names = request.subjects.in_language(say.language)
        buttons = [(Button(name, f"export topic:{topic}"),) for topic, name in names.items()]
        return answer(lines(say("What shall be in the file? Tap a topic, or write a search as in: /export Way Home Moscow")), *buttons)
    typed = _dated(typed, request.now.date())
    if len(typed) > _LONGEST:
        return answer(lines(say("A search for a file has at most {most} characters.", most=_LONGEST)))
    try:
        found = _count(request, typed)
    except QueryError as error:
        return answer(lines(say.sentence(error.problem), say("Try the search first, then send it with /export: /search Way Home Moscow")))
    if not found:
        return answer(lines(say("Nothing in the archive has “{query}”.", query=shorten(typed, 100))))
    rows = grid([Button(f"📎 {name}", f"export {form}") for form, name in FORMS.items()], 2)
    use = say("CSV is for spreadsheets, JSON Lines for programs, BibTeX and RIS for lists of references.")
    return answer(f"📎 {code(typed)}\n{lines(_counted(request, found), use)}", *rows)


def _send(request: Request, form: str) -> Answer:
    say, query = request.say, request.quoted
    try:
        found = _count(request, query) if query else 0
    except QueryError:
        found = 0
    if not found:
        return Answer(toast=say("That message is too old. Please write the search again."))
    caption = f"{code(query)}\n{escape(_counted(request, found))}"
    return Answer((Document(query, form, caption),), toast=say("The file is being written."))


def _dated(typed: str, today: date) -> str:
    """A search that ends in days ("2024-02", "30d"), with those as its fields."""
    words, _, last = typed.rpartition(" ")
    span = read_span(last, today)
    if span is None or span.first.year < _FIRST_YEAR:
        return typed
    return f"{words} after:{span.first:%Y-%m-%d} before:{span.last + timedelta(days=1):%Y-%m-%d}".strip()


def _count(request: Request, typed: str) -> int:
    """How many articles there are, one more than a file takes at most."""
    return len(search.numbers(request.connection, parse(typed), topics=request.subjects.sought, limit=MOST_ARTICLES + 1))


def _counted(request: Request, found: int) -> str:
    say = request.say
    if found > MOST_ARTICLES:
        return say("The newest {n} articles; for more, name some days: after:2024-01-01", n=say.number(MOST_ARTICLES))
    return say.many("{n} article", "{n} articles", found)
