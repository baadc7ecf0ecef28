"""Reading single keys."""

from __future__ import annotations

from datetime import date

import pytest

from feeds.rules import Term
from feeds.watchlist_keys import Table
from storage.records import WatchlistError


def test_keys_are_read_with_their_defaults() -> None:
    """A key that isn't there has its default."""
    table = Table("here", {"a": "x", "flag": True, "n": 3, "day": date(2022, 2, 24), "rule": "x", "list": ["y"]})
    assert (table.text("a"), table.text("b", "")) == ("x", "")
    assert (table.flag("flag"), table.flag("other"), table.flag("other", default=True)) == (True, False, True)
    assert (table.number("n", 1), table.number("m", 1)) == (3, 1)
    assert (table.day("day"), table.day("other")) == (date(2022, 2, 24), None)
    assert (table.rule("rule"), table.rule("other")) == (Term("x"), None)
    assert (table.texts("list"), table.texts("other")) == (("y",), ())


def test_an_error_names_place_and_key() -> None:
    """Whoever edits the file finds the spot."""
    with pytest.raises(WatchlistError, match=r"In here, inner, “a” has to be a string"):
        Table("here", {"inner": {"a": 1}}).table("inner").text("a")
    with pytest.raises(WatchlistError, match="known are en, ru, uk"):
        Table("here", {"names": {"de": "x"}}).texts_by_language("names")
