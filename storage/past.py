"""What an import needs of the archive: numbers below zero, its own source, and which of its articles are there already.

Imported articles were told before anything that the program sees itself, so they are numbered below it: ids still grow with time, and no
cursor of a subscriber ever meets them. Not here: admitting (``archive.py``), reading files (``feeds/importing.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.batches import batches
from storage.sources import add_hidden
from storage.tables import Article, Counter, Import, SourceRow, insert_rows, table

KIND = "import"  # of the source that imported articles belong to where their own isn't known


@dataclass(frozen=True, slots=True)
class Block:
    """The numbers that the articles of one file have: ``count`` of them from ``first`` on. ``started_at``: when it was first imported."""

    first: int
    count: int
    started_at: datetime


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


def stored(connection: Connection, numbers: Collection[int]) -> dict[int, int | None]:
    """Those of these articles that are there, each with its story."""
    articles = table(Article)
    statement = select(articles.c.id, articles.c.story_id).where(articles.c.id.in_(bindparam("ids", expanding=True)))
    return {row.id: row.story_id for chosen in batches(numbers) for row in connection.execute(statement, {"ids": chosen})}
