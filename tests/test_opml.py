"""Source lists as OPML, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.catalog import KINDS, LANGUAGES, STANDINGS, load
from feeds.opml import read_opml, write_opml
from storage.records import SettingsError, Source

NESTED = b"""<?xml version="1.0"?>
<opml version="1.1"><head><title>Sample</title></head><body>
<outline text="News"><outline title="Russia">
  <outline text="One &amp; two" xmlUrl="https://one.example.org/feed" htmlUrl="https://one.example.org" type="rss" language="ru"/>
  <outline TEXT="Same name" xmlURL="feed://two.example.org/feed"/>
</outline><outline text="Same name" xmlUrl="feed:https://three.example.org/feed" description="Sample note"/></outline>
<outline xmlUrl="https://t.me/s/samplechannel"/>
<outline text="again" xmlUrl="https://one.example.org/feed"/>
<outline text="bad" xmlUrl="ftp://example.org/feed"/>
<outline text="a link" url="https://example.org/"/>
</body></opml>"""


def test_the_shipped_list_survives_both_ways() -> None:
    """What is written is read again without a loss, standings together."""
    sources, skipped = read_opml(write_opml(load()).encode())
    assert skipped == ()
    assert sorted(sources, key=lambda source: source.name) == sorted(load(), key=lambda source: source.name)


def test_nested_folders_and_odd_outlines() -> None:
    """OPML 1 as other programs write it: folders, feed: addresses, a name used twice, what can't be taken."""
    sources, skipped = read_opml(NESTED)
    assert [(source.name, source.url, source.kind, source.note) for source in sources] == [
        ("One & two", "https://one.example.org/feed", "feed", "News / Russia"),
        ("Same name", "https://two.example.org/feed", "feed", "News / Russia"),
        ("Same name (2)", "https://three.example.org/feed", "feed", "Sample note"),
        ("t.me", "https://t.me/s/samplechannel", "telegram", ""),
    ]
    assert [source.language for source in sources] == ["ru", None, None, None]
    assert skipped == (
        "https://one.example.org/feed: it is listed twice.",
        "ftp://example.org/feed: The address must begin with https:// or http://.",
    )


words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"], exclude_characters="\ufffe\uffff<>&"), min_size=1, max_size=30
)
sources_ = st.builds(
    Source,
    name=words,
    url=st.integers(0, 10**6).map("https://example.org/feed?a=1&b={}".format),
    kind=st.sampled_from(KINDS),
    publisher=words,
    standing=st.sampled_from(STANDINGS),
    language=st.sampled_from([None, *LANGUAGES]),
    interval=st.none() | st.integers(600, 86_400),
    enabled=st.booleans(),
    note=words,
)


@given(st.lists(sources_, max_size=5, unique_by=(lambda source: source.name, lambda source: source.url)))
def test_any_list_survives_both_ways(sources: list[Source]) -> None:
    """Names, notes and settings of every kind."""
    assert sorted(read_opml(write_opml(sources).encode())[0], key=repr) == sorted(sources, key=repr)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html></html>", "This file isn't OPML."),
        (b"", "This file isn't OPML."),
        (b"<opml><body><outline", "This file isn't OPML that can be read (line 1)."),
        (b"<opml>" + b"<outline>" * 5000, "The OPML file can't be read: its outlines are nested too deeply."),
    ],
)
def test_what_is_no_opml(body: bytes, sentence: str) -> None:
    """Other files and endless nesting end in words."""
    with pytest.raises(SettingsError) as caught:
        read_opml(body)
    assert str(caught.value) == sentence


def test_entities_are_never_expanded() -> None:
    """A document type is dropped before anything is parsed."""
    bomb = b'<!DOCTYPE opml [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;&b;" xmlUrl="https://example.org/f"/></body></opml>'
    assert read_opml(bomb)[0][0].name == "&a;&b;"


def test_credentials_are_not_shown() -> None:
    """A reason for skipping names the address without user name and password."""
    body = b'<opml><body><outline text="x" xmlUrl="ftp://reader:secret@example.org/f"/></body></opml>'
    assert "secret" not in read_opml(body)[1][0]
