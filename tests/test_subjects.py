"""Topics by their names, in the watchlist's order."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from bot.subjects import Subjects

NAMES = Subjects(
    {
        "way-home": {"en": "The Way Home", "ru": "Путь домой", "uk": "Шлях додому"},
        "wives": {"en": "Soldiers' wives", "ru": "Жёны военных"},
        "bare": {},
    }
)


def test_the_watchlists_order() -> None:
    """Whatever the order and repetitions of what was chosen; ids that the watchlist no longer has are left out."""
    assert NAMES.ordered(["bare", "gone", "way-home", "bare"]) == ["way-home", "bare"]
    assert NAMES.ordered(frozenset()) == []


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["The Way Home", "Soldiers' wives", "bare"]),
        ("uk", ["Шлях додому", "Soldiers' wives", "bare"]),
        ("ru", ["Путь домой", "Жёны военных", "bare"]),
        ("xx", ["The Way Home", "Soldiers' wives", "bare"]),
    ],
)
def test_names_in_a_language(language: str, names: list[str]) -> None:
    """Where a topic has no name in it the English one stands in, and last of all its id."""
    assert list(NAMES.in_language(language).values()) == names


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("way-home", "way-home"),
        ("WAY-HOME", "way-home"),
        ("#way-home", "way-home"),
        ("The Way Home", "way-home"),
        ("  путь ДОМОЙ ", "way-home"),
        ("«Путь домой»", "way-home"),
        ("“the way home”", "way-home"),
        ("Шлях додому", "way-home"),
        ("soldiers' wives", "wives"),
        ("bare", "bare"),
        ("", None),
        ("  ", None),
        ("#", None),
        ('"', None),
        ("way", "way-home"),
        ("nobody", None),
        ("en", None),
        ("Жены военных", "wives"),
        ("soldiers’ wives", "wives"),
        ("way home", "way-home"),
        ("« Путь домой »", "way-home"),
    ],
)
def test_a_topic_by_what_was_typed(typed: str, topic: str | None) -> None:
    """Its id or its name in any language, in quotation marks or with a hash, as phones type them."""
    assert NAMES.find(typed) == topic


@given(typed=strategies.text(max_size=40))
def test_any_text_is_a_topic_or_none(typed: str) -> None:
    """Nothing that is typed is an error."""
    assert NAMES.find(typed) in {None, *NAMES.names}


def test_every_shipped_topic_is_found_by_each_of_its_names(subjects: Subjects) -> None:
    """No two topics share a name, so that /subscribe never takes the wrong one."""
    for topic, names in subjects.names.items():
        assert {subjects.find(typed) for typed in (topic, *names.values())} == {topic}
        assert set(names) == {"en", "ru", "uk"}
