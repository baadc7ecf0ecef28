"""Profiles of stories as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies

from feeds.sameness.features import Rarities, terms, weigh
from feeds.sameness.profiles import PROFILE_VERSION, dump, load
from feeds.sameness.story import merged, profile

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
TEXTS = strategies.text(max_size=120)


@given(texts=strategies.lists(strategies.tuples(TEXTS, TEXTS, strategies.sampled_from(["en", "ru", "uk"])), min_size=1, max_size=4))
def test_a_profile_is_read_as_it_was_written(texts: list[tuple[str, str, str]]) -> None:
    """Whatever the texts of a story hold, its profile comes back the same."""
    whole = None
    for hours, (title, text, language) in enumerate(texts):
        alone = profile(weigh(terms(title, text, language, ["protest"], ["way-home"]), Rarities()), NOW + timedelta(hours=hours))
        whole = merged(whole, alone) if whole else alone
    assert whole is not None
    assert load(dump(whole)) == whole


@given(stored=strategies.binary(max_size=200))
def test_what_is_no_profile_is_left_aside(stored: bytes) -> None:
    """Neither another version's bytes nor damaged ones stop anything."""
    assert load(stored) is None
    assert load(bytes([PROFILE_VERSION]) + stored) is None
