"""How many articles there were by day, and which stories: what trends and timelines are drawn from. Days are those of UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, case, func, select

from storage.articles import voice
from storage.tables import Article, ArticleTopic, SourceDay, SourceRow, Story, table

Group = Literal["topic", "language", "standing"]


@dataclass(frozen=True, slots=True)
class Told:
    """A story in a timeline: its number, when it was first told, its headline's title and text, and who tells it.

    ``voices``: the names of its publishers, or of the agencies that they took it from.
    """

    story_id: int
    at: datetime
    title: str
    text: str
    url: str
    articles: int
    voices: frozenset[str]


def by_day(connection: Connection, topics: Sequence[str], first: date, last: date, group: Group) -> dict[tuple[str, date], int]:
    """How many articles on these topics were first seen on each day, by topic, language or the source's standing."""
    articles, about, sources = table(Article), table(ArticleTopic), table(SourceRow)
    names = {"topic": about.c.topic, "language": articles.c.language, "standing": sources.c.standing}
    day = func.date(articles.c.first_seen_at)
    # An article on two of the topics counts once, unless topics are what is counted.
    statement = (
        select(names[group], day, func.count(articles.c.id.distinct()))
        .select_from(articles)
        .join(about, about.c.article_id == articles.c.id)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(about.c.topic.in_(topics), articles.c.first_seen_at >= _begin(first), articles.c.first_seen_at < _end(last))
        .group_by(names[group], day)
    )
    return {(str(name), date.fromisoformat(str(found))): int(count) for name, found, count in connection.execute(statement)}


def silent_days(connection: Connection, first: date, last: date) -> set[date]:
    """The days on which fewer than half of the sources that were polled could be heard."""
    days = table(SourceDay)
    heard = func.sum(case((days.c.polls > days.c.failures, 1), else_=0))
    statement = select(days.c.day).where(days.c.day >= first, days.c.day <= last).group_by(days.c.day).having(heard * 2 < func.count())
    return set(connection.scalars(statement))


def stories(connection: Connection, topic: str, first: date, last: date, limit: int, *, language: str = "") -> list[Told]:
    """The stories on a topic that most publishers told, of those first told in these days; earliest first.

    Each by its first report in ``language`` where it has one, else by its headline.
    """
    articles, about, told = table(Article), table(ArticleTopic), table(Story)
    on_topic = select(articles.c.story_id).join(about, about.c.article_id == articles.c.id).where(about.c.topic == topic)
    statement = (
        select(told, articles.c.title, articles.c.text, articles.c.url)
        .join(articles, articles.c.id == told.c.headline_article_id)
        .where(told.c.first_seen_at >= _begin(first), told.c.first_seen_at < _end(last), told.c.id.in_(on_topic))
        .order_by(told.c.publishers.desc(), told.c.articles.desc(), told.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(statement).all()
    numbers = [row.id for row in rows]
    voices, readable = _voices(connection, numbers), _first_in(connection, language, numbers)
    shown = [(row, readable.get(row.id, row)) for row in rows]
    found = [
        Told(row.id, row.first_seen_at, told.title, told.text, told.url, row.articles, frozenset(voices[row.id])) for row, told in shown
    ]
    return sorted(found, key=lambda each: each.story_id)


def _voices(connection: Connection, story_ids: Sequence[int]) -> dict[int, set[str]]:
    articles, sources = table(Article), table(SourceRow)
    statement = (
        select(articles.c.story_id, voice()).join(sources, sources.c.id == articles.c.source_id).where(articles.c.story_id.in_(story_ids))
    )
    found: dict[int, set[str]] = {story_id: set() for story_id in story_ids}
    for story_id, name in connection.execute(statement.distinct()):
        found[story_id].add(name)
    return found


def _first_in(connection: Connection, language: str, story_ids: Sequence[int]) -> dict[int, Any]:
    """The first report in a language of each story that has one, as rows with its title, text and address. No copies."""
    articles = table(Article)
    theirs = (articles.c.story_id.in_(story_ids), articles.c.language == language, articles.c.copy_of.is_(None))
    first = select(func.min(articles.c.id)).where(*theirs, articles.c.withdrawn_at.is_(None)).group_by(articles.c.story_id)
    statement = select(articles.c.story_id, articles.c.title, articles.c.text, articles.c.url).where(articles.c.id.in_(first))
    return {row.story_id: row for row in connection.execute(statement)}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _end(day: date) -> datetime:
    return _begin(day + timedelta(days=1))
