"""Folding: what never decides, what does, and the way back to the original characters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from storage.folding import fold, plain_words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ЖЁНЫ", "жены"),
        ("жены\u0301", "жены"),
        ("е\u0308лка и\u0306од і\u0308жак", "елка йод їжак"),
        ("йод їжак", "йод їжак"),
        ("Put’ Domoi", "put' domoi"),
        ("Putʹ domoj", "put' domoj"),
        ("«Путь домой»", '"путь домой"'),
        ("call–up — ‐", "call-up - -"),
        ("мо\u00adби\u200bли\ufeffзация", "мобилизация"),
        ("Ｗａｙ　Ｈｏｍｅ", "way home"),
        ("Cборная Pоссии", "сборная россии"),
        ("мобiлiзацiя", "мобілізація"),
        ("Рut Dоmoi", "put domoi"),
        ("Vерните мужа", "верните мужа"),
        ("café naïve Łódź", "cafe naive lodz"),
        ("ﬁnal", "final"),
        ("a\u00a0b", "a b"),
        ("Башҡортостан", "башкортостан"),
        ("", ""),
    ],
)
def test_what_never_decides(written: str, folded: str) -> None:
    """Case, marks, quotes, dashes, invisible characters and look-alike letters make no difference."""
    assert fold(written).text == folded


@pytest.mark.parametrize("written", ["QR-код", "Z-каналы", "iPhone", "СВО", "Telegram-канал"])
def test_words_of_one_alphabet_stay_in_it(written: str) -> None:
    """A hyphen ends a word: Latin beside Cyrillic isn't a mixed word."""
    assert fold(written).text == written.lower()


def test_a_find_is_given_back_with_its_marks() -> None:
    """A folded word's place in the original includes accents and invisible characters."""
    written = "за\u0301мок: же\u0308ны\u00ad!"
    folded = fold(written)
    start = folded.text.index("жены")
    first, last = folded.original(start, start + 4)
    assert written[first:last] == "же\u0308ны\u00ad"


def test_one_character_may_become_several() -> None:
    """Part of a ligature is given back as the whole of it."""
    folded = fold("xﬁé")
    assert folded.text == "xfie"
    assert folded.original(2, 3) == (1, 2)


@given(st.text(max_size=200))
def test_any_text_folds_to_a_stable_text(text: str) -> None:
    """Folding twice changes nothing, and every place leads back into the original, in order."""
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    places = [folded.original(index, index + 1) for index in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(st.text(alphabet=st.characters(categories=["Cs"]), min_size=1, max_size=20))
def test_lone_surrogates_are_replaced(text: str) -> None:
    """What can't be written as UTF-8 becomes U+FFFD, so that later encoders don't fail."""
    assert fold(text).text == "\ufffd" * len(text)


@pytest.mark.parametrize("text", ["a" * 10_000_000, "\u0301" * 100_000, "é" * 300_000, "аb " * 300_000, "и\u0306" * 200_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    """Very long and very odd texts are folded like any other."""
    assert len(fold(text).text) <= len(text)


@given(st.text(st.characters(codec="cp1251")) | st.text())
def test_words_without_a_regular_expression(text: str) -> None:
    """They are those that it finds, whatever the characters."""
    assert plain_words(text) == re.findall(r"\w+", text)
