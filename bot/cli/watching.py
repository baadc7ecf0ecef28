"""``homefront explain`` and ``homefront watchlist check``: why something matches, and whether the watchlist does what it is there for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import app as program
from bot.cli.console import FAILED, fail, plain_errors
from bot.settings import Settings
from feeds import checkup, watchlist
from feeds.explain import Explanation, explain as explanations
from storage.records import StorageError

LARGEST_FILE = 10_000_000

cli = typer.Typer(help="The watchlist: what is recognised.", no_args_is_help=True)


def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A text, a file with one (its first line is the title), or - for standard input.")],
) -> None:
    """Say what a text is about, which words spoke for it and in what company, and what was turned down and why."""
    settings: Settings = context.obj
    with plain_errors():
        title, body = _read(text)
        verdict = program.matcher_of(settings).match(title, body)
        found = list(explanations(verdict, title, body))
    topics = ", ".join(topic.id for topic in verdict.topics)
    typer.echo(f"Relevant: {topics}" if verdict.relevant else "Not relevant.")
    for each in found:
        typer.echo(_shown(each))


@cli.command()
def check(context: typer.Context) -> None:
    """Run the watchlist's own examples, and look for names and rules that can't work or are too broad."""
    settings: Settings = context.obj
    with plain_errors():
        found = watchlist.load(settings.watchlist)
        findings = checkup.check(found, program.matcher_of(settings, found))
    for finding in findings:
        typer.echo(f"{finding.kind}  {finding.topic}: {finding.message}")
    if any(finding.kind == "example" for finding in findings):
        raise fail("Some examples come out wrong.", FAILED)
    typer.echo(f"{len(found.topics)} topics, {sum(len(topic.matches) + len(topic.misses) for topic in found.topics)} examples, all right.")


def _read(text: str) -> tuple[str, str]:
    """The title and body that were given as a text, a file's name or standard input."""
    if text == "-":
        return _split(sys.stdin.buffer.read(LARGEST_FILE).decode("utf-8", "replace"))
    try:
        file = Path(text)
        if len(text) < 1_000 and file.is_file():  # noqa: PLR2004 - no file has a longer name
            return _split(file.read_bytes()[:LARGEST_FILE].decode("utf-8-sig", "replace"))
    except (OSError, ValueError) as error:
        raise StorageError(f"The file {text[:100]} can't be read: {error}.") from error
    return "", text


def _split(whole: str) -> tuple[str, str]:
    title, _, body = whole.strip().partition("\n")
    return (title, body.strip()) if body.strip() else ("", title)


def _shown(each: Explanation) -> str:
    sentence = each.sentence
    marked = f"{sentence[: each.start]}{typer.style(each.quote, bold=True)}{sentence[each.end :]}"
    reason = f" ({each.reason})" if each.reason else ""
    return f"{'+' if each.counted else '-'} {each.topic}, by “{each.alias}” in the {each.field}{reason}\n    {' '.join(marked.split())}"
