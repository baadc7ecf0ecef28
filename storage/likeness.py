"""What articles are recognised as copies by: the hashes of their sketches, and the furniture of each publisher, as stored.

Not here: making hashes and deciding (``feeds/sameness``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from storage.batches import look_up, run_many, run_rows
from storage.kinds import Insert, Kind, kind_of
from storage.tables import CopyPosting, Furniture, table

TOTAL = 0  # the key under which a publisher's groups of copies are counted


def articles_with(connection: Connection, hashes: Collection[int]) -> dict[int, list[int]]:
    """The articles that have each of these hashes, earliest first."""
    found: dict[int, list[int]] = {}
    for hashed, article_id in look_up(connection, _having(), hashes):
        found.setdefault(hashed, []).append(article_id)
    return found


def add(connection: Connection, sketches: Mapping[int, Iterable[int]]) -> None:
    """Store the hashes that articles are looked up by (article -> hashes)."""
    rows = [(hashed, article) for article, hashes in sketches.items() for hashed in dict.fromkeys(hashes)]
    run_rows(connection, _posting(kind_of(connection)), ("hash", "article_id"), rows)


def drop(connection: Connection, article_id: int, hashes: Iterable[int]) -> None:
    """Forget that an article could be looked up by these hashes."""
    postings = table(CopyPosting)
    connection.execute(delete(postings).where(postings.c.article_id == article_id, postings.c.hash.in_(list(hashes))))


def furniture(connection: Connection, keys: Mapping[str, Collection[int]]) -> dict[str, dict[int, int]]:
    """In how many groups of copies each key stood (publisher -> keys), with that of all its groups under TOTAL."""
    # A publisher at a time: SQLite would look for pairs by reading the whole table.
    return {
        publisher: dict(connection.execute(_counted(), {"publisher": publisher, "keys": [TOTAL, *wanted]}).all())
        for publisher, wanted in keys.items()
    }


def count_furniture(connection: Connection, keys: Iterable[tuple[str, int]], today: date) -> None:
    """Count one more group of copies for these keys of publishers."""
    rows = [{"publisher": publisher, "key": key, "groups": 1, "seen_on": today} for publisher, key in keys]
    run_many(connection, _counting(kind_of(connection)), rows)


def sweep(connection: Connection, day: date) -> None:
    """Forget sentences that stood in one group only and not since that day."""
    kept = table(Furniture)
    connection.execute(delete(kept).where(kept.c.groups == 1, kept.c.seen_on < day, kept.c.key != TOTAL))


@cache
def _having() -> Select[Any]:
    postings = table(CopyPosting)
    return select(postings.c.hash, postings.c.article_id).where(postings.c.hash.in_(bindparam("wanted", expanding=True)))


@cache
def _counted() -> Select[Any]:
    kept = table(Furniture)
    theirs = (kept.c.publisher == bindparam("publisher"), kept.c.key.in_(bindparam("keys", expanding=True)))
    return select(kept.c.key, kept.c.groups).where(*theirs)


@cache
def _posting(kind: Kind) -> Insert:
    return kind.insert(table(CopyPosting)).on_conflict_do_nothing()


@cache
def _counting(kind: Kind) -> Insert:
    kept = table(Furniture)
    added = kind.insert(kept)
    values = {"groups": kept.c.groups + added.excluded.groups, "seen_on": added.excluded.seen_on}
    return added.on_conflict_do_update(index_elements=["publisher", "key"], set_=values)
