"""Places are recognised in every language, as adjectives too, and ordinary words aren't places."""

from __future__ import annotations

import pytest

from feeds.sameness.names import consonants
from feeds.sameness.towns import place_of, places, seats


@pytest.mark.parametrize(
    "spellings",
    [
        "Казани казанский Kazan",
        "Рязани рязанский Ryazan",
        "Петербурге Petersburg Петербург",
        "Керчь Керченский Kerch",
        "Одессе Одеса Odesa Odessa",
    ],
)
def test_spellings_of_one_place(spellings: str) -> None:
    """Cases, languages and adjectives of a town are one place."""
    found = {place_of(consonants(name)) for name in spellings.split()}
    assert len(found) == 1
    assert None not in found


@pytest.mark.parametrize("word", ["обыск", "жёны", "матери", "wives", "soldiers", "президент", "Дума", ""])
def test_words_that_are_no_places(word: str) -> None:
    """Words that begin titles of this subject aren't taken for towns."""
    assert place_of(consonants(word)) is None


def test_seats_are_places() -> None:
    """Capitals are places that keep nothing apart."""
    assert seats() <= places().keys()
    assert place_of(consonants("Kyiv")) == place_of(consonants("Київ")) == place_of(consonants("Киеве"))
