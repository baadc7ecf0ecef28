"""What is offered where nothing is found."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from storage import search
from storage.database import Database
from storage.nearest import Nearest, nearest
from storage.query import parse
from storage.records import QueryError
from tests.building import admit, arrival, listed


@pytest.fixture
def archive(database: Database, now: datetime) -> Database:
    """Three articles."""
    texts = [("Мобилизация в Москве", "Пикет жён"), ("Пикет матерей", "Казань"), ("Protest of wives", "Put Domoi in Moscow")]
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, *[arrival(herald, url=f"https://h.example/{n}", title=a, text=b) for n, (a, b) in enumerate(texts)])
    return database


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("мобилизцаия", Nearest("мобилизация", 1)),
        ("мобилзация пикет", Nearest("мобилизация пикет", 1)),
        ("prottest moscov", Nearest("protest moscow", 1)),
        ('"мобилзация в москве"', Nearest('"мобилизация в москве"', 1)),
        ("gbrtn", Nearest("пикет", 2)),
        ("mobilizacia", Nearest("мобилизация", 1)),
        ("piket kazan", Nearest("пикет казань", 1)),
        ("мобилизация где", Nearest("мобилизация", 1, "где")),
        ("где в", None),
        ("небывалое в москве", Nearest("в москве", 1, "небывалое")),
        ("небывалое в", None),
        ("зге вщьщш", Nearest("put domoi", 1)),
        ('"казань матерей"', Nearest("казань матерей", 1)),
        ("пикет казань москва", Nearest("пикет москва", 1, "казань")),
        ("пикет after:2030", Nearest("пикет", 2, "after:2030")),
        ("пикет -пикет", Nearest("пикет", 2, "-пикет")),
        ("небывалое пикет невиданное", Nearest("пикет", 2, "небывалое невиданное")),
        ("пикет OR", None),
        ("небывалое", None),
        ("небывалое невиданное", None),
        ("xq", None),
    ],
)
def test_the_nearest(archive: Database, typed: str, expected: Nearest | None) -> None:
    """A slip of the finger, the wrong keyboard, a phrase that isn't one, or the part that nothing has with the others."""
    try:
        query = parse(typed)
    except QueryError:
        query = parse("небывалое")
    with archive.read() as connection:
        assert nearest(connection, query) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=strategies.one_of(
        strategies.text(max_size=60),
        strategies.lists(strategies.sampled_from(["пикет", "нет", "казань", "(", ")", "OR", "-", '"']), max_size=9).map(" ".join),
    )
)
def test_what_is_offered_finds_something(archive: Database, typed: str) -> None:
    """Whatever is offered can be read and finds as much as is said."""
    try:
        query = parse(typed)
    except QueryError:
        return
    with archive.read() as connection:
        near = nearest(connection, query)
        assert near is None or search.search(connection, parse(near.typed)).count == near.count > 0
