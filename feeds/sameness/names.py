"""Names across alphabets: what Казань, Казани, Kazan and Казані have in common. Pure.

A name is reduced to the consonants of its romanisation with one letter for each family of sounds: endings, vowels and the habits of
transliteration go. Two different names may share consonants, so that one name in common never decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from feeds.romanise import romanised, skeleton
from storage.folding import fold

FEWEST_CONSONANTS = 3
_CAPITALISED = re.compile(r"[A-ZА-ЯЁІЇЄҐ][^\W_]*(?:['’ʼ-][^\W_]+)*")
_FIRST = re.compile(r"(?:^|[.!?…:\n]\s*|[.!?…]\S?\s+)[«\"“„‘(—–-]*\s*$")
_NOT_CONSONANTS = bytes(code for code in range(256) if code not in b"bcdfghklmnpqrstvz")
_DOUBLED = re.compile(r"(.)\1+")
# After ``skeleton`` has made zh z, sh s, kh h, ch h, ts c, w v: further families of sounds that languages exchange.
_FAMILIES = bytes.maketrans(b"gckq", b"hkkk")
# Endings of cases that have consonants; the vowels of others vanish anyway. Ukrainian Петербурзі is a case of Петербург.
_CASE_ENDINGS = ("ами", "ями", "ого", "его", "ому", "ему", "ом", "ем", "ам", "ям", "ах", "ях", "ым", "им", "ых", "их")
_LETTERS_BEFORE = 3
_POSSESSIVE = re.compile(r"'s$")
_MOST_CAPITALS = 0.6  # share of a title's words: above it every word has a capital, as in American titles


@lru_cache(maxsize=20_000)
def consonants(name: str) -> str:
    """The consonants that a name is known by in all spellings and cases; the name may have any alphabet.

    A name that begins with a vowel is marked by an a. One with fewer than three consonants (Ufa, Tula) keeps its vowels but for the last.
    """
    folded = _POSSESSIVE.sub("", fold(name).text).replace("'", "")
    latin = folded if folded.isascii() else romanised(_without_case(folded.replace("бурзі", "бурге")))
    sounds = skeleton(latin.encode("ascii", "ignore")).translate(_FAMILIES)
    reduced, bare = sounds.decode("ascii"), _DOUBLED.sub(r"\1", sounds.translate(None, _NOT_CONSONANTS).decode("ascii"))
    if len(bare) < FEWEST_CONSONANTS:
        return reduced.rstrip("aeiou")
    return f"a{bare}" if reduced[0] in "aeiou" else bare


def _without_case(folded: str) -> str:
    """A name without the longest of these endings of cases, where some letters stay."""
    if folded.endswith(_CASE_ENDINGS):
        for ending in _CASE_ENDINGS:
            stem = folded.removesuffix(ending)
            if stem != folded and len(stem) >= _LETTERS_BEFORE and stem[-_LETTERS_BEFORE:].isalpha():
                return stem
    return folded


def capitalised(text: str, *, title: bool = False) -> Iterator[tuple[str, bool]]:
    """The words that have a capital letter, and whether they have it only because a sentence begins.

    In a title where every word has a capital none begins anything.
    """
    found = list(_CAPITALISED.finditer(text))
    every = title and text.isascii() and len(found) > _MOST_CAPITALS * max(1, text.count(" ") + 1)
    for match in found:
        first = bool(_FIRST.search(text[max(0, match.start() - 6) : match.start()])) and not (title and match.start() > 0)
        yield match.group(), first and not every
