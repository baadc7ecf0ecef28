"""The tables of the database, one class each. The full-text index is not here: it is made by hand in the first migration."""

from __future__ import annotations

from storage.tables.mail import Circular, Errand, Inbox, Outbox
from storage.tables.news import Article, ArticleTopic, Counter, Import, MentionRow, Revision, SeenKey, SourceDay, SourceRow
from storage.tables.people import Digest, Guest, Invitation, Subscriber, Subscription, Watch, WatchHit
from storage.tables.row import Row, insert_rows, insert_rows_of, table
from storage.tables.sameness import CopyPosting, Furniture, PastProfile, PastTerm, Story, StoryChange, StoryProfile, StoryTerm, TermCount

__all__ = [
    "Article",
    "ArticleTopic",
    "Circular",
    "CopyPosting",
    "Counter",
    "Digest",
    "Errand",
    "Furniture",
    "Guest",
    "Import",
    "Inbox",
    "Invitation",
    "MentionRow",
    "Outbox",
    "PastProfile",
    "PastTerm",
    "Revision",
    "Row",
    "SeenKey",
    "SourceDay",
    "SourceRow",
    "Story",
    "StoryChange",
    "StoryProfile",
    "StoryTerm",
    "Subscriber",
    "Subscription",
    "TermCount",
    "Watch",
    "WatchHit",
    "insert_rows",
    "insert_rows_of",
    "table",
]
