"""What leaves the archive has all that is known of it, in the order of its numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import exporting
from storage.database import Database
from storage.exporting import Exported
from storage.newest import newest_headlines
from storage.records import QueryError
from tests.building import LONG, admit, arrival, event, listed


@pytest.fixture
def archive(database: Database, now: datetime) -> Database:
    """A report, its copy elsewhere, a changed one, and one about nothing."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Herald", "Echo")
        admit(connection, now, arrival(herald))
        admit(connection, now + timedelta(minutes=7), arrival(echo, url="https://echo.example/1"))
        admit(connection, now, arrival(herald, url="https://herald.example/2", title="Прежний", text=event(2), topics=("protest",)))
        admit(connection, now, arrival(herald, url="https://herald.example/2", title="Новый", text=event(2), topics=("protest",)))
        admit(connection, now, arrival(herald, url="https://herald.example/3", title="Футбол", text=event(3), topics=()))
    return database


def _export(database: Database, query: str = "", *, unmatched: bool = False) -> list[Exported]:
    with database.read() as connection:
        ids = (
            exporting.matching_ids(connection, query, unmatched=unmatched) if query else exporting.every_id(connection, unmatched=unmatched)
        )
        return list(exporting.read(connection, ids))


def test_what_is_on_the_topics(archive: Database) -> None:
    """Or everything."""
    assert [each.title for each in _export(archive)] == ["Пикет «Пути домой»"] * 2 + ["Новый"]
    assert [each.article for each in _export(archive, unmatched=True)] == [1, 2, 3, 5]


def test_what_a_query_finds(archive: Database) -> None:
    """In the order of numbers, not newest first."""
    assert [each.article for each in _export(archive, "пикеты")] == [1, 2]
    assert [each.article for each in _export(archive, "футбол")] == []
    assert [each.article for each in _export(archive, "футбол", unmatched=True)] == [5]
    with pytest.raises(QueryError):
        _export(archive, '"пикет')


def test_what_an_article_has(archive: Database, now: datetime) -> None:
    """A copy says of what, a changed article what it said before."""
    _, copy, changed = _export(archive)
    assert copy.original is not None
    assert (copy.original.article, copy.original.first_seen_at, copy.original.text) == (1, now, LONG)
    assert (copy.source, copy.topics, copy.story, copy.copy_score) == ("Echo", ("way-home",), 1, 1.0)
    assert [(each.title, each.replaced_at) for each in changed.revisions] == [("Прежний", now)]
    assert (changed.original, changed.withdrawn_at) == (None, None)


def test_pages(database: Database, now: datetime) -> None:
    """However many there are, each comes once."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"Новость {n}", text="") for n in range(1_201)]
        admit(connection, now, *batch)
    assert [each.article for each in _export(database)] == list(range(1, 1_202))
    assert [each.article for each in _export(database, "новость")] == list(range(1, 1_202))


def test_how_new_a_selection_is(archive: Database, now: datetime) -> None:
    """As new as its newest article."""
    with archive.read() as connection:
        assert exporting.last_change(connection, [1, 2]) == now + timedelta(minutes=7)
        assert exporting.last_change(connection, []) is None


def test_the_newest_headlines(archive: Database, now: datetime) -> None:
    """One for each story, the story that was told last first."""
    with archive.read() as connection:
        assert newest_headlines(connection, ["way-home", "protest"], 10) == {1: now + timedelta(minutes=7), 3: now}
        assert list(newest_headlines(connection, ["way-home", "protest"], 1)) == [1]
        assert newest_headlines(connection, ["losses"], 10) == {}
