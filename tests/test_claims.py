"""Sources are claimed by one process at a time, for as long as it lives."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.claims import SHORT_LEASE, Claims
from feeds.pace import PUBLISHER_SPACING
from storage import claiming, sources
from storage.database import Database, open_database
from storage.records import Source
from storage.tables import SourceRow, table

SOURCES, PUBLISHERS = 60, 12


def _listed(database: Database, now: datetime) -> None:
    catalog = [Source(f"S{n}", f"https://s{n}.example/rss", publisher=f"House {n % PUBLISHERS}") for n in range(SOURCES)]
    with database.write() as connection:
        sources.keep_catalog(connection, catalog, now)


def test_many_claim_at_once(database: Database, now: datetime) -> None:
    """However many claim side by side, each source is one's, and a publisher's sources are spaced across all of them."""
    _listed(database, now)
    others = [open_database(database.url) for _ in range(3)]
    claims = [Claims(each, lambda: now) for each in (database, *others)] * 5
    with ThreadPoolExecutor(4) as pool:
        claimed = [polled for found in pool.map(lambda each: each.due(4), claims) for polled in found]
    assert len({polled.id for polled in claimed}) == len(claimed) == PUBLISHERS
    assert set(Counter(polled.source.publisher for polled in claimed).values()) == {1}
    for each in others:
        each.close()


def test_a_publisher_rests(database: Database, now: datetime) -> None:
    """Once its source is stored another may ask it, after the spacing and not before."""
    _listed(database, now)
    moment = now
    claims = Claims(database, lambda: moment)
    first = claims.due(SOURCES)
    with database.write() as connection:
        claiming.settle(connection, {polled.id: {"next_check_at": now + timedelta(hours=1)} for polled in first})
    assert claims.due(SOURCES) == []
    moment = now + PUBLISHER_SPACING
    second = claims.due(SOURCES)
    assert len(second) == PUBLISHERS
    assert not {polled.id for polled in first} & {polled.id for polled in second}


def test_a_lease(database: Database, now: datetime) -> None:
    """It is renewed for what is still claimed, and what a killed process had claimed is given to another when it ends."""
    _listed(database, now)
    moment = now
    mine, theirs = Claims(database, lambda: moment), Claims(database, lambda: moment)
    claimed = mine.due(2)
    lease = SHORT_LEASE if database.shared else claiming.LEASE
    with database.write() as connection:
        claiming.settle(connection, {claimed[0].id: {"next_check_at": now + timedelta(days=1)}})
    with database.claim() as connection:
        claiming.renew(connection, [polled.id for polled in claimed], now + 2 * lease)
    with database.read() as connection:
        leases = dict(
            connection.execute(table(SourceRow).select().with_only_columns(table(SourceRow).c.id, table(SourceRow).c.lease_until)).all()
        )
    assert leases[claimed[0].id] is None
    assert leases[claimed[1].id] == now + 2 * lease
    moment = now + lease + timedelta(seconds=1)
    assert claimed[1].id not in {polled.id for polled in theirs.due(SOURCES)}
    moment = now + 2 * lease + timedelta(seconds=1)
    assert claimed[1].id in {polled.id for polled in theirs.due(SOURCES)}
