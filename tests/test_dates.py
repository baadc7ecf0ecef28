"""Dates as feeds write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from feeds.parse.dates import read_date


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mon, 24 Aug 2026 14:49:23 +0300", "2026-08-24T11:49:23+00:00"),
        ("Mon, 4 Aug 2026 14:49:23 GMT", "2026-08-04T14:49:23+00:00"),
        ("Mon, 24 Aug 2026 14:49:23 -0330", "2026-08-24T18:19:23+00:00"),
        ("Mon, 24 Aug 2026 14:49:23 +9900", "2026-08-20T11:49:23+00:00"),
        ("2026-08-24T14:49:23Z", "2026-08-24T14:49:23+00:00"),
        ("2026-08-24T14:49:23+05:30", "2026-08-24T09:19:23+00:00"),
        ("24 Aug 2026 14:49 MSK", "2026-08-24T11:49:00+00:00"),
        ("Mon, 24 Aug 2026 14:49:23 EEST", "2026-08-24T11:49:23+00:00"),
        ("Mon, 24 Aug 2026 14:49:23 EST", "2026-08-24T19:49:23+00:00"),
        ("24 Aug 26 14:49:23 GMT", "2026-08-24T14:49:23+00:00"),
        ("2026-08-24T14:49:23.123456+03:00", "2026-08-24T11:49:23+00:00"),
        ("2026-08-24 14:49:23", "2026-08-24T14:49:23+00:00"),
        ("2026-08-24T14:49+0300", "2026-08-24T11:49:00+00:00"),
        ("20260824T144923Z", "2026-08-24T14:49:23+00:00"),
        ("2026-08-24", "2026-08-24T00:00:00+00:00"),
        ("2026-08-24T14:49:60Z", "2026-08-24T14:49:59+00:00"),
        ("24 августа 2026 г., 14:49", "2026-08-24T14:49:00+00:00"),
        ("24 серпня 2026 в 14:49", "2026-08-24T14:49:00+00:00"),
        ("24.08.2026, 14:49 МСК", "2026-08-24T11:49:00+00:00"),
        ("Пн, 24 авг 2026 14:49:23 +0300", "2026-08-24T11:49:23+00:00"),
    ],
)
def test_dates(text: str, wanted: str) -> None:
    """International and local forms, with and without weekday, zone and time."""
    date = read_date(text)
    assert date is not None
    assert date.isoformat() == wanted


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "2026-13-45",
        "2026-08-24T25:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01",
        "9999-12-31T23:59:59-12:00",
        "24 foo 2026",
    ],
)
def test_no_dates(text: str | None) -> None:
    """What can't be read, and dates that no article has."""
    assert read_date(text) is None


@given(st.text(alphabet="0123456789-:T+Z ,./абвгadeAugMSK", max_size=40) | st.text(max_size=200))
def test_anything_is_read_or_not(text: str) -> None:
    """No text raises, and every date knows its zone."""
    date = read_date(text)
    assert date is None or date.utcoffset() is not None


SPELT = ("{:%Y-%m-%dT%H:%M:%S%z}", "{:%a, %d %b %Y %H:%M:%S %z}", "{0:%a, }{0.day}{0: %b %Y %H:%M:%S %z}", "{:%Y-%m-%dT%H:%M:%S.0%z}")


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2098, 1, 1)).map(lambda date: date.replace(microsecond=0)),  # noqa: DTZ001 - the zone is next
    st.integers(-23 * 60, 23 * 60),
    st.sampled_from(SPELT),
)
def test_the_usual_forms(date: datetime, minutes: int, spelt: str) -> None:
    """What nearly all feeds write is read back, whatever its zone."""
    moment = date.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_date(spelt.format(moment)) == moment
    if spelt == SPELT[0]:
        assert read_date(moment.isoformat()) == moment
