"""XML made safe to parse."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse.markup import MAX_DEPTH, Outline, escaped, from_root, with_namespaces


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a & b &amp; &lt; &#65; &#x41; &nbsp;&mdash;", "a &amp; b &amp; &lt; &#65; &#x41; \xa0—"),
        ("&bogus; &bogus &;", "&amp;bogus; &amp;bogus &amp;;"),
        ("<![CDATA[ & &nbsp; ]]> &", "<![CDATA[ & &nbsp; ]]> &amp;"),
        ("<![CDATA[ & never closed", "<![CDATA[ & never closed"),
        ("a\0b\x0bc\ufffed", "abcd"),
        ("&#0;&#55357;&#x110000;&#12;x", "x"),
        ("&#55357;&#56613;&#xD83D;&#xDD25;", "&#128293;&#128293;"),
    ],
)
def test_escaped(text: str, wanted: str) -> None:
    """Ampersands, named and numbered characters, forbidden ones, and CDATA, in which an ampersand is one."""
    assert escaped(text) == wanted


@given(st.text(alphabet="&#x;1aF<>![]CDATlgt nbsp\0", max_size=60))
def test_escaped_text_is_text_to_a_parser(text: str) -> None:
    """Whatever is escaped can stand in an element, apart from tags."""
    plain = text.replace("<", "").replace("]]>", "")
    assert Outline(f"<a>{escaped(plain)}</a>").well_formed


def test_the_prolog_and_the_document_type_go() -> None:
    """Nothing before the root element survives, so nothing can be declared."""
    assert from_root('junk<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss>x</rss>') == "<rss>x</rss>"
    assert from_root("<rdf:RDF>x") == "<rdf:RDF>x"
    assert from_root("<html></html>") == ""
    assert from_root("<rssx>") == ""


def test_outline() -> None:
    """What is broken, what stays open and what isn't declared."""
    assert not Outline("<a><b></a>").well_formed
    assert not Outline("<a>").well_formed
    piece = Outline('<rss xmlns:x="y"><x:a/><channel><dc:b media:c="1">', whole=False)
    assert (piece.well_formed, piece.closing, piece.undeclared) == (True, "</dc:b></channel></rss>", {"dc", "media"})


@pytest.mark.parametrize("text", ["<a>" * (MAX_DEPTH + 1), "<a " + " ".join(f'b{i}=""' for i in range(300)) + ">", "<a " + "x" * 70_000])
def test_what_costs_too_much_counts_as_broken(text: str) -> None:
    """Endless nesting, hundreds of attributes, and a tag without end."""
    assert not Outline(text, whole=False).well_formed


def test_with_namespaces() -> None:
    """Known prefixes get their own namespace, others one of ours."""
    assert with_namespaces("<rss a='1'>", {"dc", "acme"}) == (
        '<rss xmlns:acme="urn:undeclared:acme" xmlns:dc="http://purl.org/dc/elements/1.1/" a=\'1\'>'
    )
    assert with_namespaces("<rss>", set()) == "<rss>"
