"""The list of sources: what the catalog and operators put into it and take out of it.

Not here: who polls them and how that went (``claiming.py``), the list's file (``feeds/catalog.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from storage.polled import Polled, of_row
from storage.records import Source, SourceError, sentence
from storage.tables import SourceRow, insert_rows, table

# What the catalog says of a source, beside whether it is polled.
_DESCRIBED = tuple(field.name for field in fields(Source) if field.name != "enabled")


def keep_catalog(connection: Connection, catalog: Iterable[Source], now: datetime) -> None:
    """Make the stored list agree with the catalog, sparing what operators added or removed.

    A source is recognised by its name, else by its address, so that it stays the same one when either is edited. What left the catalog
    is removed, and polled again when it comes back.
    """
    sources = table(SourceRow)
    stored = connection.execute(select(sources)).all()
    operators = [row for row in stored if row.origin != "catalog"]
    taken = {row.name for row in operators} | {row.url for row in operators}
    wanted = [source for source in catalog if not {source.name, source.url} & taken]
    rows = [row for row in stored if row.origin == "catalog"]
    kept = _recognised(rows, wanted)
    gone = [row.id for row in rows if row.id not in kept]
    connection.execute(update(sources).where(sources.c.id.in_(gone)).values(state="removed"))
    addresses = {source.url for source in wanted}
    _vacate(connection, [row for row in rows if row.url in addresses and (row.id not in kept or kept[row.id].url != row.url)])
    for row in rows:
        if row.id in kept:
            _edit(connection, row, kept[row.id])
    known = set(kept.values())
    insert_rows(connection, SourceRow, [_row(source, "catalog", now) for source in wanted if source not in known])


def add(connection: Connection, source: Source, now: datetime) -> None:
    """Add an operator's source, or take back one that had been removed; SourceError where its name or address is taken."""
    sources = table(SourceRow)
    twins = connection.execute(select(sources).where(or_(sources.c.name == source.name, sources.c.url == source.url))).all()
    for twin in twins:
        if twin.state != "removed":
            raise SourceError(sentence("That source is in the list already, as “{name}”.", name=twin.name), source.url)
    # What a removed source brought stays its own: only one with the same address is the same source again.
    for twin in twins:
        if twin.url != source.url:
            connection.execute(update(sources).where(sources.c.id == twin.id).values(name=f"{twin.name} #{twin.id}"))
    same = next((twin for twin in twins if twin.url == source.url), None)
    if same is None:
        connection.execute(sources.insert(), _row(source, "operator", now))
    else:
        connection.execute(update(sources).where(sources.c.id == same.id).values(_row(source, "operator", now)))


def add_hidden(connection: Connection, kind: str, now: datetime) -> int:
    """Store a source that is never polled and in no list, named as its kind where nobody else is, and return its number."""
    sources = table(SourceRow)
    taken = connection.scalar(select(sources.c.id).where(sources.c.name == kind)) is not None
    source = Source(f"{kind} (files)" if taken else kind, f"{kind}:", kind=kind, standing="unknown")
    row = _row(source, kind, now) | {"state": "removed"}
    connection.execute(sources.insert(), row)
    return int(connection.scalars(select(sources.c.id).where(sources.c.url == source.url)).one())


def numbers_by_name(connection: Connection) -> dict[str, int]:
    """The numbers of all sources in the list, by their names."""
    sources = table(SourceRow)
    return {row.name: row.id for row in connection.execute(select(sources.c.name, sources.c.id).where(sources.c.state != "removed"))}


def free_name(connection: Connection, source: Source, host: str) -> str:
    """A source's name, with its host behind it where another source goes by that name."""
    sources = table(SourceRow)
    taken = select(sources.c.id).where(sources.c.name == source.name, sources.c.url != source.url, sources.c.state != "removed")
    return f"{source.name} ({host})" if connection.scalar(taken) is not None else source.name


def remove(connection: Connection, name: str) -> bool:
    """Poll a source no more. What it brought stays in the archive. False where no source has that name or address."""
    sources = table(SourceRow)
    statement = update(sources).where(or_(sources.c.name == name, sources.c.url == name), sources.c.state != "removed")
    # From now on it is an operator's word that it isn't polled, which the catalog doesn't overrule.
    return connection.execute(statement.values(state="removed", origin="operator")).rowcount > 0


def every(connection: Connection, *, removed: bool = False) -> list[Polled]:
    """All sources by name; those that were removed only if asked for."""
    sources = table(SourceRow)
    statement = select(sources).order_by(func.lower(sources.c.name))
    return [of_row(row) for row in connection.execute(statement if removed else statement.where(sources.c.state != "removed"))]


def _recognised(rows: Sequence[Any], wanted: Sequence[Source]) -> dict[int, Source]:
    """Which stored row is which source of the catalog: those with its name first, then those left with its address. Pure."""
    named = {source.name: source for source in wanted}
    kept = {row.id: named[row.name] for row in rows if row.name in named}
    found = {source.name for source in kept.values()}
    placed = {source.url: source for source in wanted if source.name not in found}
    return kept | {row.id: placed[row.url] for row in rows if row.id not in kept and row.url in placed}


def _vacate(connection: Connection, rows: Iterable[Any]) -> None:
    """Free the addresses of these rows for others; a fragment with its number leaves each one that nobody else has."""
    sources = table(SourceRow)
    for row in rows:
        connection.execute(update(sources).where(sources.c.id == row.id).values(url=f"{row.url}#{row.id}"))


def _edit(connection: Connection, row: Any, source: Source) -> None:
    """Give a row what the catalog says of it; what a server said of the document at another address is forgotten."""
    sources = table(SourceRow)
    values = _described(source) | {"state": "on" if source.enabled else "off"}
    values |= {} if row.url == source.url else {"etag": None, "modified": None, "body_hash": None}
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        connection.execute(update(sources).where(sources.c.id == row.id).values(changed))


def _described(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in _DESCRIBED}


def _row(source: Source, origin: str, now: datetime) -> dict[str, Any]:
    return {
        **_described(source),
        "origin": origin,
        "state": "on" if source.enabled else "off",
        "next_check_at": now,
        "failures": 0,
        "skipped": 0,
    }
