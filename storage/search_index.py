"""The full-text index: stems of every kept article, in one contentless FTS5 table whose row number is the article's id.

Its columns: title and text (stems) and tags (one token for each topic, for language and source, and for having matched): nothing that may
change while the article doesn't.
Newest first is ``ORDER BY rowid DESC``, which FTS5 answers without sorting. A contentless table needs the old words to forget a row, so
they are worked out again from the article; ``WORDS_VERSION`` tells when that would no longer give the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, text

from storage.batches import batches, run_many
from storage.tables import Article, ArticleTopic, Counter, table
from storage.words import WORDS_VERSION, stems, tag

MATCHED = "matched_yes"

_INSERT = text("INSERT INTO search_index(rowid, title, text, tags) VALUES (:id, :title, :text, :tags)")
_DELETE = text("INSERT INTO search_index(search_index, rowid, title, text, tags) VALUES ('delete', :id, :title, :text, :tags)")


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index needs to know of an article."""

    id: int
    title: str
    text: str
    language: str
    matched: bool
    topics: tuple[str, ...]
    source_id: int


def add(connection: Connection, articles: Iterable[Indexed]) -> None:
    """Put articles into the index."""
    run_many(connection, _INSERT, [_row(article) for article in articles])


def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Take articles out of the index. They must still be stored as they were when they were put in."""
    run_many(connection, _DELETE, [_row(article) for article in read(connection, ids)])


def read(connection: Connection, ids: Sequence[int]) -> list[Indexed]:
    """Read from the archive what the index needs to know of these articles."""
    articles, topics = table(Article), table(ArticleTopic)
    found: list[Indexed] = []
    for chosen in batches(ids):
        of: dict[int, list[str]] = {}
        for topic, article_id in connection.execute(
            select(topics.c.topic, topics.c.article_id)
            .where(topics.c.article_id.in_(bindparam("ids", expanding=True)))
            .order_by(topics.c.topic),
            {"ids": chosen},
        ):
            of.setdefault(article_id, []).append(topic)
        rows = connection.execute(select(articles).where(articles.c.id.in_(bindparam("ids", expanding=True))), {"ids": chosen})
        found.extend(
            Indexed(row.id, row.title, row.text, row.language, row.matched, tuple(of.get(row.id, ())), row.source_id) for row in rows
        )
    return found


def is_stale(connection: Connection) -> bool:
    """Whether the index was built with other words than this program's."""
    counters = table(Counter)
    return connection.scalar(select(counters.c.value).where(counters.c.name == "words_version")) != WORDS_VERSION


def renew(connection: Connection) -> None:
    """Build the index anew."""
    counters, articles = table(Counter), table(Article)
    connection.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
    ids = list(connection.scalars(select(articles.c.id).order_by(articles.c.id)))
    for chosen in batches(ids):
        add(connection, read(connection, chosen))
    connection.execute(counters.delete().where(counters.c.name == "words_version"))
    connection.execute(counters.insert(), {"name": "words_version", "value": WORDS_VERSION})


def _row(article: Indexed) -> dict[str, int | str]:
    tags = [
        tag("language", article.language),
        tag("source", str(article.source_id)),
        *(tag("topic", topic) for topic in article.topics),
        *([MATCHED] if article.matched else []),
    ]
    return {"id": article.id, "title": " ".join(stems(article.title)), "text": " ".join(stems(article.text)), "tags": " ".join(tags)}
