"""A broken or endless feed, cut into its items, and put together again from those that are sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feeds.parse.document import MAX_ENTRIES
from feeds.parse.markup import Outline, with_namespaces

_ITEM = re.compile(r"<(/?)(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_MAX_HEAD_CHARS = 64 * 1024  # what is read of a feed's description of itself
_MAX_BROKEN_CHARS = 200_000  # of one broken item: the parser that forgives is slow
_LEAST_SHELL = '<rss version="2.0">'


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a document was cut into.

    ``sound``: one document of the well-formed items; ``broken``: a document for each of the others; ``skipped``: reasons for the rest.
    """

    sound: str
    broken: tuple[str, ...]
    skipped: tuple[str, ...]


def count_items(document: str) -> int:
    """Count the start tags of items and entries."""
    return sum(not tag[1] for tag in _ITEM.finditer(document))


def cut(document: str) -> Pieces:
    """Cut a document, which begins with its root element, into its first 500 items. Raises TooComplexError."""
    first = next((tag.start() for tag in _ITEM.finditer(document) if not tag[1]), len(document))
    shell = _shell(document[: min(first, _MAX_HEAD_CHARS)])
    sound: list[str] = []
    broken: list[str] = []
    skipped: list[str] = []
    for item, complete in _items(document):
        outline = Outline(item)
        if outline.well_formed:
            sound.append(item)
        elif not complete:
            skipped.append("The document stops inside an entry.")
        elif len(item) > _MAX_BROKEN_CHARS:
            skipped.append(f"An entry of {len(item):,} characters isn't well-formed.")
        else:
            broken.append(_filled(shell, item))
    return Pieces(_filled(shell, "".join(sound)), tuple(broken), tuple(skipped))


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


def _shell(head: str) -> str:
    """Return as much of what comes before the first item as is sound: all, the root's start tag, or a root of our own."""
    for candidate in (head, head[: head.find(">") + 1], _LEAST_SHELL):
        if Outline(candidate, whole=False).well_formed:
            return candidate
    return _LEAST_SHELL


def _filled(shell: str, items: str) -> str:
    """Put items into the shell, declare the prefixes that they use, and close what is open."""
    outline = Outline(shell + items, whole=False)
    return with_namespaces(shell, outline.undeclared) + items + Outline(shell, whole=False).closing
