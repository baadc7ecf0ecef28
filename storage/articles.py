"""Articles as they are stored, read one by one or all in their order. Not here: admitting them (``archive.py``), finding them by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, update

from storage.batches import batches
from storage.tables import Article, ArticleTopic, Revision, SeenKey, SourceRow, table

BEFORE_ALL = -(2**62)  # less than any article's number


@dataclass(frozen=True, slots=True)
class Stored:
    """An article with the topics that it was found to be about."""

    id: int
    url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """An article as it is placed: its words, who published it, what it is about, and the place that it has already.

    ``publisher``: the outlet that an aggregator names, else the source's publisher.
    """

    id: int
    title: str
    text: str
    language: str
    publisher: str
    first_seen_at: datetime
    copy_of: int | None
    story_id: int | None
    topics: tuple[str, ...]
    placed_by_hand: bool = False


def tellers(connection: Connection, ids: Sequence[int]) -> list[Teller]:
    """Those of these articles that are still there, in the order of their numbers."""
    topics = topics_of(connection, ids)
    return [
        Teller(
            id=row.id,
            title=row.title,
            text=row.text,
            language=row.language,
            publisher=row.outlet or row.publisher,
            first_seen_at=row.first_seen_at,
            copy_of=row.copy_of,
            story_id=row.story_id,
            topics=tuple(topics.get(row.id, ())),
            placed_by_hand=row.placed_by_hand,
        )
        for wanted in batches(ids)
        for row in connection.execute(_telling(), {"ids": wanted})
    ]


# These are asked for every batch, and SQLAlchemy answers a statement that it has seen sooner than one that is only like it.
@cache
def _telling() -> Select[Any]:
    articles, sources = table(Article), table(SourceRow)
    columns = ("id", "title", "text", "language", "outlet", "first_seen_at", "copy_of", "story_id", "placed_by_hand")
    return (
        select(*(articles.c[name] for name in columns), sources.c.publisher)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(articles.c.id)
    )


@cache
def _about() -> Select[Any]:
    about = table(ArticleTopic)
    chosen = about.c.article_id.in_(bindparam("ids", expanding=True))
    return select(about.c.article_id, about.c.topic).where(chosen).order_by(about.c.topic)


def originals_since(connection: Connection, moment: datetime) -> list[int]:
    """The articles in stories, first seen since then and not imported, that are no copies."""
    articles = table(Article)
    told = (articles.c.story_id.is_not(None), articles.c.copy_of.is_(None), articles.c.first_seen_at >= moment, articles.c.id > 0)
    return [int(number) for number in connection.scalars(select(articles.c.id).where(*told).order_by(articles.c.id))]


def originals_of(connection: Connection, story_id: int, limit: int) -> list[int]:
    """The latest articles of a story that are no copies."""
    articles = table(Article)
    statement = select(articles.c.id).where(articles.c.story_id == story_id, articles.c.copy_of.is_(None))
    return [int(number) for number in connection.scalars(statement.order_by(articles.c.id.desc()).limit(limit))]


def copies_of(connection: Connection, original: int) -> list[int]:
    """The copies of an article, earliest first."""
    articles = table(Article)
    return [
        int(number) for number in connection.scalars(select(articles.c.id).where(articles.c.copy_of == original).order_by(articles.c.id))
    ]


def voice() -> ColumnElement[str]:
    """Whom an article counts for, where articles and sources are joined: the agency that it was taken from, else its publisher."""
    articles = table(Article)
    return func.coalesce(articles.c.wire, articles.c.outlet, table(SourceRow).c.publisher)


def publishers_of(connection: Connection, originals: Sequence[int]) -> dict[int, set[str]]:
    """Who has published each of these originals or a copy of it."""
    articles, sources = table(Article), table(SourceRow)
    group = func.coalesce(articles.c.copy_of, articles.c.id)
    statement = select(group, func.coalesce(articles.c.outlet, sources.c.publisher)).join(sources, sources.c.id == articles.c.source_id)
    found: dict[int, set[str]] = {}
    for condition in (articles.c.id.in_(originals), articles.c.copy_of.in_(originals)):
        for number, publisher in connection.execute(statement.where(condition)) if originals else ():
            found.setdefault(number, set()).add(publisher)
    return found


def read(connection: Connection, ids: Sequence[int]) -> list[Stored]:
    """Those of a few articles that are still there, in the order of ``ids``."""
    articles = table(Article)
    rows = _with_topics(connection, connection.execute(select(articles).where(articles.c.id.in_(ids))).all())
    found = {row.id: row for row in rows}
    return [found[each] for each in ids if each in found]


def read_after(connection: Connection, number: int, limit: int) -> list[Stored]:
    """Up to ``limit`` articles with a greater number than that, in their order."""
    articles = table(Article)
    statement = select(articles).where(articles.c.id > number).order_by(articles.c.id).limit(limit)
    return _with_topics(connection, connection.execute(statement).all())


def with_key(connection: Connection, key: bytes) -> Stored | None:
    """The article that one of an entry's keys belongs to."""
    seen = table(SeenKey)
    number = connection.scalar(select(seen.c.article_id).where(seen.c.key == key))
    return next(iter(read(connection, [number])), None) if number is not None else None


def addresses_of(connection: Connection, source_id: int, limit: int) -> list[tuple[int, str, bool]]:
    """The newest articles of a source: number, address as given, and whether it was withdrawn."""
    articles = table(Article)
    statement = select(articles.c.id, articles.c.url, articles.c.withdrawn_at).where(articles.c.source_id == source_id)
    rows = connection.execute(statement.order_by(articles.c.id.desc()).limit(limit))
    return [(row.id, row.url, row.withdrawn_at is not None) for row in rows]


def withdraw(connection: Connection, ids: Sequence[int], moment: datetime | None) -> None:
    """Note when articles were seen to have been taken away by their source; None: they are back."""
    articles = table(Article)
    if ids:
        connection.execute(update(articles).where(articles.c.id.in_(ids)).values(withdrawn_at=moment))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an article said until ``replaced_at``."""

    article_id: int
    title: str
    text: str
    replaced_at: datetime


def revisions(connection: Connection, ids: Sequence[int]) -> list[Earlier]:
    """The earlier versions of these articles, oldest first."""
    kept = table(Revision)
    rows = connection.execute(select(kept).where(kept.c.article_id.in_(ids)).order_by(kept.c.seq))
    return [Earlier(row.article_id, row.title, row.text, row.replaced_at) for row in rows]


def count(connection: Connection) -> int:
    """How many articles there are."""
    return int(connection.scalar(select(func.count()).select_from(table(Article))) or 0)


def topics_of(connection: Connection, ids: Iterable[int]) -> dict[int, list[str]]:
    """The topics of those of these articles that are about some, in alphabetical order."""
    topics: dict[int, list[str]] = {}
    for wanted in batches(ids):
        for article_id, topic in connection.execute(_about(), {"ids": wanted}).all():
            topics.setdefault(article_id, []).append(topic)
    return topics


def _with_topics(connection: Connection, rows: Iterable[Any]) -> list[Stored]:
    rows = list(rows)
    topics = topics_of(connection, (row.id for row in rows))
    return [
        Stored(
            id=row.id,
            url=row.url,
            title=row.title,
            text=row.text,
            language=row.language,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            topics=tuple(topics.get(row.id, ())),
        )
        for row in rows
    ]
