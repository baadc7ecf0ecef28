"""Telling English, Russian and Ukrainian apart by letters and the commonest words. Not here: other languages."""

from __future__ import annotations

from feeds.reading import CODEC, Reading

LANGUAGES = ("en", "ru", "uk")
_UKRAINIAN_LETTERS = [letter.encode(CODEC) for letter in "іїєґ"]
_RUSSIAN_LETTERS = [letter.encode(CODEC) for letter in "ыэъ"]  # folding has turned ё into е
# Frequent words, from the first fifty of each language.
_UKRAINIAN_WORDS = frozenset(
    "та що це як від й або але ще вже яка який яку які щодо після його вона вони було буде бути чи із зі під є цей ця цього".encode(
        CODEC
    ).split()
)
_RUSSIAN_WORDS = frozenset(
    "и что это как от или но еще уже который которая которые после его она они было будет быть о об с из под этот эта этого".encode(
        CODEC
    ).split()
)
_ONLY_UKRAINIAN = _UKRAINIAN_WORDS - _RUSSIAN_WORDS
_ONLY_RUSSIAN = _RUSSIAN_WORDS - _UKRAINIAN_WORDS
_WORD_WEIGHT = 2  # letters that a word counts for
_ENOUGH = 4000  # characters that are looked at


def language_of(reading: Reading) -> str:
    """``en``, ``ru`` or ``uk``: the likeliest language of an item. Russian where a Cyrillic text tells nothing, English without letters."""
    if reading.is_latin:
        return "en"
    sample = reading.flat[:_ENOUGH]
    score = sum(map(sample.count, _UKRAINIAN_LETTERS)) - sum(map(sample.count, _RUSSIAN_LETTERS))
    words = set(reading.tokens[:_ENOUGH])
    score += _WORD_WEIGHT * (len(words & _ONLY_UKRAINIAN) - len(words & _ONLY_RUSSIAN))
    return "uk" if score > 0 else "ru"
