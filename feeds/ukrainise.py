"""How Ukrainian outlets write a Russian person's name: Мария Андреева is Марія Андрєєва, Светлана is Світлана. Pure.

First names that have a form of their own in Ukrainian are looked up; other words are respelled letter by letter, in each of the ways that
outlets follow (Мельникова and Мельнікова). Source of the rules: the Ukrainian orthography of 2019, sections 143 to 145. Not here: case
endings (``inflect.py``), names of groups, which are translated and stand in the watchlist.
"""

from __future__ import annotations

from itertools import islice, product

MOST_SPELLINGS = 32
_VOWELS = frozenset("аеёиоуыэюяіїєь")
# Where the letters alone don't lead to the Ukrainian name.
_FIRST_NAMES = {
    "александр": "олександр",
    "александра": "олександра",
    "алексей": "олексій",
    "алена": "олена",
    "алёна": "альона",
    "андрей": "андрій",
    "вера": "віра",
    "владимир": "володимир",
    "григорий": "григорій",
    "дарья": "дарія",
    "дмитрий": "дмитро",
    "евгений": "євген",
    "евгения": "євгенія",
    "екатерина": "катерина",
    "елена": "олена",
    "илья": "ілля",
    "ксения": "ксенія",
    "михаил": "михайло",
    "надежда": "надія",
    "наталья": "наталія",
    "николай": "микола",
    "павел": "павло",
    "пётр": "петро",
    "сергей": "сергій",
    "светлана": "світлана",
    "софья": "софія",
    "татьяна": "тетяна",
    "фёдор": "федір",
    "юлия": "юлія",
    "юрий": "юрій",
}
_ENDINGS = {"ская": "ська", "цкая": "цька", "ский": "ський", "цкий": "цький", "ая": "а", "ый": "ий"}
_ALWAYS = {"ы": ("и",), "э": ("е",), "ъ": ("'",)}
_BEGINNING = {"е": ("є",), "ё": ("йо",), "и": ("і", "ї")}  # a word, or after a vowel or a soft sign
_INSIDE = {"е": ("е", "є"), "ё": ("ьо", "о", "е"), "и": ("и", "і")}


def ukrainian_spellings(name: str) -> list[str]:
    """Ukrainian spellings of a Russian person's ``name``, in small letters; at most MOST_SPELLINGS."""
    words = [_word(word) for word in name.lower().split()]
    return [" ".join(choice) for choice in islice(product(*words), MOST_SPELLINGS)]


def _word(word: str) -> list[str]:
    usual = [_FIRST_NAMES[word]] if word in _FIRST_NAMES else []
    ending = next((ending for ending in _ENDINGS if word.endswith(ending)), "")
    stem = word.removesuffix(ending)
    letters = [_spellings(letter, before) for before, letter in zip(f" {stem}", stem, strict=False)]
    respelled = ("".join(choice) + _ENDINGS.get(ending, "") for choice in islice(product(*letters), MOST_SPELLINGS))
    return list(dict.fromkeys([*usual, *respelled]))


def _spellings(letter: str, before: str) -> tuple[str, ...]:
    begins = before == " " or before in _VOWELS
    return _ALWAYS.get(letter) or (_BEGINNING if begins else _INSIDE).get(letter, (letter,))
