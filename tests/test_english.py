"""English forms."""

from __future__ import annotations

import pytest

from feeds.english import english_forms, english_spellings


@pytest.mark.parametrize(
    ("alias", "form"),
    [
        ("soldier's wife", "soldiers wives"),
        ("wife", "wives"),
        ("mother of a soldier", "mothers of a soldier"),
        ("Council of Mothers and Wives", "council of mothers and wives"),
        ("mobilisation", "mobilization"),
        ("Mobilized", "mobilised"),
        ("family", "families"),
        ("defence ministry", "defense ministries"),
        ("coach", "coaches"),
        ("recruitment center", "recruitment centre"),
        ("=the draft", "the draft"),
        ("=against mobilisation", "against mobilization"),
    ],
)
def test_forms(alias: str, form: str) -> None:
    """Plurals, possessives and both spellings are among the forms, and the alias itself comes first."""
    forms = english_forms(alias)
    assert form in forms
    assert len(forms) == len(set(forms))


def test_a_literal_has_no_plural() -> None:
    """An alias that begins with = stays in its number."""
    assert english_forms("=draft law") == ["draft law"]


def test_nothing_has_no_forms() -> None:
    """An alias of signs alone gives an empty form, which nothing looks for."""
    assert english_forms("'") == [""]


def test_beginnings_of_words_have_both_spellings() -> None:
    """A prefix is spelled in both ways as well."""
    assert english_spellings("demobilis") == ["demobilis", "demobiliz"]
