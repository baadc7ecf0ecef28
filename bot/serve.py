"""Serving an application over HTTP on loopback, inside the running program."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def served(app: Starlette, port: int) -> AsyncIterator[str]:
    """Serve an application while the block runs, on ``port`` or, where that is taken, on a free one; give its address."""
    listener = _listen(port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, access_log=False))
    # Signals are the program's: uvicorn's own handlers would end it before its letters are sent.
    server.capture_signals = _no_signals  # type: ignore[method-assign] # there is no setting for it
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        _log.warning("port is taken, using another", port=port)
        return socket.create_server((LOOPBACK, 0))
