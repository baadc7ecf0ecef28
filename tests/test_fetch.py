"""Fetching from servers that behave, and from servers that don't."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import Any

import pytest

from feeds.fetch import Fetcher
from feeds.fetched import Fetched, NotModified
from storage.records import FetchError
from tests.servers import Server, always, by_path, dripping, endless, response, serving

FEED = b"<rss version='2.0'><channel><title>Sample</title></channel></rss>"
LIMIT = 100_000


async def fetch(url: str, *, etag: str | None = None, modified: str | None = None, **options: Any) -> Fetched | NotModified:
    """Fetch with limits that are short enough for tests."""
    settings = {"allow_private": True, "total_timeout": 2, "idle_timeout": 1, "max_bytes": LIMIT, **options}
    async with Fetcher(**settings) as fetcher:
        return await fetcher.fetch(url, etag=etag, modified=modified)


async def failure(url: str, **options: Any) -> FetchError:
    """Return the error that fetching ends with."""
    with pytest.raises(FetchError) as caught:
        await fetch(url, **options)
    return caught.value


def document(answer: Fetched | NotModified) -> Fetched:
    """Return the answer, which must be a document."""
    assert isinstance(answer, Fetched)
    return answer


async def test_a_document_and_what_its_headers_say() -> None:
    """Body, type, charset, validators and freshness arrive as the server gave them."""
    headers = {"ETag": 'W/"a b,c"', "Last-Modified": "not even a date", "Cache-Control": "public, max-age=900"}
    async with serving(always(FEED, Content_Type='Text/XML; Charset="windows-1251"', **headers)) as server:
        answer = document(await fetch(f"{server.url}/feed"))
    assert (answer.body, answer.status, answer.content_type, answer.charset) == (FEED, 200, "text/xml", "windows-1251")
    assert (answer.etag, answer.modified, answer.max_age) == ('W/"a b,c"', "not even a date", 900)
    assert (answer.final_url, answer.moved_to) == (f"{server.url}/feed", None)


async def test_validators_go_back_as_received_and_304_is_told_apart() -> None:
    """The server sees the very characters that it sent, and its 304 is no document."""
    async with serving(always(status="304 Not Modified", ETag="new", Content_Length="0")) as server:
        answer = await fetch(server.url, etag='W/"a b,c"', modified="not even a date")
    assert isinstance(answer, NotModified)
    assert answer.etag == "new"
    sent = server.requests[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a b,c"', "not even a date")
    assert "homefront" in sent["user-agent"]


async def test_304_without_validators_is_an_error() -> None:
    """A server that says "as before" to somebody who has nothing is broken."""
    async with serving(always(status="304 Not Modified")) as server:
        assert str(await failure(server.url)) == "The server answered 304 (not modified)."


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("identity", gzip.compress(FEED)),
        ("gzip", FEED),
        ("gzip", gzip.compress(gzip.compress(FEED))),
        ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:])),
    ],
    ids=["gzip", "zlib", "raw deflate", "unlabelled gzip", "labelled but plain", "compressed twice", "two members"],
)
async def test_compression(encoding: str, packed: bytes) -> None:
    """What the bytes show goes before what the header says."""
    async with serving(always(packed, Content_Encoding=encoding)) as server:
        assert document(await fetch(server.url)).body == FEED


async def test_compression_that_was_not_asked_for() -> None:
    """A body that can't be unpacked is refused in words."""
    async with serving(always(b"???", Content_Encoding="br")) as server:
        assert str(await failure(server.url)) == "The document is compressed in a way that wasn't asked for (br)."


async def redirects(server: Server, path: str, **options: Any) -> Fetched:
    """Follow the redirects that begin at ``path``."""
    return document(await fetch(f"{server.url}{path}", **options))


async def test_only_permanent_redirects_move_a_source() -> None:
    """301 and 308 alone change the address; one 302 in the chain keeps it; validators reach the end either way."""
    answers = {
        "/a": response(status="301 Moved Permanently", Location="/b"),
        "/b": response(status="308 Permanent Redirect", Location="feed"),
        "/c": response(status="302 Found", Location="/a"),
        "/feed": response(FEED),
    }
    async with serving(by_path(answers)) as server:
        moved = await redirects(server, "/a", etag="x")
        kept = await redirects(server, "/c")
    assert (moved.moved_to, moved.final_url) == (f"{server.url}/feed", f"{server.url}/feed")
    assert (kept.moved_to, kept.final_url) == (None, f"{server.url}/feed")
    assert [request.headers.get("if-none-match") for request in server.requests[:3]] == ["x", "x", "x"]


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("/loop", "The address redirects more than 5 times."),
        ("ftp://example.org/x", "The address redirects to one that can't be used. The address must begin with https:// or http://."),
        ("file:///etc/passwd", "The address redirects to one that can't be used. The address must begin with https:// or http://."),
    ],
)
async def test_redirects_that_lead_nowhere(location: str, sentence: str) -> None:
    """Loops and addresses of other kinds end in words."""
    async with serving(always(status="302 Found", Location=location)) as server:
        assert str(await failure(f"{server.url}/loop")) == sentence


async def test_redirect_without_target() -> None:
    """A redirect needs a Location."""
    async with serving(always(status="302 Found")) as server:
        assert str(await failure(server.url)) == "The server answered with a redirect that leads nowhere."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_private_addresses_are_refused(host: str) -> None:
    """Nothing is connected to inside private networks, by number or by name."""
    error = await failure(f"http://{host}:9/feed", allow_private=False)
    assert str(error) == "The address leads to a private or local network, which is not allowed."


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://127.1/", "http://0x7f.1/", "http://a..b/", "nonsense", "http://[zz/", "http://"]
)
async def test_addresses_that_cannot_be_read(url: str) -> None:
    """Odd spellings of addresses are refused, not guessed at."""
    assert str(await failure(url, allow_private=False)).startswith("The address ")


@pytest.mark.parametrize(
    ("status", "headers", "sentence", "wait"),
    [
        ("404 Not Found", {}, "The server answered 404 (not found).", None),
        ("410 Gone", {}, "The server answered 410 (gone).", None),
        ("429 Slow", {"Retry-After": "120"}, "The server answered 429 (too many requests).", 120),
        (
            "503 Busy",
            {"Retry-After": "Sun, 22 Nov 2026 10:10:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"},
            "The server answered 503 (service unavailable).",
            600,
        ),
        ("403 No", {"cf-mitigated": "challenge"}, "The server answered 403: it lets only browsers in (a check page).", None),
        ("599 Odd", {}, "The server answered 599.", None),
        ("204 No Content", {}, "The server answered 204 (no content).", None),
    ],
)
async def test_refusals(status: str, headers: dict[str, str], sentence: str, wait: float | None) -> None:
    """Every other status is an error with its number, its meaning and the wait that the server asks for."""
    async with serving(always(b"" if status.startswith("204") else b"x", status, **headers)) as server:
        error = await failure(server.url)
    assert (str(error), error.status, error.retry_after) == (sentence, int(status[:3]), wait)


async def test_too_large_by_its_own_word() -> None:
    """A Content-Length beyond the limit is enough to refuse."""
    async with serving(always(Content_Length=str(10**12))) as server:
        assert str(await failure(server.url, max_bytes=5 * 1024 * 1024)) == "The document is larger than 5 MB."


async def test_endless_body() -> None:
    """A body without end is cut off at the limit."""
    async with serving(endless(b"x" * 10_000)) as server:
        assert "is larger than" in str(await failure(server.url))


async def test_gzip_bomb() -> None:
    """A small body that unpacks to a large one is cut off at the limit."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    async with serving(always(bomb, Content_Encoding="gzip")) as server:
        assert "is larger than" in str(await failure(server.url))


async def test_ten_megabytes_in_one_line() -> None:
    """The limit counts bytes, not lines."""
    async with serving(always(b"x" * 10_000_000)) as server:
        assert str(await failure(server.url, max_bytes=5 * 1024 * 1024)) == "The document is larger than 5 MB."


async def test_slow_drip_ends_at_the_idle_limit() -> None:
    """A server that stops in the middle isn't waited for."""
    done = asyncio.Event()
    async with serving(dripping(done)) as server:
        error = await failure(server.url, idle_timeout=0.05)
        done.set()
    assert str(error) == "The server fell silent before the whole document had arrived."


async def test_whole_fetch_ends_at_the_total_limit() -> None:
    """A server that never answers is given up after the whole time."""
    done = asyncio.Event()
    async with serving(dripping(done, head=b"")) as server:
        error = await failure(server.url, total_timeout=0.05)
        done.set()
    assert str(error) == "No complete answer within 0.05 seconds."


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "The server closed the connection without an answer."),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>", "The connection ended before the whole document had arrived."),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
            "The connection ended before the whole document had arrived.",
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "The server's answer isn't HTTP that can be read."),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "The server's answer isn't HTTP that can be read."),
    ],
    ids=["nothing", "wrong length", "broken chunks", "not http", "endless header"],
)
async def test_broken_answers(sent: bytes, sentence: str) -> None:
    """Whatever breaks off or isn't HTTP is told in words."""
    async with serving(endless_once(sent)) as server:
        assert str(await failure(server.url)) == sentence


def endless_once(sent: bytes) -> Any:
    """Send these bytes and close."""

    async def respond(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)

    return respond


async def test_length_too_short() -> None:
    """Bytes beyond the Content-Length aren't HTTP, and are told in words."""
    async with serving(always(FEED, Content_Length="20")) as server:
        assert str(await failure(server.url)) == "The server's answer isn't HTTP that can be read."


async def test_tls_failure_in_words() -> None:
    """A server that doesn't speak TLS behind an https address."""
    async with serving(always(FEED)) as server:
        error = await failure(server.url.replace("http:", "https:"))
    assert str(error) == "No secure connection: the server doesn't speak https at this address."


async def test_connection_refused() -> None:
    """A closed port is the source's failure, not ours."""
    async with serving(always(FEED)) as server:
        url = server.url
    error = await failure(url)
    assert (str(error), error.offline) == ("The server refused the connection.", False)


async def test_credentials_are_used_and_never_shown() -> None:
    """User name and password reach their host, and neither errors nor results hold them."""
    answers = {"/feed": response(FEED), "/away": response(status="302 Found", Location="/feed")}
    async with serving(by_path(answers)) as server:
        url = server.url.replace("//", "//reader:secret@")
        answer = await fetch(f"{url}/away")
        error = await failure(f"{url}/missing")
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "secret" not in answer.final_url
    assert "secret" not in f"{error} {error.url} {error!r} {error.__cause__}"


async def test_a_redirect_brings_no_credentials() -> None:
    """A server can't make us log in at another host, nor have such an address stored."""
    async with serving(always(FEED)) as other:
        location = other.url.replace("//", "//reader:secret@") + "/feed"
        async with serving(always(status="301 Moved Permanently", Location=location)) as server:
            answer = await fetch(server.url)
    assert answer.moved_to == f"{other.url}/feed"
    assert "authorization" not in other.requests[0].headers


async def test_two_connections_to_a_host() -> None:
    """No host sees more than two requests at once."""
    arrived = asyncio.Event()
    go = asyncio.Event()
    seen: list[str] = []

    async def respond(request: Any, writer: asyncio.StreamWriter) -> None:
        seen.append(request.path)
        if len(seen) == 2:
            arrived.set()
        await go.wait()
        writer.write(response(FEED))

    async with serving(respond) as server, Fetcher(allow_private=True) as fetcher, asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(fetcher.fetch(f"{server.url}/{number}"))
        await arrived.wait()
        waiting = len(seen)
        go.set()
    assert (waiting, len(seen)) == (2, 5)


async def test_used_outside_its_block() -> None:
    """A fetcher without its connections is a programming error."""
    with pytest.raises(RuntimeError):
        await Fetcher().fetch("https://example.org/")
