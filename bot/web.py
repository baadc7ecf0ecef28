"""The digest's second way out: the newest stories of each topic, and of all topics, as Atom and JSON feeds that the program serves.

Only reading, only what every subscriber could have had; nothing about subscribers. Not here: listening (``serve.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.export.atom import atom
from bot.export.json_feed import json_feed
from bot.render import shorten
from bot.subjects import Subjects
from storage import exporting
from storage.database import Database
from storage.newest import newest_headlines

ALL = "all"
MOST_STORIES = 50
_LONGEST_TEXT = 1_000  # the rest is at the article's own address
# Feed readers ask more often than the archive changes; within this time they get what others got.
_FRESH = timedelta(seconds=60)
_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Served:
    """A feed as it was made at a moment."""

    body: bytes
    tag: str
    changed: datetime
    made_at: datetime


class Feeds:
    """Makes feeds of what is watched for at the moment, and keeps each for a minute."""

    def __init__(self, database: Database, subjects: Callable[[], Subjects], clock: Clock) -> None:
        """Begin with none made."""
        self._database, self._subjects, self._clock = database, subjects, clock
        self._made: dict[tuple[str, str], Served] = {}
        self._making = asyncio.Lock()
        self.routes = [Route("/feeds/", self._index), Route("/feeds/{name}.{form:str}", self._feed)]

    async def _index(self, _request: Request) -> Response:
        names = [ALL, *self._subjects().names]
        return PlainTextResponse("".join(f"/feeds/{name}.{form}\n" for name in names for form in _TYPES))

    async def _feed(self, request: Request) -> Response:
        name, form = request.path_params["name"], request.path_params["form"]
        if form not in _TYPES or (name != ALL and name not in self._subjects().names):
            return PlainTextResponse("There is no such feed. All that there are: /feeds/\n", 404)
        # One is made at a time, however many ask.
        async with self._making:
            served = self._made.get((name, form))
            if served is None or not timedelta(0) <= self._clock.now() - served.made_at < _FRESH:
                served = self._made[name, form] = await asyncio.to_thread(self._make, name, form)
        headers = {
            "ETag": served.tag,
            "Last-Modified": format_datetime(served.changed, usegmt=True),
            "Cache-Control": f"max-age={int(_FRESH.total_seconds())}",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(request.headers, served):
            return Response(status_code=304, headers=headers)
        return Response(served.body, media_type=_TYPES[form], headers=headers)

    def _make(self, name: str, form: str) -> Served:
        called = self._subjects().in_language("en")
        topics = list(called) if name == ALL else [name]
        with self._database.read() as connection:
            told = newest_headlines(connection, topics, MOST_STORIES)
            whole = list(exporting.read(connection, told))
        articles = [replace(article, text=shorten(article.text, _LONGEST_TEXT)) for article in whole]
        changed = max(told.values(), default=datetime(1970, 1, 1, tzinfo=UTC)).replace(microsecond=0)
        title = "homefront" if name == ALL else f"homefront: {called[name]}"
        if form == "json":
            text = json_feed(articles, title=title)
        else:
            text = "".join(atom(articles, title=title, key=f"topic {name}", updated=changed, link=f"/feeds/{name}.atom"))
        body = text.encode("utf-8", "replace")
        return Served(body, f'"{sha256(body).hexdigest()[:32]}"', changed, self._clock.now())


def is_known(headers: Headers, served: Served) -> bool:
    """Whether whoever asks has the feed as it is: by its tag, or where no tag was sent by its time (RFC 9110, 13.1)."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {served.tag, "*"} for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and served.changed <= since
