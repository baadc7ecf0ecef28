"""Every usual Latin spelling of a Cyrillic name.

One table for each letter covers BGN/PCGN, ISO 9, GOST 7.79 and GOST R 52535, ALA-LC, the scholarly system, passports, and the habits of
the English, German, French and Polish press; systems may be mixed within a name, since newspapers mix them. Spellings come folded: no
diacritics, no apostrophes (ʹ ’ ' for a soft sign vanish in a reading). Sources: BGN/PCGN 1947 and 2019, ISO 9:1995, ALA-LC 2012.
"""

from __future__ import annotations

from itertools import islice, product

from storage.folding import fold

MOST_SPELLINGS = 3000
_MOST_FOR_A_WORD = 400
# Usual renderings of each letter, commonest first. Ё and е are one after folding, so е has both.
_LETTERS = {
    "а": ("a",),
    "б": ("b",),
    "в": ("v", "w"),
    "г": ("g", "h"),
    "ґ": ("g",),
    "д": ("d",),
    "е": ("e", "ye", "je", "ie", "yo", "jo", "o", "io"),
    "є": ("ye", "ie", "je", "e"),
    "ж": ("zh", "z", "j"),
    "з": ("z", "s"),
    "и": ("i", "y"),
    "і": ("i",),
    "ї": ("i", "yi", "ji"),
    "й": ("y", "i", "j", ""),
    "к": ("k",),
    "л": ("l",),
    "м": ("m",),
    "н": ("n",),
    "о": ("o",),
    "п": ("p",),
    "р": ("r",),
    "с": ("s", "ss"),
    "т": ("t",),
    "у": ("u", "ou", "oo"),
    "ф": ("f", "ph"),
    "х": ("kh", "h", "ch", "x"),
    "ц": ("ts", "c", "tz", "z", "cz"),
    "ч": ("ch", "c", "tch", "tsch", "cz"),
    "ш": ("sh", "s", "sch", "ch", "sz"),
    "щ": ("shch", "sc", "sch", "schtsch", "chtch", "szcz"),
    "ъ": ("",),
    "ы": ("y", "i"),
    "ь": ("", "j"),
    "э": ("e",),
    "ю": ("yu", "iu", "ju", "u", "you"),
    "я": ("ya", "ia", "ja", "a"),
}
# Endings and pairs that have renderings of their own.
_PAIRS = {
    "ий": ("y", "iy", "ii", "ij", "i", "yi", "yy", "yj"),
    "ый": ("y", "yi", "yy", "yj", "ii", "iy", "i"),
    "ия": ("iya", "ia", "ija", "iia", "ya"),
    "кс": ("ks", "x"),
    "ой": ("oy", "oi", "oj"),
    "ей": ("ey", "ei", "ej", "eyo", "ejo"),
    "ье": ("ye", "e", "ie", "je", "yo"),
    "ья": ("ya", "ia", "ja", "iya"),
}
# Letters whose rarer renderings are only ever used at the beginning of a word or after a vowel or sign.
_AFTER_CONSONANT = {"е": ("e", "ie", "je", "yo"), "є": ("ie", "ye", "je", "e")}
_VOWELS = frozenset("аеєиіїоуыэюяьъ")


def romanisations(name: str) -> list[str]:
    """Latin spellings of a Cyrillic ``name``, folded, commonest first; at most MOST_SPELLINGS."""
    words = [_word_spellings(word) for word in fold(name).text.replace("'", "").split()]
    most = _MOST_FOR_A_WORD
    while words and _combinations(words, most) > MOST_SPELLINGS:
        most -= max(1, most // 8)
    return list(dict.fromkeys(" ".join(choice) for choice in product(*(word[:most] for word in words))))


def _combinations(words: list[list[str]], most: int) -> int:
    total = 1
    for word in words:
        total *= min(len(word), most)
    return total


def _word_spellings(word: str) -> list[str]:
    """Spellings of one word, those made of common renderings first."""
    choices = list(_renderings(word))
    indexed = islice(product(*(range(len(choice)) for choice in choices)), 200_000)
    ranked = sorted((sum(choice), choice) for choice in indexed)
    spellings = ("".join(options[index] for options, index in zip(choices, choice, strict=True)) for _, choice in ranked)
    return list(islice(dict.fromkeys(spellings), _MOST_FOR_A_WORD))


def _renderings(word: str) -> list[tuple[str, ...]]:
    choices: list[tuple[str, ...]] = []
    position = 0
    while position < len(word):
        pair, letter = word[position : position + 2], word[position]
        if pair in _PAIRS:
            choices.append(_PAIRS[pair])
            position += 2
            continue
        after_consonant = position > 0 and word[position - 1] not in _VOWELS
        table = _AFTER_CONSONANT if after_consonant and letter in _AFTER_CONSONANT else _LETTERS
        choices.append(table.get(letter, (letter,)))
        position += 1
    return choices
