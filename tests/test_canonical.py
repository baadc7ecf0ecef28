"""One form for all the ways in which an article is linked to."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, strategies as st

from feeds.canonical import MAX_CANONICAL_CHARS, canonical

TARGET = b"https://www.example.com/news/article-1?utm_source=x"
GOOGLE = base64.urlsafe_b64encode(b'\x08\x13"' + bytes([len(TARGET)]) + TARGET + b"\xd2\x01\x00").decode().rstrip("=")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://www.Example.com:80/a/b/?utm_source=x&b=2&a=1#part", "https://example.com/a/b?a=1&b=2"),
        ("https://example.com", "https://example.com"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://user:pw@example.com/a", "https://example.com/a"),
        ("https://m.example.com/a", "https://example.com/a"),
        ("https://amp.example.com/amp/a.amp.html", "https://example.com/a.html"),
        ("https://example.com/a/amp/", "https://example.com/a"),
        ("https://example.com/a?amp", "https://example.com/a"),
        ("https://example.com/a?outputType=amp&id=1", "https://example.com/a?id=1"),
        ("https://m.com/a", "https://m.com/a"),
        ("http://www.example.com/2026/09/a-1.html", "https://example.com/2026/09/a-1.html"),
        ("https://x.cdn.ampproject.org/a", "https://x.cdn.ampproject.org/a"),
        ("https://www.t.me/s/Channel/12", "https://t.me/channel/12"),
        ("https://ru.example.com/a", "https://ru.example.com/a"),
        ("https://example.com/a?ref=rss&from=telegram&ref=chapter-2", "https://example.com/a?ref=chapter-2"),
        ("https://example.com/a?CMP=share&at_medium=RSS&fbclid=1&yclid=2", "https://example.com/a"),
        ("https://example.com//a//b", "https://example.com/a/b"),
        ("https://example.com/%d0%bf%D1%83ть?q=%7e", "https://example.com/%D0%BF%D1%83%D1%82%D1%8C?q=~"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://президент.рф/новость", "https://xn--d1abbgf6aiiy.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("//example.com/a", "https://example.com/a"),
        (" https://example.com/\n a ", "https://example.com/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://t.me/s/Channel/12?before=3", "https://t.me/channel/12"),
        ("https://telegram.me/Channel/12?single", "https://t.me/channel/12"),
        ("https://t.me/+AbC", "https://t.me/+AbC"),
        ("https://t.me/c/123/4", "https://t.me/c/123/4"),
        ("https://t.me/iv?url=https%3A%2F%2Fexample.com%2Fa&rhash=1", "https://example.com/a"),
        (f"https://news.google.com/rss/articles/{GOOGLE}?oc=5", "https://example.com/news/article-1"),
        ("https://news.google.com/rss/articles/AU_opaque?oc=5", "https://news.google.com/rss/articles/AU_opaque?oc=5"),
        ("https://www.google.com/url?rct=j&sa=t&url=https://example.com/a&ct=ga", "https://example.com/a"),
        ("https://www.google.com/url?q=https://example.com/a", "https://example.com/a"),
        ("https://www.google.com/amp/s/example.com/a/amp", "https://example.com/a"),
        ("https://example-com.cdn.ampproject.org/c/s/example.com/a", "https://example.com/a"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa&h=x", "https://example.com/a"),
    ],
)
def test_canonical(url: str, wanted: str) -> None:
    """Hosts, paths, parameters, encodings and wrappers."""
    assert canonical(url) == wanted


@pytest.mark.parametrize(
    "url", ["", "mailto:a@example.org", "javascript:alert(1)", "https://", "https://[zz/", "http://example.org:99999/", "tag:x", "/a/1"]
)
def test_hopeless(url: str) -> None:
    """What is no http address has no canonical form."""
    assert canonical(url) == ""


PARTS = [
    "https://",
    "http:",
    "//",
    "/",
    "www.",
    "m.",
    "amp",
    ".",
    "example.com",
    "t.me",
    "s",
    "?",
    "&",
    "=",
    "#",
    "%",
    "%2f",
    "%D0",
    "url=",
    "google.com",
    "я",
    "@",
    ":",
    "80",
    " ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join) | st.text(max_size=100).map("https://example.com/".__add__))
def test_canonical_addresses_stay_as_they_are(url: str) -> None:
    """The form is reached in one step, is https or nothing, and is bounded."""
    once = canonical(url)
    assert canonical(once) == once
    assert once == "" or once.startswith("https://")
    assert len(once) <= MAX_CANONICAL_CHARS


@given(st.text(max_size=300))
def test_nothing_raises(url: str) -> None:
    """Any text has a canonical form or none."""
    canonical(url)


@pytest.mark.parametrize(
    "url",
    ["https://" + "a." * 500_000, "https://x.org/" + "/amp" * 200_000, "https://x.org/?" + "&" * 10**6, "https://" + "й" * 5000 + ".com/"],
)
def test_long_addresses(url: str) -> None:
    """Length alone never costs time or raises."""
    assert len(canonical(url)) <= MAX_CANONICAL_CHARS


HOSTS = (
    "example.org",
    "www.example.org",
    "m.www.example.org",
    "www.org",
    "t.me",
    "mobile.t.me",
    "vk.com",
    "google.com",
    "a-.b",
    "127.0.0.1",
)
PATHS = st.lists(st.sampled_from(["/", "/a", "/Ab_c", "/.", "/..", "/amp", "/a.amp.html", "/a-b~c.html", "/s/chan"]), max_size=4)


@given(st.sampled_from(HOSTS), PATHS.map("".join))
def test_parameters_that_say_nothing_change_nothing(host: str, path: str) -> None:
    """A plain address, which is read at once, and one that is taken apart come to the same."""
    assert canonical(f"https://{host}{path}") == canonical(f"https://{host}{path}?utm_source=x")
