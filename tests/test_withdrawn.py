"""Which posts a channel has taken away."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from feeds.withdrawn import missing, post_of


@pytest.mark.parametrize(
    ("address", "post"),
    [
        ("https://t.me/PYTY_DOMOY/6510", "pyty_domoy/6510"),
        ("https://mirror.example/s/ch/12/", "ch/12"),
        ("https://t.me/ch/12?single", "ch/12"),
        ("https://t.me/ch", None),
        ("https://herald.example/news/2026-11", None),
        ("", None),
    ],
)
def test_the_post_of_an_address(address: str, post: str | None) -> None:
    """An address ends with the channel and the number, wherever it is served."""
    assert post_of(address) == post


def test_missing_between_neighbours() -> None:
    """Only what stands between two posts that are shown can be missed; other channels' posts are none of it."""
    assert missing(["Ch/2", "ch/5"], ["ch/1", "ch/3", "ch/4", "ch/5", "ch/6", "other/3"]) == {"ch/3", "ch/4"}
    assert missing(["ch/2"], ["ch/1", "ch/3"]) == missing([], ["ch/1"]) == set()


@given(shown=strategies.sets(strategies.integers(1, 60)), known=strategies.sets(strategies.integers(1, 60)))
def test_nothing_that_is_shown_is_missing(shown: set[int], known: set[int]) -> None:
    """What is missing was known, isn't shown, and has neighbours on both sides."""
    gone = missing([f"c/{number}" for number in shown], [f"c/{number}" for number in known])
    assert gone == {f"c/{number}" for number in known - shown if shown and min(shown) < number < max(shown)}
