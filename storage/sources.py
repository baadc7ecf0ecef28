"""Sources as stored: the list, which are due, and how polling them went.

Not here: when a source is due next (``feeds/pace.py`` decides), the list's file (``feeds/catalog.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, or_, select, update

from storage.records import Source, SourceError
from storage.tables import Article, SourceRow, insert_rows, table

# A process that claimed a source and died gives it back after this long: more than the longest wait for a turn and the longest walk take.
LEASE = timedelta(minutes=15)
# What the catalog says of a source, beside whether it is polled.
_DESCRIBED = tuple(field.name for field in fields(Source) if field.name != "enabled")


@dataclass(frozen=True, slots=True)
class Polled:
    """A source with the state of its polling."""

    id: int
    source: Source
    origin: str
    state: str
    title: str | None
    etag: str | None
    modified: str | None
    full_fetch_at: datetime | None
    body_hash: bytes | None
    wait: float | None
    next_check_at: datetime
    last_success_at: datetime | None
    last_new_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    failures: int
    skipped: int
    trouble: str = ""
    told: str = ""
    former_title: str | None = None
    walk_from: str | None = None


def unpolled(source: Source, now: datetime) -> Polled:
    """A source that isn't stored and was never polled."""
    return Polled(
        id=0,
        source=source,
        origin="operator",
        state="on",
        title=None,
        etag=None,
        modified=None,
        full_fetch_at=None,
        body_hash=None,
        wait=None,
        next_check_at=now,
        last_success_at=None,
        last_new_at=None,
        last_error=None,
        last_error_at=None,
        failures=0,
        skipped=0,
    )


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
            raise SourceError(f"That source is in the list already, as “{twin.name}”.", source.url)
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
    return [_polled(row) for row in connection.execute(statement if removed else statement.where(sources.c.state != "removed"))]


def claim_due(
    connection: Connection, now: datetime, limit: int, spacing: timedelta = timedelta(0), lease: timedelta = LEASE
) -> list[Polled]:
    """Claim up to ``limit`` sources that are due, most overdue first; others leave them alone until the lease ends.

    With a ``spacing``, no more than one of a publisher, and none of a publisher of whom one was claimed so short a time ago.
    """
    sources = table(SourceRow)
    due = (
        select(sources)
        .where(sources.c.state == "on", sources.c.next_check_at <= now, or_(sources.c.lease_until.is_(None), sources.c.lease_until < now))
        .order_by(sources.c.next_check_at, sources.c.id)
    )
    if not spacing:
        return _claim(connection, [_polled(row) for row in connection.execute(due.limit(limit))], now, lease)
    # Whoever is being asked isn't asked for something else meanwhile.
    asked = or_(and_(sources.c.claimed_at > now - spacing, sources.c.claimed_at <= now), sources.c.lease_until >= now)
    busy = set(connection.scalars(select(sources.c.publisher).where(asked)))
    first: dict[str, Any] = {}
    for row in connection.execute(due):
        if row.publisher not in busy and row.publisher not in first:
            first[row.publisher] = row
            if len(first) == limit:
                break
    return _claim(connection, [_polled(row) for row in first.values()], now, lease)


def claim_named(connection: Connection, now: datetime, names: Sequence[str] | None) -> list[Polled]:
    """Claim the named sources, or all that are on, whether due or not."""
    chosen = [polled for polled in every(connection) if (polled.state == "on" if names is None else polled.source.name in names)]
    return _claim(connection, chosen, now)


def renew(connection: Connection, claimed: Collection[int], until: datetime) -> None:
    """Keep for longer those of these sources that are still claimed."""
    sources = table(SourceRow)
    mine = select(sources.c.id).where(sources.c.id.in_(claimed), sources.c.lease_until.is_not(None)).with_for_update(skip_locked=True)
    # What is locked is being stored, after which it is claimed no more.
    ids = list(connection.scalars(mine))
    connection.execute(update(sources).where(sources.c.id.in_(ids)).values(lease_until=until))


def release(connection: Connection) -> None:
    """Give back every claim: of a program that died, when another takes its place."""
    connection.execute(update(table(SourceRow)).values(lease_until=None))


def settle(connection: Connection, settled: Mapping[int, Mapping[str, Any]]) -> None:
    """Record how polling sources went (source -> columns of the table) and give back the claims.

    A new address that another source has already is left out.
    """
    sources = table(SourceRow)
    for columns, group in _by_columns(settled).items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns if name != "url"}
        statement = update(sources).where(sources.c.id == bindparam("source")).values(**values, lease_until=None)
        rows = [{f"new_{name}": kept for name, kept in settled[source].items() if name != "url"} | {"source": source} for source in group]
        connection.execute(statement, rows)
    for source, kept in settled.items():
        if "url" in kept and connection.scalar(select(sources.c.id).where(sources.c.url == kept["url"])) is None:
            connection.execute(update(sources).where(sources.c.id == source).values(url=kept["url"]))


def tell(connection: Connection, source_id: int, condition: str) -> None:
    """Note the condition of a source that operators have been told of; a changed name has been told with it."""
    sources = table(SourceRow)
    connection.execute(update(sources).where(sources.c.id == source_id).values(told=condition, former_title=None))


def article_addresses(connection: Connection, source_id: int, limit: int) -> list[tuple[int, str, bool]]:
    """The newest articles of a source: number, address as given, and whether it was withdrawn."""
    articles = table(Article)
    statement = select(articles.c.id, articles.c.url, articles.c.withdrawn_at).where(articles.c.source_id == source_id)
    rows = connection.execute(statement.order_by(articles.c.id.desc()).limit(limit))
    return [(row.id, row.url, row.withdrawn_at is not None) for row in rows]


def _claim(connection: Connection, chosen: list[Polled], now: datetime, lease: timedelta = LEASE) -> list[Polled]:
    """Claim those of the chosen that nobody is writing to at this moment."""
    sources = table(SourceRow)
    chosen_ids: BindParameter[int] = bindparam("ids", expanding=True)
    free = select(sources.c.id).where(sources.c.id.in_(chosen_ids)).with_for_update(skip_locked=True)
    taken = set(connection.scalars(free, {"ids": [polled.id for polled in chosen]}))
    connection.execute(
        update(sources).where(sources.c.id.in_(chosen_ids)).values(lease_until=now + lease, claimed_at=now), {"ids": sorted(taken)}
    )
    return [polled for polled in chosen if polled.id in taken]


def _by_columns(settled: Mapping[int, Mapping[str, Any]]) -> dict[tuple[str, ...], list[int]]:
    """The sources by the columns that are to be set, so that each group takes one statement."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for source, values in settled.items():
        groups.setdefault(tuple(sorted(values)), []).append(source)
    return groups


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


def _polled(row: Any) -> Polled:
    source = Source(
        name=row.name,
        url=row.url,
        kind=row.kind,
        publisher=row.publisher,
        standing=row.standing,
        language=row.language,
        interval=row.interval,
        enabled=row.state == "on",
        note=row.note,
    )
    return Polled(
        id=row.id,
        source=source,
        origin=row.origin,
        state=row.state,
        title=row.title,
        etag=row.etag,
        modified=row.modified,
        full_fetch_at=row.full_fetch_at,
        body_hash=row.body_hash,
        wait=row.wait,
        next_check_at=row.next_check_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
        last_error=row.last_error,
        last_error_at=row.last_error_at,
        failures=row.failures,
        skipped=row.skipped,
        trouble=row.trouble,
        told=row.told,
        former_title=row.former_title,
        walk_from=row.walk_from,
    )
