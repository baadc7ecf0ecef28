"""A word in Latin letters as it may be written in Cyrillic: “mobilizacia” is мобилизация. Pure.

For what somebody typed who has no Cyrillic keyboard, or listened. Not here: the spellings of names in texts (``feeds/romanise.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

MOST = 300
_LONGEST = 30
# Soft signs, which nobody writes, matter to a word's stem only at its end.
_ENDINGS: Mapping[str, tuple[str, ...]] = dict.fromkeys("бвдзлмнпрстфжчшщ", ("", "ь"))
# The likeliest first.
_SOUNDS: Mapping[str, tuple[str, ...]] = {
    "shch": ("щ",),
    "sch": ("щ", "ш"),
    "iya": ("ия",), "ija": ("ия",), "iia": ("ия",), "aya": ("ая",), "oye": ("ое",), "yye": ("ые",), "iye": ("ие",),
    "zh": ("ж",), "kh": ("х",), "ts": ("ц", "тс"), "tz": ("ц",), "ch": ("ч",), "sh": ("ш",),
    "yu": ("ю",), "iu": ("ю",), "ju": ("ю",), "ya": ("я",), "ja": ("я",), "ia": ("ия", "я", "иа"),
    "yo": ("е",), "jo": ("е",), "ye": ("е",), "je": ("е",), "yi": ("ый", "ї"), "ij": ("ий",), "iy": ("ий",), "yy": ("ый",),
    "ei": ("ей", "еи"), "oi": ("ой", "ои"), "ai": ("ай", "аи"), "ey": ("ей",), "oy": ("ой",), "ay": ("ай",),
    "a": ("а",), "b": ("б",), "c": ("ц", "к", "с"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",), "h": ("х", "г"), "i": ("и",),
    "j": ("й", "ж"), "k": ("к",), "l": ("л",), "m": ("м",), "n": ("н",), "o": ("о",), "p": ("п",), "q": ("к",), "r": ("р",), "s": ("с",),
    "t": ("т",), "u": ("у",), "v": ("в",), "w": ("в",), "x": ("кс", "х"), "y": ("ы", "и", "й"), "z": ("з",), "'": ("",),
}  # fmt: skip
_PIECES = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_LATIN = re.compile(f"[a-z']{{3,{_LONGEST}}}")


def in_cyrillic(word: str) -> Iterator[str]:
    """How a folded word may be written in Cyrillic, likelier spellings first; nothing where it isn't of Latin letters alone."""
    if _LATIN.fullmatch(word):
        spelt = map("".join, product(*(_SOUNDS[piece] for piece in _PIECES.findall(word))))
        yield from islice((spelling + ending for spelling in spelt for ending in _ENDINGS.get(spelling[-1:], ("",))), MOST)
