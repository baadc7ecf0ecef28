"""Whose war an item is about."""

from __future__ import annotations

import pytest

from feeds.match import Matcher


@pytest.mark.parametrize(
    ("title", "text", "relevant"),
    [
        ("Жены мобилизованных вышли на митинг", "", True),
        ("Жены мобилизованных ВСУ вышли на митинг", "", False),
        ("Дружини мобілізованих вийшли на мітинг", "", False),
        ("Дружини російських мобілізованих вийшли на мітинг", "", True),
        ("Дружини мобілізованих вийшли на мітинг", "Акція відбулася в Москві, кремль мовчить, путін також.", True),
        ("Wives of Ukrainian soldiers rally in Kyiv", "Their husbands are in Russian captivity.", False),
        ("Wives of Russian soldiers rally", "Their husbands are fighting near Kharkiv against Ukrainian troops.", True),
        ("Wives of soldiers rally", "", False),
        ("Mothers of Israeli soldiers protest", "Russia called for restraint.", False),
        ("Матери солдат вспоминают первую чеченскую войну", "Их сыновья погибли в Грозном в 1995 году.", False),
    ],
)
def test_signs_decide(matcher: Matcher, title: str, text: str, relevant: bool) -> None:  # noqa: FBT001 - a table's column
    """Signs near the mention weigh more than those far away; the language alone decides only without any."""
    assert matcher.match(title, text).relevant is relevant


def test_one_place_is_one_sign(matcher: Matcher) -> None:
    """«Українці» are the plural of two words of the list, but speak for Ukraine once."""
    refused = matcher.match("Дружини мобілізованих: українці", "").turned_down
    assert refused
    assert all(str(one.reason).count("українець") + str(one.reason).count("українка") <= 1 for one in refused)


@pytest.mark.parametrize(
    ("title", "text", "relevant"),
    [
        ("Put’ Domoi asks for a date", "Wives of drafted men remember Minsk.", True),
        ("Канал «Путь домой» чекає", "Дружини забраних восени питають, коли буде демобілізація.", True),
        ("The Way Home asks for a date", "Wives remember Minsk.", False),
    ],
)
def test_a_russian_name_is_a_sign_of_russia(matcher: Matcher, title: str, text: str, relevant: bool) -> None:  # noqa: FBT001 - a table's column
    """In a text of another language the movement's own name says whose war it is; a translated one doesn't."""
    assert matcher.match(title, text).relevant is relevant


def test_the_reason_names_the_signs(matcher: Matcher) -> None:
    """What was turned down for its country says by which words."""
    refused = matcher.match("Жены мобилизованных ВСУ вышли на митинг в Киеве", "").turned_down
    assert any("ВСУ" in str(one.reason) and "Ukraine" in str(one.reason) for one in refused)
