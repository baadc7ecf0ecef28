"""Source lists as OPML 1 and 2, the form in which feed readers exchange them (opml.org/spec2.opml).

What OPML has no attribute for (kind, standing, own interval …) is written in a namespace of our own, so that a list survives both ways.
Not here: probing the addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from feeds.addresses import read_address, redact
from feeds.catalog import KINDS, LANGUAGES, SHORTEST_INTERVAL, STANDINGS
from feeds.clean import one_line
from feeds.parse.encoding import decode
from feeds.parse.markup import MAX_DEPTH, escaped, from_root
from storage.records import SettingsError, Source

MAX_BYTES = 8 * 1024 * 1024
MAX_OUTLINES = 20_000

_NAMESPACE = "urn:homefront:sources"
_PREVIEW = "https://t.me/s/"
_FEED_SCHEME = re.compile(r"^feed:(?://)?(https?:(?=//))?", re.IGNORECASE)
_INTERVAL_DIGITS = 8


class _Reader:
    """Collects the attributes of each outline that has an address, with the titles of the folders it lies in."""

    def __init__(self) -> None:
        self.outlines: list[tuple[tuple[str, ...], dict[str, str]]] = []
        self._folders: list[str] = []
        self._depth = 0

    def read(self, text: str) -> None:
        """Read a whole document. Raises expat.ExpatError, and SettingsError for nesting without end."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003 - the last piece; positional only

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SettingsError("The OPML file can't be read: its outlines are nested too deeply.")
        if name.lower() != "outline":
            return
        found = {key.lower(): value for key, value in attributes.items()}
        if found.get("xmlurl") and len(self.outlines) < MAX_OUTLINES:
            self.outlines.append((tuple(self._folders), found))
        self._folders.append(one_line(found.get("text") or found.get("title") or "", 200))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name.lower() == "outline":
            self._folders.pop()


def read_opml(body: bytes) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources of an OPML document in its order, and a sentence for each outline that couldn't be taken.

    ``text`` becomes the name; one that is used twice gets a number. Raises SettingsError where this is no OPML.
    """
    if len(body) > MAX_BYTES:
        raise SettingsError(f"The OPML file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    document = escaped(from_root(decode(body, None)))
    if not document[:6].lower().startswith("<opml"):
        raise SettingsError("This file isn't OPML.")
    reader = _Reader()
    try:
        reader.read(document)
    except expat.ExpatError as error:
        raise SettingsError(f"This file isn't OPML that can be read (line {error.lineno}).") from None
    return _sources(reader.outlines)


def write_opml(sources: Iterable[Source], title: str = "homefront sources") -> str:
    """Return the sources as an OPML 2 document, a folder for each standing."""
    folders: dict[str, list[Source]] = {}
    for source in sources:
        folders.setdefault(source.standing, []).append(source)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:homefront="{_NAMESPACE}">',
        f"<head><title>{escape(_sound(title))}</title></head>",
        "<body>",
    ]
    for standing, listed in folders.items():
        lines.append(f"<outline {_attributes({'text': standing})}>")
        lines.extend(f"  <outline {_attributes(_outline(source))}/>" for source in listed)
        lines.append("</outline>")
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _sources(outlines: list[tuple[tuple[str, ...], dict[str, str]]]) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    sources: list[Source] = []
    skipped: list[str] = []
    names: Counter[str] = Counter()
    urls: set[str] = set()
    for folders, outline in outlines:
        try:
            source = _source(folders, outline)
        except ValueError as error:
            skipped.append(f"{redact(outline['xmlurl'])[:200]}: {error}")
            continue
        if source.url in urls:
            skipped.append(f"{redact(source.url)}: it is listed twice.")
            continue
        urls.add(source.url)
        names[source.name] += 1
        sources.append(source if names[source.name] == 1 else replace(source, name=f"{source.name} ({names[source.name]})"))
    return tuple(sources), tuple(skipped)


def _source(folders: tuple[str, ...], outline: dict[str, str]) -> Source:
    """Make a source of one outline. Raises ValueError where its address can't be used."""
    url = _FEED_SCHEME.sub(lambda found: found[1] or "https://", outline["xmlurl"].strip())
    parsed = read_address(url)
    name = one_line(outline.get("text") or outline.get("title") or "", 200) or parsed.host or url
    interval = outline.get("homefront:interval", "")
    return Source(
        name=name,
        url=url,
        kind=_choice(outline.get("homefront:kind"), KINDS) or ("telegram" if url.startswith(_PREVIEW) else "feed"),
        publisher=one_line(outline.get("homefront:publisher", ""), 200) or name,
        standing=_choice(outline.get("homefront:standing"), STANDINGS) or "independent",
        language=_choice(outline.get("homefront:language") or outline.get("language"), LANGUAGES),
        interval=max(int(interval), SHORTEST_INTERVAL) if interval.isdecimal() and len(interval) <= _INTERVAL_DIGITS else None,
        enabled=outline.get("homefront:enabled") != "false",
        note=outline.get("homefront:note", "") if "homefront:kind" in outline else _note(folders, outline),
    )


def _note(folders: tuple[str, ...], outline: dict[str, str]) -> str:
    """Keep what another program's list says about a source: its description, or the folders it lay in."""
    return one_line(outline.get("description", ""), 500) or " / ".join(filter(None, folders))


def _outline(source: Source) -> dict[str, str]:
    wanted = {
        "type": "rss",
        "text": source.name,
        "title": source.name,
        "xmlUrl": source.url,
        "homefront:kind": source.kind,
        "homefront:publisher": source.publisher,
        "homefront:standing": source.standing,
        "homefront:language": source.language or "",
        "homefront:interval": str(source.interval or ""),
        "homefront:enabled": "" if source.enabled else "false",
        "homefront:note": source.note,
    }
    return {key: value for key, value in wanted.items() if value}


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{key}={quoteattr(_sound(value))}" for key, value in values.items())


def _sound(text: str) -> str:
    """Drop what XML can't hold even as a reference."""
    return "".join(character for character in text if character >= " " or character in "\t\n")


def _choice(value: str | None, choices: tuple[str, ...]) -> str | None:
    return value if value in choices else None
