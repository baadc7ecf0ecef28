"""The elements of clean feeds by what they mean to feedparser: tables for ``swift.py``.

A name is written with its namespace's usual prefix, and kept as a tree of the standard library has it.
"""

from __future__ import annotations

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/commentAPI/",
}


def full(name: str) -> str:
    """Return a name as the tree has it: ``dc:date`` is ``{http://purl.org/dc/elements/1.1/}date``."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def _names(words: str) -> frozenset[str]:
    return frozenset(map(full, words.split()))


# Elements that an entry is made of, with feedparser's names for them.
FIELDS = {
    full(name): key
    for name, key in {
        "title": "title",
        "pubDate": "published",
        "atom:published": "published",
        "atom:updated": "updated",
        "dc:date": "updated",
        "dc:language": "language",
        "dc:source": "dc_source",
        "feedburner:origLink": "feedburner_origlink",
    }.items()
}
ABOUT = {
    full(name): key
    for name, key in {
        "title": "title",
        "atom:title": "title",
        "language": "language",
        "ttl": "ttl",
        "sy:updatePeriod": "sy_updateperiod",
        "sy:updateFrequency": "sy_updatefrequency",
    }.items()
}
FULL_TEXTS = ("}full-text", "}fulltext", "}full_text")  # of whatever vendor
# Elements that change nothing that is read here, with those that may stand in them.
SILENT = {
    **dict.fromkeys(
        _names(
            "author category comments enclosure dc:creator dc:publisher dc:rights dc:subject media:credit media:thumbnail slash:comments "
            "slash:section wfw:comment wfw:commentRss atom:category atom:rights"
        ),
        frozenset[str](),
    ),
    **dict.fromkeys(_names("atom:author atom:contributor"), _names("atom:name atom:uri atom:email")),
    full("media:content"): _names("media:credit media:thumbnail"),
}
SILENT_ABOUT = {
    **SILENT,
    **dict.fromkeys(
        _names(
            "cloud copyright description docs generator lastBuildDate link managingEditor pubDate webMaster sy:updateBase dc:date "
            "atom:link atom:generator atom:icon atom:id atom:logo atom:subtitle atom:updated"
        ),
        frozenset[str](),
    ),
    "image": _names("url title link width height description"),
    "skipHours": _names("hour"),
    "skipDays": _names("day"),
}
LINK, TITLE, SUMMARY, CONTENT, ID = map(full, ("atom:link", "atom:title", "atom:summary", "atom:content", "atom:id"))
ENCODED, ENTRY, FEED = map(full, ("content:encoded", "atom:entry", "atom:feed"))
