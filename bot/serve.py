"""Serving an application over HTTP, inside the running program: on loopback, or where the operator wants it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from storage.records import SettingsError

LOOPBACK = "127.0.0.1"
# To a port that strangers can reach: seconds that a connection lasts and that it may be idle, connections at once, and bytes of a head that
# comes in pieces.
LONGEST_CONNECTION = 30.0
_LONGEST_IDLE = 5
MOST_CONNECTIONS = 200
_MOST_PIECES = 16_384
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def served(app: ASGIApp, port: int, host: str | None = None, *, longest: float = LONGEST_CONNECTION) -> AsyncIterator[str]:
    """Serve an application while the block runs, and give its address.

    On loopback, on ``port`` or, where that is taken, on a free one; with a ``host`` just there, or SettingsError, and no connection lasts
    longer than ``longest`` seconds.
    """
    listener = _listen(port) if host is None else _listen_at(host, port)
    guarded = {} if host is None else _guarded(longest)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, access_log=False, **guarded))
    # Signals are the program's: uvicorn's own handlers would end it before its letters are sent.
    server.capture_signals = _no_signals  # type: ignore[method-assign] # there is no setting for it
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://{_in_address(host or LOOPBACK)}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


class _Brief(H11Protocol):
    """A connection that ends after a while, whatever its other side does: sends its question a byte an hour, or never takes the answer."""

    def __init__(self, *arguments: Any, longest: float, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._longest = longest

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self._end = self.loop.call_later(self._longest, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end.cancel()
        super().connection_lost(exc)


def _guarded(longest: float) -> dict[str, Any]:
    return {
        "http": partial(_Brief, longest=longest),
        "ws": "none",
        "timeout_keep_alive": _LONGEST_IDLE,
        "limit_concurrency": MOST_CONNECTIONS,
        "h11_max_incomplete_event_size": _MOST_PIECES,
        "server_header": False,
    }


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


def _listen_at(host: str, port: int) -> socket.socket:
    try:
        return _prompt(socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET))
    except OSError as error:
        raise SettingsError(f"HOMEFRONT_LISTEN can't be used: {host} port {port} can't be listened at ({error.strerror}).") from error


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(port: int) -> socket.socket:
    try:
        return _prompt(socket.create_server((LOOPBACK, port)))
    except OSError:
        _log.warning("port is taken, using another", port=port)
        return _prompt(socket.create_server((LOOPBACK, 0)))


def _prompt(listener: socket.socket) -> socket.socket:
    """Let each connection send at once: the body of an answer would wait 40 ms for the other side to confirm its head.

    asyncio does so itself, but only for sockets made with IPPROTO_TCP, which ``create_server`` leaves out.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
