"""Is an article a re-publication of another? Pure: likenesses and circumstances in, a decision with its reason out.

Containment decides: the share of the shorter text's shingles that the other has too. The thresholds were measured on thousands of
re-publications and negatives (see tests/benchmarks/sameness.py). A wrong merge hides news, so every doubt means "different".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from feeds.sameness.editions import edition
from feeds.sameness.shingles import Likeness

Outcome = Literal["copy", "edition", "different"]

LEAST_CONTAINMENT = 0.45
# A copy has a similar title or, under a new headline, most of the text.
LEAST_TITLES, NEW_HEADLINE_CONTAINMENT = 0.2, 0.6
# Under one title of two publishers a passage is enough: the rest may be what they have around it, which isn't known yet.
PASSAGE_TITLES, PASSAGE_CONTAINMENT, PASSAGE_SHINGLES = 0.6, 0.25, 15
# Before a publisher's furniture is known, two articles of its own need nearly equal titles, or nearly all of the text as well.
UNLEARNT_TITLES, UNLEARNT_CONTAINMENT = 0.7, 0.8
FEWEST_SHINGLES = 6
SHORT_TEXT_HOURS = 48
_FEWEST_TITLE_STEMS = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether two articles are one text. ``containment`` and ``titles`` (Jaccard of the titles' stems) go from 0 to 1.

    ``outcome``: copy; edition (of one template, or with another number of victims: not a copy, but of a series); or different.
    """

    outcome: Outcome
    containment: float
    titles: float
    reason: str


def compare(one: Likeness, other: Likeness, *, hours: float, same_publisher: bool = False, learnt: bool = True) -> Decision:
    """Decide about two articles, in either order. ``hours`` lie between them; ``learnt``: the furniture of both publishers is known."""
    shared = containment(one, other)
    fewest = min(len(one.shingles), len(other.shingles))
    if fewest >= FEWEST_SHINGLES and shared < PASSAGE_CONTAINMENT:  # most candidates end here
        return Decision("different", shared, _titles(one, other), _too_little(shared))
    titles = _titles(one, other)
    if fewest < FEWEST_SHINGLES:
        return _short(one, other, shared, titles, abs(hours), same_publisher=same_publisher)
    passage = not same_publisher and titles >= PASSAGE_TITLES and shared * fewest >= PASSAGE_SHINGLES
    objection = None if passage else _objection(shared, titles, unlearnt=same_publisher and not learnt)
    if objection:
        return Decision("different", shared, titles, objection)
    series = edition(one, other)
    if series:
        return Decision("edition", shared, titles, series)
    return Decision("copy", shared, titles, f"the texts share {shared:.0%} of the shorter")


def containment(one: Likeness, other: Likeness) -> float:
    """The share of the shorter article's shingles that the other has, 0 where one has none."""
    fewest = min(len(one.shingles), len(other.shingles))
    return len(one.shingles & other.shingles) / fewest if fewest else 0.0


def _titles(one: Likeness, other: Likeness) -> float:
    first, second = one.title_stems, other.title_stems
    return len(first & second) / len(first | second) if first and second else 0.0


def _objection(shared: float, titles: float, *, unlearnt: bool) -> str | None:
    if shared < LEAST_CONTAINMENT:
        return _too_little(shared)
    if unlearnt and titles < UNLEARNT_TITLES and (shared < UNLEARNT_CONTAINMENT or titles < LEAST_TITLES):
        return f"one publisher, whose furniture isn't known yet, and other titles ({titles:.2f})"
    if titles < LEAST_TITLES and shared < NEW_HEADLINE_CONTAINMENT:
        return f"other titles ({titles:.2f}), and the texts share only {shared:.0%} of the shorter"
    return None


def _too_little(shared: float) -> str:
    return f"the texts share {shared:.0%} of the shorter, {LEAST_CONTAINMENT:.0%} is needed"


def _short(one: Likeness, other: Likeness, shared: float, titles: float, hours: float, *, same_publisher: bool) -> Decision:
    """Of a text of few words the title must be the same, and it recurs: an alert of today isn't yesterday's."""
    if one.title_key is None or one.title_key != other.title_key or len(one.title_stems) < _FEWEST_TITLE_STEMS:
        return Decision("different", shared, titles, "too short to tell, and not under one title")
    if same_publisher:
        return Decision("different", shared, titles, "too short to tell: a publisher that repeats a short text has news again")
    if hours > SHORT_TEXT_HOURS:
        return Decision("different", shared, titles, f"too short to tell, and {hours:.0f} hours apart")
    return Decision("copy", shared, titles, f"short, under one title within {SHORT_TEXT_HOURS} hours")
