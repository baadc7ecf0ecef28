"""The HTTP port's door: who may ask how often, and how much at once. What is refused costs next to nothing.

Not here: time-outs of connections (``serve.py``), what is behind the door (``web.py``, ``operations.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import Clock

# A feed reader with all feeds asks for two dozen at once, and then not for minutes.
AT_ONCE = 40
A_SECOND = 5
MOST_CALLERS = 10_000
# Of an address with its headers, in characters. Browsers send less than a kilobyte.
MOST_HEAD = 8_192
# RFC 9112, 6: what tells that a body follows. Nothing here takes one.
_BODY = ("content-length", "transfer-encoding")


class Turnstile:
    """Counts what callers ask for: ``AT_ONCE`` at first, ``A_SECOND`` from then on. Pure but for its memory of the last callers."""

    def __init__(self) -> None:
        """Begin with nobody known."""
        # When each caller will have nothing on the slate any more, whoever asked last at the end.
        self._clear_at: dict[str, datetime] = {}

    def wait(self, caller: str, now: datetime) -> float:
        """Seconds that a caller has to wait; 0: come in, which is counted."""
        longest = timedelta(seconds=AT_ONCE / A_SECOND)
        # A clock that was put back mustn't lock anybody out.
        clear_at = min(max(self._clear_at.pop(caller, now), now), now + longest)
        one = timedelta(seconds=1 / A_SECOND)
        too_soon = clear_at + one - now - longest
        if too_soon > timedelta(0):
            self._clear_at[caller] = clear_at
            return too_soon.total_seconds()
        self._clear_at[caller] = clear_at + one
        if len(self._clear_at) > MOST_CALLERS:
            del self._clear_at[next(iter(self._clear_at))]
        return 0.0


class Door:
    """Refuses what is too much before the application sees it; ``answered`` is told the status of each answer."""

    def __init__(self, app: ASGIApp, clock: Clock, answered: Callable[[int], None], called_at: str = "") -> None:
        """Stand before an application. ``called_at``: the path at which Telegram calls, which has a secret and bounds of its own."""
        self._app, self._clock, self._answered, self._called_at = app, clock, answered, called_at
        self._turnstile = Turnstile()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._answered(message["status"])
            await send(message)

        guarded = scope["type"] == "http" and not (self._called_at and scope["path"] == self._called_at)
        refusal = self._refusal(scope) if guarded else None
        await (refusal or self._app)(scope, receive, counted)

    def _refusal(self, scope: Scope) -> Response | None:
        wait = self._turnstile.wait(caller_of(scope["client"][0] if scope.get("client") else ""), self._clock.now())
        if wait:
            return PlainTextResponse("Too often. Please wait.\n", 429, {"Retry-After": str(ceil(wait)), "Connection": "close"})
        if _length(scope) > MOST_HEAD:
            return PlainTextResponse("Too long.\n", 431, {"Connection": "close"})
        headers = Headers(scope=scope)
        if any(headers.get(name, "0") != "0" for name in _BODY):
            return PlainTextResponse("Nothing can be sent here.\n", 413, {"Connection": "close"})
        return None


def _length(scope: Scope) -> int:
    return len(scope["path"]) + len(scope["query_string"]) + sum(len(name) + len(value) for name, value in scope["headers"])


def caller_of(host: str) -> str:
    """Who asks: an address, or of IPv6 the network that one customer has."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
