"""What an import needs of the archive: numbers below zero, its own source, which of its articles are there, what else was told then.

Imported articles were told before anything that the program sees itself, so they are numbered below it: ids still grow with time, and no
cursor of a subscriber ever meets them. Not here: admitting (``archive.py``), reading files (``feeds/importing.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from storage.batches import BATCH, batches
from storage.sources import add_hidden
from storage.tables import Article, Counter, Import, SourceRow, insert_rows, table

KIND = "import"  # of the source that imported articles belong to where their own isn't known


@dataclass(frozen=True, slots=True)
class Block:
    """The numbers that the articles of one file have: ``count`` of them from ``first`` on. ``started_at``: when it was first imported."""

    first: int
    count: int
    started_at: datetime


@dataclass(slots=True)
class Stretch:
    """Articles whose numbers rise with their time, from ``first``, which is to be read next, up to before ``end``.

    ``waits_for``: when that was seen, where it is known.
    """

    first: int
    end: int
    waits_for: datetime | None = None


def known_block(connection: Connection, key: bytes) -> Block | None:
    """The numbers of a file that was imported before, at least in part, by the hash of its bytes."""
    imports = table(Import)
    row = connection.execute(select(imports).where(imports.c.key == key)).one_or_none()
    return Block(row.first, row.articles, row.started_at) if row else None


def reserve(connection: Connection, key: bytes, count: int, now: datetime) -> Block:
    """Take numbers for a file, below all that were taken before."""
    counters = table(Counter)
    taken = connection.scalar(
        update(counters).where(counters.c.name == "past").values(value=counters.c.value + count).returning(counters.c.value)
    )
    block = Block(-int(taken or 0), count, now)
    # A file that comes out with another count than before was read by another version.
    connection.execute(delete(table(Import)).where(table(Import).c.key == key))
    insert_rows(connection, Import, [{"key": key, "first": block.first, "articles": count, "started_at": now}])
    return block


def import_source(connection: Connection, now: datetime) -> int:
    """The number of the source that imported articles belong to; it is never polled and in no list."""
    sources = table(SourceRow)
    found = connection.scalar(select(sources.c.id).where(sources.c.kind == KIND))
    return int(found) if found is not None else add_hidden(connection, KIND, now)


def stored(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[datetime, int | None]]:
    """Those of these articles that are there, each with its time and its story."""
    articles = table(Article)
    columns = (articles.c.id, articles.c.first_seen_at, articles.c.story_id)
    statement = select(*columns).where(articles.c.id.in_(bindparam("ids", expanding=True)))
    rows = (row for chosen in batches(numbers) for row in connection.execute(statement, {"ids": chosen}))
    return {row.id: (row.first_seen_at, row.story_id) for row in rows}


def stretches(connection: Connection, but: Block, since: datetime) -> list[Stretch]:
    """What other files brought, and what was polled, each from a moment on, to be read along with a file."""
    imports, articles = table(Import), table(Article)
    ends = [(row.first, row.first + row.articles) for row in connection.execute(select(imports)) if row.first != but.first]
    ends.append((1, 1 + max(0, connection.scalar(select(func.max(articles.c.id))) or 0)))
    return [Stretch(_first_since(connection, first, end, since), end) for first, end in ends]


def read_on(connection: Connection, stretch: Stretch, until: datetime) -> Iterator[tuple[datetime, int]]:
    """Those of a stretch that weren't read before, up to a moment, of articles in stories that are no copies: each with its time."""
    while stretch.first < stretch.end and (stretch.waits_for is None or stretch.waits_for <= until):
        rows = connection.execute(_from(), {"first": stretch.first, "end": stretch.end, "limit": BATCH}).all()
        late = next((row for row in rows if row.first_seen_at > until), None)
        read = rows if late is None else rows[: rows.index(late)]
        yield from ((row.first_seen_at, row.id) for row in read if row.story_id is not None and row.copy_of is None)
        if late is not None:
            stretch.first, stretch.waits_for = late.id, late.first_seen_at
        else:
            stretch.first = rows[-1].id + 1 if rows else stretch.end


def _first_since(connection: Connection, first: int, end: int, since: datetime) -> int:
    """The number from which on articles of a stretch were seen since then, found by halving: their numbers rise with time."""
    while first < end:
        middle = (first + end) // 2
        row = connection.execute(_from(), {"first": middle, "end": end, "limit": 1}).one_or_none()
        if row is not None and row.first_seen_at < since:
            first = row.id + 1
        else:
            end = middle
    return first


@cache
def _from() -> Select[Any]:
    articles = table(Article)
    columns = (articles.c.id, articles.c.first_seen_at, articles.c.story_id, articles.c.copy_of)
    between = (articles.c.id >= bindparam("first"), articles.c.id < bindparam("end"))
    return select(*columns).where(*between).order_by(articles.c.id).limit(bindparam("limit"))
