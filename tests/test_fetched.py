"""Reading the headers of an answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.fetched import content_type, max_age, retry_after, status_in_words, validator

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=300", 300), ("public, MAX-AGE = 60", 60), ('max-age="60"', 60), ("s-maxage=900", None), ("no-cache, max-age=60", None),
        ("no-store", None), ("max-age=-1", None), ("max-age=x", None), ("", None), ("stale-max-age=5", None),
    ],
)  # fmt: skip
def test_max_age(control: str, seconds: int | None) -> None:
    """Only a max-age of an answer that may be kept counts."""
    assert max_age({"Cache-Control": control}) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Sun, 22 Nov 2026 10:01:00 GMT"}, 60),
        ({"Retry-After": "Sun, 22 Nov 2026 10:01:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:30 GMT"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0),
        ({"Retry-After": "99999999999"}, 30 * 86400),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds or a date by the server's own clock, never below zero, at most 30 days."""
    assert retry_after(headers, NOW) == seconds


def test_validators_are_opaque() -> None:
    """A validator is kept to the character, unless it can't be sent in a header."""
    assert validator({"ETag": ' W/"x"; odd '}, "ETag") == ' W/"x"; odd '
    assert validator({"ETag": "a\nb"}, "ETag") is None
    assert validator({"ETag": "\udcff"}, "ETag") is None
    assert validator({"ETag": "x" * 2000}, "ETag") is None
    assert validator({}, "ETag") is None


@pytest.mark.parametrize(
    ("header", "media", "charset"),
    [
        ("text/xml", "text/xml", None), ("Text/XML; charset=Windows-1251", "text/xml", "Windows-1251"), ("", None, None),
        ('application/rss+xml;charset="utf-8";x=y', "application/rss+xml", "utf-8"), ("; charset=koi8-r", None, "koi8-r"),
    ],
)  # fmt: skip
def test_content_type(header: str, media: str | None, charset: str | None) -> None:
    """Media type and charset, in whatever case and quotes."""
    assert content_type({"Content-Type": header}) == (media, charset)


def test_status_in_words() -> None:
    """Known numbers have a meaning, unknown ones stand alone."""
    assert str(status_in_words(404, {})) == "The server answered 404 (not found)."
    assert str(status_in_words(999, {})) == "The server answered 999."
