"""``homefront rematch``: a changed watchlist, applied to the archive after a look at what it would change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.progress import Progress

from bot import lookout
from bot.cli.console import FAILED, errors, fail, note, plain_errors, print_json
from bot.render import shorten
from bot.settings import Settings
from feeds import rematch as rematching
from feeds.rematch import Changes
from storage import articles
from storage.articles import Stored
from storage.database import Database
from storage.upgrade import opened


def rematch(
    context: typer.Context,
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Apply it without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the preview as JSON.")] = False,
) -> None:
    """Apply the watchlist as it is now to what is in the archive. Stopping it loses nothing: run it again to go on."""
    settings: Settings = context.obj
    with plain_errors(), opened(settings.database) as database:
        matcher = lookout.matcher_of(settings)
        now = datetime.now(UTC)
        with _progress(database, "Looking") as done:
            changes = rematching.preview(database, matcher, now - timedelta(days=settings.keep_unmatched_days), done)
        if as_json:
            print_json(_fields(changes))
        else:
            _show(changes, settings.keep_unmatched_days)
        if preview or not (changes.added or changes.lost) or not (yes or _agreed()):
            return
        try:
            with _progress(database, "Applying") as done:
                changed = rematching.rematch(database, matcher, now, done)
        except KeyboardInterrupt:
            raise fail("Stopped. What was done stays; run it again to go on.", FAILED) from None
    note(f"Done: {changed:,} articles changed. Digests bring what is newer than each reader's last one; the rest is found by searching.")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        note("Nothing was changed. To apply it: homefront rematch --yes")
        return False
    return typer.confirm("Apply this?", err=True)


def _show(changes: Changes, days: int) -> None:
    if not (changes.added or changes.lost):
        typer.echo(f"{changes.judged:,} articles looked at: the archive agrees with the watchlist.")
        return
    typer.echo(f"{changes.judged:,} articles looked at: {changes.matched:,} come to match, {changes.unmatched:,} no longer do.")
    for topic in sorted({*changes.added, *changes.lost}):
        typer.echo(f"{topic}: {changes.added[topic]:,} more, {changes.lost[topic]:,} fewer")
        for sign, samples in (("+", changes.added_samples), ("-", changes.lost_samples)):
            for article in reversed(samples.get(topic, [])):
                typer.echo(f"  {sign} {_line(article)}")
    if changes.unmatched:
        typer.echo(f"What no longer matches leaves the archive {days} days after it was first seen.")


def _line(article: Stored) -> str:
    return f"{article.first_seen_at:%Y-%m-%d}  {shorten(article.title or article.text, 100)}"


def _fields(changes: Changes) -> dict[str, Any]:
    topics = sorted({*changes.added, *changes.lost})
    return {
        "articles": changes.judged,
        "matched": changes.matched,
        "unmatched": changes.unmatched,
        "topics": {
            topic: {
                "added": changes.added[topic],
                "lost": changes.lost[topic],
                "added_samples": [each.url for each in changes.added_samples.get(topic, [])],
                "lost_samples": [each.url for each in changes.lost_samples.get(topic, [])],
            }
            for topic in topics
        },
    }


@contextmanager
def _progress(database: Database, words: str) -> Iterator[Callable[[int], None]]:
    with database.read() as connection:
        total = articles.count(connection)
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda count: progress.advance(task, count)
