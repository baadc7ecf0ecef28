"""A line of a corpus is taken, or refused with a reason in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from feeds.lines import FIELDS, LONGEST_TITLE, LineError, read_line
from tests.corpora import line

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def _raw(**changed: Any) -> bytes:
    return json.dumps(line(1, **changed)).encode()


def test_what_a_line_says() -> None:
    """Everything is taken over; the time in UTC."""
    read = read_line(_raw(published="2023-05-01T10:00:00+03:00"), NOW)
    assert (read.entry.guid, read.given_id, read.outlet, read.language) == ("a1", '"a1"', "Sample Gazette", "ru")
    assert read.entry.published == read.seen_at == datetime(2023, 5, 1, 7, tzinfo=UTC)
    assert (read.entry.title, read.entry.text, read.entry.url) == (line(1)["title"], line(1)["text"], line(1)["url"])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": ...}, "it lacks “title”"),
        ({"text": ...}, "it lacks “text”"),
        ({"url": ...}, "it lacks “url”"),
        ({"published": ...}, "it lacks “published”"),
        ({"published": "2023-02-30"}, "no date since 1990"),
        ({"published": "yesterday"}, "no date since 1990"),
        ({"published": "9999-01-01"}, "no date since 1990"),
        ({"published": "2027-01-01"}, "in the future"),
        ({"published": "1989-12-31"}, "no date since 1990"),
        ({"published": 1700000000}, "“published” must be text"),
        ({"title": 5}, "“title” must be text"),
        ({"title": "x" * (LONGEST_TITLE + 1)}, "“title” has 1,001 characters; 1,000 are the most"),
        ({"text": "x" * 5_000_000}, "“text” has 5,000,000 characters; 100,000 are the most"),
        ({"title": "", "text": " \u200b"}, "neither a title nor a text"),
        ({"url": "", "id": ...}, "neither an address nor an id"),
        ({"url": "javascript:alert(1)"}, "“url” isn't a web address"),
        ({"id": [1]}, "“id” must be text"),
        ({"id": True}, "“id” must be text"),
        ({"id": " "}, "“id” is blank"),
        ({"lang": 3}, "“lang” must be text"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], reason: str) -> None:
    """The reason names the field and what is wrong with it."""
    with pytest.raises(LineError, match=reason):
        read_line(_raw(**changed), NOW)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"not json", "it isn't JSON: Expecting value at character 1"),
        (b"[1]", "it isn't an object"),
        (b'"text"', "it isn't an object"),
        (b'{"url": "\xff"}', "aren't text in UTF-8, from byte 10 on"),
        ("жена".encode("utf-16"), "aren't text in UTF-8"),
        (b"[" * 100_000, "it isn't JSON"),
        (b"9" * 10_000, "it isn't JSON"),
    ],
)
def test_what_is_no_line(raw: bytes, reason: str) -> None:
    """Bytes that are no object are refused."""
    with pytest.raises(LineError, match=reason):
        read_line(raw, NOW)


def test_what_may_be_missing() -> None:
    """Without an id, a source and a language; without an address where there is an id; without a text or a title."""
    bare = read_line(_raw(id=..., source=..., lang=...), NOW)
    assert (bare.given_id, bare.outlet, bare.language) == (None, "gazette.example", None)
    assert read_line(_raw(url="", source=""), NOW).outlet == ""
    assert read_line(_raw(text=None), NOW).entry.text == ""
    assert read_line(_raw(title=""), NOW).entry.title == ""
    for undated in ("", None):
        assert (read_line(_raw(published=undated), NOW).entry.published, read_line(_raw(published=undated), NOW).seen_at) == (None, NOW)


def test_ids_keep_their_type() -> None:
    """A number comes back as a number, and is the same id as its digits."""
    assert (read_line(_raw(id=17), NOW).given_id, read_line(_raw(id="17"), NOW).given_id) == ("17", '"17"')
    assert read_line(_raw(id=17), NOW).entry.guid == read_line(_raw(id="17"), NOW).entry.guid == "17"


def test_times() -> None:
    """The time that an export says the article was first seen orders it; nothing counts as seen later than now."""
    seen = "2023-05-02T11:00:00.000123+00:00"
    assert read_line(_raw(first_seen=seen, published=None), NOW).seen_at == datetime.fromisoformat(seen)
    assert read_line(_raw(published=(NOW + timedelta(hours=5)).isoformat()), NOW).seen_at == NOW


def test_what_cannot_be_seen_goes() -> None:
    """A mark of the byte order, NUL, halves of surrogate pairs and line ends of Windows do no harm."""
    raw = b"\xef\xbb\xbf" + _raw(title="A\x00b\ud800", text="one\r\ntwo") + b"\r"
    read = read_line(raw, NOW)
    assert (read.entry.title, read.entry.text) == ("Ab", "one\ntwo")


@given(ANYTHING)
def test_any_value_is_read_or_refused(value: Any) -> None:
    """No JSON does anything but that."""
    _read_or_refuse(json.dumps(value).encode())


@given(st.fixed_dictionaries({}, optional={name: ANYTHING | st.just(line(1).get(name)) for name in FIELDS}))
def test_any_fields_are_read_or_refused(item: dict[str, Any]) -> None:
    """Nor does an object with values of any kind."""
    _read_or_refuse(json.dumps(item).encode())


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nor do bytes."""
    _read_or_refuse(raw)


def _read_or_refuse(raw: bytes) -> None:
    try:
        read = read_line(raw, NOW)
    except LineError:
        return
    assert read.seen_at <= NOW
    assert read.entry.title or read.entry.text
    (read.entry.title + read.entry.text + read.outlet + (read.entry.url or "")).encode()
