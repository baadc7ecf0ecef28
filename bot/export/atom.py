"""Articles as an Atom feed (RFC 4287), written piece by piece by the standard library's XML generator. Pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from bot.render import shorten
from storage.exporting import Exported

_NAMESPACE = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without any article
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_TITLE = 160


def atom(articles: Iterable[Exported], *, title: str, key: str, updated: datetime | None, link: str = "") -> Iterator[str]:
    """A feed called ``title``, piece by piece. ``key``: what tells it from other feeds, for good; ``link``: where it is served."""
    piece = _Piece()
    piece.writer.startDocument()
    piece.begin("feed", {"xmlns": _NAMESPACE})
    piece.element("id", _identity(f"homefront feed {key}"))
    piece.element("title", title)
    piece.element("updated", (updated or _EPOCH).isoformat())
    piece.element("generator", "homefront")
    if link:
        piece.element("link", "", {"rel": "self", "href": link})
    for article in articles:
        yield piece.taken()
        _entry(piece, article)
    piece.writer.endElement("feed")
    yield piece.taken() + "\n"


def identity(article: Exported) -> str:
    """An article's identifier, the same in every feed and at every time."""
    return _identity(article.url or f"homefront article {article.article}")


def _identity(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"


class _Piece:
    """XML as it is written, taken away piece by piece."""

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self.writer = XMLGenerator(self._buffer, encoding="utf-8", short_empty_elements=True)

    def begin(self, name: str, attributes: Mapping[str, str] | None = None) -> None:
        """Write the start of an element; what XML can't hold is left out."""
        self.writer.startElement(name, AttributesImpl({key: _NOT_XML.sub("", value) for key, value in (attributes or {}).items()}))

    def element(self, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        """Write an element with nothing but text in it."""
        self.begin(name, attributes)
        if text:
            self.writer.characters(_NOT_XML.sub("", text))
        self.writer.endElement(name)

    def taken(self) -> str:
        """What was written since the last time."""
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text


def _entry(piece: _Piece, article: Exported) -> None:
    changed = max([article.first_seen_at, *(each.replaced_at for each in article.revisions)])
    piece.begin("entry")
    piece.element("id", identity(article))
    piece.element("title", article.title or shorten(article.text, _LONGEST_TITLE))
    piece.element("updated", changed.isoformat())
    if article.published_at:
        piece.element("published", article.published_at.isoformat())
    piece.begin("author")
    piece.element("name", article.source)
    piece.writer.endElement("author")
    if article.url:
        piece.element("link", "", {"rel": "alternate", "href": article.url, "hreflang": article.language})
    for topic in article.topics:
        piece.element("category", "", {"term": topic})
    if article.text:
        piece.element("content", article.text, {"type": "text", "xml:lang": article.language})
    piece.writer.endElement("entry")
