"""Folded words meet in one stem whatever their ending, script or spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from storage.words import stems, tag, words


@pytest.mark.parametrize(
    "forms",
    [
        "мобилизованных мобилизованный мобилизованным мобілізованих мобілізований мобілізованими",
        "жена жены жёнам женами",
        "дружина дружини дружинами",
        "комитет комитета Комітету комитетами",
        "мать матери матерей матерями мати матір матір’ю матерів",
        "сын сыновья сыновьями сына",
        "wife wives wives’",
        "путь пути путём путями",
        "вдова вдовы вдовами",
        "mobilised mobilized mobilising mobilization mobilisation",
        "soldier soldiers soldier's soldiers’",
        "Цуканова Цукановой Цуканову",
        "демобілізація демобілізації демобілізацією демобилизации",
    ],
)
def test_forms_meet(forms: str) -> None:
    """All forms of a word have one stem, Ukrainian and Russian ones of one word too."""
    assert len(set(stems(forms))) == 1, stems(forms)


@pytest.mark.parametrize(("one", "other"), [("война", "воин"), ("way", "wave"), ("солдат", "сельдь")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    """Stemming doesn't throw different words together."""
    assert stems(one) != stems(other)


def test_places_are_those_of_the_original() -> None:
    """A word's place is where it stands in the text as written, invisible characters included."""
    text = "«Пу\u00adти» Домой!"
    assert [text[word.start : word.end] for word in words(text)] == ["Пу\u00adти", "Домой"]


@given(strategies.text(max_size=300))
def test_any_text_has_words(text: str) -> None:
    """No text breaks it; stems are fit for the index, places lie inside the text and in order."""
    found = list(words(text))
    assert [word.stem for word in found] == stems(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(stem and '"' not in stem and "_" not in stem and " " not in stem for stem in stems(text))


def test_tags_are_no_stems() -> None:
    """A tag has an underscore, which no stem has, and keeps values of any script apart."""
    assert tag("topic", "way-home") == "_topic_wayhome"
    assert tag("publisher", "Медуза") != tag("publisher", "Верстка")


@given(strategies.text(alphabet="aБ1'_’ -", max_size=30))
def test_apostrophes_and_underscores_divide_as_ever(text: str) -> None:
    """A text without them gives the same stems as beside a word that has some."""
    assert stems(f"{text} o'neill") == [*stems(text), *stems("o'neill")]
