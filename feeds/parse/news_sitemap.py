"""News sitemaps and their indexes (www.sitemaps.org/protocol.html, www.google.com/schemas/sitemap-news/0.9).

Read by local names, because the namespaces are often wrong or missing; element by element, so that what is complete survives a cut.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from feeds.clean import one_line
from feeds.parse.dates import read_date
from feeds.parse.document import MAX_ENTRIES, MAX_LINKS, Document, address, collect, language
from feeds.parse.markup import MAX_DEPTH, escaped
from storage.records import Entry, sentence

_BEGIN = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:urlset|sitemapindex|url|sitemap)(?=[\s>/])", re.IGNORECASE)
_RECORDS = {"url", "sitemap"}
_FIELDS = {"loc", "lastmod", "title", "name", "language", "publication_date"}
_OTHER_EXTENSIONS = {"image", "video", "mobile", "pagemap"}  # their titles and addresses aren't the article's
_MAX_FIELD_CHARS = 5000
_MAX_RECORDS = 20_000
_FEWEST_WORDS = 3  # of an address that are taken for a title
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _TooDeepError(Exception):
    """Elements are nested deeper than in any sitemap."""


class _Reader:
    """Collects the fields of each complete ``url`` and ``sitemap`` element."""

    def __init__(self) -> None:
        self.urls: list[dict[str, str]] = []
        self.sitemaps: list[dict[str, str]] = []
        self._open: list[str] = []
        self._fields: dict[str, str] = {}
        self._text: list[str] = []

    def read(self, text: str) -> bool:
        """Read ``text`` as far as it is sound; say whether that was to its end."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(f"<documents>{text}</documents>".encode(), True)  # noqa: FBT003 - the last piece; positional only
        except (expat.ExpatError, _TooDeepError):
            return False
        return True

    def _start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        self._open.append(local)
        self._text = []
        if len(self._open) > MAX_DEPTH:
            raise _TooDeepError
        if local in _RECORDS:
            self._fields = {}

    def _characters(self, text: str) -> None:
        if self._open[-1] in _FIELDS:
            self._text.append(text)

    def _end(self, _: str) -> None:
        local = self._open.pop()
        if local in _RECORDS:
            found = self.urls if local == "url" else self.sitemaps
            if len(found) < _MAX_RECORDS:
                found.append(self._fields)
        elif local in _FIELDS and not _OTHER_EXTENSIONS.intersection(self._open):
            self._fields.setdefault(local, "".join(self._text).strip()[:_MAX_FIELD_CHARS])


def parse_sitemap(text: str, url: str) -> Document:
    """Read a sitemap or an index of sitemaps at ``url``. Raises ParseError where nothing in it can be read."""
    begin = _BEGIN.search(text)
    reader = _Reader()
    complete = reader.read(escaped(text[begin.start() :])) if begin else False
    reasons = () if complete else (sentence("The document stops before its end, or is broken there."),)
    listed = reader.sitemaps
    if all(map(_date, listed)):
        listed = sorted(listed, key=lambda each: _date(each) or _LONG_AGO, reverse=True)
    links = tuple(link for each in listed[:MAX_LINKS] if (link := address(each.get("loc"), url)))
    if links and not reader.urls:
        return Document(format="sitemap_index", skipped=reasons, links=links)
    entries, skipped = collect((_entry(each, url) for each in _newest(reader.urls)), reasons, url)
    title = next((one_line(each["name"], 200) for each in reader.urls if each.get("name")), "")
    return Document(format="news_sitemap", title=title, entries=entries, skipped=skipped, links=links)


def _newest(urls: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return at most 500 records; where there are more, the latest, since sitemaps have no order."""
    if len(urls) <= MAX_ENTRIES:
        return urls
    return sorted(urls, key=lambda each: _date(each) or _LONG_AGO, reverse=True)[:MAX_ENTRIES]


def _entry(fields: dict[str, str], url: str) -> Entry | None:
    """Make an entry of one record; None where it has no address, or neither a title nor an address that spells one out."""
    link = address(fields.get("loc"), url)
    title = one_line(fields.get("title", "")) or _spelt_out(link or "")
    if not link or not title:
        return None
    outlet = one_line(fields.get("name", ""), 200) if _site(link) != _site(url) else None
    return Entry(
        guid=None,
        url=link,
        title=title,
        text="",
        published=_date(fields),
        language=language(fields.get("language")),
        outlet=outlet or None,
    )


def _date(fields: dict[str, str]) -> datetime | None:
    """Return the date of publication: lastmod may be that of any small change."""
    return read_date(fields.get("publication_date")) or read_date(fields.get("lastmod"))


def _spelt_out(link: str) -> str:
    """Return the words of an address such as /world/soldiers-wives-appeal-2026-11-22/: a plain sitemap has no other title."""
    parts = [part for part in unquote(urlsplit(link).path).split("/") if part]
    words = [word for word in re.split(r"[-_]+", parts[-1].partition(".")[0]) if word] if parts else []
    while words and words[-1].isdigit():
        words.pop()
    return one_line(" ".join(words), 200) if len(words) >= _FEWEST_WORDS else ""


def _site(url: str) -> str:
    """Return the last two labels of the host: enough to tell another outlet from another host of the same."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
