"""What a subscriber hasn't had: told to each reader in windows that neither overlap nor leave a gap."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import select

from storage import archive, cursors
from storage.database import Database
from storage.tables import Article, table
from tests.building import admit, arrival, event, listed


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
        assert cursors.changed(connection, topics, 0, 4) == [1, 2]
        assert cursors.changed(connection, topics, 0, 3) == [2, 1]
        assert cursors.changed(connection, topics, 1, 3) == [2]
        assert cursors.changed(connection, ["protest"], 0, 99) == [2]
        assert cursors.changed(connection, topics, 2, 3) == []
        assert cursors.changed(connection, topics, 4, 4) == cursors.changed(connection, topics, 4, 1) == []
        assert cursors.changed(connection, [], 0, 99) == cursors.changed(connection, ["'; --"], 0, 99) == []


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
            assert set(cursors.changed(connection, ["way-home"], after, up_to)) == wanted


def test_the_last_number_before_a_moment(database: Database, now: datetime) -> None:
    """What was first seen at the moment itself comes after it."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for number in range(3):
            url, moment = f"https://herald.example/{number}", now + timedelta(hours=number)
            admit(connection, moment, arrival(herald, url=url, title=f"Новость {number}", text=""))
        assert [cursors.seq_before(connection, now + timedelta(hours=hours)) for hours in (-1, 0, 1, 2, 3)] == [0, 0, 1, 2, 3]
