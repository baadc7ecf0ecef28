"""Messages keep to every limit and never cut a word or a tag, whatever they are made of."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, strategies

from bot.localchat import entities
from bot.render import MOST_UNITS, Button, Message, bold, code, fits, grid, highlight, italic, lines, link, pages, plain, shorten, units

TEXTS = strategies.text(max_size=300)


@given(strategies.lists(TEXTS.map("x{}".format), min_size=1, max_size=60), TEXTS)
def test_pages_fit_and_lose_nothing(texts: list[str], head: str) -> None:
    """Every page passes Telegram's own reading of HTML, and all blocks are on some page."""
    blocks = [f"{bold(text)}\n{italic(text)}" for text in texts]
    made = pages(blocks, code(head) if head.strip() else "")
    assert all(fits(page) for page in made)
    for page in made:
        entities.message_text(page, "HTML")
    whole = "".join(plain(page) for page in made)
    assert all(text in whole for text in texts)


@given(TEXTS, strategies.integers(10, 200))
def test_shortened_texts(text: str, longest: int) -> None:
    """A shortened text is on one line, no longer than asked for, and marked where it was cut."""
    short = shorten(text, longest)
    assert len(short) <= longest
    assert "\n" not in short
    assert short == " ".join(text.split()) or short.endswith("…")


def test_words_are_whole() -> None:
    """The cut is between words, and leaves no hanging punctuation."""
    assert shorten("Жёны мобилизованных вышли. На площадь", 28) == "Жёны мобилизованных вышли…"
    assert shorten("a" * 50, 10) == "a" * 9 + "…"


@given(TEXTS, strategies.text(max_size=100))
def test_what_is_hostile_stays_text(text: str, url: str) -> None:
    """Markup in a headline is shown as it is, and a bad address leaves the text without a link."""
    made = link(text, url)
    assert plain(made) == text
    if not url.startswith(("http://", "https://")):
        assert "<a" not in made


def test_long_addresses_are_left_out() -> None:
    """An address that would break the message is dropped, not the headline."""
    assert link("headline", "https://example.org/" + "x" * 2000) == "headline"


@given(TEXTS, strategies.sets(strategies.integers(0, 299), max_size=8))
def test_highlights(text: str, cuts: set[int]) -> None:
    """Highlighting adds bold and changes no character."""
    bounds = sorted(cut for cut in cuts if cut <= len(text))
    marks = list(zip(bounds[::2], bounds[1::2], strict=False))
    assert plain(highlight(text, marks)) == text


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("Путь", 4), ("😀", 2)])
def test_length_as_telegram_counts(text: str, length: int) -> None:
    """Characters outside of the basic plane count twice."""
    assert units(text) == length


def test_a_block_too_long_for_any_page() -> None:
    """One huge block is shortened rather than refused."""
    (page,) = pages([lines("слово " * 3000)])
    assert units(plain(page)) <= MOST_UNITS
    assert unescape(page).endswith("…")


def test_payload() -> None:
    """Buttons become an inline keyboard; without any there is none."""
    buttons = grid([Button("1", "a"), Button("2", url="https://example.org"), Button("3", "c")], 2)
    payload = Message("text", buttons).payload()
    assert [len(row) for row in payload["reply_markup"]["inline_keyboard"]] == [2, 1]
    assert payload["reply_markup"]["inline_keyboard"][0][1] == {"text": "2", "url": "https://example.org"}
    assert "reply_markup" not in Message("text").payload()
