"""The Bot API over HTTP: token, arguments, armed faults, the method, and Telegram's form of answer."""

import asyncio
import hmac
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.localchat.calls import read_call
from bot.localchat.errors import ApiError
from bot.localchat.files import DOWNLOAD_LIMIT
from bot.localchat.methods.receiving import Receiving
from bot.localchat.methods.table import METHODS
from bot.localchat.world import World

_LONGEST_TOKEN = 80


class DroppedResponse(Response):
    """Announces a body that never comes, so that the server closes the connection on an accepted call."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the headers of an answer and nothing more."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


class BotApi:
    """Answers /bot<token>/<method> and /file/bot<token>/<path>."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._receiving = Receiving(world)
        self._receivers = {
            "getupdates": self._receiving.get_updates,
            "setwebhook": self._receiving.set_webhook,
            "deletewebhook": self._receiving.delete_webhook,
            "getwebhookinfo": self._receiving.get_webhook_info,
        }
        self.routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
        ]

    def close(self) -> None:
        """Stop calling the webhook."""
        self._receiving.webhook.stop()

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._carry_out(request)
        except ApiError as error:
            return JSONResponse(error.body(), error.status)

    async def _carry_out(self, request: Request) -> Response:
        self._check_token(request.path_params["token"])
        method = str(request.path_params["method"]).lower()
        call = await read_call(request)
        fault = self._world.faults.take(method)
        error = fault.error() if fault else None
        if fault and error:
            await asyncio.sleep(fault.delay)
            raise error
        if method in self._receivers:
            result: Any = await self._receivers[method](call)
        elif method in METHODS:
            result = METHODS[method](self._world, call)
        else:
            raise ApiError(404, "Not Found: method not found")
        if fault:
            await asyncio.sleep(fault.delay)
        return DroppedResponse() if fault and fault.drop else JSONResponse({"ok": True, "result": result})

    async def _file(self, request: Request) -> Response:
        try:
            self._check_token(request.path_params["token"])
        except ApiError as error:
            return JSONResponse(error.body(), error.status)
        stored = self._world.files.get(str(request.path_params["path"]).rpartition("/")[2])
        if stored is None or stored.path != request.path_params["path"] or len(stored.content) > DOWNLOAD_LIMIT:
            return JSONResponse(ApiError(404, "Not Found").body(), 404)
        return Response(stored.content, media_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        number, colon, secret = token.partition(":")
        if not (colon and secret and number.isdecimal()) or token.startswith("0") or len(token) > _LONGEST_TOKEN:
            raise ApiError(401, "Unauthorized: invalid token specified")
        if not hmac.compare_digest(token.encode(), self._world.token.encode()):
            raise ApiError(401, "Unauthorized")
