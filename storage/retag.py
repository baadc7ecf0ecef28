"""Giving stored articles other topics, as a changed watchlist asks for. Nothing becomes news by it: an article keeps its number.

Not here: deciding what an article is about (``feeds/rematch.py``), watches (``watches.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, update

from storage import search_index, stories
from storage.records import Mention
from storage.tables import Article, ArticleTopic, MentionRow, insert_rows, table


@dataclass(frozen=True, slots=True)
class Retag:
    """What an article is found to be about now; no topics: it isn't relevant any more."""

    article_id: int
    topics: tuple[str, ...]
    mentions: tuple[Mention, ...]


def retag(connection: Connection, changed: Sequence[Retag]) -> None:
    """Store what these articles are about. Those that no longer match leave their story; those that came to match are to be placed then."""
    articles, ids = table(Article), [each.article_id for each in changed]
    search_index.remove(connection, ids)
    for row in (ArticleTopic, MentionRow):
        connection.execute(delete(table(row)).where(table(row).c.article_id.in_(bindparam("ids", expanding=True))), {"ids": ids})
    for matched in (True, False):
        chosen = [each.article_id for each in changed if bool(each.topics) is matched]
        connection.execute(update(articles).where(articles.c.id.in_(chosen)).values(matched=matched))
    insert_rows(connection, ArticleTopic, [{"topic": topic, "article_id": each.article_id} for each in changed for topic in each.topics])
    insert_rows(connection, MentionRow, [row for each in changed for row in mention_rows(each.article_id, each.mentions)])
    search_index.add(connection, search_index.read(connection, ids))
    stories.leave_unwanted(connection, [each.article_id for each in changed if not each.topics])


def mention_rows(article_id: int, mentions: Sequence[Mention]) -> list[dict[str, object]]:
    """The rows of an article's mentions."""
    return [
        {
            "article_id": article_id,
            "ordinal": ordinal,
            "topic": mention.topic,
            "alias": mention.alias,
            "field": mention.field,
            "start": mention.start,
            "end": mention.end,
        }
        for ordinal, mention in enumerate(mentions)
    ]
