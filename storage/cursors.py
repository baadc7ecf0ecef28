"""Cursors: how far a subscriber has been served in the sequence of articles, and which stories have changed since.

Not here: keeping a subscriber's cursor (``subscribers.py``), who tells those stories (``stories.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, union_all

from storage.tables import Article, ArticleTopic, WatchHit, table


def changed(connection: Connection, topics: Sequence[str], after: int, up_to: int, watches: Sequence[int] = ()) -> list[int]:
    """Stories that got an article about one of ``topics``, or found by one of ``watches``, in a part of the sequence, latest first.

    The part begins after the number ``after`` and ends with ``up_to``.
    """
    articles, about, hits = table(Article), table(ArticleTopic), table(WatchHit)
    wanted = union_all(
        select(about.c.article_id).where(
            about.c.topic.in_(bindparam("topics", expanding=True)), about.c.article_id > after, about.c.article_id <= up_to
        ),
        select(hits.c.article_id).where(
            hits.c.watch_id.in_(bindparam("watches", expanding=True)), hits.c.article_id > after, hits.c.article_id <= up_to
        ),
    ).subquery()
    statement = (
        select(articles.c.story_id)
        .join(wanted, wanted.c.article_id == articles.c.id)
        .where(articles.c.story_id.is_not(None))
        .group_by(articles.c.story_id)
        .order_by(func.max(articles.c.id).desc())
    )
    return [int(story_id) for story_id in connection.scalars(statement, {"topics": list(topics), "watches": list(watches)})]


def seq_before(connection: Connection, moment: datetime) -> int:
    """The number of the last article that was first seen before ``moment``, 0 where there is none."""
    articles = table(Article)
    # Numbers grow with first-seen times, so the moment is found by halving, which needs no index of its own.
    known, last = 0, int(connection.scalar(select(func.max(articles.c.id))) or 0)
    lowest = 1
    while lowest <= last:
        middle = (lowest + last) // 2
        row = connection.execute(
            select(articles.c.id, articles.c.first_seen_at)
            .where(articles.c.id >= middle, articles.c.id <= last)
            .order_by(articles.c.id)
            .limit(1)
        ).one_or_none()
        if row is not None and row.first_seen_at < moment:
            known, lowest = int(row.id), int(row.id) + 1
        else:
            last = middle - 1
    return known


def first_seen_after(connection: Connection, number: int) -> datetime | None:
    """When the first of the articles after that number was seen."""
    articles = table(Article)
    moment: datetime | None = connection.scalar(
        select(articles.c.first_seen_at).where(articles.c.id > number).order_by(articles.c.id).limit(1)
    )
    return moment
