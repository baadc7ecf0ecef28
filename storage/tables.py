"""The tables of the database, one class each. The full-text index is not here: it is made by hand in the first migration.

Times are aware UTC. ``article.id`` and ``story.changed_seq`` come from one growing number (``Counter`` "seq"), so that one cursor tells
how far a subscriber has been served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from storage.kinds import put_in

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Numbers that buttons hold, and so anybody may make up, have 64 bits: a smaller type would refuse what is only unknown. SQLite gives a
# table's row number only to a key of type INTEGER, which has 64 bits there.
BIG_KEY = BigInteger().with_variant(Integer, "sqlite")

# SQLite would give the number of a deleted row to a new one, which a letter that is being sent, or a button, may still mean.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Row(SQLModel):
    """Base of all tables: one metadata with names for every constraint, so that migrations can refer to them."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


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


class Subscriber(Row, table=True):
    """A chat, or a thread of a forum chat (0: none). No name, no username, no text: only what is needed to serve it.

    ``digest_times``: local times with spaces between ("08:00 20:00"). ``cursor``: all up to this number of the sequence has been served.
    ``last_active_month``: "2026-11". ``state``: new (being set up), on, paused or gone. ``quiet_hours``: local, "22:00-08:00". ``options``:
    other choices (``choices.py``). ``alert_cursor``: alerts have come so far, None without alerts. ``fade_hours``: what is said is deleted
    after so many hours.
    """

    __tablename__ = "subscribers"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("chat_id", "thread_id"),
        Index("ix_subscribers_due", "next_due_at", sqlite_where=text("state = 'on'"), postgresql_where=text("state = 'on'")),
        *(
            Index(f"ix_subscribers_{name}", name, sqlite_where=text(f"{name} IS NOT NULL"), postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("alert_cursor", "fade_hours")
        ),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_KEY, primary_key=True))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    thread_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    language: str
    time_zone: str
    digest_times: str
    quiet_hours: str
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cursor: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_active_month: str
    state: str
    next_due_at: datetime | None
    alert_cursor: int | None = Field(sa_column=Column(BigInteger))
    fade_hours: int | None


class Guest(Row, table=True):
    """A chat that was let in by an invitation, where access is by list."""

    __tablename__ = "guests"
    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class Invitation(Row, table=True):
    """The code of an invitation that nobody has used yet."""

    __tablename__ = "invitations"
    code: str = Field(primary_key=True)
    made_at: datetime


class Subscription(Row, table=True):
    """A subscriber receives a topic."""

    __tablename__ = "subscriptions"
    subscriber_id: int = Field(sa_column=Column(BIG_KEY, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True))
    topic: str = Field(primary_key=True)


class Watch(Row, table=True):
    """A subscriber's own rule."""

    __tablename__ = "watches"
    __table_args__: ClassVar[Any] = (NEVER_AGAIN,)
    id: int | None = Field(default=None, sa_column=Column(BIG_KEY, primary_key=True))
    subscriber_id: int = Field(sa_column=Column(BIG_KEY, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True, nullable=False))
    name: str
    rule: str


class WatchHit(Row, table=True):
    """A watch holds for an article."""

    __tablename__ = "watch_hits"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    watch_id: int = Field(sa_column=Column(BIG_KEY, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True))
    article_id: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True))


class Digest(Row, table=True):
    """A digest that was written for a subscriber, covering the sequence after ``from_seq`` up to ``to_seq``.

    ``slot`` is the local time it was due at ("08:00"), or "now N" for one that was asked for. One per subscriber, local date and slot.
    ``stories``: the numbers of the stories that it told, in their order.
    """

    __tablename__ = "digests"
    __table_args__: ClassVar[Any] = (UniqueConstraint("subscriber_id", "local_date", "slot"), NEVER_AGAIN)
    id: int | None = Field(default=None, sa_column=Column(BIG_KEY, primary_key=True))
    subscriber_id: int = Field(sa_column=Column(BIG_KEY, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True, nullable=False))
    local_date: date
    slot: str
    from_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    to_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    stories: list[int] = Field(sa_column=Column(JSON, nullable=False, server_default=text("'[]'")))


class Inbox(Row, table=True):
    """An update of the Bot API. ``body`` has no names and is erased when the update has been handled; the id stays.

    ``state``: new, done or bad (set aside, with the reason). Done rows lose their chat as well.
    """

    __tablename__ = "inbox"
    update_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    chat_id: int | None = Field(sa_column=Column(BigInteger, index=True))
    body: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    state: str = Field(index=True)
    reason: str | None
    received_at: datetime


class Circular(Row, table=True):
    """What many letters of the outbox say alike, and nothing of who gets them: part of a call's ``payload``. ``id`` follows from it."""

    __tablename__ = "circulars"
    id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    written_at: datetime


class Outbox(Row, table=True):
    """Something to be said: one call of the Bot API. ``payload`` is erased once it has been sent or can't be.

    ``kind``: reply, alert, digest or announcement, sent in this order by ``priority``. ``state``: pending, sending or later; when settled:
    sent, gone, rejected, stale or unknown. ``digest_id``: the digest that it is. ``circular_id``: where the rest of what it says is.
    """

    __tablename__ = "outbox"
    __table_args__: ClassVar[Any] = (
        Index("ix_outbox_waiting", "priority", "id", sqlite_where=text("settled_at IS NULL"), postgresql_where=text("settled_at IS NULL")),
        Index(
            "ix_outbox_waiting_chat",
            "chat_id",
            "priority",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        # Without what waits: SQLite would look that up here, and sort all of it for every letter.
        Index(
            "ix_outbox_settled_at",
            "settled_at",
            sqlite_where=text("settled_at IS NOT NULL"),
            postgresql_where=text("settled_at IS NOT NULL"),
        ),
        NEVER_AGAIN,
    )
    id: int | None = Field(sa_column=Column(BIG_KEY, primary_key=True))
    chat_id: int | None = Field(sa_column=Column(BigInteger, index=True))
    kind: str
    priority: int
    method: str
    payload: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    state: str
    attempts: int
    not_before: datetime
    lease_until: datetime | None
    created_at: datetime
    settled_at: datetime | None
    message_id: int | None = Field(default=None, sa_column=Column(BIG_KEY))
    error: str | None
    digest_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    circular_id: int | None = Field(default=None, sa_column=Column(BigInteger))


class Errand(Row, table=True):
    """Work that a command began and that takes longer than an answer may: its outcome is said later. Gone when it is done."""

    __tablename__ = "errands"
    __table_args__: ClassVar[Any] = (NEVER_AGAIN,)
    id: int | None = Field(default=None, sa_column=Column(BIG_KEY, primary_key=True))
    chat_id: int = Field(sa_column=Column(BigInteger, index=True, nullable=False))
    thread_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    kind: str
    argument: str
    created_at: datetime


def table(row: type[Row]) -> Table:
    """The Core table of a row class, for statements on hot paths."""
    return Row.metadata.tables[str(row.__tablename__)]


def insert_rows(connection: Connection, row: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all of the same columns, by one statement or by COPY; no rows, no statement."""
    insert_rows_of(connection, table(row), rows)


def insert_rows_of(connection: Connection, into: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same by a Core table."""
    put_in(connection, into.name, _insertion(into), rows)


@cache
def _insertion(into: Table) -> Insert:
    return into.insert()
