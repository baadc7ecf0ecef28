"""How sources fare: lasting failures and silence against their own rhythm are told once, and once more when they are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from feeds.health import condition, notes
from storage.coverage import Rhythm
from storage.polled import unpolled
from storage.records import Source, sentence

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FINE = replace(
    unpolled(Source("Herald", "https://herald.example/rss"), NOW),
    last_success_at=NOW - timedelta(minutes=10),
    last_new_at=NOW - timedelta(hours=1),
    title="Herald",
)
DAILY = Rhythm(days=20, items=100, matched=3)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"trouble": "fetch", "failures": 1}, ""),
        ({"trouble": "fetch", "failures": 3, "last_success_at": NOW - HOUR}, ""),
        ({"trouble": "fetch", "failures": 3, "last_success_at": NOW - 7 * HOUR}, "failing"),
        ({"trouble": "fetch", "failures": 3, "last_success_at": None}, "failing"),
        ({"trouble": "fetch", "failures": 8, "last_success_at": NOW - HOUR}, "failing"),
        ({"trouble": "document", "failures": 1}, ""),
        ({"trouble": "document", "failures": 2}, "unreadable"),
        ({"trouble": "no preview", "failures": 1}, "no preview"),
        ({"trouble": "gone", "failures": 1}, "gone"),
        ({"last_new_at": NOW - 47 * HOUR}, ""),
        ({"last_new_at": NOW - 49 * HOUR}, "silent"),
        ({"last_new_at": NOW - 49 * HOUR, "state": "off"}, ""),
        ({"last_new_at": None}, ""),
    ],
)
def test_conditions(changes: dict[str, object], expected: str) -> None:
    """A source of five items a day is silent after two days; a failure counts when it lasts."""
    assert condition(replace(FINE, **changes), DAILY, NOW) == expected  # type: ignore[arg-type] # fields of Polled


@pytest.mark.parametrize("rhythm", [None, Rhythm(4, 100, 0), Rhythm(20, 9, 0)])
def test_a_rhythm_that_says_nothing(rhythm: Rhythm | None) -> None:
    """Of a source that is little known, or brings little, no silence is told."""
    assert condition(replace(FINE, last_new_at=NOW - timedelta(days=30)), rhythm, NOW) == ""


def test_a_restless_source() -> None:
    """It is told, though nothing fails."""
    assert condition(FINE, replace(DAILY, restless=True), NOW) == "restless"
    (said,) = notes(FINE, "restless", DAILY, NOW)
    assert "again and again" in str(said)


def test_told_once_and_once_more() -> None:
    """What operators know already isn't told again; that it is over is."""
    bad = replace(FINE, trouble="fetch", failures=9, last_error=sentence("The server answered {status}.", status=500))
    (note,) = notes(bad, "failing", DAILY, NOW)
    assert str(note) == "“Herald” can't be reached: The server answered 500."
    assert list(notes(replace(bad, told="failing"), "failing", DAILY, NOW)) == []
    (note,) = notes(replace(FINE, told="failing"), "", DAILY, NOW)
    assert "fine again" in str(note)
    assert list(notes(FINE, "", DAILY, NOW)) == []


def test_a_changed_name() -> None:
    """The old name and the new one; a name that changed back is none."""
    (note,) = notes(replace(FINE, former_title="Tribune"), "", DAILY, NOW)
    assert str(note) == "“Herald” calls itself “Herald” now; it was “Tribune”."
    assert list(notes(replace(FINE, former_title="Herald"), "", DAILY, NOW)) == []


@given(
    trouble=strategies.sampled_from(["", "fetch", "document", "no preview", "gone"]),
    told=strategies.sampled_from(["", "failing", "unreadable", "no preview", "gone", "silent", "restless"]),
    failures=strategies.integers(0, 20),
    quiet=strategies.none() | strategies.integers(0, 10_000),
    rhythm=strategies.none() | strategies.builds(Rhythm, strategies.integers(0, 28), strategies.integers(0, 9999), strategies.just(0)),
    name=strategies.text(max_size=30),
)
def test_whatever_happens_it_is_said_in_words(  # noqa: PLR0917 - drawn by hypothesis
    trouble: str, told: str, failures: int, quiet: int | None, rhythm: Rhythm | None, name: str
) -> None:
    """Every change of condition gives one sentence, and the same condition none."""
    polled = replace(
        FINE,
        source=Source(name, "https://x.example/"),
        trouble=trouble,
        told=told,
        failures=failures,
        last_new_at=None if quiet is None else NOW - timedelta(minutes=quiet),
    )
    found = condition(polled, rhythm, NOW)
    assert [bool(str(note)) for note in notes(polled, found, rhythm, NOW)] == [True] * (found != told)
