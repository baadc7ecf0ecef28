"""Articles that got other words are placed anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from feeds.second_look import REASON, look_again
from storage import archive, story_changes
from storage.archive import Arrival
from storage.database import Database
from storage.polled import Polled
from storage.tables import Article, Story, table
from tests.building import GROUPS, admit, arrival, event, listed

PICKET = (
    "В Новосибирске жёны мобилизованных вышли на площадь с плакатами. Около тридцати женщин требовали встречи с губернатором Травниковым "
    "и установления срока службы. Полиция переписала паспорта участниц и ушла, задержанных нет, сообщила одна из женщин."
)
TITLE = "В Новосибирске жёны мобилизованных вышли на площадь"


def _places(connection: Connection) -> dict[int, tuple[int | None, int | None]]:
    articles = table(Article)
    rows = connection.execute(select(articles.c.id, articles.c.story_id, articles.c.copy_of).order_by(articles.c.id))
    return {row.id: (row.story_id, row.copy_of) for row in rows}


def _report(source: Polled, title: str, text: str) -> Arrival:
    return arrival(source, url=f"https://{source.source.name.lower()}.example/1", title=title, text=text)


def _rewrite(connection: Connection, now: datetime, source: Polled, title: str, text: str) -> list[int]:
    admitted = archive.admit_all(connection, [[_report(source, title, text)]], now)[0]
    assert admitted.revised == 1
    return look_again(connection, admitted.rewritten, GROUPS, now)


def test_a_copy_that_was_rewritten_is_one_no_more(database: Database, now: datetime) -> None:
    """A page that carried another's report and then another event leaves that story, with a record; nothing becomes news by it."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, TITLE, PICKET), _report(mirror, TITLE, PICKET))
        assert _places(connection) == {1: (1, None), 2: (1, 1)}
        assert _rewrite(connection, now + timedelta(hours=1), mirror, event("title")[:60], event(2)) == [2]
        assert _places(connection) == {1: (1, None), 2: (2, None)}
        (change,) = story_changes.of_story(connection, 1)
        assert (change.article_id, change.new_story_id, change.reason, change.by_hand) == (2, 2, REASON, False)
        counted = select(table(Story).c.id, table(Story).c.articles).order_by(table(Story).c.id)
        assert [tuple(row) for row in connection.execute(counted)] == [(1, 1), (2, 1)]


def test_an_article_becomes_a_copy(database: Database, now: datetime) -> None:
    """What first stood as a story of its own and then carries another's text belongs to that."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, TITLE, PICKET), _report(mirror, "Подробности позже", event(2)))
        assert _places(connection) == {1: (1, None), 2: (2, None)}
        assert _rewrite(connection, now + timedelta(hours=1), mirror, TITLE, PICKET) == [2]
        assert _places(connection) == {1: (1, None), 2: (1, 1)}


def test_those_who_copied_the_old_words_stay_together(database: Database, now: datetime) -> None:
    """The earliest of them is the original of the others, and all stay in their story; who copies later finds it by the old words."""
    with database.write() as connection:
        herald, mirror, echo, later = listed(connection, now, "Herald", "Mirror", "Echo", "Later")
        admit(connection, now, _report(herald, TITLE, PICKET), _report(mirror, TITLE, PICKET), _report(echo, TITLE, PICKET))
        assert _places(connection) == {1: (1, None), 2: (1, 1), 3: (1, 1)}
        assert _rewrite(connection, now + timedelta(hours=1), herald, event("title")[:60], event(2)) == [1]
        places = _places(connection)
        assert places[2][1] is None
        assert places[3] == (places[2][0], 2)
        assert places[1][0] != places[2][0]
        admit(connection, now + timedelta(hours=2), _report(later, TITLE, PICKET))
        assert _places(connection)[max(_places(connection))][0] == places[2][0]


def test_a_light_edit_is_left_alone(database: Database, now: datetime) -> None:
    """A revision that changes little changes no place, and neither does one of an article that a person placed."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, TITLE, PICKET), _report(mirror, TITLE, PICKET))
        assert _rewrite(connection, now + timedelta(hours=1), mirror, TITLE, f"{PICKET} Пикет длился час.") == []
        story_changes.move(connection, [2], None, reason="by hand", by_hand=True, now=now)
        before = _places(connection)
        assert _rewrite(connection, now + timedelta(hours=2), mirror, event("title")[:60], event(2)) == []
        assert _places(connection) == before


def test_an_updated_report_stays_in_its_story(database: Database, now: datetime) -> None:
    """A new headline and a longer text on the same event change no story."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        other = "Тридцать жён мобилизованных собрались в Новосибирске и требуют встречи с губернатором Травниковым. Никого не задержали."
        admit(connection, now, _report(herald, TITLE, PICKET), _report(mirror, "Жёны мобилизованных в Новосибирске ждут Травникова", other))
        assert {story for story, _ in _places(connection).values()} == {1}
        longer = f"{PICKET} Губернатор Травников к женщинам не вышел, их пригласили в приёмную на понедельник. {event(1)}"
        assert _rewrite(connection, now + timedelta(hours=1), herald, "Губернатор Травников не вышел к жёнам мобилизованных", longer) == [1]
        assert {story for story, _ in _places(connection).values()} == {1}
