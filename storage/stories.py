"""Stories: opening them, letting them grow, and reading what a subscriber hasn't had.

Not here: deciding whether two articles tell the same event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.tables import Article, ArticleTopic, SourceRow, Story, table


@dataclass(frozen=True, slots=True)
class Told:
    """A newly stored article, and the earlier article it is a copy of."""

    article_id: int
    copy_of: int | None
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story, with the source that told it."""

    article_id: int
    story_id: int
    copy_of: int | None
    title: str
    text: str
    url: str
    language: str
    first_seen_at: datetime
    outlet: str
    publisher: str
    standing: str
    wire: str | None
    topics: tuple[str, ...]


def tell(connection: Connection, told: Sequence[Told]) -> None:
    """Join copies to the story of their original, and open a story for every other article."""
    articles = table(Article)
    for one in told:
        story_id = connection.scalar(select(articles.c.story_id).where(articles.c.id == one.copy_of)) if one.copy_of else None
        connection.execute(update(articles).where(articles.c.id == one.article_id).values(story_id=story_id or one.article_id))
        if story_id is None:
            _open(connection, one)
        else:
            _grow(connection, story_id, one)


def tellings(connection: Connection, story_ids: Sequence[int]) -> dict[int, list[Telling]]:
    """Every article of these stories, earliest first."""
    articles, sources = table(Article), table(SourceRow)
    topics = _topics(connection, story_ids)
    found: dict[int, list[Telling]] = {story_id: [] for story_id in story_ids}
    statement = (
        select(articles, sources.c.name, sources.c.publisher, sources.c.standing)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.story_id.in_(bindparam("ids", expanding=True)))
        .order_by(articles.c.id)
    )
    for row in connection.execute(statement, {"ids": list(story_ids)}):
        found[row.story_id].append(
            Telling(
                article_id=row.id,
                story_id=row.story_id,
                copy_of=row.copy_of,
                title=row.title,
                text=row.text,
                url=row.url,
                language=row.language,
                first_seen_at=row.first_seen_at,
                outlet=row.outlet or row.name,
                publisher=row.outlet or row.publisher,
                standing=row.standing,
                wire=row.wire,
                topics=tuple(topics.get(row.id, ())),
            )
        )
    return found


def changed(connection: Connection, topics: Sequence[str], after: int, up_to: int) -> list[int]:
    """Stories that got an article about one of ``topics`` with a number after ``after`` and not after ``up_to``, latest first."""
    articles, about = table(Article), table(ArticleTopic)
    statement = (
        select(articles.c.story_id)
        .join(about, about.c.article_id == articles.c.id)
        .where(
            articles.c.id > after,
            articles.c.id <= up_to,
            articles.c.story_id.is_not(None),
            about.c.topic.in_(bindparam("topics", expanding=True)),
        )
        .group_by(articles.c.story_id)
        .order_by(func.max(articles.c.id).desc())
    )
    return [int(story_id) for story_id in connection.scalars(statement, {"topics": list(topics)})]


def seq_before(connection: Connection, moment: datetime) -> int:
    """The number of the last article that was first seen before ``moment``, 0 where there is none."""
    articles = table(Article)
    # Numbers grow with first-seen times, so the search runs backwards along the key and stops at its first find.
    statement = select(articles.c.id).where(articles.c.first_seen_at < moment).order_by(articles.c.id.desc()).limit(1)
    return int(connection.scalar(statement) or 0)


def count_matched(connection: Connection) -> int:
    """How many articles about some topic there are."""
    articles = table(Article)
    return int(connection.scalar(select(func.count()).select_from(articles).where(articles.c.matched)) or 0)


def _topics(connection: Connection, story_ids: Sequence[int]) -> dict[int, list[str]]:
    articles, about = table(Article), table(ArticleTopic)
    statement = (
        select(about.c.article_id, about.c.topic)
        .join(articles, articles.c.id == about.c.article_id)
        .where(articles.c.story_id.in_(bindparam("ids", expanding=True)))
        .order_by(about.c.topic)
    )
    found: dict[int, list[str]] = {}
    for article_id, topic in connection.execute(statement, {"ids": list(story_ids)}):
        found.setdefault(article_id, []).append(topic)
    return found


def _open(connection: Connection, one: Told) -> None:
    connection.execute(
        table(Story).insert(),
        {
            "id": one.article_id,
            "first_seen_at": one.at,
            "last_seen_at": one.at,
            "articles": 1,
            "publishers": 1,
            "languages": one.language,
            "headline_article_id": one.article_id,
            "changed_seq": one.article_id,
        },
    )


def _grow(connection: Connection, story_id: int, one: Told) -> None:
    articles, sources, stories = table(Article), table(SourceRow), table(Story)
    counts = connection.execute(
        select(func.count(), func.count(func.coalesce(articles.c.outlet, sources.c.publisher).distinct()))
        .select_from(articles.join(sources, sources.c.id == articles.c.source_id))
        .where(articles.c.story_id == story_id)
    ).one()
    languages = connection.scalars(
        select(articles.c.language).where(articles.c.story_id == story_id).distinct().order_by(articles.c.language)
    )
    connection.execute(
        update(stories)
        .where(stories.c.id == story_id)
        .values(articles=counts[0], publishers=counts[1], languages=" ".join(languages), last_seen_at=one.at, changed_seq=one.article_id)
    )
