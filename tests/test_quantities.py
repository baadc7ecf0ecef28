"""Numbers, ordinals and dates are read alike in three languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.quantities import Quantities, quantities
from storage.folding import fold


def _read(title: str, lead: str = "") -> Quantities:
    return quantities(fold(title).text, fold(lead).text)


@pytest.mark.parametrize("text", ["on May 12", "12 May", "12 мая", "12 травня", "12th of May"])
def test_dates(text: str) -> None:
    """A day and a month, in either order; the day is no number then."""
    assert _read(text) == Quantities(frozenset(), frozenset({"5-12"}), frozenset(), frozenset(), frozenset({"5-12"}))


@pytest.mark.parametrize("text", ["13th package", "13-й пакет", "13-го пакета"])
def test_ordinals_in_digits(text: str) -> None:
    """An ordinal is no number."""
    assert _read(text).ordinals == {13}
    assert not _read(text).numbers


@pytest.mark.parametrize("text", ["second appeal", "второе обращение", "друге звернення"])
def test_ordinals_in_words(text: str) -> None:
    """Chosen by whoever writes the title; in a lead they are too common to mean anything."""
    assert _read(text).ordinals == {2}
    assert not _read("", text).ordinals


@pytest.mark.parametrize("text", ["for the first time", "впервые", "в первый раз", "другие люди", "друзья"])
def test_words_that_are_no_ordinals(text: str) -> None:
    """What happens for the first time is not the first of anything."""
    assert not _read(text).ordinals


@pytest.mark.parametrize("text", ["133,000 men", "133 000 человек", "133 тысячи", "133 thousand", "133 тисячі"])
def test_numbers(text: str) -> None:
    """Thousands, however they are written."""
    assert _read(text).numbers == {"133000"}


@pytest.mark.parametrize("text", ["three women", "трёх женщин", "троє жінок", "3 women"])
def test_small_numbers(text: str) -> None:
    """In words or in digits."""
    assert _read(text).numbers == {"3"}


@settings(deadline=None)
@given(text=strategies.text(max_size=200))
def test_any_text(text: str) -> None:
    """No text breaks it."""
    assert quantities(text, text) == quantities(text, text)


@pytest.mark.parametrize("unit", ["1 ", "1", "12 мая ", "1,", "a"])
def test_hostile_texts(unit: str) -> None:
    """Linear in what it is given."""
    started = time.process_time()
    quantities(unit * 2000, unit * 2000)
    assert time.process_time() - started < 1
