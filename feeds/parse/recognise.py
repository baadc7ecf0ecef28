"""The way from a document's bytes to its entries: which format it has, whatever its source was said to be."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from feeds.parse.document import Document
from feeds.parse.encoding import decode
from feeds.parse.json_feed import parse_json
from feeds.parse.markup import ROOT
from feeds.parse.mojibake import repaired
from feeds.parse.news_sitemap import parse_sitemap
from feeds.parse.syndication import parse_syndication
from feeds.parse.telegram_preview import parse_telegram
from storage.records import ParseError, Sentence, sentence

_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"cf-chl|challenge-platform|just a moment|ddos-guard|checking your browser|captcha|attention required", re.IGNORECASE
)
_RECORD = re.compile(r"<(?:url|sitemap)[\s>]", re.IGNORECASE)
_FEEDS = {"rss", "feed", "rdf", "channel"}
_SITEMAPS = {"urlset", "sitemapindex"}
_CHANNEL = "tgme_channel_history"
_TELEGRAM_HOSTS = {"t.me", "telegram.me"}
_FEW_BYTES = 200


def parse(body: bytes, *, url: str, kind: str = "feed", content_type: str | None = None, charset: str | None = None) -> Document:
    """Read the entries of a fetched document.

    ``url``: the address that answered; ``kind``: the source's (feed, news_sitemap or telegram); ``content_type`` and ``charset``: as the
    server declared them. What the document shows goes before what was declared. Raises ParseError with a sentence for the operator.
    """
    if not body.strip():
        raise ParseError(sentence("The document is empty."), url)
    text = repaired(decode(body, charset))
    if kind == "telegram" or urlsplit(url).hostname in _TELEGRAM_HOSTS:
        return parse_telegram(text, url)
    if text[:1000].lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return parse_json(text, url)
    root = ROOT.search(text)
    is_page = bool(_PAGE.search(text[: root.start()] if root else text))  # a page may show a feed's text, never the reverse
    reader = None if is_page else _reader(root[1].lower() if root else "", kind, text)
    if reader is not None:
        return reader(text, url)
    if is_page and _CHANNEL in text:  # a mirror of channels' previews
        return parse_telegram(text, url)
    raise ParseError(_refusal(text, len(body), is_page=is_page or content_type == "text/html"), url)


def _reader(root: str, kind: str, text: str) -> Callable[[str, str], Document] | None:
    """Choose by the name of the root element; a news sitemap may lack one."""
    if root in _SITEMAPS or (not root and kind == "news_sitemap" and _RECORD.search(text)):
        return parse_sitemap
    return parse_syndication if root in _FEEDS else None


def _refusal(text: str, size: int, *, is_page: bool) -> Sentence:
    """Say what came instead of a feed."""
    if size < _FEW_BYTES and "<" not in text:
        return sentence("The feed answered with {size} bytes: its address is probably wrong.", size=size)
    if is_page and _CHALLENGE.search(text):
        return sentence("This is a page that checks for a browser, not a feed.")
    if is_page:
        return sentence("This is an HTML page, not a feed.")
    if "<opml" in text[:1000].lower():
        return sentence("This is a list of feeds (OPML), not a feed: import it instead.")
    return sentence("This is no feed, no news sitemap and no channel page.")
