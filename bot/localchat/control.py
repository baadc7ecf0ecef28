"""The control routes: what the page and the tests use. Not part of the Bot API.

`POST /control/<action>` takes the arguments of an action as a JSON object and answers {"ok": true, "result": …};
refusals are 400 with {"ok": false, "description": …}. Reading is by GET.
"""

import asyncio
import inspect
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.localchat.calls import TEXT_LIMIT, read_body
from bot.localchat.errors import ApiError, ControlError
from bot.localchat.events import Listener
from bot.localchat.files import picture_size
from bot.localchat.world import World

Action = Callable[..., Any]
_HEARTBEAT_SECONDS = 15


class Control:
    """The routes over a table of actions and a table of things to read."""

    def __init__(self, world: World, actions: Mapping[str, Action], views: Mapping[str, Action]) -> None:
        self._world = world
        self._actions = actions
        self._views = views
        self.routes = [
            Route("/control/events", self._events, methods=["GET"]),
            Route("/control/file/{file_id}", self._file, methods=["GET"]),
            Route("/control/{name}", self._read, methods=["GET"]),
            Route("/control/{name}", self._act, methods=["POST"]),
        ]

    async def _act(self, request: Request) -> Response:
        try:
            return _result(self._action(request), await _arguments(request))
        except ControlError as error:
            return _refusal(str(error))
        except ApiError as error:
            return JSONResponse(error.body(), error.status)

    def _action(self, request: Request) -> Action:
        name = str(request.path_params["name"]).replace("-", "_")
        if name not in self._actions:
            raise ControlError(f"there is no action {name!r}; there are: {', '.join(sorted(self._actions))}")
        return self._actions[name]

    async def _read(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._views:
            return _refusal(f"there is no {name!r} to read", 404)
        try:
            arguments = {key: int(value) if key == "chat_id" else value for key, value in request.query_params.items()}
            return _result(self._views[name], arguments)
        except (ControlError, ValueError) as error:
            return _refusal(str(error))

    async def _file(self, request: Request) -> Response:
        stored = self._world.files.get(request.path_params["file_id"])
        if stored is None:
            return _refusal("the file is gone", 404)
        is_picture = picture_size(stored.content) is not None and "download" not in request.query_params
        kind = stored.mime_type if is_picture and stored.mime_type.startswith("image/") else "application/octet-stream"
        name = f"{'inline' if is_picture else 'attachment'}; filename*=UTF-8''{quote(stored.name)}"
        return Response(stored.content, media_type=kind, headers={"Content-Disposition": name})

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncGenerator[str, None]:
        listener = self._world.events.join()
        try:
            yield ": listening\n\n"
            line = await _next_line(listener)
            while line:
                yield line
                line = await _next_line(listener)
        finally:
            self._world.events.leave(listener)


async def _next_line(listener: Listener) -> str:
    """Return the next event for the stream, a sign of life after a while without one, or nothing at the end."""
    try:
        async with asyncio.timeout(_HEARTBEAT_SECONDS):
            event = await listener.next()
    except TimeoutError:
        return ": still here\n\n"
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n" if event else ""


async def _arguments(request: Request) -> dict[str, Any]:
    # A form of another site can't be sent as JSON without asking first, so nothing else is taken.
    if not request.headers.get("content-type", "application/json").startswith("application/json"):
        raise ControlError("send the arguments as application/json")
    body = await read_body(request, TEXT_LIMIT)
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ControlError("send the arguments as one JSON object")
    return found


def _result(action: Action, arguments: dict[str, Any]) -> Response:
    signature = inspect.signature(action)
    try:
        signature.bind(**arguments)
    except TypeError as error:
        raise ControlError(f"{error}; the arguments are {signature}") from None
    for name, value in arguments.items():
        wanted = signature.parameters[name].annotation
        if wanted in (int, str, bool) and type(value) is not wanted:
            raise ControlError(f"{name} must be {wanted.__name__}")
    return JSONResponse({"ok": True, "result": action(**arguments)})


def _refusal(reason: str, status: int = 400) -> Response:
    return JSONResponse({"ok": False, "description": reason}, status)
