"""``homefront explain`` and ``homefront watchlist check``: why something matches, and whether the watchlist does what it is there for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import lookout
from bot.cli.console import FAILED, WRONG, fail, plain_errors
from bot.settings import Settings
from feeds import checkup, watchlist
from feeds.canonical import canonical
from feeds.comparing import compare_articles
from feeds.explain import Explanation, explain as explanations
from feeds.fingerprint import address_key
from feeds.match import Matcher
from feeds.rematch import preview
from feeds.watchlist import Watchlist
from storage import articles
from storage.records import StorageError
from storage.upgrade import opened

LARGEST_FILE = 10_000_000
_NUMBER = re.compile(r"-?\d{1,17}", re.ASCII)

cli = typer.Typer(help="The watchlist: what is recognised.", no_args_is_help=True)


def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A text, a file with one (its first line is the title), or - for standard input.")] = "",
    *,
    pair: Annotated[
        tuple[str, str] | None, typer.Option(help="Instead: the numbers or addresses of two articles, and whether they are the same.")
    ] = None,
) -> None:
    """Say what a text is about, which words spoke for it and in what company, and what was turned down and why."""
    settings: Settings = context.obj
    if pair is not None:
        _compare(settings, *pair)
        return
    if not text:
        raise fail("Give a text, a file or -, or --pair with two articles.", WRONG)
    with plain_errors():
        title, body = _read(text)
        verdict = lookout.matcher_of(settings).match(title, body)
        found = list(explanations(verdict, title, body))
    topics = ", ".join(topic.id for topic in verdict.topics)
    typer.echo(f"Relevant: {topics}" if verdict.relevant else "Not relevant.")
    for each in found:
        typer.echo(_shown(each))


def _compare(settings: Settings, one: str, other: str) -> None:
    with plain_errors():
        groups = watchlist.load(settings.watchlist).groups
        with opened(settings.database) as database, database.read() as connection:
            found = compare_articles(connection, _number(connection, one), _number(connection, other), groups)
    for teller in (found.one, found.other):
        place = f"copy of {teller.copy_of}" if teller.copy_of else "no copy"
        typer.echo(f"[{teller.id}] {teller.publisher}, {teller.first_seen_at:%Y-%m-%d %H:%M} UTC, story {teller.story_id}, {place}")
        typer.echo(f"    {teller.title or teller.text[:100]}")
    decision, fit = found.decision, found.fit
    typer.echo(f"text: {decision.outcome}: {decision.reason}")
    typer.echo(f"    in common {decision.containment:.2f} of the shorter, titles alike by {decision.titles:.2f}")
    typer.echo(f"event: {'fits' if fit.margin >= 1 else 'does not fit'} (margin {fit.margin:.2f}, 1 is needed): {fit.reason}")
    together = found.one.story_id is not None and found.one.story_id == found.other.story_id
    typer.echo(f"They are {'in one story' if together else 'in different stories'} now.")


def _number(connection: Connection, named: str) -> int:
    """The article with that number or address."""
    if _NUMBER.fullmatch(named):
        return int(named)
    found = articles.with_key(connection, address_key(canonical(named)))
    if found is None:
        raise StorageError(f"There is no article {named[:200]}.")
    return found.id


@cli.command()
def check(context: typer.Context) -> None:
    """Run the watchlist's own examples, look for names and rules that can't work or are too broad, and count hits a day in the archive."""
    settings: Settings = context.obj
    with plain_errors():
        found = watchlist.load(settings.watchlist)
        matcher = lookout.matcher_of(settings, found)
        findings = checkup.check(found, matcher)
        counted = list(_hits(settings, found, matcher))
    for finding in findings:
        typer.echo(f"{finding.kind}  {finding.topic}: {finding.message}")
    for line in counted:
        typer.echo(line)
    if any(finding.kind == "example" for finding in findings):
        raise fail("Some examples come out wrong.", FAILED)
    typer.echo(f"{len(found.topics)} topics, {sum(len(topic.matches) + len(topic.misses) for topic in found.topics)} examples, all right.")


def _hits(settings: Settings, found: Watchlist, matcher: Matcher) -> Iterator[str]:
    """Hits a day of each topic over the days that unmatched items are kept; nothing where there is no archive yet."""
    if not settings.archive_exists:
        return
    now = datetime.now(UTC)
    with opened(settings.database) as database:
        changes = preview(database, matcher, now - timedelta(days=settings.keep_unmatched_days))
    if changes.oldest is None:
        return
    yield f"hits a day since {changes.oldest:%Y-%m-%d}:"
    for topic in found.topics:
        yield f"  {topic.id:30} {changes.hits_a_day(topic.id, now):8.1f}"
    if changes.added or changes.lost:
        yield "The archive was matched with another watchlist. To apply this one: homefront rematch"


def _read(text: str) -> tuple[str, str]:
    """The title and body that were given as a text, a file's name or standard input."""
    if text == "-":
        return _split(sys.stdin.buffer.read(LARGEST_FILE).decode("utf-8", "replace"))
    if not _is_file(text):
        return "", text
    try:
        return _split(Path(text).read_bytes()[:LARGEST_FILE].decode("utf-8-sig", "replace"))
    except OSError as error:
        raise StorageError(f"The file {text} can't be read: {error}.") from error


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False  # a text can be longer than any name, or have what none may have


def _split(whole: str) -> tuple[str, str]:
    title, _, body = whole.strip().partition("\n")
    return (title, body.strip()) if body.strip() else ("", title)


def _shown(each: Explanation) -> str:
    sentence = each.sentence
    marked = f"{sentence[: each.start]}{typer.style(each.quote, bold=True)}{sentence[each.end :]}"
    reason = f" ({each.reason})" if each.reason else ""
    return f"{'+' if each.counted else '-'} {each.topic}, by “{each.alias}” in the {each.field}{reason}\n    {' '.join(marked.split())}"
