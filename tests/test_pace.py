"""When a source is due next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from feeds.pace import CEILING, DEAD_INTERVAL, DEFAULT_INTERVAL, FLOOR, FULL_FETCH_EVERY, History, Pace, next_check, pause_after, pause_key

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
QUIET = History(source=1, now=NOW, last_success=NOW, full_at=NOW)
MINUTE = timedelta(minutes=1)


def wait(**changes: object) -> timedelta:
    """Return how long a source waits whose history differs from a quiet one's in this."""
    return decide(**changes).next_check_at - NOW


def decide(**changes: object) -> Pace:
    """Return the whole decision."""
    return next_check(replace(QUIET, **changes))  # type: ignore[arg-type]  # the fields are named by the tests


def about(found: timedelta, wanted: timedelta) -> bool:
    """Say whether a wait is the wanted one, apart from jitter, which only adds."""
    return wanted <= found <= wanted * 1.1


seconds = st.none() | st.floats(0, 10**8) | st.integers(0, 10**12)
moments = st.none() | st.timedeltas(timedelta(0), timedelta(days=900)).map(NOW.__sub__)
histories = st.builds(
    History,
    source=st.integers() | st.text(max_size=20),
    now=st.just(NOW),
    last_success=moments,
    last_error_at=moments,
    failures=st.integers(0, 2000),
    interval=st.none() | st.integers(-5, 10**12),
    wait=seconds,
    ttl=seconds,
    max_age=seconds,
    known=st.none() | st.floats(0, 1),
    status=st.sampled_from([None, 403, 404, 410, 429, 500, 503]),
    retry_after=seconds,
    offline=st.booleans(),
    full_at=moments,
)


@given(histories)
def test_floor_and_ceiling(history: History) -> None:
    """Never sooner than 10 minutes; never later than 24 hours, or about a month for what is gone or dead."""
    found = next_check(history)
    due = found.next_check_at - NOW
    assert due >= FLOOR
    assert due <= CEILING or DEAD_INTERVAL <= due <= DEAD_INTERVAL * 1.1
    assert found.muted is (history.status == 410 and history.failures > 0)


@given(histories)
def test_the_same_history_gives_the_same_decision(history: History) -> None:
    """Jitter comes from the source, not from chance."""
    assert next_check(history) == next_check(history)


@given(histories, st.floats(0, CEILING.total_seconds()))
def test_a_longer_wish_is_never_answered_sooner(history: History, more: float) -> None:
    """Asking for more time can't bring the next check forward."""
    usual = next_check(history).next_check_at
    assert next_check(replace(history, ttl=max(history.ttl or 0, more))).next_check_at >= usual
    assert next_check(replace(history, max_age=max(history.max_age or 0, more))).next_check_at >= usual
    assert next_check(replace(history, retry_after=max(history.retry_after or 0, more))).next_check_at >= usual


@given(st.integers(0, int(CEILING.total_seconds())), histories)
def test_what_the_source_asks_for_is_kept(asked: int, history: History) -> None:
    """Retry-After and ttl up to a day are honoured in full."""
    online = replace(history, offline=False)
    assert next_check(replace(online, retry_after=asked)).next_check_at >= NOW + timedelta(seconds=asked)
    assert next_check(replace(online, ttl=asked)).next_check_at >= NOW + timedelta(seconds=asked)


@given(st.lists(st.integers(), min_size=200, max_size=200, unique=True))
def test_jitter_spreads_sources(ids: list[int]) -> None:
    """Sources that were polled together don't come due together."""
    assert len({next_check(replace(QUIET, source=each)).next_check_at for each in ids}) > 150


def test_experience() -> None:
    """Mostly known entries: slower, at most three hours; mostly new ones: sooner; in between and unknown: as before."""
    assert about(wait(), DEFAULT_INTERVAL)
    assert about(wait(wait=3600, known=0.5), timedelta(hours=1))
    assert about(wait(wait=3600, known=0.9), timedelta(hours=1.5))
    assert about(wait(wait=3600, known=0.1), timedelta(hours=0.5))
    assert about(wait(wait=600, known=0.0), FLOOR)
    assert about(wait(wait=9000, known=1.0), timedelta(hours=3))
    assert decide(wait=3600, known=0.9).wait == 5400


def test_the_operators_interval_is_kept() -> None:
    """Experience changes nothing about an interval that was set; the source's wishes still do."""
    assert about(wait(interval=1200, known=1.0, wait=9000), 20 * MINUTE)
    assert about(wait(interval=1200, ttl=3600), 60 * MINUTE)
    assert about(wait(interval=60), FLOOR)


def test_what_caches_are_told_is_capped() -> None:
    """A max-age of a day doesn't keep news back for longer than five hours."""
    assert about(wait(max_age=86_400), timedelta(hours=5))


def test_failures_double_by_themselves() -> None:
    """The wait is as long as the source has been failing."""
    for hours in (1, 2, 4, 8):
        assert about(wait(failures=6, last_success=NOW - timedelta(hours=hours), last_error_at=NOW), timedelta(hours=hours))
    assert wait(failures=9, last_success=NOW - timedelta(days=20), last_error_at=NOW) == CEILING


def test_a_source_that_never_succeeded() -> None:
    """Without a success to count from, failures are counted."""
    waits = [wait(failures=count, last_success=None, last_error_at=NOW) for count in (1, 2, 3, 50)]
    assert about(waits[0], DEFAULT_INTERVAL)
    assert about(waits[2], DEFAULT_INTERVAL * 4)
    assert waits[3] == CEILING


def test_refusals() -> None:
    """403 waits an hour; 410 mutes and is tried monthly, and so is what has failed for two months; nothing is given up."""
    assert wait(failures=1, status=403, last_success=NOW - MINUTE, last_error_at=NOW) >= timedelta(hours=1)
    gone = decide(failures=1, status=410, last_error_at=NOW)
    assert gone.muted
    assert about(gone.next_check_at - NOW, DEAD_INTERVAL)
    assert about(wait(failures=70, last_success=NOW - timedelta(days=70), last_error_at=NOW), DEAD_INTERVAL)


def test_an_offline_machine_blames_nobody() -> None:
    """Without a network everything is tried again soon."""
    assert about(wait(failures=5, offline=True, last_success=NOW - timedelta(days=70), last_error_at=NOW), FLOOR)


def test_validators_are_skipped_every_eight_days() -> None:
    """Some servers answer 304 for ever."""
    assert not decide(full_at=NOW - FULL_FETCH_EVERY + MINUTE).skip_validators
    assert decide(full_at=NOW - FULL_FETCH_EVERY).skip_validators
    assert decide(full_at=None).skip_validators


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://Example.org/feed", "example.org:443"),
        ("http://example.org:8080/feed", "example.org:8080"),
        ("https://t.me/s/channel", "https://t.me/s/channel"),
        ("https://rsshub.example.org/x", "https://rsshub.example.org/x"),
        ("https://example.org/rss-bridge/?action=display", "https://example.org/rss-bridge/?action=display"),
    ],
)
def test_who_shares_a_pause(url: str, key: str) -> None:
    """A busy host pauses all its feeds, a bridge only the one."""
    assert pause_key(url) == key


def test_pauses() -> None:
    """429 and 503 alone pause; ten minutes where nothing is said, at most a day."""
    url = "https://example.org/feed"
    assert pause_after(url, 429, None, NOW) == ("example.org:443", NOW + 10 * MINUTE)
    assert pause_after(url, 503, 60, NOW) == ("example.org:443", NOW + MINUTE)
    assert pause_after(url, 503, 10**9, NOW) == ("example.org:443", NOW + CEILING)
    assert pause_after(url, 404, 60, NOW) is None
    assert pause_after(url, None, None, NOW) is None


def test_time_in_which_nobody_asked_is_not_held_against_a_source() -> None:
    """The first failure after the program was off for a night or for months is followed by a try within the hour."""
    for off in (timedelta(hours=10), timedelta(days=70)):
        assert wait(failures=1, last_success=NOW - off, last_error_at=NOW) < timedelta(hours=1)
