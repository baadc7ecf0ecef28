"""A changed watchlist applied to the archive: what is added and lost, without news, without loss, and as often as one likes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from feeds import rematch, watchlist
from feeds.match import Matcher
from feeds.placing import place
from storage import archive, articles, cursors, search, stories
from storage.database import Database
from storage.tables import Article, MentionRow, Story, table
from tests.building import admit, arrival, listed

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TRAMS = {
    "id": "trams",
    "kind": "theme",
    "names": {"en": "Trams", "ru": "Трамваи", "uk": "Трамваї"},
    "decides": True,
    "aliases": [{"any": ["трамвай"]}],
}


@pytest.fixture
def trams() -> Matcher:
    """A watchlist about trams."""
    return Matcher(watchlist.parse({"topics": [TRAMS]}))


@pytest.fixture
def stored(database: Database, now: datetime) -> Database:
    """An archive with a tram that was overlooked, and a picket that was found."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        tram = arrival(herald, url="https://herald.example/1", title="Новые трамваи", text="На линии.", topics=())
        picket = arrival(herald, url="https://herald.example/2", title="Пикет", text="У министерства.")
        admit(connection, now - timedelta(days=2), tram, picket)
    return database


def _topics(database: Database) -> dict[str, tuple[str, ...]]:
    with database.read() as connection:
        return {each.title: each.topics for each in articles.read_after(connection, 0, 100)}


def test_preview_changes_nothing(stored: Database, trams: Matcher, now: datetime) -> None:
    """It says what would come and go, with samples, and leaves everything as it was."""
    before = _topics(stored)
    changes = rematch.preview(stored, trams, now - timedelta(days=30))
    assert (changes.judged, changes.matched, changes.unmatched) == (2, 1, 1)
    assert (changes.added, changes.lost) == ({"trams": 1}, {"way-home": 1})
    assert [each.title for each in changes.added_samples["trams"]] == ["Новые трамваи"]
    assert [each.title for each in changes.lost_samples["way-home"]] == ["Пикет"]
    assert changes.hits_a_day("trams", now) == 0.5
    assert _topics(stored) == before


def test_what_matches_now_is_found_and_told(stored: Database, trams: Matcher) -> None:
    """Topics, mentions, the index and stories are as if it had been so from the beginning; numbers stay."""
    with stored.read() as connection:
        last = archive.latest(connection)
    assert rematch.rematch(stored, trams, NOW) == 2
    assert _topics(stored) == {"Новые трамваи": ("trams",), "Пикет": ()}
    with stored.read() as connection:
        assert [hit.title.text for hit in search.search(connection, search.parse("трамвай")).hits] == ["Новые трамваи"]
        assert search.search(connection, search.parse("пикет")).hits == ()
        assert len(search.search(connection, search.parse("пикет"), unmatched=True).hits) == 1
        assert connection.scalars(select(table(MentionRow).c.topic)).all() == ["trams"]
        assert cursors.changed(connection, ["trams", "way-home"], 0, last) == [1]
        assert connection.scalars(select(table(Story).c.id)).all() == [1]
        assert archive.latest(connection) == last


def test_it_isnt_news_to_those_who_were_served(stored: Database, trams: Matcher) -> None:
    """What lies before a reader's cursor stays before it."""
    with stored.read() as connection:
        cursor = archive.latest(connection)
    rematch.rematch(stored, trams, NOW)
    with stored.read() as connection:
        assert cursors.changed(connection, ["trams"], cursor, archive.latest(connection)) == []


def test_again_and_back(stored: Database, trams: Matcher, matcher: Matcher) -> None:
    """A second run has nothing to do; the old watchlist brings the old topics back where the words say so."""
    rematch.rematch(stored, trams, NOW)
    assert rematch.rematch(stored, trams, NOW) == 0
    rematch.rematch(stored, matcher, NOW)
    assert _topics(stored)["Новые трамваи"] == ()
    assert rematch.rematch(stored, trams, NOW) == 1


def test_stopping_in_between_loses_nothing(database: Database, trams: Matcher, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored stays, and the next run does the rest."""
    monkeypatch.setattr(rematch, "BATCH", 2)
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"Трамвай {n}", text="", topics=()) for n in range(5)]
        admit(connection, now, *batch)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rematch.rematch(database, trams, NOW, stop)
    assert sum(bool(topics) for topics in _topics(database).values()) == 2
    assert rematch.rematch(database, trams, NOW) == 3


def test_what_was_revised_meanwhile_is_left_alone(stored: Database, trams: Matcher, now: datetime) -> None:
    """An article that changed between being judged and being stored keeps what was said of its new words."""
    (batch,) = rematch.judge(stored, trams)
    with stored.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, url="https://herald.example/1", title="Пикет у депо", text="", topics=()))
    assert rematch._store(stored, trams, [one for one in batch if one.changed], now) == 1
    assert _topics(stored)["Пикет у депо"] == ()


def test_a_story_that_loses_its_first_article(database: Database, now: datetime) -> None:
    """Copies keep their story when the original no longer belongs to it, and find another original."""
    text = "Новые трамваи вышли на линию сегодня утром, сообщил город, и будут ходить каждый день до вечера."
    with database.write() as connection:
        herald, tribune = listed(connection, now, "Herald", "Tribune")
        admit(connection, now, arrival(herald, url="https://a.example/1", title="Слово", text=text, guid="1"))
        admit(connection, now, arrival(tribune, url="https://b.example/1", title="Слово", text=text, guid="2"))
        stories.leave(connection, [1])
        rows = connection.execute(select(table(Article).c.id, table(Article).c.story_id, table(Article).c.copy_of)).all()
        assert rows == [(1, None, None), (2, 1, None)]
        (story,) = connection.execute(select(table(Story))).all()
        assert (story.articles, story.headline_article_id) == (1, 2)
        place(connection, [1], (), now)
        assert connection.scalar(select(table(Story).c.articles)) == 2
