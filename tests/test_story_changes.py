"""Stories put right: merged, split, and what is recorded about it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from storage import stories, story_changes
from storage.database import Database
from storage.records import StorageError
from storage.stories import Placement
from storage.tables import Article, Story, table
from tests.building import admit, arrival, event, listed


@pytest.fixture
def told(database: Database, now: datetime) -> Database:
    """Story 1 with article 2 and its copy 3, and story 4."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        for number in range(1, 5):
            source = mirror if number % 2 else herald
            admit(
                connection,
                now + timedelta(hours=number),
                arrival(source, url=f"https://x.example/{number}", title=f"{number}", text=event(number)),
            )
        stories.leave(connection, [2, 3])
        stories.place(connection, [Placement(2, 1, None, None, "ru", now), Placement(3, 1, 2, 0.9, "ru", now)])
    return database


def _stories(connection: Connection) -> dict[int, list[int]]:
    articles = table(Article)
    found: dict[int, list[int]] = {story: [] for story in connection.scalars(select(table(Story).c.id))}
    for number, story in connection.execute(select(articles.c.id, articles.c.story_id).order_by(articles.c.id)):
        found[story].append(number)
    return found


def test_merging(told: Database, now: datetime) -> None:
    """All articles are in the one that stays; the other's number leads to it, and why is on record."""
    with told.write() as connection:
        story_changes.merge(connection, 4, 1, reason="the same rally", by_hand=False, now=now)
        assert _stories(connection) == {1: [1, 2, 3, 4]}
        assert (story_changes.current(connection, 4), story_changes.current(connection, 1), story_changes.current(connection, 77)) == (
            1,
            1,
            None,
        )
        (change,) = story_changes.of_story(connection, 1)
        assert (change.kind, change.old_story_id, change.new_story_id, change.reason) == ("merge", 4, 1, "the same rally")
        row = connection.execute(select(table(Story))).one()
        assert (row.articles, row.publishers, row.headline_article_id, row.changed_seq) == (4, 2, 1, 4)


def test_moving_takes_copies_along(told: Database, now: datetime) -> None:
    """An original goes with its copies, to a story of its own or to another."""
    with told.write() as connection:
        assert story_changes.move(connection, [2], None, reason="", by_hand=False, now=now) == 2
        assert _stories(connection) == {1: [1], 2: [2, 3], 4: [4]}
        assert story_changes.move(connection, [2], 4, reason="", by_hand=False, now=now) == 4
        assert _stories(connection) == {1: [1], 4: [2, 3, 4]}


def test_a_copy_that_leaves_is_none(told: Database, now: datetime) -> None:
    """Alone it stands for itself."""
    with told.write() as connection:
        story_changes.move(connection, [3], None, reason="", by_hand=True, now=now)
        row = connection.execute(select(table(Article)).where(table(Article).c.id == 3)).one()
        assert (row.story_id, row.copy_of, row.placed_by_hand) == (3, None, True)


def test_the_first_article_leaves(told: Database, now: datetime) -> None:
    """The story keeps its number, and the article that gave it gets a new one."""
    with told.write() as connection:
        made = story_changes.move(connection, [1], None, reason="", by_hand=False, now=now)
        assert made > 4
        assert _stories(connection) == {1: [2, 3], 4: [4], made: [1]}


def test_a_story_that_is_emptied_is_gone(told: Database, now: datetime) -> None:
    """Its articles are elsewhere."""
    with told.write() as connection:
        story_changes.move(connection, [4], 1, reason="", by_hand=False, now=now)
        assert _stories(connection) == {1: [1, 2, 3, 4]}


@pytest.mark.parametrize(("numbers", "target"), [([99], None), ([2, 4], None), ([2], 77)])
def test_what_cant_be_moved(told: Database, now: datetime, numbers: list[int], target: int | None) -> None:
    """Articles that aren't there or not together, and stories that aren't there, with words; nothing changes."""
    with told.write() as connection:
        before = _stories(connection)
        with pytest.raises(StorageError):
            story_changes.move(connection, numbers, target, reason="", by_hand=False, now=now)
        assert _stories(connection) == before


def test_what_cant_be_merged(told: Database, now: datetime) -> None:
    """Neither with itself nor with what isn't there."""
    with told.write() as connection:
        for source, target in ((1, 1), (1, 77), (77, 1)):
            with pytest.raises(StorageError):
                story_changes.merge(connection, source, target, reason="", by_hand=False, now=now)
