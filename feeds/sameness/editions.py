"""Editions: two texts made from one template, such as the losses by 12 May and by 13 May. They are alike, and they are not copies. Pure.

Two texts are aligned word by word. Where little changed but words one for one, and those are mostly numbers, dates and names, the texts are
two editions. A changed number of dead or wounded makes another edition by itself: it is news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from feeds.sameness.shingles import ALIGNED_WORDS, Likeness, compared_words
from feeds.sameness.story_words import story_words
from storage.folding import fold

# Two changes make an edition; in a short text, where there is room for no more, one does.
FEWEST_CHANGES, SHORT_TEXT_WORDS = 2, 40
LEAST_TELLING = 0.6  # share of the one-for-one changes that are numbers, dates or names
MOST_OTHER = 0.2  # share of the aligned words that were added, dropped or rewritten
_SAME_NAME = 0.75  # likeness of two spellings of one name: Kiev and Kyiv, Kharkov and Kharkiv
_REACH = 6  # words that are skipped at most to find where two texts go on together
_NEAR = 3  # words between a number and what it counts

_NAME = re.compile(r"(?<=[^\W_,;:»\"”)] )[«\"“(]?([A-ZА-ЯЁІЇЄҐ][\w'’-]*)")
_TOLL = re.compile(
    r"kil|dead|died|deaths|wound|injur|casualt|victim|погиб|убит|ранен|пострада|жертв|скончал|умер|загин|вбит|поранен|постраждал|помер"
)


@dataclass(slots=True)
class Alignment:
    """How one text becomes another: words changed one for one, and how many were added, dropped or rewritten. ``words``: how many."""

    words: int
    changed: list[tuple[int, str, str]] = field(default_factory=list)
    other: int = 0


def edition(one: Likeness, other: Likeness) -> str | None:
    """Why two articles are editions of one template, in words; None where they aren't. The same whichever comes first."""
    title_words = _words(one.title)
    texts, titles = align(one.words, other.words), align(title_words, _words(other.title))
    if not texts.changed and not titles.changed:
        return None
    few = texts.other <= MOST_OTHER * max(texts.words, 1)
    toll = _toll(titles, title_words) or _toll(texts, one.words)
    if toll and few:
        return f"the number of victims changed: {toll}"
    changed = [*texts.changed, *(titles.changed if titles.other <= 2 * MOST_OTHER * titles.words else ())]
    changed = [pair for pair in changed if not _respelt(pair[1], pair[2])]
    if not few or not changed:
        return None
    names = _names(one) | _names(other)
    telling = [(before, after) for _, before, after in changed if _tells(before, after, names)]
    enough = 1 if texts.words < SHORT_TEXT_WORDS else FEWEST_CHANGES
    if len(telling) < enough or len(telling) < LEAST_TELLING * len(changed):
        return None
    return "only numbers, dates and names changed: " + ", ".join(f"{before} / {after}" for before, after in telling[:4])


def align(one: Sequence[str], other: Sequence[str]) -> Alignment:
    """Align two lists of words from their beginnings, as far as the shorter goes. Linear: it looks six words ahead at most."""
    first, second = _anchor(one, other)
    found = Alignment(min(len(one) - first, len(other) - second))
    while first < len(one) and second < len(other):
        if one[first] == other[second]:
            first, second = first + 1, second + 1
            continue
        step = _meeting(one, other, first, second)
        if step is None:
            found.other += min(len(one) - first, len(other) - second)
            break
        skipped, inserted = step
        if skipped == inserted <= _NEAR:
            found.changed += [(first + index, one[first + index], other[second + index]) for index in range(skipped)]
        else:
            found.other += max(skipped, inserted)
        first, second = first + skipped, second + inserted
    return found


def _anchor(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Where to begin: at the beginnings, or behind what one of the texts has before them, such as an appeal."""
    if one[:1] == other[:1]:
        return 0, 0
    places = {row: position for position, row in reversed(list(enumerate(zip(other, other[1:], other[2:], strict=False))))}
    for position, row in enumerate(zip(one, one[1:], one[2:], strict=False)):
        if row in places:
            return (position, places[row]) if max(position, places[row]) > _REACH else (0, 0)
    return 0, 0


def _meeting(one: Sequence[str], other: Sequence[str], first: int, second: int) -> tuple[int, int] | None:
    """How many words to skip on either side until two in a row agree, or both end; fewest first, equal numbers before others."""
    for total in range(1, 2 * _REACH + 1):
        for skipped in sorted(range(max(0, total - _REACH), min(total, _REACH) + 1), key=lambda skipped: abs(2 * skipped - total)):
            left, right = first + skipped, second + total - skipped
            if one[left : left + 2] == other[right : right + 2] and (left < len(one) or right >= len(other)):
                return skipped, total - skipped
    return None


def _toll(aligned: Alignment, words: Sequence[str]) -> str | None:
    """The change of a number near a word for dead or wounded, as "11 / 14"."""
    for position, before, after in aligned.changed:
        if _is_number(before) and _is_number(after):
            around = words[max(0, position - _NEAR) : position + _NEAR + 1]
            if any(map(_TOLL.match, around)):
                return f"{before} / {after}"
    return None


def _tells(before: str, after: str, names: frozenset[str]) -> bool:
    if _is_number(before) or _is_number(after):
        return True
    return (before in _changing("dates") and after in _changing("dates")) or (before in names and after in names)


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _changing("numbers")


def _respelt(before: str, after: str) -> bool:
    """Whether two words are spellings or forms of one."""
    if before in _changing("dates") or _is_number(before) or before[0] != after[0]:
        return False
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= _SAME_NAME


def _words(title: str) -> list[str]:
    return compared_words(fold(title).text)[:ALIGNED_WORDS]


def _names(one: Likeness) -> frozenset[str]:
    """Words that have a capital letter inside a sentence, as they are compared."""
    found = " ".join([*_NAME.findall(one.title), *_NAME.findall(one.opening)])
    folded = fold(found).text
    return frozenset(compared_words(folded)) | frozenset(compared_words(folded, english=True))


@cache
def _changing(kind: str) -> frozenset[str]:
    """The words for dates, or for numbers, as they are compared."""
    words = story_words()["editions"][kind]
    return frozenset(compared_words(words)) | frozenset(compared_words(words, english=True))
