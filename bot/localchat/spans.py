"""Marked stretches of a text, and how Telegram merges, splits and sorts them (pure).

Positions are counted in characters (code points) here; `entities` converts to and from the UTF-16 units of the Bot API.
The rules are those of tdlib/td, MessageEntity.cpp: bold and its like may overlap anything and are cut at the borders of
links and quotes; links and detected things can't hold each other; code holds nothing and is only ever held by a quote.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
CODE = ("pre", "code")

# Of two entities over the same text the lower number comes first.
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 1,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_DETECTED_PRIORITY = 50


@dataclass(frozen=True)
class Span:
    """Characters start to end (exclusive) of a text, of one kind; `extra` holds url, language and the like."""

    kind: str
    start: int
    end: int
    extra: dict[str, Any] = field(default_factory=dict, compare=False)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Sort as Telegram does: by start, longer first, then by kind."""
    return sorted(spans, key=lambda span: (span.start, -span.end, _PRIORITY.get(span.kind, _DETECTED_PRIORITY)))


def clip(spans: Iterable[Span], text: str, start: int, end: int) -> list[Span]:
    """Move spans into text[start:end]; those that are empty or blank there disappear."""
    moved = []
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last and text[first:last].strip():
            moved.append(Span(span.kind, first - start, last - start, span.extra))
    return moved


def arrange(given: Iterable[Span], detected: Iterable[Span] = ()) -> list[Span]:
    """Return the spans that Telegram would keep, cut where needed, in its order.

    `given` came with the message, `detected` (links, mentions, commands) were found in its text and give way.
    """
    ordered = in_order(given)
    quotes = _apart([span for span in ordered if span.kind in QUOTES])
    code = _apart([span for span in ordered if span.kind in CODE])
    whole = [span for span in ordered if span.kind not in (*SPLITTABLE, *QUOTES, *CODE)]
    whole = _apart([span for span in whole if not _meets(span, code) and not _crosses(span, quotes)])
    code = [span for span in code if not _crosses(span, quotes)]
    solid = whole + code
    solid += [span for span in in_order(detected) if not _meets(span, solid) and not _crosses(span, quotes)]
    splittable = [span for span in ordered if span.kind in SPLITTABLE]
    return in_order(quotes + solid + _cut(splittable, in_order(quotes + solid)))


def _apart(spans: list[Span]) -> list[Span]:
    """Keep the first of any spans that meet."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _meets(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _crosses(span: Span, quotes: list[Span]) -> bool:
    return any(_meets(span, [quote]) and not (quote.start <= span.start and span.end <= quote.end) for quote in quotes)


def _cut(spans: list[Span], solid: list[Span]) -> list[Span]:
    """Merge spans of one kind that touch, then cut all at every border, and leave out what lies in code."""
    merged = [run for kind in SPLITTABLE for run in _merged([span for span in spans if span.kind == kind])]
    code = [span for span in solid if span.kind in CODE]
    # A span is cut at the borders of links and quotes and wherever another span of its like starts inside it.
    borders = sorted({edge for span in solid for edge in (span.start, span.end)} | {span.start for span in merged})
    pieces = [piece for span in merged for piece in _pieces(span, borders)]
    return [piece for piece in pieces if not _meets(piece, code)]


def _merged(spans: list[Span]) -> list[Span]:
    runs: list[Span] = []
    for span in spans:
        if runs and span.start <= runs[-1].end:
            runs[-1] = Span(span.kind, runs[-1].start, max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return runs


def _pieces(span: Span, borders: list[int]) -> list[Span]:
    edges = [span.start, *(edge for edge in borders if span.start < edge < span.end), span.end]
    return [Span(span.kind, first, last) for first, last in pairwise(edges)]
