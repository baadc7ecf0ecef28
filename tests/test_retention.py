"""What leaves the archive, what stays, and that nothing that left is ever news again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from storage import retention, search
from storage.database import Database
from storage.tables import Article, ArticleTopic, MentionRow, Revision, Row, SeenKey, Story, table
from tests.building import admit, arrival, listed


def _count(connection: Connection, row: type[Row]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table(row))) or 0)


def _titles(connection: Connection) -> list[str]:
    return list(connection.scalars(select(table(Article).c.title).order_by(table(Article).c.id)))


def test_only_old_and_unmatched_articles_leave(database: Database, now: datetime) -> None:
    """What is about a topic stays for good; the rest until its days are over, to the moment."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for age, topics in ((30, ()), (10, ()), (30, ("way-home",)), (9, ())):
            title = f"{age} {len(topics)}"
            admit(
                connection,
                now - timedelta(days=age),
                arrival(herald, url=f"https://herald.example/{title}", title=title, text="", topics=topics),
            )
        assert retention.retire(connection, now - timedelta(days=10)) == 1
        assert _titles(connection) == ["10 0", "30 1", "9 0"]
        assert retention.retire(connection, now - timedelta(days=10)) == 0
        assert retention.retire(connection, now - timedelta(days=10) + timedelta(microseconds=1)) == 1
        assert _titles(connection) == ["30 1", "9 0"]


def test_what_left_is_found_no_more(database: Database, now: datetime) -> None:
    """Its words leave the index with it, those of its revisions too."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, title="Вязание крючком", topics=()))
        assert admit(connection, now, arrival(herald, title="Вязание спицами", topics=())).revised == 1
        assert retention.retire(connection, now + timedelta(days=1)) == 1
        for word in ("вязание", "крючок", "спицы"):
            assert not search.search(connection, search.parse(word), unmatched=True).hits
        assert (_count(connection, Article), _count(connection, Revision)) == (0, 0)


@pytest.mark.parametrize("change", [{}, {"title": "Иной заголовок"}, {"guid": "other", "text": "Иной текст."}])
def test_what_left_is_not_news_when_it_comes_back(database: Database, now: datetime, change: dict[str, Any]) -> None:
    """Seen keys outlive the article: the same entry, even with other words, is known and stored no more."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, topics=()))
        keys = _count(connection, SeenKey)
        retention.retire(connection, now + timedelta(days=1))
        assert _count(connection, SeenKey) == keys
        again = admit(connection, now + timedelta(days=2), arrival(herald, topics=(), **change))
        assert (again.new, again.known, again.revised) == ([], 1, 0)
        assert _count(connection, Article) == 0


def test_nobody_waits_for_a_great_many(database: Database, now: datetime) -> None:
    """A transaction takes a batch and no more; asked again and again, the rest follows."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        number = 2 * retention.BATCH + 50
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"Новость {n}", text="", topics=()) for n in range(number)]
        admit(connection, now, *batch)
        left = [retention.retire(connection, now + timedelta(days=1)) for _ in range(4)]
        assert left == [retention.BATCH, retention.BATCH, 50, 0]


def test_what_was_told_stays_whole(database: Database, now: datetime) -> None:
    """Stories, topics, mentions and revisions of matched articles are left alone however old they are."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        admit(connection, now, arrival(herald, title="Другое"))
        before = [_count(connection, row) for row in (Article, Story, ArticleTopic, MentionRow, Revision)]
        assert before == [1, 1, 1, 1, 1]
        assert retention.retire(connection, now + timedelta(days=10_000)) == 0
        assert [_count(connection, row) for row in (Article, Story, ArticleTopic, MentionRow, Revision)] == before


def test_an_empty_archive(database: Database, now: datetime) -> None:
    """Nothing leaves where nothing is."""
    with database.write() as connection:
        assert retention.retire(connection, now) == 0
