"""``homefront sources``: the list of what is polled, and how it fares."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.console import FAILED, errors, fail, note as note_line, plain_errors, print_json
from bot.clock import SystemClock
from bot.settings import Settings
from feeds import catalog
from feeds.addresses import redact
from feeds.fetch import Fetcher
from feeds.health import RHYTHM_DAYS, condition
from feeds.opml import MAX_BYTES as LARGEST_LIST, read_opml, write_opml
from feeds.parse import Document
from feeds.probe import OfferError, Probe, probe
from storage import coverage, sources
from storage.database import Database
from storage.polled import Polled
from storage.records import SettingsError, SourceError
from storage.upgrade import opened

cli = typer.Typer(help="The sources that are polled.", no_args_is_help=True)
MOST_SHOWN = 3
COVERAGE_DAYS = 14


@cli.command("list")
def list_(context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False) -> None:
    """List every source with how polling it goes; as JSON also with what it brought on each of the last days."""
    now = SystemClock().now()
    with plain_errors(), opened(context.obj.database) as database:
        polled = _all(context.obj, database)
        with database.read() as connection:
            rhythms = coverage.rhythms(connection, now.date(), RHYTHM_DAYS)
            days = coverage.of_sources(connection, now.date() - timedelta(days=COVERAGE_DAYS - 1))
    for each in polled:
        if as_json:
            rhythm = rhythms.get(each.id)
            more = {"condition": condition(each, rhythm, now) or "fine", "items_a_day": round(rhythm.items_a_day, 2) if rhythm else None}
            print_json({**_fields(each), **more, "days": days.get(each.id, [])})
        else:
            typer.echo(_line(each))


@cli.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The address of a feed, a news sitemap or a channel (https://t.me/s/name).")],
    *,
    name: Annotated[str, typer.Option(help="What to call it; by default its own title.")] = "",
    kind: Annotated[str, typer.Option(help="feed, news_sitemap or telegram; by default what is found there.")] = "",
    publisher: Annotated[str, typer.Option(help="Several sources of one publisher count once.")] = "",
    standing: Annotated[str, typer.Option(help="independent, exile, state, wire, ukrainian or group.")] = "independent",
    language: Annotated[str, typer.Option(help="en, ru or uk; leave it out where items come in several.")] = "",
    interval: Annotated[int, typer.Option(help="Seconds between checks, 600 or more; by default as its rhythm asks.")] = 0,
    note: Annotated[str, typer.Option(help="What those who run this should know of it.")] = "",
) -> None:
    """Add a source, after looking whether it can be read."""
    settings: Settings = context.obj
    url, name = url.strip(), name.strip()
    with plain_errors():
        given: dict[str, Any] = {"name": name or "new", "url": url, "kind": kind, "standing": standing, "language": language}
        given |= {"interval": interval, "note": note}
        source = catalog.read_source({key: value for key, value in given.items() if value or key == "url"}, "The new source")
        found = asyncio.run(_probe(settings, url, kind or None))
        title = name or found.title or url
        source = replace(source, name=title, publisher=publisher or title, kind=found.kind)
        with opened(settings.database) as database, database.write() as connection:
            sources.keep_catalog(connection, catalog.load(settings.sources), SystemClock().now())
            sources.add(connection, source, SystemClock().now())
    _show(found.document)
    typer.echo(f"Added “{title}”.")


@cli.command()
def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="Its name or address.")]) -> None:
    """Poll a source no more. What it brought stays in the archive."""
    with plain_errors(), opened(context.obj.database) as database:
        _all(context.obj, database)
        with database.write() as connection:
            if not sources.remove(connection, name):
                raise fail(f"There is no source called “{name}”. See “homefront sources list”.", FAILED)
    typer.echo(f"Removed “{name}”.")


@cli.command()
def check(
    context: typer.Context, names: Annotated[list[str] | None, typer.Argument(help="Which; by default all that are on.")] = None
) -> None:
    """Fetch sources and say whether they can be read, without storing anything."""
    settings: Settings = context.obj
    with plain_errors(), opened(settings.database) as database:
        chosen = _chosen(_all(settings, database), names)
        failures = asyncio.run(_check(settings, chosen))
    if failures:
        raise typer.Exit(FAILED)


@cli.command("import-opml")
def import_opml(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A list as other feed readers write it (OPML).")]
) -> None:
    """Add the sources of an OPML list, without looking at them; those that are in the list already are left as they are."""
    settings: Settings = context.obj
    with plain_errors():
        found, refused = read_opml(_content(file))
        added = 0
        with opened(settings.database) as database:
            _all(settings, database)
            with database.write() as connection:
                for source in found:
                    try:
                        sources.add(connection, source, SystemClock().now())
                        added += 1
                    except SourceError as error:
                        refused = (*refused, f"{source.name}: {error}")
    for reason in refused:
        note_line(f"  {reason}")
    typer.echo(f"Added {added} sources; {len(refused)} left out.")


@cli.command("export-opml")
def export_opml(
    context: typer.Context,
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file; by default standard output.")] = None,
) -> None:
    """Write the list as OPML, for other feed readers and for homefront."""
    with plain_errors(), opened(context.obj.database) as database:
        text = write_opml(each.source for each in _all(context.obj, database))
        if output is None:
            typer.echo(text, nl=False)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"{output} can't be written: {error.strerror}.") from error
    note_line(f"Written to {output}.")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as given:
            return given.read(LARGEST_LIST + 1)
    except OSError as error:
        raise SettingsError(f"{file} can't be read: {error.strerror}.") from error


def _chosen(polled: list[Polled], names: list[str] | None) -> list[Polled]:
    """The named sources, or all that are on; ends the command where there is none of a name, or none at all."""
    unknown = [name for name in names or () if name not in {each.source.name for each in polled}]
    if unknown:
        raise fail(f"There is no such source: “{unknown[0]}”. See “homefront sources list”.", FAILED)
    chosen = [each for each in polled if (each.source.name in names if names else each.state == "on")]
    if not chosen:
        raise fail("No source is switched on. See “homefront sources list”.", FAILED)
    return chosen


async def _check(settings: Settings, chosen: list[Polled]) -> int:
    gate, failures = asyncio.Semaphore(settings.poll_concurrency), 0

    async def one(each: Polled) -> None:
        nonlocal failures
        async with gate:
            try:
                document = (await _probe(settings, each.source.url, each.source.kind)).document
                typer.echo(f"ok       {each.source.name}: {len(document.entries)} items")
            except SourceError as error:
                failures += 1
                typer.echo(f"trouble  {each.source.name}: {error}")

    async with asyncio.TaskGroup() as group:
        for each in chosen:
            group.create_task(one(each))
    return failures


async def _probe(settings: Settings, url: str, kind: str | None) -> Probe:
    async with Fetcher(allow_private=settings.allow_private_addresses) as fetcher:
        try:
            return await probe(fetcher, url, kind)
        except OfferError as error:
            for title, address in error.offered:
                note_line(f"  {title}: {redact(address)}")
            raise


def _show(document: Document) -> None:
    for entry in document.entries[:MOST_SHOWN]:
        note_line(f"  {entry.title or entry.text[:80]}")
    if document.skipped:
        errors.print(f"  {len(document.skipped)} items can't be read: {document.skipped[0]}", markup=False)


def _all(settings: Settings, database: Database) -> list[Polled]:
    with database.write() as connection:
        sources.keep_catalog(connection, catalog.load(settings.sources), SystemClock().now())
        return sources.every(connection)


def _line(each: Polled) -> str:
    if each.state != "on":
        health = "off"
    elif each.failures:
        health = f"trouble: {each.last_error}"
    else:
        health = f"ok, read {each.last_success_at:%Y-%m-%d %H:%M} UTC" if each.last_success_at else "not polled yet"
    return f"{each.source.name}  [{each.source.standing}, {each.source.kind}]  {health}\n    {redact(each.source.url)}"


def _fields(each: Polled) -> dict[str, Any]:
    return {
        "name": each.source.name,
        "address": redact(each.source.url),
        "kind": each.source.kind,
        "standing": each.source.standing,
        "publisher": each.source.publisher,
        "language": each.source.language,
        "state": each.state,
        "last_success": each.last_success_at,
        "last_new": each.last_new_at,
        "last_error": str(each.last_error) if each.last_error else None,
        "next_check": each.next_check_at,
    }
