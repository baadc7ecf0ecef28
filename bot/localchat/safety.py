"""What every request must pass and every answer carries: this machine's names only, no other site's pages, a strict CSP."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware. A page of another site must neither read nor drive the chat, nor reach it by DNS rebinding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign request with 403, or pass it on and add the headers to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = refused(Headers(scope=scope), scope["path"])
        if refusal:
            await PlainTextResponse(refusal, 403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_guarded)


def refused(headers: Headers, path: str) -> str:
    """Return why a request is refused, or nothing."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in _NAMES:
        return "The local chat answers to 127.0.0.1, localhost and [::1] only."
    if not path.startswith("/control"):
        return ""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "The local chat is driven from its own page only."
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "The local chat is driven from its own page only."
    return ""


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
