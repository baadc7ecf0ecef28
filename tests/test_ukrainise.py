"""Ukrainian spellings of Russian people's names."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.match import Matcher
from feeds.ukrainise import MOST_SPELLINGS, ukrainian_spellings


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Мария Андреева", "марія андрєєва"),
        ("Мария Андреева", "марія андреєва"),
        ("Полина Сафронова", "поліна сафронова"),
        ("Валентина Мельникова", "валентина мельникова"),
        ("Валентина Мельникова", "валентина мельнікова"),
        ("Светлана Голуб", "світлана голуб"),
        ("Андрей Курочкин", "андрій курочкін"),
        ("Флёра Салиховская", "фльора саліховська"),
        ("Эльвира Ильина", "ельвіра ільїна"),
        ("Сергей Крылов", "сергій крилов"),
    ],
)
def test_spellings_of_outlets(name: str, spelling: str) -> None:
    """First names have their Ukrainian form, surnames are respelled in each way that is usual."""
    assert spelling in ukrainian_spellings(name)


@pytest.mark.parametrize(
    "text",
    [
        "Валентину Мельнікову запитали про російських строковиків",
        "Зі Світланою Голуб говорили про російських строковиків",
        "Андрія Курочкіна запитали про російських солдатів",
        "Флері Саліховській телефонували батьки російських солдатів",
    ],
)
def test_people_are_found_in_ukrainian_items(matcher: Matcher, text: str) -> None:
    """A person is written into the watchlist once, in Russian, and found in Ukrainian in every case."""
    assert "committee-of-soldiers-mothers" in {topic.id for topic in matcher.match("", text).topics}


@given(name=st.text(max_size=200))
def test_any_name_has_few_spellings(name: str) -> None:
    """However long a name is, its spellings are counted."""
    assert len(ukrainian_spellings(name)) <= MOST_SPELLINGS
