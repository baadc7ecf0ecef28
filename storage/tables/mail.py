"""What is said and heard: updates of the Bot API, what is to be sent, and work whose outcome is said later."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, text
from sqlmodel import Field

from storage.tables.row import BIG_KEY, NEVER_AGAIN, Row


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
