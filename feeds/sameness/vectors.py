"""Vectors of terms, which say how much each counts: their sums and products. Pure.

Not here: what makes them (``features.py``), what they decide (``story.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import nlargest
from math import fsum, inf, sqrt
from types import MappingProxyType

MOST_TERMS = 150  # of a sum: the heaviest
NOWHERE: Mapping[str, int] = MappingProxyType({})


def added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """The sum of two vectors."""
    total = dict(one)
    for term, weight in other.items():
        total[term] = total.get(term, 0.0) + weight
    if len(total) > MOST_TERMS:
        return dict(nlargest(MOST_TERMS, total.items(), key=lambda item: item[1]))
    return total


def product(
    one: Mapping[str, float], other: Mapping[str, float], shared: Iterable[str], most: float = inf, elsewhere: Mapping[str, int] = NOWHERE
) -> float:
    """The product of two vectors by the terms that they share.

    Each term adds ``most`` at the most, and less where it stands in so many others ``elsewhere``.
    """
    # Exact, so that the order of a set makes no difference.
    if most < inf or elsewhere:
        return fsum([min(most, one[term] * other[term] / sqrt(1 + elsewhere.get(term, 0))) for term in shared])
    return fsum([one[term] * other[term] for term in shared])


def leading(one: Mapping[str, float], other: Mapping[str, float]) -> str:
    """The five terms that do most for a product, in words."""
    return ", ".join(nlargest(5, (term for term in one if term in other and term[0] != "^"), key=lambda term: one[term] * other[term]))
