"""The words of the search index and of its queries: tokens and their stems.

Folding is in ``folding.py``. Nothing here depends on a text's language: a Latin word gets Snowball's English stem, a Cyrillic one is
stemmed as Russian after Ukrainian letters and endings have been turned into their Russian counterparts. Measured over all forms of 138
Ukrainian and 113 Russian words of this subject (forms from pymorphy3's dictionaries), the share of a word's forms that meet in one stem
is 0.91 and 0.90; Snowball's Russian stemmer alone reaches 0.83 and 0.89, and a Ukrainian dictionary lemmatiser 0.93 for 60 MB of memory.
It also lets a Ukrainian query find Russian articles, and the reverse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from storage.folding import fold, plain_words

# Raise it whenever a text may get other stems or tags than before: the index is then built anew (see search_index.py).
WORDS_VERSION = 2

_TAG_PUNCTUATION = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Mobilised, mobilisation: spelt with z before stemming, so that both spellings meet.
_BRITISH = re.compile(r"(?<=[a-z]{4})is(e[ds]?|ers?|ing|ations?)$")
_LONGEST_WORD = 64
_SHORTEST_INFLECTED = 5
_SHORTEST_STEM = 2
_UKRAINIAN_LETTERS = str.maketrans("іїєґ", "ииег", "'")
# Ukrainian endings that Snowball's Russian doesn't know, with a Russian one of the same kind. Each earned its place by the measure above.
_UKRAINIAN_ENDINGS = {
    "тимемо": "ть",
    "тимете": "ть",
    "тимуть": "ть",
    "тимем": "ть",
    "тимеш": "ть",
    "аймо": "ай",
    "ають": "ают",
    "аємо": "аем",
    "лено": "ено",
    "лять": "ят",
    "тиме": "ть",
    "тиму": "ть",
    "ість": "ость",
    "аєш": "аешь",
    "влю": "вю",
    "еві": "у",
    "емо": "ем",
    "имо": "им",
    "ити": "ить",
    "ові": "у",
    "ьмо": "ь",
    "ять": "ят",
    "імо": "им",
    "иш": "ишь",
    "ок": "к",
    "ої": "ой",
    "ці": "ке",
}
# Words of this subject whose forms no stemmer brings together.
_IRREGULAR = {
    **dict.fromkeys(("мать", "мати", "матір", "матір'ю"), "матер"),
    **dict.fromkeys(("дочь", "дочерьми"), "дочер"),
    **dict.fromkeys(("сыновья", "сыновей", "сыновьям", "сыновьями", "сыновьях"), "сын"),
    **dict.fromkeys(("друзья", "друзей", "друзьям", "друзьями", "друзьях"), "друг"),
    **dict.fromkeys(("вдові", "вдів"), "вдов"),
    "сестер": "сестр",
    "отец": "отц",
    "детьми": "дет",
    "дітьми": "дит",
    "людьми": "люд",
    # Towns whose name the stemmer takes for an adjective.
    **{name: name for name in ("киев", "ростов", "саратов", "тамбов", "псков", "азов", "харьков", "чернигов", "николаев", "королев")},
    "київ": "киев",
    **dict.fromkeys(("харків", "харкові"), "харьков"),
    **dict.fromkeys(("львів", "львові"), "львов"),
    **dict.fromkeys(("чернігів", "чернігові"), "чернигов"),
    "миколаїв": "миколаев",
    "wives": "wife",
    "women": "woman",
    "men": "man",
    "children": "child",
}
_ENDING_LENGTHS = range(max(map(len, _UKRAINIAN_ENDINGS)), 1, -1)
_ENGLISH = Stemmer.Stemmer("english")
_RUSSIAN = Stemmer.Stemmer("russian")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its stem, and its characters ``start`` to ``end`` in the text as given."""

    stem: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Every word of ``text``, in order, with its place in the original."""
    folded = fold(text)
    for token in _TOKEN.finditer(folded.text):
        start, end = folded.original(token.start(), token.end())
        yield Word(stem(token.group()), start, end)


def stems(text: str) -> list[str]:
    """The stems of every word of ``text``, in order."""
    folded = fold(text).text
    # The same, and sooner, where there are neither apostrophes nor underscores.
    return list(map(stem, _TOKEN.findall(folded) if "'" in folded or "_" in folded else plain_words(folded)))


@lru_cache(maxsize=4_096)
def tag(kind: str, value: str) -> str:
    """One index token for a property of an article, such as its topic: no stem equals it or begins it, since stems have no underscore."""
    return f"_{kind}_{_TAG_PUNCTUATION.sub('', value.lower())}"


@lru_cache(maxsize=20_000)
def stem(token: str) -> str:
    """The stem of one folded word. It may be no word itself."""
    token = token[:_LONGEST_WORD]
    if token in _IRREGULAR:
        return _IRREGULAR[token]
    if token.isascii():
        return str(_ENGLISH.stemWord(_BRITISH.sub(r"iz\1", token))).replace("'", "")
    russian = str(_RUSSIAN.stemWord(_russian_ending(token).translate(_UKRAINIAN_LETTERS)))
    # Ukrainian participles have one н: мобілізованих must meet мобилизованных.
    return russian.removesuffix("н") if russian.endswith("ован") else russian


def _russian_ending(token: str) -> str:
    if len(token) < _SHORTEST_INFLECTED:
        return token
    for length in _ENDING_LENGTHS:
        replacement = _UKRAINIAN_ENDINGS.get(token[-length:])
        if replacement is not None and len(token) - length >= _SHORTEST_STEM:
            return token[:-length] + replacement
    return token
