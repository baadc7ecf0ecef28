"""A broken feed cut into its items."""

from __future__ import annotations

import pytest

from feeds.parse.markup import Outline
from feeds.parse.pieces import Pieces, is_short

HEAD = "<rss><channel><title>Sample</title>"


def test_sound_items_together_broken_ones_alone() -> None:
    """Sound items make one well-formed document with the feed's head; a broken item follows by itself."""
    pieces = list(Pieces(f"{HEAD}<item><a/></item><item><a></item><item><dc:b/></item></channel></rss> junk"))
    assert pieces[0] == (
        '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Sample</title><item><a/></item><item><dc:b/></item></channel></rss>'
    )
    assert pieces[1] == f"{HEAD}<item><a></item></channel></rss>"
    assert Outline(pieces[0]).well_formed


@pytest.mark.parametrize("field", ["title", "description", "content:encoded"])
def test_html_in_a_field_is_wrapped_up(field: str) -> None:
    """Unescaped HTML makes an item broken; in CDATA it doesn't."""
    piece = next(iter(Pieces(f"{HEAD}<item><{field}>a<br>b ]]> & c</{field}></item>")))
    assert f"<{field}><![CDATA[a<br>b ]]&gt; &amp; c]]></{field}>" in piece


def test_a_broken_head_is_done_without() -> None:
    """Items are worth more than what the feed says about itself."""
    piece = next(iter(Pieces("<rss><channel><title>cut <item><a/></item></channel></rss>")))
    assert piece == "<rss><item><a/></item></rss>"
    piece = next(iter(Pieces("<rss version=2><item><a/></item></rss>")))
    assert piece == '<rss version="2.0"><item><a/></item></rss>'


def test_reasons() -> None:
    """What is left out is told: an entry that is cut off, one that is too long, one that is long and broken."""
    pieces = Pieces(f"{HEAD}<item>{'x' * 1_000_001}</item><item>{'<a>' * 100_000}</item><item><a>")
    assert len(list(pieces)) == 1
    assert list(map(str, pieces.skipped)) == [
        "An entry of 1,000,014 characters is too long.",
        "An entry of 300,013 characters isn't well-formed.",
        "The document stops inside an entry.",
    ]


def test_is_short() -> None:
    """Short is what has some items, not too many, and isn't long."""
    assert is_short(f"{HEAD}<item></item>")
    assert not is_short(HEAD)
    assert not is_short(HEAD + "<item></item>" * 501)
    assert not is_short(f"{HEAD}<item>{'x' * 300_000}</item>")
