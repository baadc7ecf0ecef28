"""Dates as feeds write them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse.dates import read_date


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mon, 24 Aug 2026 14:49:23 +0300", "2026-08-24T11:49:23+00:00"),
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
