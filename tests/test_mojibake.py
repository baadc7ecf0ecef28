"""Doubly encoded Cyrillic is repaired, sound text isn't touched."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse.mojibake import repaired

TEXT = "Образец: жёны мобилизованных написали письмо президенту, їхні матері зустрілися біля міста"


def spoilt(text: str, encoding: str) -> str:
    """Return text that was read as ``encoding`` although it was UTF-8."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "latin-1"])
def test_repair(encoding: str) -> None:
    """The three ways in which it happens."""
    assert repaired(spoilt(TEXT, encoding)) == TEXT
    assert repaired(f"<a>{spoilt(TEXT, encoding)}</a> {TEXT}") == f"<a>{TEXT}</a> {TEXT}"


@pytest.mark.parametrize(
    "text", ["Это С–образец", "Ð and Ñ are letters", "Ельцин: «РФ» — С. Петров, Р. К., № 5°", "naïve café", "Їжак і ґава"]
)
def test_sound_text_stays(text: str) -> None:
    """Odd but sound text isn't repaired."""
    assert repaired(text) == text


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґАБРС -—«»№°", max_size=300))
def test_cyrillic_stays(text: str) -> None:
    """No sound Cyrillic text is taken for an accident."""
    assert repaired(text) == text
