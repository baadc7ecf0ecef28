"""What tells copies and stories: stories themselves, and what articles and stories are looked up by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field

from storage.tables.row import BIG_KEY, Row


class Story(Row, table=True):
    """Articles that tell the same event. Its id is that of its first article, for good. ``languages``: codes with spaces between.

    ``echo_of``: the earlier story, over by then, that it comes back to.
    """

    __tablename__ = "stories"
    __table_args__: ClassVar[Any] = (
        Index("ix_stories_echo_of", "echo_of", sqlite_where=text("echo_of IS NOT NULL"), postgresql_where=text("echo_of IS NOT NULL")),
    )
    id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    publishers: int
    languages: str
    headline_article_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    changed_seq: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    echo_of: int | None = Field(default=None, sa_column=Column(BigInteger))


class StoryChange(Row, table=True):
    """Stories were put right: merge (all of the old one went to the new one) or move (of ``article_id``), and who wanted it."""

    __tablename__ = "story_changes"
    seq: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    kind: str
    article_id: int | None = Field(sa_column=Column(BigInteger))
    old_story_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    new_story_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    reason: str
    by_hand: bool
    at: datetime


class CopyPosting(Row, table=True):
    """An article has this hash in the sketch of its text, or as its title's: what copies are looked up by."""

    __tablename__ = "copy_postings"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    hash: int = Field(sa_column=Column(BigInteger, primary_key=True))
    article_id: int = Field(sa_column=Column(BigInteger, primary_key=True))


class Furniture(Row, table=True):
    """A sentence, by its key, stood in so many groups of copies of a publisher. Key 0: how many groups the publisher had at all."""

    __tablename__ = "furniture"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    publisher: str = Field(primary_key=True)
    key: int = Field(sa_column=Column(BigInteger, primary_key=True))
    groups: int
    seen_on: date


class TermCount(Row, table=True):
    """A term stood in so many articles, fewer the longer ago that was. The empty term: how many articles were counted."""

    __tablename__ = "term_counts"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    term: str = Field(primary_key=True)
    count: float


class StoryTerm(Row, table=True):
    """A recent story has a rare term: what stories are looked up by."""

    __tablename__ = "story_terms"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    term: str = Field(primary_key=True)
    story_id: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True))


class StoryProfile(Row, table=True):
    """What articles are compared with to see whether they belong to a recent story."""

    __tablename__ = "story_profiles"
    story_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    last_seen_at: datetime = Field(index=True)
    profile: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PastTerm(Row, table=True):
    """A story that is over has a rare term: what the stories are looked up by that later ones are echoes of."""

    __tablename__ = "past_terms"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    term: str = Field(primary_key=True)
    story_id: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True))


class PastProfile(Row, table=True):
    """What later articles are compared with to see whether they are echoes of a story that is over."""

    __tablename__ = "past_profiles"
    story_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    last_seen_at: datetime = Field(index=True)
    profile: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
