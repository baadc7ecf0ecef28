"""Sums and products of vectors of terms."""

from __future__ import annotations

import pytest

from feeds.sameness.vectors import MOST_TERMS, added, leading, product

ONE, OTHER = {"storm": 0.6, "berta": 0.8}, {"storm": 0.5, "berta": 0.5, "^coas": 0.7}


def test_a_product() -> None:
    """Each term adds the most that it may, and less the more others have it."""
    assert product(ONE, OTHER, ["storm", "berta"]) == pytest.approx(0.7)
    assert product(ONE, OTHER, ["storm", "berta"], 0.35) == pytest.approx(0.65)
    assert product(ONE, OTHER, ["storm", "berta"], elsewhere={"berta": 3}) == pytest.approx(0.5)


def test_a_sum() -> None:
    """It keeps its heaviest terms."""
    assert added(ONE, OTHER) == pytest.approx({"storm": 1.1, "berta": 1.3, "^coas": 0.7})
    many = {f"t{number}": float(number) for number in range(2 * MOST_TERMS)}
    assert set(added(many, {"t0": 1000.0})) == {"t0", *(f"t{number}" for number in range(MOST_TERMS + 1, 2 * MOST_TERMS))}


def test_what_leads() -> None:
    """Heaviest first, and beginnings of words aren't told."""
    assert leading(ONE | {"^coas": 1.0}, OTHER) == "berta, storm"
