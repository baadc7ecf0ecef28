"""The fast way for clean RSS 0.9x to 2.0 and Atom 1.0: what feedparser would say of a document, in a small part of its time, or nothing.

One pass of expat, which feedparser uses too, builds a tree. Only what is known to mean to feedparser what it seems to mean is taken. At
anything else the document is left to feedparser, the authority: HTML among the elements, a field given twice, a language or a base of an
entry's own, a strange name. A test holds both to the same entries. fastfeedparser isn't used: it mends what it can't read instead of
declining, and leaves out sources, vendors' full texts and what a feed says about its rhythm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from feeds.parse import elements
from feeds.parse.document import MAX_ENTRIES
from feeds.parse.markup import has_endless_tag
from feeds.parse.pieces import BATCH_CHARS

_ROOT = re.compile(r"<(rss|feed)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>&]*\"|'[^'<>&]*'))*+)\s*>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# Where these are declared, feedparser takes the document for RDF.
_RDF = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}
_MOST_ATTRIBUTES = 100
_WINDOWS = re.compile(rb"\xc2[\x80-\x9f]")  # control characters that feedparser reads as Windows would
# References to these, and such as are too long to be taken for references.
_ODD_REFERENCE = re.compile(rb"&#(?:0*1[2-5]\d;|x0*[89][0-9a-fA-F];|\d{8}|x[0-9a-fA-F]{7})")
_LATIN = b"\xc2"  # begins, in UTF-8, characters without which no text looks wrongly decoded
_LAST_LATIN = "\xff"
_HTML_TYPES = {"text/html", "html", "application/xhtml+xml", "xhtml"}
_NONE, _TYPE, _URL, _IS_PERMALINK = frozenset[str](), frozenset({"type"}), frozenset({"url"}), frozenset({"isPermaLink"})
_LINK_ATTRIBUTES = frozenset({"href", "rel", "type", "hreflang", "title", "length"})

_Element = ET.Element
_Fields = dict[str, Any]
_Reader = Callable[[_Fields, _Element], None]


class _UnsureError(Exception):
    """Here feedparser has to decide."""


def read(document: str) -> dict[str, Any] | None:
    """Return what feedparser would of a document that begins with its root element, as far as it is used, or None where that isn't sure.

    The keys are feedparser's: ``version``, ``feed`` and ``entries`` (at least one, at most 500).
    """
    root = _ROOT.match(document)
    if root is None or len(document) > BATCH_CHARS or has_endless_tag(document) or document.find("xmlns", root.end()) >= 0:
        return None
    try:
        about = _declared(root[1], root[2])
        body = document.encode("utf-8")
        tree = ET.fromstring(body)  # noqa: S314 - behind its root element a document can declare no entities
        return None if _is_changed(body, tree) else (_rss if root[1] == "rss" else _atom)(tree, about)
    except (ET.ParseError, UnicodeEncodeError, _UnsureError):
        return None


def _declared(root: str, attributes: str) -> _Fields:
    """Read the attributes of the root element: namespaces under their usual prefixes, a version, and the language of an Atom feed."""
    about: _Fields = {}
    found = [(each[1], each[2] or each[3] or "") for each in _ATTRIBUTE.finditer(attributes)]
    for name, value in found:
        prefix = name.removeprefix("xmlns:")
        if name == "xml:lang" and root == "feed" and value:
            about["language"] = value
        elif name not in {"xmlns", "version"} and (
            prefix == name or elements.NAMESPACES.get(prefix, value) != value or value.lower() in _RDF
        ):
            raise _UnsureError
    if len(found) > _MOST_ATTRIBUTES:
        raise _UnsureError
    return about


def _rss(tree: _Element, about: _Fields) -> dict[str, Any]:
    channel = tree[0] if len(tree) == 1 else tree
    if tree.tag != "rss" or channel.tag != "channel" or channel.keys():
        raise _UnsureError
    entries = [_entry(child, _RSS) for child in channel if child.tag == "item"]
    return _feed("rss", about, [child for child in channel if child.tag != "item"], entries)


def _atom(tree: _Element, about: _Fields) -> dict[str, Any]:
    if tree.tag != elements.FEED:
        raise _UnsureError
    entries = [_entry(child, _ATOM) for child in tree if child.tag == elements.ENTRY]
    return _feed("atom10", about, [child for child in tree if child.tag != elements.ENTRY], entries)


def _feed(version: str, about: _Fields, told: list[_Element], entries: list[_Fields]) -> dict[str, Any]:
    """Put a feed together; ``told`` is what it says about itself."""
    if not 0 < len(entries) <= MAX_ENTRIES:
        raise _UnsureError
    for child in told:
        key = elements.ABOUT.get(child.tag)
        if key is None:
            _pass_over(child, elements.SILENT_ABOUT)
        elif key in about:
            raise _UnsureError
        else:
            about[key] = _typed(child) if child.tag == elements.TITLE else _text(child)
    return {"version": version, "feed": about, "entries": entries}


def _entry(entry: _Element, readers: Mapping[str, _Reader]) -> _Fields:
    """Read an entry into the fields that feedparser gives it."""
    if entry.keys():
        raise _UnsureError
    fields: _Fields = {}
    seen: set[str] = set()
    for child in entry:
        tag = child.tag
        if tag in elements.SILENT:
            _pass_over(child, elements.SILENT)
            continue
        if tag in seen and tag != elements.LINK:
            raise _UnsureError
        seen.add(tag)
        key = elements.FIELDS.get(tag)
        if key is None:
            _read_special(fields, child, readers)
        elif key in fields:
            raise _UnsureError
        else:
            fields[key] = _text(child)
    return fields


def _read_special(fields: _Fields, child: _Element, readers: Mapping[str, _Reader]) -> None:
    reader = readers.get(child.tag)
    if reader is not None:
        reader(fields, child)
    elif child.tag.endswith(elements.FULL_TEXTS):
        fields[child.tag] = _text(child)
    else:
        raise _UnsureError


def _pass_over(element: _Element, silent: Mapping[str, frozenset[str]]) -> None:
    """Make sure that an element says nothing that matters."""
    may_hold = silent.get(element.tag)
    if may_hold is None or len(element.keys()) > _MOST_ATTRIBUTES:
        raise _UnsureError
    for child in element:
        if child.tag not in may_hold or len(child) or len(child.keys()) > _MOST_ATTRIBUTES:
            raise _UnsureError


def _text(element: _Element, attributes: frozenset[str] = _NONE) -> str:
    """Return the text of an element that holds nothing else, and has no other attributes than ``attributes``."""
    if len(element) or not attributes.issuperset(element.keys()):
        raise _UnsureError
    return (element.text or "").strip()


def _is_changed(body: bytes, tree: _Element) -> bool:
    """Say whether feedparser takes a text for one that was decoded wrongly, and changes it."""
    if _WINDOWS.search(body) or _ODD_REFERENCE.search(body):
        return True
    return (_LATIN in body or b"&#" in body) and any(_looks_misread(element.text or "") for element in tree.iter())


def _looks_misread(text: str) -> bool:
    """Say whether a text would be UTF-8 if its characters were bytes."""
    text = text.strip()
    if text.isascii() or text[-1] > _LAST_LATIN:
        return False
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _typed(element: _Element) -> str:
    """Return an Atom text; whether it is HTML is found out later."""
    if element.get("type", "text") not in {"text", "html"}:
        raise _UnsureError
    return _text(element, _TYPE)


def _address(text: str) -> str:
    """Return an address that feedparser leaves as it is."""
    if ":///" in text or ("&" in text and ";" in text):
        raise _UnsureError
    return text


def _read_link(fields: _Fields, element: _Element) -> None:
    fields["link"] = _address(_text(element))


def _read_guid(fields: _Fields, element: _Element) -> None:
    """Read a guid, which stands in for a link that is missing or comes later, unless it says that it is none."""
    fields["id"] = _text(element, _IS_PERMALINK)
    if element.get("isPermaLink", "true") == "true":
        fields.setdefault("link", _address(fields["id"]))


def _read_summary(fields: _Fields, element: _Element) -> None:
    fields["summary"] = _typed(element) if element.tag == elements.SUMMARY else _text(element)


def _read_content(fields: _Fields, element: _Element) -> None:
    """Read a whole text, which stands in for a summary that is missing or comes later."""
    value = _typed(element) if element.tag == elements.CONTENT else _text(element)
    fields["content"] = [{"value": value}]
    fields.setdefault("summary", value)


def _read_source(fields: _Fields, element: _Element) -> None:
    fields["source"] = {"title": _text(element, _URL)}


def _read_atom_title(fields: _Fields, element: _Element) -> None:
    fields["title"] = _typed(element)


def _read_atom_link(fields: _Fields, element: _Element) -> None:
    """Read a link, of which the last to an HTML page counts."""
    href = element.get("href")
    if not href or len(element) or not _LINK_ATTRIBUTES.issuperset(element.keys()):
        raise _UnsureError
    if element.get("rel", "alternate").lower() == "alternate" and element.get("type", "html").lower() in _HTML_TYPES:
        fields["link"] = _address(href)


_RSS: Mapping[str, _Reader] = {
    "link": _read_link,
    "guid": _read_guid,
    "description": _read_summary,
    elements.ENCODED: _read_content,
    "source": _read_source,
}
_ATOM: Mapping[str, _Reader] = {
    elements.LINK: _read_atom_link,
    elements.ID: _read_guid,
    elements.SUMMARY: _read_summary,
    elements.CONTENT: _read_content,
    elements.TITLE: _read_atom_title,
}
