"""All that one source has to say now: its document, the sitemaps that an index names, and a channel's pages back to a known post.

Not here: when to ask (``pace.py``), matching and storing what came (``poll.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from feeds import pace
from feeds.fetch import Fetcher
from feeds.fetched import Answer, Fetched
from feeds.fingerprint import body_hash
from feeds.parse import Document, parse
from storage.records import Source, SourceError
from storage.sources import Polled

MOST_SITEMAPS = 5  # of an index, the first ones, which are the newest
MOST_PAGES = 20  # of a channel, about 400 posts


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source answered; ``document`` is None where nothing changed.

    ``hash``: of everything that was read. ``whole``: validators stand for all of it, not only for the index that names the rest.
    """

    answer: Answer
    document: Document | None = None
    hash: bytes | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers documents. ``pause``: seconds between two requests that one source needs."""

    fetcher: Fetcher
    pause: float

    async def gather(self, polled: Polled, now: datetime, knows: Callable[[Document], bool]) -> Gathered:
        """Ask a source for what is new; ``knows`` says whether any entry of a page is known. SourceError says why there is nothing."""
        answer = await self._ask(polled, now)
        if not isinstance(answer, Fetched):
            return Gathered(answer)
        found = body_hash(answer.body)
        if found == polled.body_hash:
            return Gathered(answer, hash=found)
        document = await asyncio.to_thread(_parsed, polled.source, answer)
        if document.links and not document.entries:
            return await self._sitemaps(polled, answer, document)
        # A channel that is new to us begins with the page it shows.
        if document.older and polled.last_success_at is not None:
            document = await self._pages(polled.source, document, knows)
        return Gathered(answer, document, found)

    async def _ask(self, polled: Polled, now: datetime) -> Answer:
        whole = polled.full_fetch_at is None or now - polled.full_fetch_at >= pace.FULL_FETCH_EVERY
        validators = {} if whole else {"etag": polled.etag, "modified": polled.modified}
        return await self.fetcher.fetch(polled.source.url, **validators)

    async def _sitemaps(self, polled: Polled, answer: Fetched, index: Document) -> Gathered:
        """Read the sitemaps of an index as one document; one that can't be read is counted among what was skipped."""
        bodies, documents, errors = [answer.body], list[Document](), list[SourceError]()
        for link in index.links[:MOST_SITEMAPS]:
            await asyncio.sleep(self.pause)
            try:
                fetched = await self._fetch(link)
                documents.append(await asyncio.to_thread(_parsed, polled.source, fetched))
                bodies.append(fetched.body)
            except SourceError as error:
                errors.append(error)
        if errors and not documents:
            raise errors[0]
        found = body_hash(b"\0".join(bodies))
        if found == polled.body_hash:
            return Gathered(answer, hash=found, whole=False)
        joined = replace(
            index,
            title=next((each.title for each in documents if each.title), ""),
            entries=tuple(entry for each in documents for entry in each.entries),
            skipped=(*(str(error) for error in errors), *(reason for each in documents for reason in each.skipped)),
        )
        return Gathered(answer, joined, found, whole=False)

    async def _pages(self, source: Source, latest: Document, knows: Callable[[Document], bool]) -> Document:
        """Walk back through a channel's pages until one has a post that is known; oldest posts first."""
        pages = [latest]
        while pages[-1].older and len(pages) < MOST_PAGES and not await asyncio.to_thread(knows, pages[-1]):
            await asyncio.sleep(self.pause)
            older = await asyncio.to_thread(_parsed, source, await self._fetch(pages[-1].older))
            if not older.entries or older.older == pages[-1].older:
                break
            pages.append(older)
        return replace(
            latest,
            entries=tuple(entry for page in reversed(pages) for entry in page.entries),
            skipped=tuple(reason for page in pages for reason in page.skipped),
            shown=frozenset().union(*(page.shown for page in pages)),
        )

    async def _fetch(self, url: str) -> Fetched:
        answer = await self.fetcher.fetch(url)
        if not isinstance(answer, Fetched):
            raise SourceError("The server says that nothing changed, although we asked for everything.", url)
        return answer


def _parsed(source: Source, fetched: Fetched) -> Document:
    return parse(fetched.body, url=fetched.final_url, kind=source.kind, charset=fetched.charset)
