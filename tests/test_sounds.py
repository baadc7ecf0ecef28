"""Words in Latin letters as they may be written in Cyrillic."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from storage.sounds import MOST, in_cyrillic


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        *[(heard, "мобилизация") for heard in ("mobilizacia", "mobilizaciya", "mobilizatsiya", "mobilizatsia", "mobilizacija")],
        ("zheny", "жены"),
        ("domoy", "домой"),
        ("domoi", "домой"),
        ("zhurnalisty", "журналисты"),
        ("shchastya", "щастя"),
        ("khabarovsk", "хабаровск"),
        ("vdovy", "вдовы"),
    ],
)
def test_what_was_heard_is_among_the_spellings(heard: str, written: str) -> None:
    """In any of the usual ways to write it."""
    assert written in in_cyrillic(heard)


@given(strategies.text(max_size=60) | strategies.text("cijyae'", max_size=40))
def test_spellings_are_few_and_cyrillic(word: str) -> None:
    """Whatever is typed."""
    found = list(in_cyrillic(word))
    assert len(found) <= MOST
    assert not any(letter.isascii() for spelling in found for letter in spelling)
