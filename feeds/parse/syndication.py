"""RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0 (the only home of feedparser).

A clean document is read by ``swift.py``, all others by feedparser: a sound one as a whole; a broken one is cut into its items, of which the
well-formed are read strictly, each of the others loosely by itself, so that one bad entry spoils no other; an entry that the document's end
cuts off is skipped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

import feedparser

from feeds.clean import one_line, to_text
from feeds.parse import swift
from feeds.parse.dates import read_date
from feeds.parse.document import Document, address, collect, guid_of, language, outlet_of, without_repetition
from feeds.parse.markup import Outline, escaped, from_root, with_namespaces
from feeds.parse.pieces import Pieces, is_short
from storage.records import Entry, sentence

_FULL_TEXTS = ("full-text", "fulltext", "full_text", "full-_text")
# Seconds; the RSS 1.0 syndication module, web.resource.org/rss/1.0/modules/syndication
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST_TTL = 7 * 86_400
_MINUTE = 60
_LONGEST_EMPTY = 100_000  # characters
_FORMATS = {"rss10": "rdf", "rss090": "rdf"}


def parse_syndication(text: str, url: str, *, swiftly: bool = True) -> Document:
    """Read a feed; ``url`` is its address, from which relative links start. Unless ``swiftly``, feedparser reads clean ones too.

    Raises ParseError where it has entries and none can be read, or where it ends before its first entry.
    """
    document = from_root(text)
    pieces = Pieces(document)
    feeds = _feeds(document, pieces, swiftly=swiftly)
    first = next(feeds)
    about = first["feed"]
    title = one_line(about.get("title", ""), 200)
    spoken = language(about.get("language"))
    found = [_entry(raw, url, title, spoken) for feed in chain([first], feeds) for raw in feed["entries"]]
    if not found and not _is_empty_feed(document):
        pieces.skipped.append(sentence("The document stops or is broken before its first entry."))
    entries, skipped = collect(found, pieces.skipped, url)
    return Document(format=_format(first), title=title, entries=entries, skipped=skipped, ttl=_ttl(about))


def _feeds(document: str, pieces: Pieces, *, swiftly: bool) -> Iterator[Any]:
    """Read a document in the fastest way that is sure: swiftly, as a whole, or in pieces."""
    clean = swift.read(document) if swiftly else None
    if clean is not None:
        return iter([clean])
    whole = _whole(document)
    return map(_feedparser, pieces if whole is None else [whole])


def _whole(document: str) -> str | None:
    """Return the document as sound XML if it can be parsed in one go, else None."""
    if not is_short(document):
        return None
    text = escaped(document)
    outline = Outline(text)
    return with_namespaces(text, outline.undeclared) if outline.well_formed else None


def _is_empty_feed(document: str) -> bool:
    """Say whether a document without items is a feed that simply has none yet."""
    return len(document) <= _LONGEST_EMPTY and Outline(escaped(document)).well_formed


def _feedparser(document: str) -> Any:
    """Parse with feedparser, without its own cleaning: ``clean.to_text`` lets no markup through."""
    return feedparser.parse(
        io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + document.encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _format(feed: Any) -> str:
    version = str(feed.get("version", ""))
    return "atom" if version.startswith("atom") else _FORMATS.get(version, "rss")


def _entry(raw: Any, url: str, feed_title: str, spoken: str | None) -> Entry | None:
    """Clean one entry; None where nothing in it can be read."""
    outlet = outlet_of(_outlet_name(raw), feed_title)
    title = one_line(raw.get("title", ""))
    if outlet and title.endswith(f" - {outlet}"):  # Google News writes the outlet behind the headline
        title = title.removesuffix(f" - {outlet}")
    text = without_repetition(title, _longest(raw), outlet)
    if not title and not text:
        return None
    return Entry(
        guid=guid_of(raw.get("id")),
        url=address(_link(raw), url),
        title=title,
        text=text,
        published=_date(raw),
        language=language(raw.get("language") or raw.get("title_detail", {}).get("language")) or spoken,
        outlet=outlet,
    )


def _longest(raw: Any) -> str:
    """Return the longest of an entry's texts: summary, content, and the full text that some vendors add under names of their own."""
    candidates = [part.get("value", "") for part in raw.get("content", ())]
    candidates += [raw[key] for key in raw if key == "summary" or key.endswith(_FULL_TEXTS)]
    return max((to_text(each) for each in candidates if isinstance(each, str)), key=len, default="")


def _link(raw: Any) -> str | None:
    """Return the entry's own address; a guid stands in for a missing link only where it looks like an address."""
    link: str | None = raw.get("feedburner_origlink") or raw.get("link")
    if link and link == raw.get("id") and not link.startswith(("http", "/")):
        return None
    return link


def _outlet_name(raw: Any) -> str | None:
    source = raw.get("source")
    name: str | None = source.get("title") if isinstance(source, dict) else None
    return name or raw.get("dc_source")


def _date(raw: Any) -> datetime | None:
    # dict.get, because feedparser's own lookup hands out one date for another
    return next((date for key in ("published", "updated", "created") if (date := read_date(dict.get(raw, key)))), None)


def _ttl(about: Any) -> int | None:
    """Return for how many seconds the feed asks to be left alone: the longer of ttl and the syndication module's period."""
    wanted = [_number(about.get("ttl")) * _MINUTE]
    period = _PERIODS.get(str(about.get("sy_updateperiod", "")).strip().lower())
    if period:
        wanted.append(period // max(1, _number(about.get("sy_updatefrequency"))))
    return min(max(wanted), _LONGEST_TTL) or None


def _number(text: Any) -> int:
    words = str(text or "").strip()
    return int(words) if re.fullmatch(r"[0-9]{1,7}", words) else 0
