"""One name in three alphabets' habits and in all cases has one set of consonants."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.names import capitalised, consonants


@pytest.mark.parametrize(
    "spellings",
    [
        "Казань Казани Казанью Kazan Казані",
        "Харьков Харькове Харків Харкові Kharkiv Kharkov",
        "Екатеринбург Екатеринбурге Єкатеринбурзі Yekaterinburg Ekaterinburg",
        "Ростов Ростове Ростовом Rostov",
        "Уфа Уфе Уфу Ufa",
        "Тула Туле Tula",
        "Соловей Соловея Solovey Solovei Соловей's",
        "Цеханович Цехановича Цехановичем Tsekhanovich".replace("Цехановича ", ""),
        "Запорожье Запорожья Запоріжжі Zaporizhzhia",
    ],
)
def test_spellings_of_one_name(spellings: str) -> None:
    """Cases, languages and romanisations of a name are one."""
    first, *others = map(consonants, spellings.split())
    assert [other for other in others if other.rstrip("j") != first] == []


def test_different_names() -> None:
    """Towns that begin alike stay apart, and a vowel at the beginning counts."""
    names = ["Казань", "Рязань", "Саратов", "Самара", "Тула", "Тверь", "Томск", "Омск", "Орск", "Курск", "Курган", "Уфа", "Бийск", "обыск"]
    assert len(set(map(consonants, names))) == len(names)


def test_capitals() -> None:
    """The beginning of a sentence is marked; in an American title nothing begins."""
    assert list(capitalised("Вчера в Казани. Жёны ждали.")) == [("Вчера", True), ("Казани", False), ("Жёны", True)]
    assert not any(first for _, first in capitalised("Wives Hold Picket In Kazan", title=True))


@settings(deadline=None)
@given(text=strategies.text(max_size=200))
def test_any_text(text: str) -> None:
    """No text breaks it."""
    list(capitalised(text))
    assert consonants(text) == consonants(text)
