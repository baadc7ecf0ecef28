"""One polite conditional GET: the only place that opens sockets to the outside for feeds.

Bounded in time, size (also after decompression), redirects and connections to a host; no connection is made to private networks.
Not here: when to fetch (``pace.py``), what the document means (``parse/``).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from feeds.addresses import AddressError, PrivateAddressError, is_public, read_address, redact
from feeds.failures import connection_failure
from feeds.fetched import Fetched, NotModified, content_type, max_age, retry_after, status_in_words, validator
from feeds.inflate import Inflater, TooLargeError
from storage.records import FetchError, sentence

USER_AGENT = "homefront/0.1 (news monitor; reads feeds, conditional requests)"
MEGABYTE = 1024 * 1024

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.5"
)
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_DOCUMENT = {200, 203}
_NOT_MODIFIED = 304
_KEEP_ALIVE = 5.0  # seconds: an idle TLS connection costs asyncio about 0.3 MB, and few hosts have a second feed
_READ = 64 * 1024
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of a chain of redirects; ``permanent`` while every redirect so far was."""

    url: URL
    permanent: bool
    count: int


class Fetcher:
    """A pool of connections for one running loop; use it as an async context manager.

    ``total_timeout``: seconds for one fetch with its redirects; ``idle_timeout``: seconds without a byte. ``max_bytes`` holds
    before and after decompression. ``connections`` and ``per_host`` bound what is open at once. ``allow_private`` permits
    loopback and private networks.
    """

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        allow_private: bool = False,
        total_timeout: float = 30,
        idle_timeout: float = 15,
        max_bytes: int = 5 * MEGABYTE,
        max_redirects: int = 5,
        connections: int = 50,
        per_host: int = 2,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._user_agent = user_agent
        self._allow_private = allow_private
        self._total_timeout = total_timeout
        self._idle_timeout = idle_timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._connections = connections
        self._per_host = per_host
        self._now = now
        self._session: aiohttp.ClientSession | None = None
        self._turns = asyncio.Semaphore(connections)
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=self._per_host,
            keepalive_timeout=_KEEP_ALIVE,
            socket_factory=self._open_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._idle_timeout, sock_read=self._idle_timeout),
            auto_decompress=False,  # decompressed here, within the limit
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched | NotModified:
        """Get the document at ``url``, unless it is the one that ``etag`` and ``modified`` stand for.

        Raises FetchError with a sentence for the operator.
        """
        try:
            # A turn is waited for before the clock starts: that we ask much of one host at once is no fault of its.
            async with self._turn(url), asyncio.timeout(self._total_timeout):
                return await self._follow(url, _conditions(etag, modified))
        except TooLargeError:
            raise FetchError(sentence("The document is larger than {most}.", most=_in_megabytes(self._max_bytes)), redact(url)) from None
        except (aiohttp.ClientError, ssl.SSLError) as error:
            raise connection_failure(error, url) from None  # the cause's text may hold the address with its credentials
        except TimeoutError:
            raise FetchError(sentence("No complete answer within {most} seconds.", most=f"{self._total_timeout:g}"), redact(url)) from None
        except OSError as error:
            raise connection_failure(error, url) from None

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """Wait until there is a connection for the host of ``url``."""
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            host = ""  # what is wrong with the address is said where it is read
        turns = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        async with turns, self._turns:
            yield

    async def _follow(self, url: str, conditions: dict[str, str]) -> Fetched | NotModified:
        """Follow redirects one by one, each checked like the first address.

        The validators go with every request: they belong to the document at the end of the chain.
        """
        hop = _Hop(_checked(url, url), permanent=True, count=0)
        while True:
            async with self._request(hop.url, conditions) as response:
                if response.status not in _REDIRECTS:
                    return await self._read(url, hop, response, conditional=bool(conditions))
                hop = self._next_hop(url, hop, response)

    def _request(self, url: URL, conditions: dict[str, str]) -> aiohttp.client._RequestContextManager:
        if self._session is None:
            raise RuntimeError("Fetcher is used outside its async with block")
        return self._session.get(url, headers=conditions, allow_redirects=False)

    def _next_hop(self, url: str, hop: _Hop, response: aiohttp.ClientResponse) -> _Hop:
        location = response.headers.get("Location", "")
        if not location:
            raise FetchError(sentence("The server answered with a redirect that leads nowhere."), redact(url), status=response.status)
        if hop.count >= self._max_redirects:
            raise FetchError(
                sentence("The address redirects more than {most} times.", most=self._max_redirects), redact(url), status=response.status
            )
        target = _checked(_joined(hop.url, location), url)
        if target.origin() != hop.url.origin():
            target = target.with_user(None)  # no server decides who we are elsewhere
        return _Hop(target, permanent=hop.permanent and response.status in _PERMANENT, count=hop.count + 1)

    async def _read(self, url: str, hop: _Hop, response: aiohttp.ClientResponse, *, conditional: bool) -> Fetched | NotModified:
        answer = _answer(url, hop, response)
        if response.status == _NOT_MODIFIED and conditional:
            return NotModified(**answer)
        self._refuse(url, response)
        media_type, charset = content_type(response.headers)
        return Fetched(**answer, body=await self._body(response), content_type=media_type, charset=charset)

    def _refuse(self, url: str, response: aiohttp.ClientResponse) -> None:
        """Raise FetchError for an answer that can't be a document, before reading it."""
        headers, status = response.headers, response.status
        if status not in _DOCUMENT:
            wait = retry_after(headers, self._now())
            raise FetchError(status_in_words(status, headers), redact(url), status=status, retry_after=wait)
        encoding = headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            problem = sentence("The document is compressed in a way that wasn't asked for ({encoding}).", encoding=encoding[:20])
            raise FetchError(problem, redact(url), status=status)
        if (response.content_length or 0) > self._max_bytes:
            raise TooLargeError

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """Read and decompress the body, stopping at the limit on either side."""
        inflater = Inflater(response.headers.get("Content-Encoding", ""), self._max_bytes)
        received = 0
        async for chunk in response.content.iter_chunked(_READ):
            received += len(chunk)
            if received > self._max_bytes:
                raise TooLargeError
            inflater.feed(chunk)
        return inflater.finish()

    def _open_socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """Open the socket for a resolved address, unless the address is private.

        This is the last step before connecting, so that a name which changes its address in between (DNS rebinding) gains nothing.
        """
        family, kind, protocol, _, where = address
        if not self._allow_private and not is_public(str(where[0])):
            raise PrivateAddressError("private address refused")
        return socket.socket(family=family, type=kind, proto=protocol)


def _answer(url: str, hop: _Hop, response: aiohttp.ClientResponse) -> dict[str, Any]:
    """What every answer tells: the fields of ``Answer``."""
    return {
        "url": url,
        "final_url": redact(str(hop.url)),
        "moved_to": str(hop.url) if hop.count and hop.permanent else None,
        "status": response.status,
        "etag": validator(response.headers, "ETag"),
        "modified": validator(response.headers, "Last-Modified"),
        "max_age": max_age(response.headers),
    }


def _conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in conditions.items() if value}


def _checked(target: str, url: str) -> URL:
    try:
        return read_address(target)
    except AddressError as error:
        onward = sentence("The address redirects to one that can't be used. {reason}", reason=error.problem)
        raise FetchError(error.problem if target == url else onward, redact(url)) from None


def _joined(base: URL, location: str) -> str:
    """Resolve a redirect's target; what can't be read is left as it is, for the check that follows."""
    try:
        return str(base.join(URL(location, encoded=location.isascii() and " " not in location)).with_fragment(None))
    except ValueError:
        return location


def _in_megabytes(size: int) -> str:
    return f"{size / MEGABYTE:g} MB"
