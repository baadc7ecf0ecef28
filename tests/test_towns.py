"""Places are recognised in every language, as adjectives too, and ordinary words aren't places."""

from __future__ import annotations

import pytest

from feeds.sameness.names import consonants
from feeds.sameness.towns import first_names, lands, official_stems, place_of, place_stems, places, seats


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


@pytest.mark.parametrize(
    "spellings",
    ["Бурятия Улан-Удэ Buryatia", "Башкирия Bashkortostan Уфа", "Кузбасс Кемерово Kemerovo", "Свердловская Екатеринбург"],
)
def test_a_region_is_its_capital(spellings: str) -> None:
    """One report says the region where another says its town."""
    found = {place_of(consonants(name.split("-")[0])) for name in spellings.split()}
    assert len(found) == 1
    assert None not in found


def test_lands_are_places() -> None:
    """Those that help and talk keep nothing apart."""
    assert lands() <= set(places().values())
    assert place_of(consonants("Istanbul")) in lands()
    assert place_of(consonants("Туреччини")) == place_of(consonants("Turkey"))


def test_people_are_no_places() -> None:
    """First names aren't towns, and officials are told from towns by their whole names."""
    assert not first_names() & places().keys() - {consonants("Роман")}
    assert official_stems() >= {"песк", "peskov"}
    assert not official_stems() & place_stems()
