"""Serving an application over HTTP, inside the running program: on loopback, or where the operator wants it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette

from storage.records import SettingsError

LOOPBACK = "127.0.0.1"
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def served(app: Starlette, port: int, host: str | None = None) -> AsyncIterator[str]:
    """Serve an application while the block runs, and give its address.

    On loopback, on ``port`` or, where that is taken, on a free one; with a ``host`` just there, or SettingsError.
    """
    listener = _listen(port) if host is None else _listen_at(host, port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, access_log=False))
    # Signals are the program's: uvicorn's own handlers would end it before its letters are sent.
    server.capture_signals = _no_signals  # type: ignore[method-assign] # there is no setting for it
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://{_in_address(host or LOOPBACK)}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


def _listen_at(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(f"HOMEFRONT_LISTEN can't be used: {host} port {port} can't be listened at ({error.strerror}).") from error


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        _log.warning("port is taken, using another", port=port)
        return socket.create_server((LOOPBACK, 0))
