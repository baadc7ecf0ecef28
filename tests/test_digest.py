"""What a subscriber hasn't had yet: new and grown stories, each once, best first."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import Connection

from bot.digest import News, news
from storage import archive, claiming, sources
from storage.database import Database
from storage.records import Source
from tests.building import LONG, admit, arrival, event, listed

TOPICS = ["way-home", "soldiers-widows", "mobilisation"]


def _news(connection: Connection, *, after: int = 0, language: str = "ru", topics: list[str] | None = None) -> list[News]:
    return news(connection, topics or TOPICS, language, after=after, up_to=archive.latest(connection))


def test_a_story_is_new_then_grown_then_silent(database: Database, now: datetime) -> None:
    """A copy makes a story that was served grow; without anything more it doesn't come again."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald))
        (first,) = _news(connection)
        assert (first.new, first.added, first.publishers) == (True, 1, 1)
        cursor = archive.latest(connection)
        assert _news(connection, after=cursor) == []
        admit(connection, now, arrival(mirror, url="https://mirror.example/1"))
        (grown,) = _news(connection, after=cursor)
        assert (grown.new, grown.added, grown.publishers, grown.story_id) == (False, 1, 2, first.story_id)


def test_topics_in_the_readers_order_then_publishers(database: Database, now: datetime) -> None:
    """Stories are grouped by the first topic they fit; within one those that more publishers tell come first."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(
            connection,
            now,
            arrival(herald, url="https://herald.example/1", text=f"{LONG} один"),
            arrival(mirror, url="https://mirror.example/1", text=f"{LONG} один"),
            arrival(herald, url="https://herald.example/2", title="Два", text=event(2)),
            arrival(herald, url="https://herald.example/3", title="Три", text=event(3), topics=("mobilisation", "soldiers-widows")),
            arrival(herald, url="https://herald.example/4", title="Четыре", text=event(4), topics=("protest",)),
        )
        found = _news(connection)
    assert [(each.topic, each.publishers) for each in found] == [("way-home", 2), ("way-home", 1), ("soldiers-widows", 1)]


def test_the_headline_is_in_the_readers_language(database: Database, now: datetime) -> None:
    """Where an outlet tells a story in the reader's language, its headline is shown; never a copy before its original."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald, language="ru"), arrival(mirror, url="https://mirror.example/1", language="uk"))
        assert _news(connection, language="uk")[0].headline.outlet == "Mirror"
        assert _news(connection, language="en")[0].headline.outlet == "Herald"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrivals=strategies.lists(strategies.tuples(strategies.integers(0, 4), strategies.integers(0, 2)), max_size=12),
    reads=strategies.sets(strategies.integers(0, 12)),
)
def test_every_article_is_served_exactly_once(
    arrivals: list[tuple[int, int]], reads: set[int], tmp_path_factory: pytest.TempPathFactory, blank: Path, now: datetime
) -> None:
    """Whenever a subscriber reads, over all digests each article is added once, and its story is new once."""
    database = Database(Path(shutil.copy(blank, tmp_path_factory.mktemp("served"))))
    served, opened, stored, cursor = list[int](), list[int](), set[int](), 0
    with database.write() as connection:
        outlets = listed(connection, now, "Herald", "Mirror", "Echo")
        for step in range(len(arrivals) + 1):
            if step in reads or step == len(arrivals):
                for each in _news(connection, after=cursor):
                    served += [telling.article_id for telling in each.tellings[-each.added :]]
                    opened += [each.story_id] if each.new else []
                cursor = archive.latest(connection)
            if step < len(arrivals):
                text, outlet = arrivals[step]
                url = f"https://{outlet}.example/{text}"
                stored.update(admit(connection, now, arrival(outlets[outlet], url=url, text=f"{LONG} {text}")).new)
    database.close()
    assert sorted(served) == sorted(stored)
    assert len(opened) == len(set(opened))


def test_the_headline_is_no_state_medias_where_another_tells_it(database: Database, now: datetime) -> None:
    """A report that isn't a copy of state media's goes before theirs, even if it came later; who tells it is counted by standing."""
    standings = {"Tass": "state", "Herald": "exile"}
    catalog = [Source(name, f"https://{name}.example/", publisher=name, standing=standing) for name, standing in standings.items()]
    text = "В Москве жёны мобилизованных вышли на пикет у Минобороны, требуют вернуть мужей; прошли двадцать человек."
    with database.write() as connection:
        sources.keep_catalog(connection, catalog, now)
        herald, tass = claiming.claim_named(connection, now, None)
        admit(connection, now, arrival(tass, url="https://tass.example/1", title="Жёны мобилизованных у Минобороны", text=LONG))
        admit(
            connection,
            now + timedelta(hours=1),
            arrival(herald, url="https://herald.example/1", title="Пикет у Минобороны в Москве", text=text),
        )
        (found,) = _news(connection)
    assert (found.headline.outlet, found.publishers, found.state_publishers) == ("Herald", 2, 1)


def test_one_house_is_one_voice(database: Database, now: datetime) -> None:
    """Outlets of one house count once, by whichever name an aggregator gives them, and state media under any name as such."""
    with database.write() as connection:
        svoboda, google, ria, herald = listed(connection, now, "RFE/RL", "Google News", "РИА Новости", "Herald")
        outlets = [(svoboda, None), (google, "Север.Реалии"), (google, "Sputnik"), (ria, None), (herald, None)]
        arrivals = [arrival(source, url=f"https://{number}.example/1", outlet=outlet) for number, (source, outlet) in enumerate(outlets)]
        admit(connection, now, *arrivals)
        (found,) = news(connection, ["way-home"], "ru", after=0, up_to=100)
    assert (len(found.tellings), found.publishers, found.state_publishers) == (5, 3, 1)
