"""What people call a topic when they search for it."""

from __future__ import annotations

import pytest

from feeds import watchlist
from feeds.topic_names import LONGEST_NAME, TopicNames, topic_names


@pytest.fixture(scope="module")
def names() -> TopicNames:
    """The names of the shipped watchlist's topics."""
    return topic_names(watchlist.load())


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("Way Home", "way-home"),
        ("the way home", "way-home"),
        ("way-home", "way-home"),
        ("Пути домой", "way-home"),
        ("ПУТЁМ ДОМОЙ", "way-home"),
        ("Шлях додому", "way-home"),
        ("Put’ Domoi", "way-home"),
        ("Putʹ domoj", "way-home"),
        ("PYTY_DOMOY", "way-home"),
        ("Совета матерей и жён", "council-of-wives-and-mothers"),
        ("Sovet materej i zhen", "council-of-wives-and-mothers"),
        ("soldiers’ widows", "soldiers-widows"),
        ("протесты", "protest"),
        ("Mobilization", "mobilisation"),
        ("дорога домой", None),
        ("road home", None),
        ("Цуканова", None),
        ("Way Home Moscow", None),
        ("way", None),
        ("The", None),
        ("", None),
        ("🕯", None),
    ],
)
def test_names(names: TopicNames, typed: str, topic: str | None) -> None:
    """Names in every language, form and romanisation name it; words that only may mean it, people and more words don't."""
    assert names(typed) == topic


def test_no_name_is_longer_than_is_looked_for(names: TopicNames) -> None:
    """A search tries as many words as the longest name has."""
    assert max(map(len, names.stems)) <= LONGEST_NAME
    assert max(spelling.count(b" ") + 1 for spelling in names.skeletons) <= LONGEST_NAME
