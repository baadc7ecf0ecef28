"""What in two accounts is specific to one event: names of people, sights, towns, numbers and dates. Pure.

Terms are those that all languages have in common (``features.py``). That two accounts name other people, or other numbers, doesn't make
them two events, since each names what it chose; it does take more then to make them one. Not here: contradictions (``story.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from feeds.sameness.towns import first_names, places, seats

# Tuned on the tuning parts of tests/samples/sameness: two fines of one court in one city stay apart from the first factor on.
NAMES_APART, NUMBERS_APART, NOTHING_SPECIFIC = 1.6, 1.25, 1.25
_STRONG = frozenset("~&+!")  # names, sights, institutions and officials, groups and people of the watchlist
_SMALL, _YEAR = 2, 5  # characters of a number with its mark


def apart(one: Iterable[str], other: Iterable[str]) -> float:
    """How much more two accounts have to agree, 1 or a factor above: both give names, or both numbers, and none that the other gives."""
    factor = 1.0
    for wanted, disagreeing in ((_is_person, NAMES_APART), (_is_amount, NUMBERS_APART)):
        if _disjoint(one, other, wanted):
            factor *= disagreeing
    return factor


def vague(shared: Iterable[str]) -> float:
    """How much more two accounts have to agree where nothing that few events have is among what they share."""
    return 1.0 if any(map(is_specific, shared)) else NOTHING_SPECIFIC


def is_strong(term: str) -> bool:
    """Whether a term says more than a word does; "two children" doesn't."""
    return term[0] in _STRONG or (term[0] == "#" and len(term) > _SMALL)


def is_specific(term: str) -> bool:
    """Whether few events have a term: a name but of capitals, a sight, a number of two digits and more, a date."""
    if term[0] == "~":
        return term[1:] not in seats()
    return term[0] == "&" or _is_amount(term) or (term[0] == "#" and "-" in term)


def _disjoint(one: Iterable[str], other: Iterable[str], wanted: Callable[[str], bool]) -> bool:
    mine, theirs = set(filter(wanted, one)), set(filter(wanted, other))
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)


def _is_person(term: str) -> bool:
    name = term[1:]
    return term[0] == "~" and name not in places() and name not in first_names()


def _is_amount(term: str) -> bool:
    """A number that is neither small nor a year."""
    return term[0] == "#" and len(term) > _SMALL and term[1:].isdigit() and not (len(term) == _YEAR and term.startswith("#20"))
