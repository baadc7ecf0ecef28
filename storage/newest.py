"""The newest stories on topics, each by its headline, for those who follow them from outside a chat. Imported ones are no news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.tables import Article, ArticleTopic, Story, table

_LOOKED_AT = 500  # of a topic's newest articles, of which several may belong to one story


def newest_headlines(connection: Connection, topics: Sequence[str], limit: int) -> dict[int, datetime]:
    """The headline articles of the newest stories on any of these topics, with when each was last told; newest first."""
    about, articles, stories = table(ArticleTopic), table(Article), table(Story)
    newest = (
        select(about.c.article_id)
        .where(about.c.topic == bindparam("topic"), about.c.article_id > 0)
        .order_by(about.c.article_id.desc())
        .limit(_LOOKED_AT)
    )
    ids = {number for topic in topics for number in connection.scalars(newest, {"topic": topic})}
    told = select(articles.c.story_id).where(articles.c.id.in_(bindparam("ids", expanding=True)), articles.c.story_id.is_not(None))
    statement = (
        select(stories.c.headline_article_id, stories.c.last_seen_at)
        .where(stories.c.id.in_(told))
        .order_by(stories.c.last_seen_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(statement, {"ids": sorted(ids, reverse=True)[:_LOOKED_AT]})
    return {row.headline_article_id: row.last_seen_at for row in rows}
