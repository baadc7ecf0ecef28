"""What a parsed document is, and the limits that hold for every format."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from feeds.clean import MAX_TEXT_CHARS, one_line
from storage.records import Entry, ParseError, Sentence, sentence

MAX_ENTRIES = 500
MAX_ADDRESS_CHARS = 2048
MAX_SKIPPED = 20  # reasons that are kept of one document: an operator reads no more
MAX_LINKS = 200
MAX_GUID_CHARS = 1000

_FIRST_YEAR = 1990
_LAST_YEAR = 2100
_SURROGATE = re.compile("[\ud800-\udfff]")
_USUAL_ADDRESS = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w/.,~%+!*'()=@-]*(?:\?[\w/.,~%+!*'()=@&-]+)?", re.ASCII)
_LANGUAGES = {"eng": "en", "rus": "ru", "ukr": "uk", "ua": "uk"}


class NoPreviewError(ParseError):
    """A Telegram channel shows no public preview: a state to show, nothing to try again soon."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document's entries in its own order, at most 500, and what it says about itself.

    ``format``: rss, atom, rdf, json, news_sitemap, sitemap_index or telegram. ``skipped``: a reason for each entry that couldn't be read.
    ``ttl``: seconds for which the document asks to be left alone. ``links``: addresses of further sitemaps. ``older``: address of the
    page before this one (Telegram), and ``shown``: every post that the page has, as "channel/6510", whether it could be read or not.
    """

    format: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    skipped: tuple[Sentence, ...] = ()
    ttl: int | None = None
    links: tuple[str, ...] = ()
    older: str | None = None
    shown: frozenset[str] = frozenset()


def address(link: str | None, base: str) -> str | None:
    """Return ``link`` as an absolute http address, or None where it is none; ``base`` is what relative links start from.

    Half a surrogate pair, which JSON and character references can spell, makes it none: no database and no server takes it.
    """
    if link and _USUAL_ADDRESS.fullmatch(link) and len(link) <= MAX_ADDRESS_CHARS:
        return link  # joining and splitting it would change nothing
    text = "".join((link or "").split())
    if not text or len(text) > MAX_ADDRESS_CHARS:
        return None
    try:
        absolute = urljoin(base, text)
        parts = urlsplit(absolute)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not _SURROGATE.search(absolute)
    except ValueError:
        return None
    return absolute if usable else None


def language(tag: str | None) -> str | None:
    """Return the two letters of a language tag (``ru-RU``, ``eng``, ``ua``), or None."""
    if not tag:
        return None
    first = tag.strip().lower().replace("_", "-").partition("-")[0]
    first = _LANGUAGES.get(first, first)
    return first if len(first) == 2 and first.isalpha() and first.isascii() else None  # noqa: PLR2004 - a code of ISO 639-1


def plausible(date: datetime | None) -> datetime | None:
    """Return an aware UTC time, or None for a date that no article has (1970, year 1)."""
    if date is None or not _FIRST_YEAR <= date.year < _LAST_YEAR:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def outlet_of(name: str | None, feed_title: str) -> str | None:
    """Return the outlet that an aggregator names, unless it is the feed itself."""
    if not name:
        return None
    found = one_line(name, 200)
    return found if found and found.casefold() != feed_title.casefold() else None


def without_repetition(title: str, text: str, outlet: str | None) -> str:
    """Return ``text``, or "" where it only repeats the title (and the outlet), as aggregators do."""
    if not text.lstrip().startswith(title.partition(" ")[0]):
        return text[:MAX_TEXT_CHARS]
    words = " ".join(text.split())
    return "" if words in {title, f"{title} {outlet or ''}".strip()} else text[:MAX_TEXT_CHARS]


def guid_of(value: object) -> str | None:
    """Return an identifier as text of bounded length; a long one is replaced by its hash."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if len(text) > MAX_GUID_CHARS:
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return text or None


def collect(entries: Iterable[Entry | None], skipped: Iterable[Sentence], url: str) -> tuple[tuple[Entry, ...], tuple[Sentence, ...]]:
    """Return the entries of a document and the reasons for those left out; None stands for one that says nothing.

    An entry that is given twice counts once, and a guid that several entries share is no guid. Raises ParseError where no entry is left
    although there were some.
    """
    reasons = list(skipped)
    kept: dict[tuple[str | None, str | None, str], Entry] = {}
    for number, entry in enumerate(entries, start=1):
        if entry is None:
            reasons.append(sentence("Entry {number} has neither a title nor a text.", number=number))
        else:
            kept.setdefault((entry.guid, entry.url, entry.title), entry)
    if reasons and not kept:
        raise ParseError(sentence("No entry of the document can be read. {reason}", reason=reasons[0]), url)
    shared = {guid for guid, count in Counter(entry.guid for entry in kept.values()).items() if count > 1}
    unique = (replace(entry, guid=None) if entry.guid in shared else entry for entry in kept.values())
    return tuple(unique)[:MAX_ENTRIES], tuple(reasons[:MAX_SKIPPED])
