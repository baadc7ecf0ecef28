"""``homefront search`` and ``homefront digest``: reading the archive from the terminal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bot import lookout
from bot.cli.console import FAILED, WRONG, fail, plain_errors, print_json
from bot.digest import News, news
from bot.render import shorten
from bot.settings import Settings
from bot.voice import LANGUAGES
from feeds import watchlist
from storage import archive, search as searching, stories
from storage.search import Hit
from storage.upgrade import opened

_SPAN = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(help='Words, "phrases", prefix*, -excluded.')],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    unmatched: Annotated[bool, typer.Option("--all", help="Also items about none of the topics.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Search the archive, newest first."""
    settings: Settings = context.obj
    with plain_errors(), opened(settings.database) as database, database.read() as connection:
        page = searching.search(connection, searching.parse(" ".join(query)), limit=limit, unmatched=unmatched)
    for hit in page.hits:
        if as_json:
            print_json(_fields(hit))
        else:
            typer.echo(_shown(hit))
    if not page.hits and not as_json:
        raise fail("Nothing in the archive has all of these words.", FAILED)


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
        after = stories.seq_before(connection, _moment(since))
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
