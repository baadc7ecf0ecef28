"""Stories: opened once, and growing with every copy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage import archive, cursors, search, stories
from storage.database import Database
from storage.stories import Placement
from storage.tables import Article, MentionRow, Revision, SeenKey, Story, table
from tests.building import LONG, admit, arrival, listed


def _stories(connection: Connection) -> list[tuple[int, int, int, str, int]]:
    rows = connection.execute(select(table(Story)).order_by(table(Story).c.id))
    return [(row.id, row.articles, row.publishers, row.languages, row.changed_seq) for row in rows]


def test_an_article_opens_a_story(database: Database, now: datetime) -> None:
    """What is about a topic is a story of its own with its number; what is about none is no story."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald), arrival(herald, url="https://herald.example/2", title="Спорт", text="", topics=()))
        assert _stories(connection) == [(1, 1, 1, "ru", 1)]
        assert list(connection.scalars(select(table(Article).c.story_id).order_by(table(Article).c.id))) == [1, None]


def test_copies_make_a_story_grow(database: Database, now: datetime) -> None:
    """A copy counts as an article; its publisher and language once each; the story changed when the copy came."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        later = now + timedelta(hours=2)
        admit(connection, now, arrival(herald))
        admit(connection, now, arrival(herald, url="https://herald.example/again"))
        admit(connection, later, arrival(echo, url="https://echo.example/1", language="uk"))
        assert [row.id for row in connection.execute(select(table(Article)))] == [1, 2]
        assert _stories(connection) == [(1, 2, 2, "ru uk", 2)]
        row = connection.execute(select(table(Story))).one()
        assert (row.first_seen_at, row.last_seen_at, row.headline_article_id) == (now, later, 1)


def test_placing(database: Database, now: datetime) -> None:
    """A story that isn't there is opened by the first of its articles, one that is grows; who copied what is kept with the score."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"{n}", text="", topics=()) for n in range(2)]
        admit(connection, now, *batch, arrival(echo, url="https://echo.example/", title="echo", text="", topics=()))
        stories.place(connection, [Placement(1, 1, None, None, "ru", now), Placement(2, 1, 1, 0.9, "ru", now)])
        assert _stories(connection) == [(1, 2, 1, "ru", 2)]
        stories.place(connection, [Placement(3, 1, None, None, "en", now)])
        assert _stories(connection) == [(1, 3, 2, "ru", 3)]
        scores = connection.execute(select(table(Article).c.copy_of, table(Article).c.copy_score).order_by(table(Article).c.id)).all()
        assert scores == [(None, None), (1, 0.9), (None, None)]
        stories.place(connection, [])


def test_tellings(database: Database, now: datetime) -> None:
    """Every article of a story with who told it, earliest first; an aggregator's item is its outlet's."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        admit(connection, now, arrival(herald, topics=("way-home", "protest", "appeal")))
        admit(connection, now, arrival(echo, url="https://echo.example/1", topics=()), arrival(echo, url="https://echo.example/2"))
        found = stories.tellings(connection, [1, 77])
        assert found[77] == []
        assert [(each.article_id, each.outlet, each.copy_of, each.topics) for each in found[1]] == [
            (1, "Herald", None, ("appeal", "protest", "way-home"))
        ]
        assert (found[1][0].title, found[1][0].text, found[1][0].standing) == ("Пикет «Пути домой»", LONG, "exile")
        assert stories.tellings(connection, []) == {}


def test_counting(database: Database, now: datetime) -> None:
    """Copies count, what is about nothing doesn't."""
    with database.write() as connection:
        assert stories.count_articles(connection) == 0
        echo, herald = listed(connection, now, "Echo", "Herald")
        admit(connection, now, arrival(herald), arrival(herald, url="https://herald.example/2", title="Спорт", topics=()))
        admit(connection, now, arrival(echo, url="https://echo.example/1"))
        assert stories.count_articles(connection) == 2


def test_a_stub_that_becomes_the_news(database: Database, now: datetime) -> None:
    """An item published with a bare headline and filled in later is found, and told, once its words are on the subject."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, title="Срочно", text="Подробности позже.", topics=()))
        before = archive.latest(connection)
        assert admit(connection, now, arrival(herald)).revised == 1
        assert search.search(connection, search.parse("пикет")).hits
        assert cursors.changed(connection, ["way-home"], before, archive.latest(connection))


def test_mentions_are_those_of_the_words_as_they_are(database: Database, now: datetime) -> None:
    """After a revision every stored mention lies inside the text."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        assert admit(connection, now, arrival(herald, title="Три", topics=())).revised == 1
        for mention in connection.execute(select(table(MentionRow))):
            assert mention.end <= len("Три")


def test_words_that_go_back_to_what_they_were(database: Database, now: datetime) -> None:
    """An article that was changed and changed back says again what it said first."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for title in ("Десять задержанных", "Сто задержанных", "Десять задержанных"):
            admit(connection, now, arrival(herald, title=title))
        assert connection.scalar(select(table(Article).c.title)) == "Десять задержанных"


def test_news_by_a_revision_is_one_article_told_once(database: Database, now: datetime) -> None:
    """Under its new number it is known, keeps its old words, and isn't news again when it leaves its topics and comes back."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, guid="7", title="Срочно", text="Подробности позже.", topics=()))
        later = now + timedelta(hours=1)
        assert (admit(connection, later, arrival(herald, guid="7")).new, _stories(connection)) == ([3], [(3, 1, 1, "ru", 3)])
        assert admit(connection, later, arrival(herald, guid="7"), arrival(herald)).new == []
        assert admit(connection, later, arrival(herald, title="Срочно", text="Спорт.", topics=())).revised == 1
        back = admit(connection, later, arrival(herald))
        assert (back.new, back.revised) == ([], 1)
        (row,) = connection.execute(select(table(Article)))
        assert (row.id, row.matched, row.first_seen_at) == (3, True, later)
        assert set(connection.scalars(select(table(Revision).c.article_id))) == {3}
        assert set(connection.scalars(select(table(SeenKey).c.article_id))) == {3}
        assert cursors.seq_before(connection, later) == 0


def test_a_revision_changes_what_an_article_is_about(database: Database, now: datetime) -> None:
    """New words bring their own topics and language; those of the old ones are gone, from the search too."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        admit(connection, now, arrival(herald, title="Другое", topics=("protest",), language="uk"))
        ((telling,),) = stories.tellings(connection, [1]).values()
        assert (telling.topics, telling.language) == (("protest",), "uk")
        admit(connection, now, arrival(herald, title="Спорт", text="", topics=()))
        assert not search.search(connection, search.parse("спорт")).hits
        assert cursors.changed(connection, ["way-home", "protest"], 0, 99) == []


def test_a_page_whose_items_have_one_address(database: Database, now: datetime) -> None:
    """The first of a live page's items speaks for it: the others are no revisions, however often they come."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        items = [arrival(herald, title=f"Онлайн: {number}") for number in range(3)]
        assert [admit(connection, now, *items).revised for _ in range(3)] == [0, 0, 0]
        assert admit(connection, now, arrival(herald, title="Онлайн: ещё"), *items).revised == 1


def test_old_words_under_another_address(database: Database, now: datetime) -> None:
    """An entry that is known by what an article said before doesn't turn that article back."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for title in ("Десять задержанных", "Сто задержанных"):
            admit(connection, now, arrival(herald, title=title))
        again = admit(connection, now, arrival(herald, title="Десять задержанных", url="https://herald.example/again"))
        assert (again.new, again.revised) == ([], 0)
