"""``homefront search`` and ``homefront digest``: reading the archive from the terminal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bot import lookout
from bot.cli.console import FAILED, WRONG, fail, note, plain_errors, print_json
from bot.digest import News, news
from bot.render import shorten
from bot.settings import Settings
from bot.voice import LANGUAGES
from feeds import watchlist
from storage import archive, cursors, search as searching
from storage.hits import Hit
from storage.nearest import Nearest, nearest
from storage.query import parse
from storage.records import QueryError
from storage.search import MOST_COUNTED, Page, cursor_of
from storage.upgrade import opened

_SPAN = re.compile(r"(\d{1,4})([hdw])")
_AROUND = 50  # characters of a query shown on each side of a mistake
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(help='Words, "phrases", prefix*, OR, -excluded, topic:, after: and so on; see the README.')],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    before: Annotated[str, typer.Option(metavar="CURSOR", help="Go on where an earlier page ended.")] = "",
    unmatched: Annotated[bool, typer.Option("--all", help="Also items about none of the topics.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Search the archive, newest first or (sort:best) best first."""
    settings: Settings = context.obj
    typed, cursor = " ".join(query), cursor_of(before)
    if before and cursor is None:
        raise fail(f"“{before}” is no place between pages. Copy it from what the page before ended with.", WRONG)
    with plain_errors(), opened(settings.database) as database, database.read() as connection:
        topics = lookout.subjects_of(watchlist.load(settings.watchlist)).sought
        try:
            read = parse(typed)
            page = searching.search(connection, read, topics=topics, cursor=cursor, limit=limit, unmatched=unmatched)
        except QueryError as error:
            raise _refused(typed, error) from error
        near = nearest(connection, read, topics=topics, unmatched=unmatched) if not page.hits and not as_json else None
    _print(page, as_json=as_json)
    if not page.hits and not as_json:
        raise fail(f"Nothing in the archive has all of these words.{_hint(near)}", FAILED)


def _print(page: Page, *, as_json: bool) -> None:
    for hit in page.hits:
        if as_json:
            print_json(_fields(hit))
        else:
            typer.echo(_shown(hit))
    if not as_json:
        for each in page.named:
            note(f"“{each.words}” is a topic ({each.topic}): its articles in every language are here too.")
    if page.older:
        total = f"{MOST_COUNTED}+" if page.count > MOST_COUNTED else page.count
        note(f"{len(page.hits)} of {total}. The next ones: --before {page.older}")


def _refused(typed: str, error: QueryError) -> typer.Exit:
    """What is wrong with a query, a caret under the place, and what was probably meant."""
    start = max(0, error.position - _AROUND)
    shown = typed[start : error.position + _AROUND]
    pointed = f"\n    {shown}\n    {' ' * (error.position - start)}^" if shown.isprintable() and shown else ""
    meant = f"\nDid you mean: {error.meant}" if error.meant else ""
    return fail(f"{error} (character {error.position + 1}){pointed}{meant}", WRONG)


def _hint(near: Nearest | None) -> str:
    if near is None:
        return ""
    total = f"{MOST_COUNTED}+" if near.count > MOST_COUNTED else near.count
    return f"\nWithout “{near.left_out}” there are {total}: {near.typed}" if near.left_out else f"\nDid you mean: {near.typed} ({total})"


def digest(
    context: typer.Context,
    *,
    topics: Annotated[str, typer.Option(help="Topic ids with commas between; by default all.")] = "",
    since: Annotated[str, typer.Option(help="A span as in 12h, 3d or 2w, or a date as in 2026-11-20.")] = "1d",
    language: Annotated[str, typer.Option(help="Prefer headlines in en, ru or uk.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Show what a digest would say, without sending it."""
    settings: Settings = context.obj
    if language not in LANGUAGES:
        raise fail(f"There is no language “{language}” here. There are: {', '.join(LANGUAGES)}.", WRONG)
    with plain_errors(), opened(settings.database) as database, database.read() as connection:
        subjects = lookout.subjects_of(watchlist.load(settings.watchlist))
        wanted = [topic.strip() for topic in topics.split(",") if topic.strip()] or list(subjects.names)
        unknown = [topic for topic in wanted if topic not in subjects.names]
        if unknown:
            raise fail(f"There is no topic “{unknown[0]}”. There are: {', '.join(subjects.names)}.", WRONG)
        after = cursors.seq_before(connection, _moment(since))
        found = news(connection, subjects.ordered(wanted), language, after=after, up_to=archive.latest(connection))
    for each in found:
        if as_json:
            print_json(_story(each))
        else:
            headline = each.headline
            typer.echo(f"[{each.topic}] {_title(each)}\n    {headline.outlet}, {each.publishers} publisher(s)\n    {headline.url}")
    if not found and not as_json:
        typer.echo("Nothing on these topics since then.", err=True)


def _moment(since: str) -> datetime:
    span = _SPAN.fullmatch(since.strip())
    try:
        if span:
            return datetime.now(UTC) - int(span[1]) * _UNITS[span[2]]
        moment = datetime.fromisoformat(since.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise fail(f"“{since}” is neither a span (12h, 3d, 2w) nor a date (2026-11-20).", WRONG) from None


def _fields(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "story": hit.story_id,
        "title": hit.title.text,
        "snippet": hit.snippet.text,
        "url": hit.url,
        "lang": hit.language,
        "source": hit.outlet,
        "standing": hit.standing,
        "published": hit.published_at,
        "first_seen": hit.first_seen_at,
    }


def _shown(hit: Hit) -> str:
    title, body = _marked(hit.title.text, hit.title.marks), _marked(hit.snippet.text, hit.snippet.marks)
    if not title:
        title, body = body or "(no title)", ""
    return (
        f"{title}\n    {hit.outlet} ({hit.standing}), {hit.first_seen_at:%Y-%m-%d %H:%M} UTC\n    {hit.url}"
        + (f"\n    {body}" if body else "")
        + "\n"
    )


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    pieces, at = [], 0
    for start, end in marks:
        pieces += [text[at:start], typer.style(text[start:end], bold=True)]
        at = end
    return "".join(pieces) + text[at:]


def _title(each: News) -> str:
    """The headline, or the beginning of a post that has none."""
    return shorten(each.headline.title or each.headline.text, 300)


def _story(each: News) -> dict[str, Any]:
    return {
        "story": each.story_id,
        "topic": each.topic,
        "title": _title(each),
        "url": each.headline.url,
        "source": each.headline.outlet,
        "publishers": each.publishers,
        "articles": len(each.tellings),
    }
