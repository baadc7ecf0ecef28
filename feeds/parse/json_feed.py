"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from feeds.clean import one_line, to_text
from feeds.parse.dates import read_date
from feeds.parse.document import MAX_ENTRIES, Document, address, collect, guid_of, language, outlet_of, without_repetition
from feeds.parse.mojibake import repaired
from storage.records import Entry, ParseError, Sentence, sentence

_ITEMS = '"items"'
_LONG = 500_000
_JSON = json.JSONDecoder()


def parse_json(text: str, url: str) -> Document:
    """Read a JSON Feed at ``url``. Raises ParseError where it isn't one."""
    feed, reasons = _load(text.lstrip("\ufeff"), url)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ParseError(sentence("This is JSON, but not a JSON Feed: it has no list of items."), url)
    title = one_line(_text(feed, "title"), 200)
    spoken = language(_text(feed, "language"))
    entries, skipped = collect((_entry(item, url, title, spoken) for item in items[:MAX_ENTRIES]), reasons, url)
    return Document(format="json", title=title, entries=entries, skipped=skipped)


def _load(text: str, url: str) -> tuple[Any, tuple[Sentence, ...]]:
    """Decode the document; one that breaks off keeps its complete items, and says so; of a long one only the first 500 are decoded."""
    try:
        items = _complete_items(text) if len(text) > _LONG else []
        return ({**_head(text), "items": items} if items else json.loads(text)), ()
    except RecursionError:
        raise ParseError(sentence("The document can't be read: it is nested too deeply."), url) from None
    except ValueError as error:
        items = _complete_items(text)
        if not items:
            raise ParseError(sentence("This is not valid JSON ({reason}).", reason=str(error)[:80]), url) from None
        return {**_head(text), "items": items}, (sentence("The document stops before its end, or is broken there."),)


def _head(text: str) -> dict[str, Any]:
    """Read what a feed says about itself before its items."""
    try:
        head = json.loads(f"{text[: text.find(_ITEMS)][:_LONG]}{_ITEMS}:[]}}")
    except (ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def _complete_items(text: str) -> list[Any]:
    """Read item after item from the list until the text breaks off."""
    items: list[Any] = []
    begin = text.find(_ITEMS)
    position = text.find("{", begin) if begin >= 0 else -1
    while position >= 0 and len(items) < MAX_ENTRIES:
        try:
            item, end = _JSON.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        items.append(item)
        position = text.find("{", end, end + 100)
    return items


def _entry(item: Any, url: str, feed_title: str, spoken: str | None) -> Entry | None:
    if not isinstance(item, dict):
        return None
    outlet = outlet_of(_outlet_name(item), feed_title)
    title = one_line(_text(item, "title"))
    bodies = (to_text(_text(item, key)) for key in ("content_html", "content_text", "summary"))
    text = without_repetition(title, max(bodies, key=len), outlet)
    if not title and not text:
        return None
    return Entry(
        guid=guid_of(item.get("id")),
        url=address(_text(item, "url") or _text(item, "external_url"), url),
        title=title,
        text=text,
        published=read_date(_text(item, "date_published") or _text(item, "date_modified")),
        language=language(_text(item, "language")) or spoken,
        outlet=outlet,
    )


def _outlet_name(item: dict[str, Any]) -> str | None:
    """Aggregators that write JSON Feed name the origin in an extension called source; the standard has no field for it."""
    source = item.get("_source") or item.get("source")
    return (_text(source, "title") or _text(source, "name")) if isinstance(source, dict) else None


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return repaired(value) if isinstance(value, str) else ""
