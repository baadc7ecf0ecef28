"""Every usual Latin spelling of a Cyrillic name, and recognising them all, listed or not.

The table covers BGN/PCGN, ISO 9, GOST 7.79 and GOST R 52535, ALA-LC, the scholarly system, passports, and the habits of the English,
German, French, Spanish and Polish press; newspapers mix them, so any mixture counts. Since there are thousands of spellings of one name,
they aren't looked for one by one: both the spelling and the text are reduced to a skeleton, in which spellings of one sound are one
(``kh`` and ``h``, ``ye`` and ``e``). Spellings come folded: no diacritics, no apostrophes (ʹ ’ ' for a soft sign vanish in a reading).
Sources: BGN/PCGN 1947 and 2019, ISO 9:1995, ALA-LC 2012.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

MOST_SKELETONS = 1500
# Usual renderings of each letter, commonest first. A name is written with its ё, since that sounds otherwise.
_LETTERS = {
    "а": ("a",),
    "б": ("b",),
    "в": ("v", "w"),
    "г": ("g", "h"),
    "ґ": ("g",),
    "д": ("d",),
    "е": ("e", "ye", "je", "ie"),
    "ё": ("yo", "e", "o", "jo", "io", "ye", "je", "ie"),
    "є": ("ye", "ie", "je", "e"),
    "ж": ("zh", "z", "j", "sch", "sh"),
    "з": ("z", "s"),
    "и": ("i", "y"),
    "і": ("i",),
    "ї": ("i", "yi", "ji"),
    "й": ("y", "i", "j"),
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
    "х": ("kh", "h", "ch", "x", "j"),
    "ц": ("ts", "c", "tz", "z", "cz", "tc"),
    "ч": ("ch", "c", "tch", "tsch", "cz"),
    "ш": ("sh", "s", "sch", "ch", "sz"),
    "щ": ("shch", "sc", "sch", "schtsch", "chtch", "szcz"),
    "ъ": ("",),
    "ы": ("y", "i"),
    "ь": ("", "j"),
    "э": ("e",),
    "ю": ("yu", "iu", "ju"),
    "я": ("ya", "ia", "ja"),
}
# Endings that lose a letter in some spellings.
_PAIRS = {"ий": ("y", "iy", "ii", "ij", "i"), "ый": ("y", "yi", "yy", "yj", "ii", "iy", "i"), "ия": ("iya", "ia", "ija", "iia", "ya")}
_COMMONEST = str.maketrans({letter: options[0] for letter, options in _LETTERS.items()})
_SEPARATORS = re.compile(r"[^\w]+")
_SIGNS = str.maketrans("", "", "'’ʼ")
_ONE_SOUND = bytes.maketrans(b"ywjx", b"ivih")
# Reductions, in this order: spellings of one sound become one. They needn't be true to any language, only the same on both sides.
# The order matters: a reduced beginning, continued and reduced again, has to give what the whole would have given.
_REDUCTIONS = [
    pair.split(b">")
    for pair in b"ph>f kh>h ch>h hh>h zh>z sh>s sz>s tz>ts tc>ts cz>c ss>s ss>s ii>i ii>i ia>a ie>e io>o iu>u oo>u ou>u uu>u".split()
]


def skeleton(flat: bytes) -> bytes:
    """A flat Latin text with one spelling for each sound. Its words keep their number and order."""
    reduced = flat.translate(_ONE_SOUND)
    for longer, shorter in _REDUCTIONS:
        reduced = reduced.replace(longer, shorter)
    return reduced


def skeletons(name: str) -> list[bytes]:
    """The skeletons of every Latin spelling of a Cyrillic ``name``, and of its English possessive; at most MOST_SKELETONS."""
    words = [sorted(_word_skeletons(word)) for word in _words(name)]
    names = [b" ".join(choice) for choice in islice(product(*words), MOST_SKELETONS)]
    return [*names, *(name + b"s" for name in names)]


def romanised(word: str) -> str:
    """A small Cyrillic ``word`` with the commonest rendering of each letter."""
    for pair, options in _PAIRS.items():
        word = word.replace(pair, options[0])
    return word.translate(_COMMONEST)


def renderings(word: str) -> Iterator[tuple[str, ...]]:
    """The usual renderings of each letter, or pair of letters, of a small Cyrillic ``word``, in order."""
    position = 0
    while position < len(word):
        pair, letter = word[position : position + 2], word[position]
        yield _PAIRS.get(pair) or _LETTERS.get(letter, (letter,))
        position += 2 if pair in _PAIRS else 1


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.split(name.lower().translate(_SIGNS)) if word]


def _word_skeletons(word: str) -> set[bytes]:
    """The skeletons of all spellings of a word, built letter by letter so that equal beginnings are followed only once."""
    found = {b""}
    for options in renderings(word):
        found = {skeleton(beginning + option.encode()) for beginning in found for option in options}
        if len(found) > MOST_SKELETONS:
            return set(sorted(found)[:MOST_SKELETONS])
    return found
