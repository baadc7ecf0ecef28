"""Whom the news is for: subscribers, their topics and watches, the digests that they had, and who is let in. Nobody's name is here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.row import BIG_KEY, NEVER_AGAIN, Row


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
