"""Russian and Ukrainian forms."""

from __future__ import annotations

import pytest

from feeds.inflect import MOST_FORMS, Inflector


@pytest.fixture(scope="module")
def russian() -> Inflector:
    """The Russian dictionary, opened once."""
    return Inflector("ru")


@pytest.fixture(scope="module")
def ukrainian() -> Inflector:
    """The Ukrainian dictionary, opened once."""
    return Inflector("uk")


@pytest.mark.parametrize(
    ("alias", "forms"),
    [
        ("Совет жён и матерей", {"совета жен и матерей", "совету жен и матерей", "советом жен и матерей"}),
        ("Путь домой", {"пути домой", "путем домой"}),
        ("Солдатские вдовы России", {"солдатских вдов россии", "солдатским вдовам россии", "солдатскими вдовами россии"}),
        ("жены и матери", {"жен и матерей", "женам и матерям"}),
        ("Ольга Цуканова", {"ольги цукановой", "ольгу цуканову", "ольге цукановой", "ольгой цукановой"}),
        ("мать", {"матери", "матерью", "матерей", "матерям"}),
        ("российский мобилизованный", {"российских мобилизованных", "российского мобилизованного"}),
        ("российский солдат", {"российские солдаты", "российских солдат"}),
        ("вернуть мужей", {"верните мужей", "вернули мужей"}),
        ("родные", {"родных", "родным"}),
        ("Александровский сад", {"александровском саде", "александровском саду"}),
    ],
)
def test_russian_forms(russian: Inflector, alias: str, forms: set[str]) -> None:
    """Cases and numbers, with agreement."""
    assert forms <= set(russian.forms(alias))


@pytest.mark.parametrize(
    ("alias", "forms"),
    [
        ("Рада матерів і дружин", {"ради матерів і дружин", "раду матерів і дружин", "радою матерів і дружин"}),
        ("Шлях додому", {"шляху додому", "шляхом додому"}),
        ("часткова мобілізація", {"часткову мобілізацію", "часткової мобілізації"}),
        ("рідні", {"рідних", "рідним"}),
        ("Ольга Цуканова", {"ольги цуканової", "ольгу цуканову"}),
    ],
)
def test_ukrainian_forms(ukrainian: Inflector, alias: str, forms: set[str]) -> None:
    """The same in Ukrainian."""
    assert forms <= set(ukrainian.forms(alias))


@pytest.mark.parametrize(
    ("alias", "wrong"),
    [
        ("Совет жён и матерей", "совет женам и матерям"),
        ("Солдатские вдовы России", "солдатской вдовы россии"),
        ("российский солдат", "российский солдата"),
        ("Полина Сафронова", "полиной сафронову"),
        ("родные", "родной"),
        ("мобилизованный", "мобилизовать"),
        ("объявить мобилизацию", "объявленный мобилизацию"),
    ],
)
def test_forms_that_nobody_writes(russian: Inflector, alias: str, wrong: str) -> None:
    """Agreement is kept, and a plural name has no singular."""
    assert wrong not in russian.forms(alias)


def test_a_passive_participle_keeps_its_preposition(russian: Inflector) -> None:
    """It has no object, but what goes on with a preposition is said of it as well."""
    assert "брошенных в бой" in russian.forms("бросить в бой")
    assert "объявивший мобилизацию" in russian.forms("объявить мобилизацию")


def test_a_literal_is_left_alone(russian: Inflector) -> None:
    """= keeps an alias as it is."""
    assert russian.forms("=верните мужа") == ["верните мужа"]


def test_odd_aliases_have_bounded_forms(russian: Inflector) -> None:
    """Signs, numbers and long phrases neither fail nor explode."""
    for alias in ("", "…", "12", "белый " * 30 + "платок", "\ud800"):
        assert len(russian.forms(alias)) <= MOST_FORMS
