"""The sample outlets as a web application, for ``homefront run --demo``: news that appears while somebody watches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.demo.answers import answer
from bot.demo.documents import Issue, media_type, write
from bot.demo.newsroom import items_due
from bot.demo.pages import article_page
from bot.demo.samples import Feed, load_feeds, load_samples
from storage.records import Source

INTERVAL = 600  # seconds between checks: the shortest that the source list allows
NOTE = "A sample outlet of the demonstration: its news is made up."
_KINDS = {"sitemap": "news_sitemap", "telegram": "telegram"}
_ARTICLE_HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class SampleOutlets:
    """Serves every sample feed and article. An item is there once ``now()`` has reached ``started`` and its delay; both are aware."""

    def __init__(self, started: datetime, now: Callable[[], datetime]) -> None:
        self._started = started
        self._now = now
        self._samples = load_samples()
        self._feeds = load_feeds()
        feeds = [Route(feed.path, partial(self._serve_feed, feed)) for feed in self._feeds]
        self.app = Starlette(routes=[*feeds, Route("/{outlet}/{slug}", self._serve_article)])

    def sources(self, base: str) -> tuple[Source, ...]:
        """Return the feeds as sources to poll; ``base`` is where the application is served, such as ``http://127.0.0.1:43211``."""
        return tuple(_source(feed, base.rstrip("/")) for feed in self._feeds)

    def issue(self, feed: Feed, base: str) -> Issue:
        """Return what ``feed`` carries now."""
        return Issue(feed, items_due(feed, self._samples, self._started, self._now()), base, self._started)

    async def _serve_feed(self, feed: Feed, request: Request) -> Response:
        issue = self.issue(feed, str(request.base_url).rstrip("/"))
        return answer(request.headers, write(issue), media_type(feed), issue.modified, compressed=feed.compressed)

    async def _serve_article(self, request: Request) -> Response:
        outlet, slug = request.path_params["outlet"], request.path_params["slug"]
        for feed in self._feeds:
            items = self.issue(feed, "").items if feed.outlet == outlet else ()
            for item in items:
                if item.slug == slug:
                    return HTMLResponse(article_page(feed.publisher, item), headers=_ARTICLE_HEADERS)
        return PlainTextResponse("There is no such sample article, or not yet.", 404)


def _source(feed: Feed, base: str) -> Source:
    return Source(
        name=feed.name,
        url=base + feed.path,
        kind=_KINDS.get(feed.format, "feed"),
        publisher=feed.publisher,
        standing=feed.standing,
        language=feed.language,
        interval=INTERVAL,
        note=NOTE,
    )
