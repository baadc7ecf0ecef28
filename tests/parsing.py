"""What a document comes to: its entries, or the sentence that says why there are none."""

from __future__ import annotations

import time

from feeds.parse import Document, parse
from feeds.parse.document import MAX_ENTRIES
from storage.records import ParseError

NEWS = "https://example.org/news"
SECONDS = 10  # a quadratic reader would take minutes over the documents for which this is the limit


def outcome(body: bytes | str, kind: str = "feed", url: str = NEWS) -> Document | str:
    """Parse a document; an error gives its sentence."""
    try:
        return parse(body.encode() if isinstance(body, str) else body, url=url, kind=kind)
    except ParseError as error:
        return str(error)


def endures(text: str, kind: str = "feed", url: str = NEWS) -> bool:
    """Say whether megabytes of malice end within seconds in a bounded document or in a sentence."""
    before = time.process_time()
    found = outcome(text, kind, url)
    bounded = found.endswith(".") if isinstance(found, str) else len(found.entries) <= MAX_ENTRIES
    return bounded and time.process_time() - before < SECONDS
