"""The feeds that sample outlets write: RSS 2.0, Atom 1.0, RSS 1.0 (RDF), news sitemap and JSON Feed (pure).

Not here: channel pages and articles (``pages.py``). An item's address is the outlet's with the item's last part behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from bot.demo.newsroom import Item, last_change
from bot.demo.pages import channel_page
from bot.demo.samples import Feed

_SAMPLE = {"en": "sample", "ru": "образец", "uk": "зразок"}


@dataclass(frozen=True, slots=True)
class Issue:
    """A feed and the items that it carries, oldest first. ``base`` is the address of the server, without a slash at its end."""

    feed: Feed
    items: Sequence[Item]
    base: str
    started: datetime

    @property
    def home(self) -> str:
        """The address of the outlet."""
        return f"{self.base}/{self.feed.outlet}"

    @property
    def modified(self) -> datetime:
        """When the document became what it is."""
        return last_change(self.items, self.started)

    def link(self, item: Item) -> str:
        """The address of an item's page."""
        return f"{self.home}/{item.slug}"


def write(issue: Issue) -> bytes:
    """Return the document of a feed, in its format and characters."""
    text = _WRITERS[issue.feed.format](issue)
    return text.encode(issue.feed.charset, "xmlcharrefreplace")


def media_type(feed: Feed) -> str:
    """Return the Content-Type that a feed is served with."""
    return f"{_MEDIA_TYPES[feed.format]}; charset={feed.charset}"


def _rss(issue: Issue) -> str:
    return _rss_document(issue, "".join(_rss_item(issue, item, _description(item.text)) for item in reversed(issue.items)))


def _rss_full(issue: Issue) -> str:
    """RSS that has the first sentence as the description and the whole text in content:encoded, as WordPress writes it."""
    items = (
        _rss_item(
            issue,
            item,
            _description(f"{item.text.partition('. ')[0]}."),
            f"<content:encoded><![CDATA[<p>{escape(item.text)}</p>]]></content:encoded>",
        )
        for item in reversed(issue.items)
    )
    return _rss_document(issue, "".join(items))


def _rss_document(issue: Issue, items: str) -> str:
    feed = issue.feed
    return f"""{_prolog(feed)}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{escape(feed.name)}</title><link>{escape(issue.home)}</link><description>{escape(feed.name)}</description>
<language>{feed.language or "en"}</language><lastBuildDate>{format_datetime(issue.modified)}</lastBuildDate>
{items}</channel></rss>
"""


def _rss_item(issue: Issue, item: Item, *texts: str) -> str:
    link = escape(issue.link(item))
    return f"""<item><title>{escape(item.title)}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>
<pubDate>{format_datetime(item.published)}</pubDate>{"".join(texts)}</item>
"""


def _description(text: str) -> str:
    return f"<description>{escape(text)}</description>"


def _atom(issue: Issue) -> str:
    feed = issue.feed
    entries = "".join(_atom_entry(issue, item) for item in reversed(issue.items))
    return f"""{_prolog(feed)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language or "en"}">
<id>{escape(issue.base + feed.path)}</id><title>{escape(feed.name)}</title><updated>{_iso(issue.modified)}</updated>
<link rel="self" href="{escape(issue.base + feed.path)}"/><link href="{escape(issue.home)}"/>
{entries}</feed>
"""


def _atom_entry(issue: Issue, item: Item) -> str:
    link = escape(issue.link(item))
    return f"""<entry><id>{link}</id><title>{escape(item.title)}</title><link href="{link}"/>
<published>{_iso(item.published)}</published><updated>{_iso(item.changed)}</updated>
<author><name>{escape(issue.feed.publisher)}</name></author>
<content type="html">{escape(f"<p>{escape(item.text)}</p>")}</content></entry>
"""


def _rdf(issue: Issue) -> str:
    feed, newest_first = issue.feed, issue.items[::-1]
    places = "".join(f'<rdf:li rdf:resource="{escape(issue.link(item))}"/>' for item in newest_first)
    items = "".join(_rdf_item(issue, item) for item in newest_first)
    return f"""{_prolog(feed)}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{escape(issue.base + feed.path)}"><title>{escape(feed.name)}</title><link>{escape(issue.home)}</link>
<description>{escape(feed.name)}</description><dc:language>{feed.language or "en"}</dc:language>
<items><rdf:Seq>{places}</rdf:Seq></items></channel>
{items}</rdf:RDF>
"""


def _rdf_item(issue: Issue, item: Item) -> str:
    link = escape(issue.link(item))
    return f"""<item rdf:about="{link}"><title>{escape(item.title)}</title><link>{link}</link>
<dc:date>{_iso(item.published)}</dc:date>{_description(item.text)}</item>
"""


def _sitemap(issue: Issue) -> str:
    urls = "".join(_sitemap_url(issue, item) for item in reversed(issue.items))
    return f"""{_prolog(issue.feed)}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>
"""


def _sitemap_url(issue: Issue, item: Item) -> str:
    """A sitemap has no texts, so that the mark stands in the title."""
    title = f"{item.title} ({_SAMPLE[item.language]})"
    return f"""<url><loc>{escape(issue.link(item))}</loc><lastmod>{_iso(item.changed)}</lastmod><news:news>
<news:publication><news:name>{escape(issue.feed.name)}</news:name><news:language>{item.language}</news:language></news:publication>
<news:publication_date>{_iso(item.published)}</news:publication_date><news:title>{escape(title)}</news:title></news:news></url>
"""


def _json(issue: Issue) -> str:
    items = [
        {
            "id": issue.link(item),
            "url": issue.link(item),
            "title": item.title,
            "content_text": item.text,
            "date_published": _iso(item.published),
            "date_modified": _iso(item.changed),
            "language": item.language,
        }
        for item in reversed(issue.items)
    ]
    about = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": issue.feed.name,
        "home_page_url": issue.home,
        "feed_url": issue.base + issue.feed.path,
    }
    return json.dumps({**about, "items": items}, ensure_ascii=False, indent=1)


def _telegram(issue: Issue) -> str:
    return channel_page(issue.feed.outlet, issue.feed.name, issue.items, issue.base)


def _prolog(feed: Feed) -> str:
    return f'<?xml version="1.0" encoding="{feed.charset}"?>\n'


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")


_WRITERS: Mapping[str, Callable[[Issue], str]] = {
    "rss": _rss,
    "rss_full": _rss_full,
    "atom": _atom,
    "rdf": _rdf,
    "sitemap": _sitemap,
    "json": _json,
    "telegram": _telegram,
}
_MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "rss_full": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "sitemap": "application/xml",
    "json": "application/feed+json",
    "telegram": "text/html",
}
