"""Feeds that a page offers."""

from __future__ import annotations

import time

import pytest

from feeds.parse import discover

URL = "https://www.example.org/news/"


def test_declared_feeds_come_alone() -> None:
    """Feeds in link elements, relative to the page or its base, once each; style sheets and languages aren't feeds."""
    page = b"""<html><head><base href="https://other.example.org/a/">
    <link rel="alternate" type="application/rss+xml" title="Sample &amp; news" href="feed?x=1&amp;y=2">
    <LINK REL='alternate' TYPE='application/atom+xml; charset=utf-8' HREF='/atom.xml'>
    <link rel=alternate type=application/feed+json href=https://www.example.org/feed.json title=JSON>
    <link rel="alternate" type="application/rss+xml" href="feed?x=1&y=2">
    <link rel="alternate" hreflang="ru" href="/ru/"><link rel="stylesheet" type="text/css" href="/x.css">
    </head><body><a href="/rss">RSS</a></body></html>"""
    assert discover(page, URL) == (
        ("Sample & news", "https://other.example.org/a/feed?x=1&y=2"),
        ("https://other.example.org/atom.xml", "https://other.example.org/atom.xml"),
        ("JSON", "https://www.example.org/feed.json"),
    )


def test_links_that_look_like_feeds() -> None:
    """Where nothing is declared, links are offered by their addresses."""
    links = ("/rss/all.xml>Лента", "/feedback>x", "javascript:rss>x", "/news/feed/>Feed")
    page = "".join(f"<a class=x href={link}</a>" for link in links)
    assert discover(page.encode(), URL) == (
        ("Лента", "https://www.example.org/rss/all.xml"),
        ("Feed", "https://www.example.org/news/feed/"),
    )


@pytest.mark.parametrize("url", ["https://t.me/samplechannel", "https://t.me/samplechannel/15", "https://t.me/s/samplechannel"])
def test_telegram_channels_offer_their_preview(url: str) -> None:
    """A channel's card, a post and the preview itself lead to the preview."""
    assert discover(b"<html></html>", url) == (("@samplechannel", "https://t.me/s/samplechannel"),)


def test_nothing_to_offer() -> None:
    """A page without feeds, and no page at all."""
    assert discover(b"<html><body>Sample</body></html>", URL) == ()
    assert discover(b"", URL) == ()


@pytest.mark.parametrize("piece", [b"<a ", b'<a "', b"<link rel=", b"<", b"<a href='", b'<a href="x">'])
def test_linear_time(piece: bytes) -> None:
    """Megabytes of anything take seconds at most."""
    before = time.process_time()
    discover(piece * (2_000_000 // len(piece)), URL)
    assert time.process_time() - before < 10
