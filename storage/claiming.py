"""Claiming the sources that are to be polled, and noting how polling them went.

Not here: when a source is due next (``feeds/pace.py`` decides), which sources there are (``sources.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, or_, select, update

from storage.polled import Polled, of_row
from storage.sources import every
from storage.tables import SourceRow, table

# A process that claimed a source and died gives it back after this long: more than the longest wait for a turn and the longest walk take.
LEASE = timedelta(minutes=15)


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
        return _claim(connection, [of_row(row) for row in connection.execute(due.limit(limit))], now, lease)
    # Whoever is being asked isn't asked for something else meanwhile.
    asked = or_(and_(sources.c.claimed_at > now - spacing, sources.c.claimed_at <= now), sources.c.lease_until >= now)
    busy = set(connection.scalars(select(sources.c.publisher).where(asked)))
    first: dict[str, Any] = {}
    for row in connection.execute(due):
        if row.publisher not in busy and row.publisher not in first:
            first[row.publisher] = row
            if len(first) == limit:
                break
    return _claim(connection, [of_row(row) for row in first.values()], now, lease)


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
