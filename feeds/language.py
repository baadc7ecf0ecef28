"""Telling English, Russian and Ukrainian apart by letters and the commonest words. Not here: other languages."""

from __future__ import annotations

import re

LANGUAGES = ("en", "ru", "uk")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_UKRAINIAN_LETTER = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN_LETTER = re.compile("[ыэъёЫЭЪЁ]")
_WORD = re.compile("[\u0400-\u04ff]+")
# Frequent words that the other language doesn't have; from the first fifty of each language.
_UKRAINIAN_WORDS = _WORD.findall(
    "та що це як від до й або але ще вже яка який яку які щодо після через про його вона вони було буде бути чи"
)
_RUSSIAN_WORDS = _WORD.findall(
    "и что это как от или но еще ещё уже который которая которые после через его она они было будет быть о об с из"
)
_ONLY_UKRAINIAN = frozenset(_UKRAINIAN_WORDS) - frozenset(_RUSSIAN_WORDS)
_ONLY_RUSSIAN = frozenset(_RUSSIAN_WORDS) - frozenset(_UKRAINIAN_WORDS)
_ENOUGH = 4000  # characters that are looked at


def language_of(title: str, text: str) -> str:
    """``en``, ``ru`` or ``uk``: the likeliest language of an item. Russian where a Cyrillic text tells nothing, English without letters."""
    sample = f"{title}\n{text}"[:_ENOUGH]
    if len(_CYRILLIC.findall(sample)) <= len(_LATIN.findall(sample)):
        return "en"
    letters = len(_UKRAINIAN_LETTER.findall(sample)) - len(_RUSSIAN_LETTER.findall(sample))
    words = set(_WORD.findall(sample.lower()))
    score = letters + 2 * (len(words & _ONLY_UKRAINIAN) - len(words & _ONLY_RUSSIAN))
    return "uk" if score > 0 else "ru"
