"""JSON Feeds that are long, broken or hostile; ordinary ones are among the sample documents."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from feeds.parse import Document
from feeds.parse.document import MAX_ENTRIES
from tests.parsing import endures, outcome

KEYS = ["items", "id", "title", "url", "content_html", "language", "date_published", "_source", "version"]
MEGABYTES = 5_000_000


def feed(count: int) -> str:
    """Return a JSON Feed of so many items, each of a thousand characters."""
    return json.dumps({"title": "Sample", "items": [{"id": n, "title": f"Sample {n}", "content_text": "x" * 900} for n in range(count)]})


@pytest.mark.parametrize("text", [feed(700), feed(700)[:-400]], ids=["whole", "cut"])
def test_long_feeds(text: str) -> None:
    """Of a long JSON Feed the first 500 items are decoded, whatever follows."""
    found = outcome(text)
    assert isinstance(found, Document)
    assert (found.title, len(found.entries), found.skipped) == ("Sample", MAX_ENTRIES, ())


@pytest.mark.parametrize(
    "text",
    [
        "[" * MEGABYTES,
        '{"items":[' + "{}," * (MEGABYTES // 3),
        '{"items":[{"id":1,"content_text":"' + "x" * MEGABYTES,
        '{"items":[{"id":' + "9" * 100_000 + "}]}",
        '{"items":[' + '{"a":' * 100_000,
    ],
    ids=["nesting", "items", "one text", "a number", "nested items"],
)
def test_hostile_documents(text: str) -> None:
    """Megabytes of malice end in entries or in words, within seconds."""
    assert endures(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(anything)
def test_any_json(value: object) -> None:
    """JSON of any shape is entries or a sentence."""
    assert outcome(json.dumps({"items": [value]}))
    assert outcome(json.dumps([value]))
