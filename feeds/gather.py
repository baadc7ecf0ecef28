"""All that one source has to say now: its document, the sitemaps that an index names, and a channel's pages back to a known post.

Not here: when to ask (``pace.py``), matching and storing what came (``poll.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds import pace
from feeds.addresses import redact
from feeds.fetch import Fetcher
from feeds.fetched import Answer, Fetched
from feeds.fingerprint import body_hash
from feeds.parse import Document, parse
from storage.polled import Polled
from storage.records import Sentence, Source, SourceError, sentence

MOST_SITEMAPS = 6  # read of an index
_AT_THE_END = 2  # of an index without dates, whose newest may stand first or last
MOST_PAGES = 20  # of a channel, about 400 posts
LONGEST_WALK = 120.0  # seconds, well within the time for which a source is claimed


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source answered; ``document`` is None where nothing changed.

    ``hash``: of everything that was read. ``whole``: validators stand for all of it, not only for the index that names the rest.
    ``walk_from``: the page of a channel from which to walk on the next time, because it couldn't be read now.
    """

    answer: Answer
    document: Document | None = None
    hash: bytes | None = None
    whole: bool = True
    walk_from: str | None = None


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers documents. ``pause``: seconds between two requests that one source needs; ``reading``: how many are parsed at once."""

    fetcher: Fetcher
    pause: float
    reading: asyncio.Semaphore

    async def gather(self, polled: Polled, now: datetime, knows: Callable[[Document], bool]) -> Gathered:
        """Ask a source for what is new; ``knows`` says whether any entry of a page is known. SourceError says why there is nothing."""
        answer = await self._ask(polled, now)
        if not isinstance(answer, Fetched):
            return Gathered(answer)
        found = body_hash(answer.body)
        if found == polled.body_hash:
            return Gathered(answer, hash=found)
        document = await self._parsed(polled.source, answer)
        if document.links and not document.entries:
            return await self._sitemaps(polled, answer, document)
        # A channel that is new to us begins with the page it shows.
        if not document.older or polled.last_success_at is None:
            return Gathered(answer, document, found)
        document, left = await self._pages(polled, document, knows)
        return Gathered(answer, document, found, walk_from=left)

    async def _ask(self, polled: Polled, now: datetime) -> Answer:
        whole = polled.full_fetch_at is None or now - polled.full_fetch_at >= pace.FULL_FETCH_EVERY
        validators = {} if whole else {"etag": polled.etag, "modified": polled.modified}
        return await self.fetcher.fetch(polled.source.url, **validators)

    async def _sitemaps(self, polled: Polled, answer: Fetched, index: Document) -> Gathered:
        """Read the sitemaps of an index, or of the indexes that it names, as one document; what can't be read is counted as skipped."""
        bodies, documents, errors = [answer.body], list[Document](), list[SourceError]()
        waiting = _newest(index.links)
        for _ in range(MOST_SITEMAPS):
            if not waiting:
                break
            await asyncio.sleep(self.pause)
            try:
                fetched = await self._fetch(waiting.pop(0))
                document = await self._parsed(polled.source, fetched)
            except SourceError as error:
                errors.append(error)
                continue
            bodies.append(fetched.body)
            documents.append(document)
            if document.links and not document.entries:
                waiting = [*_newest(document.links), *waiting]
        if errors and not documents:
            raise errors[0]
        if documents and all(document.links and not document.entries for document in documents):
            raise SourceError(sentence("The sitemaps that this one names name only further ones."), redact(polled.source.url))
        found = body_hash(b"\0".join(bodies))
        if found == polled.body_hash:
            return Gathered(answer, hash=found, whole=False)
        joined = replace(
            index,
            title=next((each.title for each in documents if each.title), ""),
            entries=tuple(entry for each in documents for entry in each.entries),
            skipped=(*(error.problem for error in errors), *(reason for each in documents for reason in each.skipped)),
        )
        return Gathered(answer, joined, found, whole=False)

    async def _pages(self, polled: Polled, latest: Document, knows: Callable[[Document], bool]) -> tuple[Document, str | None]:
        """Walk back through a channel's pages until one has a post that is known; oldest posts first.

        What can't be read now is left for the next time, at the address that is returned; what was read goes in.
        """
        pages, skipped = [latest], list[Sentence]()
        onward = polled.walk_from if await asyncio.to_thread(knows, latest) else latest.older
        until = asyncio.get_running_loop().time() + LONGEST_WALK
        while onward and len(pages) < MOST_PAGES and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(self.pause)
            try:
                older = await self._parsed(polled.source, await self._fetch(onward))
            except SourceError as error:
                skipped.append(error.problem)
                break
            if not older.entries or older.older == onward:
                onward = None
                break
            pages.append(older)
            onward = None if await asyncio.to_thread(knows, older) else older.older
        joined = replace(
            latest,
            entries=tuple(entry for page in reversed(pages) for entry in page.entries),
            skipped=(*skipped, *(reason for page in pages for reason in page.skipped)),
            shown=frozenset().union(*(page.shown for page in pages)),
        )
        return joined, onward

    async def _parsed(self, source: Source, fetched: Fetched) -> Document:
        async with self.reading:
            return await asyncio.to_thread(parse, fetched.body, url=fetched.final_url, kind=source.kind, charset=fetched.charset)

    async def _fetch(self, url: str) -> Fetched:
        answer = await self.fetcher.fetch(url)
        if not isinstance(answer, Fetched):
            raise unasked(url)
        return answer


def unasked(url: str) -> SourceError:
    """The error for a server that says that nothing changed, where everything was asked for."""
    return SourceError(sentence("The server says that nothing changed, although we asked for everything."), redact(url))


def _newest(links: Sequence[str]) -> list[str]:
    """The sitemaps of an index to be read: the first ones and the last; where it gives dates, parsing has put the latest first."""
    first = list(links[: MOST_SITEMAPS - _AT_THE_END])
    return [*first, *(link for link in links[-_AT_THE_END:] if link not in first)]
