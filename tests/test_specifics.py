"""What keeps two accounts apart that are alike in everything else, and what is too common to join them."""

from __future__ import annotations

import pytest

from feeds.sameness.names import consonants
from feeds.sameness.specifics import NAMES_APART, NOTHING_SPECIFIC, NUMBERS_APART, apart, is_specific, is_strong, vague


def _name(name: str) -> str:
    return f"~{consonants(name)}"


def test_other_people() -> None:
    """Two reports that name other people need more; one that names nobody, or the same, doesn't."""
    assert apart([_name("Метелина")], [_name("Горелова")]) == NAMES_APART
    assert apart([_name("Метелина")], []) == apart([_name("Метелина")], [_name("Metelina"), _name("Горелова")]) == 1


def test_other_numbers() -> None:
    """So do those with other numbers; small ones and years are in every report."""
    assert apart(["#40"], ["#15"]) == NUMBERS_APART
    assert apart(["#2", "#2022"], ["#3", "#2023"]) == 1


def test_towns_and_first_names() -> None:
    """A town is told in many ways, and many have one first name: they aren't other people."""
    names = [_name("Самара"), _name("Мария")]
    assert all(apart([name], [_name("Метелина")]) == 1 for name in names)


@pytest.mark.parametrize("term", [_name("Самара"), _name("Метелина"), "&вечный огонь", "#1009", "#5-12"])
def test_specific(term: str) -> None:
    """Few events have it."""
    assert is_specific(term)
    assert is_strong(term)
    assert vague(["=жен", term]) == 1


@pytest.mark.parametrize("term", [_name("Москва"), "+pskv", "+минобороны", "!way-home", "#2", "#2022", "=жен", "@protest"])
def test_not_specific(term: str) -> None:
    """Half of all events have it."""
    assert not is_specific(term)
    assert vague([term]) == NOTHING_SPECIFIC


def test_a_small_number_is_no_strong_sign() -> None:
    """Two children are anybody's."""
    assert not is_strong("#2")
    assert not is_strong("=жен")
