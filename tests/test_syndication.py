"""Feeds that are long, broken or hostile; what ordinary ones give is in the sample documents."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse import parse
from feeds.parse.document import MAX_ENTRIES, Document
from storage.records import ParseError
from tests.parsing import endures

HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title>'
TAIL = "</channel></rss>"
URL = "https://example.org/feed"
MEGABYTES = 5_000_000


def read(text: str) -> Document:
    """Parse a feed."""
    return parse(text.encode(), url=URL, kind="feed")


def items(count: int, text: str = "Sample text. ") -> str:
    """Return items with numbers."""
    return "".join(f"<item><title>Sample {n}</title><guid>g{n}</guid><description>{text}</description></item>" for n in range(count))


def test_long_feeds_are_read_in_batches() -> None:
    """A feed of several megabytes gives all its entries, once each and in order."""
    document = read(HEAD + items(300, "слово &amp; " * 1000) + TAIL)
    assert [entry.guid for entry in document.entries] == [f"g{n}" for n in range(300)]
    assert document.title == "Sample"


def test_at_most_500_entries() -> None:
    """What is beyond the five-hundredth entry is left out."""
    assert len(read(HEAD + items(MAX_ENTRIES + 50) + TAIL).entries) == MAX_ENTRIES


def test_a_text_is_bounded() -> None:
    """An entry's text has at most 100,000 characters."""
    assert len(read(HEAD + items(1, "word " * 100_000) + TAIL).entries[0].text) <= 100_000


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_wherever_a_document_is_cut(cut: int) -> None:
    """The entries that are complete survive, the one that isn't is left out."""
    whole = HEAD + items(3) + TAIL
    text = whole[: len(HEAD) + cut]
    complete = text.count("</item>")
    if complete:
        assert [entry.guid for entry in read(text).entries] == ["g0", "g1", "g2"][:complete]
    else:
        with pytest.raises(ParseError):
            read(text)


HOSTILE = {
    "nesting": HEAD + "<a>" * (MEGABYTES // 3),
    "nesting in an item": HEAD + "<item><description>" + "<b>" * (MEGABYTES // 3),
    "items that never end": HEAD + "<item>" * (MEGABYTES // 6),
    "empty items": HEAD + "<item></item>" * (MEGABYTES // 13) + TAIL,
    "one line": "x" * MEGABYTES,
    "less-than signs": HEAD + "<" * MEGABYTES,
    "ampersands": HEAD + items(1, "&" * MEGABYTES) + TAIL,
    "CDATA": HEAD + "<![CDATA[" * (MEGABYTES // 9),
    "attributes": HEAD + "<item " + " ".join(f'a{n}=""' for n in range(MEGABYTES // 12)) + "></item>" + TAIL,
    "prefixes": HEAD + items(1, "".join(f"<p{n}:x/>" for n in range(100_000))) + TAIL,
    "broken items": HEAD + items(100, "слово <br> & " * 3000) + TAIL,
    "titles": HEAD + "<title>" * (MEGABYTES // 7),
    "document types": "<!DOCTYPE " * (MEGABYTES // 10),
    "a bomb": '<!DOCTYPE rss [<!ENTITY a "x">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 1000}">' for n in range(500))
    + "]>"
    + HEAD
    + items(1, "&a1;")
    + TAIL,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents(text: str) -> None:
    """Megabytes of malice end in entries or in words, within seconds."""
    assert endures(text)


PIECES = [
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "/a",
    "</link>",
    "<![CDATA[",
    "]]>",
    "<p>",
    "&",
    "&amp;",
    "<x:y",
    ">",
    "слово ",
    "<entry/>",
    "<!--",
    "-->",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_rubbish_in_a_feed(rubbish: str) -> None:
    """A sound entry survives whatever follows it."""
    document = read(f"{HEAD}{items(1)}{rubbish}{TAIL}")
    assert document.entries[0].title == "Sample 0"
