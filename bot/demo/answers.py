"""A document as the answer to a conditional GET (RFC 9110, 13): 200 with validators, or 304."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.responses import Response


def answer(asked: Mapping[str, str], body: bytes, content_type: str, modified: datetime, *, compressed: bool = False) -> Response:
    """Answer a request with the headers ``asked`` for ``body``, which is what it is since ``modified``.

    ``compressed``: in gzip, where the asker takes it.
    """
    headers = {"Content-Type": content_type, "Vary": "Accept-Encoding"}
    if compressed and "gzip" in asked.get("accept-encoding", "").lower():
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    modified = modified.astimezone(UTC).replace(microsecond=0)
    validators = {"ETag": etag, "Last-Modified": format_datetime(modified, usegmt=True)}
    if _has(asked, etag, modified):
        return Response(status_code=304, headers={**validators, "Vary": headers["Vary"]})
    return Response(body, headers={**headers, **validators})


def _has(asked: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """Say whether the asker has this very document; a date counts only where no ETag was sent."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return not {etag, "*"}.isdisjoint(tag.strip().removeprefix("W/") for tag in tags.split(","))
    since = _date(asked.get("if-modified-since", ""))
    return since is not None and modified <= since


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
