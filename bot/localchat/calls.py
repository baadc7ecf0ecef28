"""A Bot API call as it comes over HTTP: GET or POST; query, urlencoded, JSON or multipart; always bounded."""

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.localchat.errors import ApiError, bad_request

FORM_LIMIT = 50_000_000
TEXT_LIMIT = 1_000_000
_NOTHING = (None, "")


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """The arguments of a call: texts (urlencoded) or JSON values, and files."""

    fields: Mapping[str, Any]
    files: Mapping[str, Upload]

    def text(self, name: str) -> str:
        """Return an argument as text; an absent one is empty."""
        value = self.fields.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return an argument as a whole number, or the default if it isn't one."""
        try:
            return int(self.fields.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Return an argument as a boolean, as generously as Telegram reads it."""
        return self.text(name).lower() in ("true", "yes", "1")

    def has(self, name: str) -> bool:
        """Say whether the argument was given and isn't empty."""
        return self.fields.get(name) not in _NOTHING

    def value(self, name: str) -> Any:
        """Return a JSON argument, decoded if it came as text; None if it is absent."""
        found = self.fields.get(name)
        if not isinstance(found, str) or not found:
            return None if found == "" else found
        try:
            return json.loads(found)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def listed(self, name: str) -> list[Any]:
        """Return a JSON argument that must be a list; an absent one is empty."""
        found = self.value(name)
        if found is not None and not isinstance(found, list):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Array")
        return found or []

    def mapped(self, name: str) -> dict[str, Any]:
        """Return a JSON argument that must be an object; an absent one is empty."""
        found = self.value(name)
        if found is not None and not isinstance(found, dict):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Object")
        return found or {}

    def upload(self, name: str) -> Upload | None:
        """Return the file of this name, whether it is the field itself or an attach:// reference to another."""
        reference = self.text(name)
        return self.files.get(reference.removeprefix("attach://") if reference.startswith("attach://") else name)


async def read_call(request: Request) -> Call:
    """Read the arguments of a call; raise ApiError if they can't be read or are too many."""
    fields: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        more, files = await _multipart(request)
        fields |= more
    else:
        fields |= _decoded(kind, await read_body(request, TEXT_LIMIT))
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return Call(fields, files)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body; raise ApiError 413 beyond the limit in bytes."""
    return b"".join([part async for part in _bounded(request, limit)])


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise ApiError(413, "Request Entity Too Large")
        yield part


async def _multipart(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    try:
        form = await MultiPartParser(request.headers, _bounded(request, FORM_LIMIT)).parse()
    except MultiPartException:
        raise bad_request("can't parse multipart form data") from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or name, value.content_type or "", await value.read())
        else:
            fields[name] = value
    await form.close()
    return fields, files


def _decoded(kind: str, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        if kind == "application/json":
            found = json.loads(body)
            return found if isinstance(found, dict) else {}
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise bad_request("can't parse request body") from None
