"""Stories: opened once, growing with every copy, and told to each reader in windows that neither overlap nor leave a gap."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import Connection, select

from storage import archive, search, stories
from storage.database import Database
from storage.stories import Placement
from storage.tables import Article, MentionRow, Revision, SeenKey, Story, table
from tests.building import LONG, admit, arrival, event, listed


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


def test_changed(database: Database, now: datetime) -> None:
    """Only stories with an article about a wanted topic inside the window, the one that changed last first."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        admit(
            connection,
            now,
            arrival(herald),
            arrival(herald, url="https://herald.example/2", title="Другое", text=event(1), topics=("protest",)),
            arrival(herald, url="https://herald.example/3", title="Ничто", text="", topics=()),
        )
        admit(connection, now, arrival(echo, url="https://echo.example/1"))
        assert archive.latest(connection) == 4
        topics = ["way-home", "protest"]
        assert stories.changed(connection, topics, 0, 4) == [1, 2]
        assert stories.changed(connection, topics, 0, 3) == [2, 1]
        assert stories.changed(connection, topics, 1, 3) == [2]
        assert stories.changed(connection, ["protest"], 0, 99) == [2]
        assert stories.changed(connection, topics, 2, 3) == []
        assert stories.changed(connection, topics, 4, 4) == stories.changed(connection, topics, 4, 1) == []
        assert stories.changed(connection, [], 0, 99) == stories.changed(connection, ["'; --"], 0, 99) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=strategies.lists(strategies.integers(0, 3), min_size=1, max_size=12),
    cuts=strategies.lists(strategies.integers(0, 14), max_size=5),
)
def test_no_article_falls_between_two_windows(
    database: Database, now: datetime, kinds: list[int], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However a reader's cursor moves, each article on their topic is in the story of exactly one window."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        first, run = archive.latest(connection), str(tmp_path_factory.mktemp("run").name)
        for number, kind in enumerate(kinds):
            # Kinds 0 and 1 are copies of two texts, 2 is always another, 3 is about nothing.
            text = event(f"{run} {kind if kind < 2 else number}")
            topics = () if kind == 3 else ("way-home",)
            admit(connection, now, arrival(herald, url=f"https://herald.example/{run}/{number}", title=text[:30], text=text, topics=topics))
        last = archive.latest(connection)
        bounds = [first, *sorted(min(first + cut, last) for cut in cuts), last]
        about = dict(connection.execute(select(table(Article).c.id, table(Article).c.story_id).where(table(Article).c.id > first)).all())
        for after, up_to in pairwise(bounds):
            wanted = {story for article, story in about.items() if after < article <= up_to and story is not None}
            assert set(stories.changed(connection, ["way-home"], after, up_to)) == wanted


def test_the_last_number_before_a_moment(database: Database, now: datetime) -> None:
    """What was first seen at the moment itself comes after it."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for number in range(3):
            url, moment = f"https://herald.example/{number}", now + timedelta(hours=number)
            admit(connection, moment, arrival(herald, url=url, title=f"Новость {number}", text=""))
        assert [stories.seq_before(connection, now + timedelta(hours=hours)) for hours in (-1, 0, 1, 2, 3)] == [0, 0, 1, 2, 3]


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
        assert stories.changed(connection, ["way-home"], before, archive.latest(connection))


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
        assert stories.seq_before(connection, later) == 0


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
        assert stories.changed(connection, ["way-home", "protest"], 0, 99) == []


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
