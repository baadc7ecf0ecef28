"""What machines ask the running program: whether it lives (/healthz), whether it works (/readyz), and its figures (/metrics).

Not here: the figures (``metrics.py``), who may ask how often (``door.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.metrics import TYPE, Metrics
from storage import archive
from storage.database import Database
from storage.records import StorageError

T = TypeVar("T")
# However many ask, the database is looked at this often at most.
_FRESH = timedelta(seconds=2)
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip")


class Operations:
    """Answers for the program. Readiness and figures are told to neighbours alone: see ``is_near``."""

    def __init__(self, database: Database, metrics: Metrics, clock: Clock) -> None:
        """Begin with nothing looked at."""
        self._database, self._metrics = database, metrics
        self._figures = _Kept(metrics.text, clock)
        self._trouble = _Kept(self._look, clock)
        self.routes = [Route("/healthz", _live), Route("/readyz", self._ready), Route("/metrics", self._measured)]

    async def _ready(self, request: Request) -> Response:
        if not is_near(request):
            return _no_such_page()
        trouble = self._metrics.trouble or await self._trouble.get()
        return PlainTextResponse(f"not ready: {trouble}\n" if trouble else "ready\n", 503 if trouble else 200)

    async def _measured(self, request: Request) -> Response:
        if not is_near(request):
            return _no_such_page()
        try:
            return Response(await self._figures.get(), media_type=TYPE)
        except StorageError:
            return PlainTextResponse("The database can't be read.\n", 503)

    def _look(self) -> str:
        """What is wrong with the database, in words; empty where nothing is. Its path is nobody's business."""
        try:
            with self._database.read() as connection:
                archive.latest(connection)
        except StorageError:
            return "the database can't be read"
        return ""


class _Kept(Generic[T]):
    """Something made in a thread, one at a time, and kept for a moment."""

    def __init__(self, make: Callable[[], T], clock: Clock) -> None:
        self._make, self._clock = make, clock
        self._kept: tuple[T, datetime] | None = None
        self._making = asyncio.Lock()

    async def get(self) -> T:
        async with self._making:
            now = self._clock.now()
            if self._kept is None or not timedelta(0) <= now - self._kept[1] < _FRESH:
                self._kept = await asyncio.to_thread(self._make), now
            return self._kept[0]


def is_near(request: Request) -> bool:
    """Whether a neighbour asks: from a loopback or private address, and not through a proxy, which may speak for anybody."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.client.host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_private


async def _live(_request: Request) -> Response:
    return PlainTextResponse("alive\n")


def _no_such_page() -> Response:
    return PlainTextResponse("Not Found", 404)
