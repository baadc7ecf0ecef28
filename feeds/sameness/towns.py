"""Towns and regions that news of this subject names: two events in two places are two events. Pure.

A place is known by the consonants of its name (``names.py``), so that one list serves three languages and every romanisation and case.
Capitals are seats of governments as well ("Moscow says"): they tell nothing of where something happened.
"""

from __future__ import annotations

from functools import cache

from feeds.sameness.names import consonants
from feeds.sameness.story_words import story_words
from storage.folding import fold
from storage.words import stem

_SHORT = 2  # consonants; an adjective made of a shorter name isn't recognised


@cache
def places() -> dict[str, str]:
    """The known places: from consonants to the name that stands for all spellings."""
    listed = story_words()["places"]
    known = {one: one for one in map(consonants, f"{listed['names']} {listed['lands']}".split())}
    return known | {consonants(spelling): consonants(name) for spelling, name in story_words()["otherwise"].items()}


@cache
def place_stems() -> frozenset[str]:
    """Stems of the names of places as they are listed."""
    listed = story_words()["places"]
    return frozenset(map(stem, fold(f"{listed['names']} {listed['lands']} {' '.join(story_words()['otherwise'])}").text.split()))


@cache
def seats() -> frozenset[str]:
    """Places that tell nothing of where something happened."""
    return frozenset(map(consonants, story_words()["places"]["seats"].split()))


@cache
def lands() -> frozenset[str]:
    """Countries, and towns abroad where talks are held: they too tell nothing of where something happened."""
    return frozenset(places()[one] for one in map(consonants, story_words()["places"]["lands"].split()))


@cache
def official_stems() -> frozenset[str]:
    """Stems of the names of those who are quoted every day."""
    return frozenset(map(stem, fold(story_words()["names"]["officials"]).text.split()))


@cache
def first_names() -> frozenset[str]:
    """Names that many people have."""
    return frozenset(map(consonants, story_words()["names"]["first"].split()))


def place_of(name: str) -> str | None:
    """The place that the consonants of a name, or of an adjective made of it, stand for."""
    known = places()
    if name in known:
        return known[name]
    shorter = name.removesuffix("sk")
    return known.get(shorter) if shorter != name and len(shorter) > _SHORT else None
