"""What leaves the archive: articles about none of the topics, after their days. Seen keys stay, so nothing that left comes back as news.

Imported articles, whose numbers are below zero, stay: a corpus that somebody brought isn't thinned out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage import search_index, stories, watches
from storage.tables import Article, Revision, table

# Rows deleted in one transaction, so that nobody waits for the rest.
BATCH = 200


def retire(connection: Connection, before: datetime) -> int:
    """Delete up to BATCH unmatched articles that were first seen before that time, and return how many they were."""
    articles, revisions = table(Article), table(Revision)
    old = (~articles.c.matched, articles.c.first_seen_at < before, articles.c.id > 0)
    statement = select(articles.c.id).where(*old).order_by(articles.c.id).limit(BATCH)
    ids = list(connection.scalars(statement))
    search_index.remove(connection, ids)
    watches.drop_hits(connection, ids)
    stories.leave(connection, ids)
    connection.execute(delete(revisions).where(revisions.c.article_id.in_(ids)))
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    return len(ids)
