"""HTML to plain text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from feeds.clean import MAX_TEXT_CHARS, headline, one_line, to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Sample<br>one</p><p>two &amp; three</p>", "Sample\none\n\ntwo & three"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a\n  b", "a\nb"),
        ("<b>a\n  b</b>", "a b"),
        ("<pre>a\n  b</pre>c\nd", "a\nb\n\nc d"),
        ("&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&amp;nbsp;c", "a\n\nb c"),
        ("&amp;amp;nbsp;", ""),
        ("a < b and c > d", "a < b and c > d"),
        ('<a title="x > y" href=q>t</a>', "t"),
        ('<a title="x < y">t</a> z', "t z"),
        ("<a title='it>s\" href=q>t</a>u", 's" href=q>tu'),
        ("<SCRIPT>if (a < b) { x }</SCRIPT >t<!-- <b>x</b> -->u<style>p{}</style>", "tu"),
        ("t<script>never closed <p>x", "t"),
        ("t<!-- never closed <p>x", "t"),
        ("t<br/>u<script src=x />v", "t\nuv"),
        ("<![CDATA[ x ]]>", "x"),
        ("<!DOCTYPE html><?php x ?>y", "y"),
        ("cut <a href=", "cut"),
        ('<img alt="🔥" src=x> <img alt="A crowd"> <img alt=❗️ src=y>', "🔥 ❗️"),
        ("soft\u00adhy\u200bphen \u202eleft", "softhyphen left"),
        ("👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"),
        ("a\xa0b \xa0c\u2028d\x85e\x1cf", "a b c d e f"),
        ("a  b \n  c\n\n\n\nd ", "a b\nc\n\nd"),
        ("AT&T &copy; &#1055; &#x1F525; &bogus;", "AT&T © П 🔥 &bogus;"),
        ("  \n\n \t ", ""),
    ],
)  # fmt: skip
def test_to_text(markup: str, text: str) -> None:
    """Paragraphs, lines, entities, what is hidden and what is broken."""
    assert to_text(markup) == text


PIECES = [
    "<",
    ">",
    "&",
    "&amp;",
    "&lt;",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<a b='",
    '"',
    "'",
    "]]>",
    "<![CDATA[",
    " ",
    "\n",
    "слово",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200))
def test_any_markup_becomes_tidy_text(markup: str) -> None:
    """Nothing raises, and neither edges nor empty lines are left over."""
    text = to_text(markup)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "<script" not in text.lower()


@pytest.mark.parametrize("piece", [*PIECES, "<a ", '<a "', "<img alt=", "<p", "\n ", "&#1;", "<b x='y' "])
def test_linear_time(piece: str) -> None:
    """A megabyte of anything takes less than the seconds that a quadratic reader would need minutes for."""
    before = time.process_time()
    assert len(to_text(piece * (1_000_000 // len(piece)))) <= MAX_TEXT_CHARS
    assert time.process_time() - before < 10


def test_bounds() -> None:
    """Texts are cut at a word, with an ellipsis."""
    assert one_line("<b>a\n\nb</b>  c", 500) == "a b c"
    assert one_line("word " * 10, 12) == "word word…"
    assert one_line("w" * 50, 12) == "w" * 11 + "…"
    assert len(to_text("word " * 50_000)) <= MAX_TEXT_CHARS
    assert headline("First line\nsecond") == "First line"
    assert headline("word " * 100, 20) == "word word word word…"
    assert headline("") == ""
