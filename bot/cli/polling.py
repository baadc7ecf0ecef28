"""``homefront poll``: one cycle, now."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from bot import lookout
from bot.cli.console import FAILED, WRONG, errors, fail, note, plain_errors, print_json
from bot.clock import SystemClock
from bot.settings import Settings
from feeds import catalog
from feeds.fetch import Fetcher
from feeds.poll import Poller, Polling, Report
from storage import claiming, sources
from storage.database import Database
from storage.polled import Polled
from storage.upgrade import opened


def poll(
    context: typer.Context,
    *,
    source: Annotated[list[str] | None, typer.Option(help="Poll this source, whether it is due or not. May be given again.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Poll every source, whether it is due or not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Poll the sources that are due, and end with counts. The exit status is 1 where none of them could be read."""
    settings: Settings = context.obj
    with plain_errors(), opened(settings.database) as database, database.held():
        report = asyncio.run(_cycle(settings, database, source, everything=everything))
    if as_json:
        print_json(asdict(report))
    else:
        note("")
        typer.echo(_in_words(report))
    if report.sources and report.failed == report.sources:
        raise typer.Exit(FAILED)


def _in_words(report: Report) -> str:
    return (
        f"Sources polled: {report.sources}, failed: {report.failed}, unchanged: {report.unchanged}. New items: {report.new} "
        f"(on our topics: {report.matched}, copies: {report.copies}), known: {report.known}, revised: {report.revised}."
    )


async def _cycle(settings: Settings, database: Database, names: list[str] | None, *, everything: bool) -> Report:
    claimed = _claim(settings, database, names, everything=everything)
    recogniser = lookout.late_recogniser(settings, database)
    async with Fetcher(allow_private=settings.allow_private_addresses) as fetcher:
        poller = Poller(database, fetcher, recogniser, SystemClock().now, settings.poll_concurrency)
        with Progress(console=errors, transient=True) as progress:
            task = progress.add_task("Polling", total=len(claimed))

            def done(polling: Polling) -> None:
                progress.advance(task)
                if polling.error is not None:
                    note(f"{polling.polled.source.name}: {polling.error}")

            return await poller.poll(claimed, done)


def _claim(settings: Settings, database: Database, names: list[str] | None, *, everything: bool) -> list[Polled]:
    now = SystemClock().now()
    with database.write() as connection:
        sources.keep_catalog(connection, catalog.load(settings.sources), now)
        # Before anything is claimed, or the sources that are there would be left alone until their lease ends.
        missing = set(names) - {polled.source.name for polled in sources.every(connection)} if names else set()
        if missing:
            raise fail(f"There is no source called “{min(missing)}”. See “homefront sources list”.", WRONG)
        if names or everything:
            return claiming.claim_named(connection, now, names or None)
        return claiming.claim_due(connection, now, limit=10_000)
