"""Articles that were found, as they are shown: title and part of the text, with the words in them that were really found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.query import Term
from storage.snippets import Marked, Place, marked, snippet
from storage.tables import Article, MentionRow, SourceRow, table


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    id: int
    story_id: int | None
    title: Marked
    snippet: Marked
    url: str
    language: str
    outlet: str
    standing: str
    first_seen_at: datetime
    published_at: datetime | None


def read(connection: Connection, ids: Sequence[int], terms: Sequence[Term], topics: Sequence[str] = ()) -> tuple[Hit, ...]:
    """Those of these few articles that are still there, in the order of ``ids``.

    Marked are ``terms``, and where one of ``topics`` was recognised.
    """
    articles, sources = table(Article), table(SourceRow)
    rows = connection.execute(
        select(articles, sources.c.name, sources.c.standing)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(bindparam("ids", expanding=True))),
        {"ids": ids},
    )
    mentions = _mentions(connection, ids, topics) if topics and ids else {}
    found = {
        row.id: Hit(
            id=row.id,
            story_id=row.story_id,
            title=marked(row.title, terms, mentions.get((row.id, "title"), ())),
            snippet=snippet(row.text, terms, mentions.get((row.id, "text"), ())),
            url=row.url,
            language=row.language,
            outlet=row.outlet or row.name,
            standing=row.standing,
            first_seen_at=row.first_seen_at,
            published_at=row.published_at,
        )
        for row in rows
    }
    return tuple(found[number] for number in ids if number in found)


def _mentions(connection: Connection, ids: Sequence[int], topics: Sequence[str]) -> Mapping[tuple[int, str], list[Place]]:
    """Where these topics were recognised, by article and field."""
    kept = table(MentionRow)
    rows = connection.execute(
        select(kept.c.article_id, kept.c.field, kept.c.start, kept.c.end).where(
            kept.c.article_id.in_(bindparam("ids", expanding=True)), kept.c.topic.in_(bindparam("topics", expanding=True))
        ),
        {"ids": ids, "topics": topics},
    )
    found: dict[tuple[int, str], list[Place]] = {}
    for number, field, start, end in rows:
        found.setdefault((number, field), []).append((start, end))
    return found
