"""What comes in: sources and how polling them goes, articles and what they are about, and the numbers that they are counted by.

``article.id`` and ``story.changed_seq`` come from one growing number (``Counter`` "seq"), so that one cursor tells how far a subscriber has
been served.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, false, text
from sqlmodel import Field

from storage.tables.row import BIG_KEY, Row


class SourceRow(Row, table=True):
    """A source and how its polling goes.

    ``origin``: who decides about it, the catalog or an operator. ``state``: on, off or removed. ``wait``: seconds, see pace.py.
    ``claimed_at``: when it was last taken to be polled. ``trouble``: what kind of failure the last poll was, empty where it was none.
    ``told``: the condition that operators were last told of. ``former_title``: what it called itself before it changed its name.
    ``walk_from``: the page of a channel where walking back to the last known post had to stop.
    """

    __tablename__ = "sources"
    id: int | None = Field(default=None, sa_column=Column(BIG_KEY, primary_key=True))
    name: str = Field(unique=True)
    url: str = Field(unique=True)
    kind: str
    publisher: str = Field(index=True)
    standing: str
    language: str | None
    interval: int | None
    note: str
    origin: str
    state: str
    title: str | None = None
    etag: str | None = None
    modified: str | None = None
    full_fetch_at: datetime | None = None
    body_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    wait: float | None = None
    next_check_at: datetime = Field(index=True)
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failures: int = 0
    skipped: int = 0
    lease_until: datetime | None = None
    claimed_at: datetime | None = None
    trouble: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    told: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    former_title: str | None = None
    walk_from: str | None = None


class SourceDay(Row, table=True):
    """What polling a source came to on one day (UTC): polls and how many of them failed, new items and how many of those matched."""

    __tablename__ = "source_days"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    source_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True))
    day: date = Field(primary_key=True)
    polls: int
    failures: int
    items: int
    matched: int


class SeenKey(Row, table=True):
    """An identity that an entry had, kept for good, with the article it belongs to (which may have left by retention)."""

    __tablename__ = "seen_keys"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    key: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    article_id: int = Field(sa_column=Column(BigInteger, nullable=False))


class Article(Row, table=True):
    """An entry as stored.

    ``address`` is the canonical address; ``matched`` tells whether a topic made it relevant. ``copy_of``: the earliest article with this
    text, never a copy itself; ``copy_score``: the share of the shorter one's text that both have. ``placed_by_hand``: a person decided
    which story it belongs to. ``withdrawn_at``: when its source was seen to have taken it away. Imported articles have numbers below
    zero, so that no cursor ever meets them; ``given_id`` is the id that one came with, as JSON.
    """

    __tablename__ = "articles"
    __table_args__: ClassVar[Any] = (
        # SQLite uses a partial index only where its condition stands in the query just as it does here.
        Index("ix_articles_unmatched", "id", sqlite_where=text("matched = 0"), postgresql_where=text("NOT matched")),
        Index("ix_articles_copy_of", "copy_of", sqlite_where=text("copy_of IS NOT NULL"), postgresql_where=text("copy_of IS NOT NULL")),
        Index("ix_articles_story_id", "story_id", sqlite_where=text("story_id IS NOT NULL"), postgresql_where=text("story_id IS NOT NULL")),
    )
    id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    source_id: int = Field(sa_column=Column(BIG_KEY, ForeignKey("sources.id"), index=True, nullable=False))
    url: str
    address: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    outlet: str | None
    wire: str | None
    matched: bool
    content_key: bytes = Field(sa_column=Column(LargeBinary(16), nullable=False))
    copy_of: int | None = Field(sa_column=Column(BigInteger))
    story_id: int | None = Field(sa_column=Column(BigInteger))
    withdrawn_at: datetime | None = None
    copy_score: float | None = None
    placed_by_hand: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    given_id: str | None = None


class ArticleTopic(Row, table=True):
    """An article is about a topic."""

    __tablename__ = "article_topics"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    topic: str = Field(primary_key=True)
    article_id: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True))


class MentionRow(Row, table=True):
    """Where in an article a topic was recognised: characters ``start`` to ``end`` of ``field`` (title or text)."""

    __tablename__ = "mentions"
    article_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ordinal: int = Field(primary_key=True)
    topic: str
    alias: str
    field: str
    start: int
    end: int


class Revision(Row, table=True):
    """What an article said before it was changed at ``replaced_at``."""

    __tablename__ = "revisions"
    seq: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    article_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    title: str
    text: str
    replaced_at: datetime


class Import(Row, table=True):
    """A file that was imported, by the hash of its bytes: its ``articles`` have the numbers from ``first`` on, in the order of their time.

    ``started_at``: when that was first begun. What is in the future then is refused, also when the work is taken up again.
    """

    __tablename__ = "imports"
    key: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    first: int = Field(sa_column=Column(BigInteger, nullable=False))
    articles: int
    started_at: datetime


class Counter(Row, table=True):
    """Growing numbers, and marks of what the database was built with.

    Name "seq" numbers articles, revisions and story changes; "past" counts the numbers below zero that imports have taken; "watches"
    grows whenever a watch is added, changed or removed.
    """

    __tablename__ = "counters"
    name: str = Field(primary_key=True)
    value: int = Field(sa_column=Column(BigInteger, nullable=False))
