"""A broken or long feed, cut into its items, and put together again in documents that can be parsed one after the other.

Sound items go in batches, so that a long feed costs no more memory than a short one; each item that stays broken goes alone, so that it
spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.parse.document import MAX_ENTRIES
from feeds.parse.markup import Outline, escaped, with_namespaces
from storage.records import Sentence, sentence

_ITEM = re.compile(r"<(/?)(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
BATCH_CHARS = 250_000  # of what is parsed in one go; a long feed takes no more memory than this
_MAX_ITEM_CHARS = 1_000_000
_MAX_HEAD_CHARS = 64 * 1024  # what is read of a feed's description of itself
_MAX_BROKEN_CHARS = 200_000  # of one broken item
_MAX_ALL_BROKEN_CHARS = 1_000_000  # the parser that forgives takes about 3 s for these
_HTML_FIELDS = ("title", "description", "summary", "content", "content:encoded")
_HOLDERS = {"rss", "channel", "feed", "rdf"}  # the elements in which items stand
_LEAST_SHELL = '<rss version="2.0">'


def is_short(document: str) -> bool:
    """Say whether a document can be parsed as a whole: it has items, no more than 500, and isn't long."""
    return len(document) <= BATCH_CHARS and 0 < sum(not tag[1] for tag in _ITEM.finditer(document)) <= MAX_ENTRIES


class Pieces:
    """Iterates over documents, escaped, that together hold the first 500 items of one that begins with its root element and isn't.

    The first may have no item: it says what the feed is. ``skipped`` grows with the reasons for items that are left out.
    """

    def __init__(self, document: str) -> None:
        self.skipped: list[Sentence] = []
        self._document = document
        self._broken: list[str] = []
        self._broken_chars = 0

    def __iter__(self) -> Iterator[str]:
        first = next((tag.start() for tag in _ITEM.finditer(self._document) if not tag[1]), len(self._document))
        shell = _shell(escaped(self._document[: min(first, _MAX_HEAD_CHARS)]))
        batch: list[str] = []
        size = 0
        for raw, complete in _items(self._document):
            if len(raw) > _MAX_ITEM_CHARS:
                self.skipped.append(sentence("An entry of {length} characters is too long.", length=f"{len(raw):,}"))
                continue
            item = escaped(raw)
            sound = _sound(item, complete=complete)
            if sound is None:
                self._set_aside(item, complete=complete)
                continue
            batch.append(sound)
            size += len(sound)
            if size > BATCH_CHARS:
                yield _filled(shell, "".join(batch))
                batch, size = [], 0
        yield _filled(shell, "".join(batch))
        for item in self._broken:
            yield _filled(shell, item)

    def _set_aside(self, item: str, *, complete: bool) -> None:
        """Keep a broken item for later, if it is worth it."""
        if not complete:
            self.skipped.append(sentence("The document stops inside an entry."))
        elif len(item) > _MAX_BROKEN_CHARS or self._broken_chars > _MAX_ALL_BROKEN_CHARS:
            self.skipped.append(sentence("An entry of {length} characters isn't well-formed.", length=f"{len(item):,}"))
        else:
            self._broken.append(item)
            self._broken_chars += len(item)


def _items(document: str) -> Iterator[tuple[str, bool]]:
    """Yield the text of each item, and whether anything shows where it ends."""
    start: int | None = None
    count = 0
    for tag in _ITEM.finditer(document):
        if count >= MAX_ENTRIES:
            return
        if start is not None:
            yield document[start : tag.end() if tag[1] else tag.start()], True
            count += 1
        start = None if tag[1] else tag.start()
    if start is not None:
        yield document[start:], False


def _sound(item: str, *, complete: bool) -> str | None:
    """Return an item as well-formed XML, or None where it can't be had.

    Mostly what is broken is HTML that stands unescaped in a field: there it is wrapped up whole.
    """
    if Outline(item).well_formed:
        return item
    if not complete:
        return None
    for field in _HTML_FIELDS:
        begin = re.search(rf"<{field}(?:\s[^<>]*)?(?<!/)>(?!\s*<!\[CDATA\[)", item)
        end = item.rfind(f"</{field}")
        if begin and begin.end() < end:
            inner = item[begin.end() : end].replace("]]>", "]]&gt;")
            item = f"{item[: begin.end()]}<![CDATA[{inner}]]>{item[end:]}"
    return item if Outline(item).well_formed else None


def _shell(head: str) -> str:
    """Return as much of what comes before the first item as is sound: all, the root's start tag, or a root of our own."""
    for candidate in (head, head[: head.find(">") + 1]):
        outline = Outline(candidate, whole=False)
        if outline.well_formed and all(name.rpartition(":")[2].lower() in _HOLDERS for name in outline.open):
            return candidate
    return _LEAST_SHELL


def _filled(shell: str, items: str) -> str:
    """Put items into the shell, declare the prefixes that they use, and close what is open."""
    undeclared = Outline(shell + items, whole=False).undeclared
    return with_namespaces(shell, undeclared) + items + Outline(shell, whole=False).closing
