"""XML made safe to parse, and cut into its items where it is broken.

The prolog and the document type go, so that no entity can be declared: entity bombs and external entities have nothing to refer to.
Stray ampersands, HTML's named characters and characters that XML forbids are put right. Not here: what the elements mean.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat

MAX_DEPTH = 100
_MAX_ATTRIBUTES = 200
_MAX_PREFIXES = 200

ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(rss|feed|rdf|channel|urlset|sitemapindex|opml)(?=[\s>/])", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|(\w{2,31};))?", re.DOTALL)
_PAIR = re.compile(r"&#(?:(5[56]\d{3})|[xX]([dD][89aAbB][0-9a-fA-F]{2}));&#(?:(5[67]\d{3})|[xX]([dD][c-fC-F][0-9a-fA-F]{2}));")
_LONGEST_TAG = 65_536  # characters
_ENDLESS_TAG = re.compile(rf"<[A-Za-z_][^<>]{{{_LONGEST_TAG}}}")
_XML_ENTITIES = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_SURROGATES = range(0xD800, 0xE000)
_LAST_CHARACTER = 0x10FFFF
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "yandex": "http://news.yandex.ru",
}


class _TooComplexError(Exception):
    """Elements are nested deeper, or have more attributes or prefixes, than in any feed: parsers pay for it in time and memory."""


class Outline:
    """One pass over a piece of XML that builds nothing: whether it is well-formed, what stays open, which prefixes are used.

    ``whole`` is false for a piece that may stop before its elements are closed; ``open`` then names them. What is nested too deeply
    counts as broken: mostly these are elements that nobody closed.
    """

    def __init__(self, text: str, *, whole: bool = True) -> None:
        self.open: list[str] = []
        self.well_formed = True
        self._used: set[str] = set()
        self._declared = {"xml", "xmlns"}
        if has_endless_tag(text):
            self.well_formed = False
            return
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(text.encode("utf-8"), whole)
        except (expat.ExpatError, _TooComplexError):
            self.well_formed = False

    @property
    def undeclared(self) -> set[str]:
        """The prefixes that are used and never declared."""
        return self._used - self._declared

    @property
    def closing(self) -> str:
        """The tags that close what is still open."""
        return "".join(f"</{name}>" for name in reversed(self.open))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.open.append(name)
        if len(self.open) > MAX_DEPTH or len(attributes) > _MAX_ATTRIBUTES or len(self._used) > _MAX_PREFIXES:
            raise _TooComplexError
        if ":" in name:
            self._used.add(name.partition(":")[0])
        for attribute in attributes:
            if ":" in attribute:
                prefix, _, rest = attribute.partition(":")
                self._used.add(prefix)
                self._declared.add(rest if prefix == "xmlns" else "xml")

    def _end(self, _: str) -> None:
        self.open.pop()


def has_endless_tag(text: str) -> bool:
    """Say whether a tag is longer than any that is meant: expat would build its hundreds of thousands of attributes first."""
    return len(text) > _LONGEST_TAG and _ENDLESS_TAG.search(text) is not None


def from_root(text: str) -> str:
    """Return ``text`` from its root element on, still to be ``escaped``; "" where no root of a known format is found."""
    root = ROOT.search(text)
    return text[root.start() :] if root else ""


def escaped(text: str) -> str:
    """Return ``text`` without characters and references that make an XML parser stop."""
    if _FORBIDDEN.search(text):  # asked first: each replacement copies the document
        text = _FORBIDDEN.sub("", text)
    if _PAIR.search(text):
        text = _PAIR.sub(_pair, text)
    return _AMPERSAND.sub(_reference, text)


def with_namespaces(text: str, prefixes: set[str]) -> str:
    """Declare ``prefixes`` on the root element, with which ``text`` begins."""
    root = ROOT.match(text)
    if root is None or not prefixes:
        return text
    declared = "".join(f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in sorted(prefixes))
    return f"{text[: root.end()]}{declared}{text[root.end() :]}"


def _reference(found: re.Match[str]) -> str:
    """Keep what XML knows, resolve what HTML knows, and make plain text of the rest."""
    number, name = found[1], found[2]
    if found[0] != "&" and number is None and name is None:
        return found[0]  # a CDATA section, in which an ampersand is one
    if number is not None:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        forbidden = code in _SURROGATES or code > _LAST_CHARACTER or _FORBIDDEN.match(chr(code))
        return "" if forbidden else found[0]
    if name in _XML_ENTITIES:
        return found[0]
    return html5.get(name, f"&amp;{name}") if name else "&amp;"


def _pair(found: re.Match[str]) -> str:
    """Join the two halves of a character outside the basic plane (an emoji), written as two references by careless programs."""
    high = int(found[1]) if found[1] else int(found[2], 16)
    low = int(found[3]) if found[3] else int(found[4], 16)
    valid = high in range(0xD800, 0xDC00) and low in range(0xDC00, 0xE000)
    return f"&#{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00};" if valid else ""
