"""Feeds that an HTML page offers, for an operator who gave the page's address instead of the feed's (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from feeds.clean import one_line
from feeds.parse.document import address
from feeds.parse.encoding import decode

MAX_OFFERED = 20

_TAG = re.compile(r"<(link|a|base)\s((?:[^<>\"']+|\"[^\"<>]*\"|'[^'<>]*')*+)>([^<]{0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml", "application/xml"}
_FEED_PATH = re.compile(r"(?:^|/)(?:rss|feeds?|atom)(?:/|\.xml|\.json|$)|\.(?:rss|atom|rdf)$|[/_-]rss(?:2|_|-|\.)", re.IGNORECASE)
_TELEGRAM = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?/?")
_TELEGRAM_HOSTS = {"t.me", "telegram.me", "telegram.dog"}
_MAX_PAGE_BYTES = 2 * 1024 * 1024


def discover(body: bytes, url: str) -> tuple[tuple[str, str], ...]:
    """Return title and address of each feed that the page at ``url`` names, the declared ones first; empty where there are none.

    Links that merely look like feeds are offered only where nothing is declared. A Telegram channel's page offers its public preview.
    """
    channel = _preview(url)
    if channel:
        return (channel,)
    base = url
    declared: dict[str, str] = {}
    linked: dict[str, str] = {}
    for name, attributes, text in _tags(decode(body[:_MAX_PAGE_BYTES], None)):
        target = address(attributes.get("href"), base)
        if target is None:
            continue
        if name == "base":
            base = target
        elif name == "link" and _declares_feed(attributes):
            declared.setdefault(target, one_line(attributes.get("title", ""), 200))
        elif name == "a" and _FEED_PATH.search(urlsplit(target).path):
            linked.setdefault(target, one_line(text, 200))
    found = declared or linked
    return tuple((title or target, target) for target, title in list(found.items())[:MAX_OFFERED])


def _preview(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    channel = _TELEGRAM.fullmatch(parts.path)
    if parts.hostname not in _TELEGRAM_HOSTS or channel is None:
        return None
    return f"@{channel[1]}", f"https://t.me/s/{channel[1]}"


def _tags(page: str) -> Iterator[tuple[str, dict[str, str], str]]:
    for tag in _TAG.finditer(page):
        attributes = {found[1].lower(): found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(tag[2])}
        yield tag[1].lower(), {key: value.replace("&amp;", "&") for key, value in attributes.items()}, tag[3]


def _declares_feed(attributes: dict[str, str]) -> bool:
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in attributes.get("rel", "").lower().split() and kind in _FEED_TYPES
