"""Telling the three languages apart."""

from __future__ import annotations

import pytest

from feeds.language import language_of
from feeds.reading import read


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wives of mobilised men", "en"),
        ("Жены мобилизованных вышли на площадь", "ru"),
        ("Дружини мобілізованих вийшли на площу", "uk"),
        ("путін оголосив у росії часткову мобілізацію", "uk"),
        ("Рада та влада про що говорила", "uk"),
        ("Солдат на фронт", "ru"),
        ("Мoбiлiзацiя в росiї", "uk"),
        ("The channel «Путь домой» was blocked", "en"),
        ("", "en"),
        ("12 345", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    """Letters and common words decide, in a few words already."""
    assert language_of(read(text, "")) == language
