"""Looking at an address that somebody gave: what is there, as a source, before it is saved."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from feeds.addresses import redact
from feeds.fetch import Fetcher
from feeds.fetched import Fetched
from feeds.gather import Gatherer, unasked
from feeds.language import language_of
from feeds.parse import Document, discover, parse
from feeds.reading import read
from storage.polled import unpolled
from storage.records import ParseError, Sentence, Source, SourceError, sentence

_MOST_READ = 10


class OfferError(SourceError):
    """There is no feed at this address, but its page offers some: ``offered`` has title and address of each."""

    def __init__(self, problem: Sentence, url: str, offered: tuple[tuple[str, str], ...]) -> None:
        super().__init__(problem, url)
        self.offered = offered


@dataclass(frozen=True, slots=True)
class Probe:
    """What is at an address. ``kind`` is what a source of it has to be; ``language`` that of most of its items, None where they differ."""

    kind: str
    title: str
    language: str | None
    document: Document


async def probe(fetcher: Fetcher, url: str, kind: str | None = None) -> Probe:
    """Look at an address; ``kind``: as what, None to find out. SourceError says why it is no source."""
    fetched = await fetcher.fetch(url)
    if not isinstance(fetched, Fetched):
        raise unasked(url)
    try:
        document = await asyncio.to_thread(_parsed, fetched, kind or "feed")
    except ParseError as error:
        offered = await asyncio.to_thread(discover, fetched.body, fetched.final_url)
        if offered:
            raise OfferError(sentence("{reason} It offers:", reason=error.problem), redact(url), offered) from error
        raise
    found = kind or _kind(document)
    if document.links and not document.entries:
        document = await _followed(fetcher, url, found)
    return Probe(found, document.title, await asyncio.to_thread(_language, document), document)


def _parsed(fetched: Fetched, kind: str) -> Document:
    return parse(fetched.body, url=fetched.final_url, kind=kind, content_type=fetched.content_type, charset=fetched.charset)


async def _followed(fetcher: Fetcher, url: str, kind: str) -> Document:
    """The sitemaps that an index names."""
    blank = unpolled(Source("new", url, kind), datetime.now(UTC))
    gathered = await Gatherer(fetcher, 0.0, asyncio.Semaphore(1)).gather(blank, blank.next_check_at, lambda _: True)
    if gathered.document is None:
        raise unasked(url)
    return gathered.document


def _kind(document: Document) -> str:
    if document.format in {"news_sitemap", "sitemap_index"}:
        return "news_sitemap"
    return "telegram" if document.format == "telegram" else "feed"


def _language(document: Document) -> str | None:
    """The language that most of the first items are in, if nearly all of them are."""
    spoken = Counter(language_of(read(entry.title, entry.text)) for entry in document.entries[:_MOST_READ])
    if not spoken:
        return None
    (first, count), *_ = spoken.most_common(1)
    return first if count * 5 >= spoken.total() * 4 else None
