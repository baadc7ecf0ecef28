"""The full-text index: stems of every kept article, in a table whose row number is the article's id (``fts5.py``, ``tsvector.py``).

Beside the stems of title and text there are tags: one token each for its topics, language, source, the outlet that an aggregator names,
its year, month and day, and whether it matched; nothing that may change while the article doesn't. Tags begin with an underscore, which
no word does. SQLite's index needs the old words to forget a row, so they are worked out again from the article; ``WORDS_VERSION`` tells
when that would no longer give the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, delete, select, text

from storage.articles import topics_of
from storage.batches import batches, run_many
from storage.full_text import FullText
from storage.kinds import kind_of, put_in
from storage.tables import Article, Counter, table
from storage.words import WORDS_VERSION, stems, tag

MATCHED, UNMATCHED = "_matched_yes", "_matched_no"
# Articles put into a new index in one transaction, so that a crash loses little and the log of the database stays small.
RENEWED_AT_ONCE = 5_000


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
    day: date
    outlet: str | None = None


def day_of(published: datetime | None, first_seen: datetime) -> date:
    """The day (UTC) that an article counts for: the one that it claims, unless that is later than when it was first seen."""
    moment = first_seen if published is None or published > first_seen else published
    return moment.astimezone(UTC).date()


def add(connection: Connection, articles: Iterable[Indexed]) -> None:
    """Put articles into the index."""
    index = kind_of(connection).full_text
    put_in(connection, "search_index", index.insert, [_row(index, article) for article in articles])


def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Take articles out of the index. They must still be stored as they were when they were put in."""
    index = kind_of(connection).full_text
    run_many(connection, index.delete, [_row(index, article) for article in read(connection, ids)])


def read(connection: Connection, ids: Sequence[int]) -> list[Indexed]:
    """Read from the archive what the index needs to know of these articles."""
    articles = table(Article)
    found: list[Indexed] = []
    for chosen in batches(ids):
        of = topics_of(connection, chosen)
        rows = connection.execute(select(articles).where(articles.c.id.in_(bindparam("ids", expanding=True))), {"ids": chosen})
        found.extend(
            Indexed(
                id=row.id,
                title=row.title,
                text=row.text,
                language=row.language,
                matched=row.matched,
                topics=tuple(of.get(row.id, ())),
                source_id=row.source_id,
                day=day_of(row.published_at, row.first_seen_at),
                outlet=row.outlet,
            )
            for row in rows
        )
    return found


def is_stale(connection: Connection) -> bool:
    """Whether the index was built with other words than this program's."""
    counters = table(Counter)
    return connection.scalar(select(counters.c.value).where(counters.c.name == "words_version")) != WORDS_VERSION


def is_ready(connection: Connection) -> bool:
    """Whether the database has made of the index what searches need: on a server it may have been made by an earlier version."""
    ready = kind_of(connection).full_text.ready
    return ready is None or bool(connection.scalar(ready))


def renew_some(connection: Connection) -> bool:
    """Go on with building the index anew, up to RENEWED_AT_ONCE articles, and say whether it is done. Begins where nothing was begun."""
    counters, articles, index = table(Counter), table(Article), kind_of(connection).full_text
    done = connection.scalar(select(counters.c.value).where(counters.c.name == "words_renewed"))
    if done is None:
        _run(connection, index.clear)
        connection.execute(delete(counters).where(counters.c.name == "words_version"))
    later = articles.c.id > done if done is not None else articles.c.id.is_not(None)
    ids = list(connection.scalars(select(articles.c.id).where(later).order_by(articles.c.id).limit(RENEWED_AT_ONCE)))
    for chosen in batches(ids):
        add(connection, read(connection, chosen))
    connection.execute(delete(counters).where(counters.c.name == "words_renewed"))
    left = len(ids) == RENEWED_AT_ONCE
    if not left:
        _run(connection, index.finish)
    mark = {"name": "words_renewed", "value": ids[-1]} if left else {"name": "words_version", "value": WORDS_VERSION}
    connection.execute(counters.insert(), mark)
    return not left


def occurs(connection: Connection, token: str) -> bool:
    """Whether any article has this stem or tag."""
    index = kind_of(connection).full_text
    statement = text(f"SELECT 1 FROM search_index WHERE {index.matches} LIMIT 1")  # noqa: S608 - a sentence of ours; the token is bound
    return connection.scalar(statement, {"match": index.syntax.tag(token)}) is not None


def _run(connection: Connection, statements: Iterable[TextClause]) -> None:
    for statement in statements:
        connection.execute(statement)


def _row(index: FullText, article: Indexed) -> Mapping[str, Any]:
    year, month, day = article.day.isoformat().split("-")
    tags = [
        MATCHED if article.matched else UNMATCHED,
        tag("language", article.language),
        tag("source", str(article.source_id)),
        *([tag("outlet", article.outlet)] if article.outlet else []),
        tag("year", year),
        tag("month", f"{year}{month}"),
        tag("day", f"{year}{month}{day}"),
        *(tag("topic", topic) for topic in sorted(article.topics)),
    ]
    return index.row(article.id, tags, stems(article.title), stems(article.text))
