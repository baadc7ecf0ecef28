"""Articles as they are taken out of the archive: in the order of their numbers, page by page, with what belongs to them.

Not here: which file they are written to and how (``bot/export``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage import query, search
from storage.articles import BEFORE_ALL, Earlier, revisions, topics_of
from storage.batches import BATCH, batches
from storage.tables import Article, SourceRow, table


@dataclass(frozen=True, slots=True)
class Original:
    """What a copy was copied from. ``given_id``: as JSON, None where it came without one."""

    article: int
    given_id: str | None
    title: str
    text: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """An article with all that is known of it. ``given_id``: the id that it was imported with, as JSON."""

    article: int
    given_id: str | None
    source: str
    publisher: str
    standing: str
    url: str
    title: str
    text: str
    published_at: datetime | None
    first_seen_at: datetime
    language: str
    topics: tuple[str, ...]
    story: int | None
    original: Original | None
    copy_score: float | None
    wire: str | None
    withdrawn_at: datetime | None
    revisions: tuple[Earlier, ...]


def every_id(connection: Connection, *, unmatched: bool) -> Iterator[int]:
    """The numbers of all articles, or of those about a topic, in their order."""
    articles = table(Article)
    wanted = select(articles.c.id).where(articles.c.id > bindparam("last")).order_by(articles.c.id).limit(BATCH)
    statement = wanted if unmatched else wanted.where(articles.c.matched)
    last: int = BEFORE_ALL
    while page := connection.scalars(statement, {"last": last}).all():
        yield from page
        last = page[-1]


def matching_ids(connection: Connection, typed: str, *, unmatched: bool) -> Iterator[int]:
    """The numbers of the articles that a query finds, in their order. QueryError where it can't be read."""
    asked = query.parse(typed)
    found = list[int]()
    while page := search.numbers(connection, asked, before=found[-1] if found else None, limit=BATCH, unmatched=unmatched):
        found += page
    return reversed(found)


def read(connection: Connection, ids: Iterable[int]) -> Iterator[Exported]:
    """These articles in the order of ``ids``, without holding more than a page of them."""
    rest = iter(ids)
    while chosen := list(islice(rest, BATCH)):
        yield from _page(connection, chosen)


def last_change(connection: Connection, ids: Iterable[int]) -> datetime | None:
    """When the last of these articles was first seen, which tells how new a selection is."""
    articles, rest = table(Article), iter(ids)
    statement = select(func.max(articles.c.first_seen_at)).where(articles.c.id.in_(bindparam("ids", expanding=True)))
    moments: list[datetime] = []
    while chosen := list(islice(rest, BATCH)):
        found = connection.scalar(statement, {"ids": chosen})
        moments = [max([*moments, found])] if found else moments
    return moments[0] if moments else None


def _page(connection: Connection, ids: Sequence[int]) -> Iterator[Exported]:
    articles, sources = table(Article), table(SourceRow)
    statement = (
        select(articles, sources.c.name, sources.c.publisher, sources.c.standing)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(bindparam("ids", expanding=True)))
    )
    rows = {row.id: row for chosen in batches(ids) for row in connection.execute(statement, {"ids": chosen})}
    topics, originals = topics_of(connection, ids), _originals(connection, {row.copy_of for row in rows.values()} - {None})
    earlier: dict[int, list[Earlier]] = {}
    for each in revisions(connection, ids):
        earlier.setdefault(each.article_id, []).append(each)
    for number in ids:
        if number in rows:
            row = rows[number]
            yield _exported(row, topics.get(number, []), originals.get(row.copy_of), earlier.get(number, []))


def _exported(row: Any, topics: Sequence[str], original: Original | None, earlier: Sequence[Earlier]) -> Exported:
    return Exported(
        article=row.id,
        given_id=row.given_id,
        source=row.outlet or row.name,
        publisher=row.outlet or row.publisher,
        standing=row.standing,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        language=row.language,
        topics=tuple(topics),
        story=row.story_id,
        original=original,
        copy_score=row.copy_score,
        wire=row.wire,
        withdrawn_at=row.withdrawn_at,
        revisions=tuple(earlier),
    )


def _originals(connection: Connection, ids: Iterable[int]) -> dict[int, Original]:
    articles = table(Article)
    columns = (articles.c.id, articles.c.given_id, articles.c.title, articles.c.text, articles.c.first_seen_at)
    statement = select(*columns).where(articles.c.id.in_(bindparam("ids", expanding=True)))
    return {row.id: Original(*row) for chosen in batches(ids) for row in connection.execute(statement, {"ids": chosen})}
