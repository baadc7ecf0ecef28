"""Small servers on loopback that misbehave as servers on the internet do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; header names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Server:
    """Where a server listens, and what it was asked."""

    url: str
    requests: list[Request] = field(default_factory=list)


Respond = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(respond: Respond) -> AsyncIterator[Server]:
    """Serve on a free port of 127.0.0.1; each connection is answered once and closed.

    What isn't an HTTP request is answered with 400, as real servers do.
    """
    running = Server("")

    answering: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            first = await reader.read(1)
            if first.isalpha():
                request = _read(first + await reader.readuntil(b"\r\n\r\n"))
                running.requests.append(request)
                await respond(request, writer)
            else:
                writer.write(response(status="400 Bad Request"))
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    running.url = f"http://127.0.0.1:{port}"
    try:
        yield running
    finally:
        server.close()
        await asyncio.gather(*filter(None, answering), return_exceptions=True)


def _read(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Request(first.split(" ")[1], {name.strip().lower(): value.strip() for name, _, value in pairs})


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole response; names of headers with underscores for dashes. A header ``Content_Length`` overrides the true length."""
    sent = {"Content-Length": str(len(body)), "Connection": "close", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def always(body: bytes = b"", status: str = "200 OK", **headers: str) -> Respond:
    """Answer everything in the same way."""

    async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(response(body, status, **headers))

    return respond


def by_path(answers: dict[str, bytes]) -> Respond:
    """Answer each path with a response of its own, others with 404."""

    async def respond(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(request.path, response(status="404 Not Found")))

    return respond


def endless(chunk: bytes, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Respond:
    """Send ``chunk`` again and again until nobody listens."""

    async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()

    return respond


def dripping(pause: asyncio.Event, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n<rss>") -> Respond:
    """Begin an answer and then wait for ``pause``, which the test sets at its end."""

    async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        await pause.wait()

    return respond
