"""Keys: the same for the same entry however it is typed, different for different ones whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings, strategies

from feeds.fingerprint import FEWEST_TELLING_WORDS, KEY_BYTES, Fingerprint, body_hash, fingerprint
from storage.folding import fold
from storage.records import Entry

SOURCE = "https://herald.example/rss"
ADDRESS = "https://herald.example/1"
TEXT = strategies.text(max_size=80)


def _keys(title: str = "Пикет", text: str = "", *, guid: str | None = None, address: str = ADDRESS, source: str = SOURCE) -> Fingerprint:
    return fingerprint(source, Entry(guid, address or None, title, text), address)


@settings(deadline=None)
@given(title=TEXT, text=TEXT, guid=strategies.none() | TEXT, address=TEXT, source=TEXT)
def test_any_entry_has_keys(title: str, text: str, guid: str | None, address: str, source: str) -> None:
    """Whatever is in it, even half a surrogate pair or nothing at all: at least one identity, every key of 16 bytes, always the same."""
    found = _keys(title, text, guid=guid, address=address, source=source)
    assert found.identity
    assert {len(key) for key in (*found.identity, found.text, found.content)} == {KEY_BYTES}
    assert found == _keys(title, text, guid=guid, address=address, source=source)


@settings(deadline=None)
@given(one=TEXT, other=TEXT)
def test_guids_are_told_apart(one: str, other: str) -> None:
    """Two guids have two keys whatever characters they hold, and a guid is its source's own."""
    assume(one and other and one != other)
    keys = {_keys(guid=guid, source=source).identity[1] for guid in (one, other) for source in (SOURCE, f"{SOURCE}/2")}
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("guid", "address", "number"),
    [("7", ADDRESS, 2), ("7", "", 1), (None, ADDRESS, 1), ("", ADDRESS, 1), (None, "", 1), ("", "", 1)],
)
def test_what_an_entry_is_known_by(guid: str | None, address: str, number: int) -> None:
    """Its address and its guid, where it has them; its words only where it has neither."""
    found = _keys(guid=guid, address=address)
    changed = _keys("Совсем другое", guid=guid, address=address)
    assert len(found.identity) == number
    assert (found.identity == changed.identity) is bool(guid or address)


def test_an_address_is_the_same_everywhere() -> None:
    """Two sources that list one address mean one entry; that their words agree is told apart from words alone."""
    here, there = _keys(), _keys(source="https://echo.example/rss")
    assert here.identity == there.identity
    assert here.content == there.content
    assert here.text != there.text


def test_kinds_of_keys_never_meet() -> None:
    """A guid that looks like an address, or like words, has a key of its own."""
    found = _keys("x", guid=ADDRESS)
    bare = fingerprint(SOURCE, Entry(None, None, "x", ""), "")
    assert len({*found.identity, found.text, found.content, *bare.identity}) == 5


@settings(deadline=None)
@given(words=strategies.lists(strategies.sampled_from(["пикет", "жёны", "Москва", "wives", "2026", "її"]), min_size=1, max_size=20))
def test_typing_decides_nothing(words: list[str]) -> None:
    """Case, ё, dashes, spaces, soft hyphens and the border between title and text make no other entry."""
    plain = _keys(words[0], " ".join(words[1:]))
    half = len(words) // 2
    fancy = _keys(" — ".join(words[:half]).upper(), "«" + "\u00a0\n ".join(words[half:]).replace("ё", "е").replace("ик", "и\u00adк") + "»!")
    assert (plain.text, plain.content, plain.telling) == (fancy.text, fancy.content, fancy.telling)


@settings(deadline=None)
@given(one=TEXT, other=TEXT)
def test_other_words_are_another_content(one: str, other: str) -> None:
    """Texts that differ in a letter or a figure have different keys."""

    def letters(text: str) -> str:
        return " ".join("".join(character if character.isalnum() else " " for character in fold(text).text).split())

    assume("_" not in fold(one + other).text)
    same = letters(one) == letters(other)
    assert (_keys("", one).content == _keys("", other).content) is same


@pytest.mark.parametrize("number", [0, 1, FEWEST_TELLING_WORDS - 1, FEWEST_TELLING_WORDS, 1000])
def test_few_words_tell_nothing(number: int) -> None:
    """Under a dozen words sameness elsewhere means nothing; title and text count together."""
    words = ["слово"] * number
    assert _keys(" ".join(words[:5]), " ".join(words[5:])).telling is (number >= FEWEST_TELLING_WORDS)


def test_entries_of_signs_alone() -> None:
    """Without guid and address, entries that hold no word are still told apart by what they show."""
    found = [fingerprint(SOURCE, Entry(None, None, text, ""), "").identity for text in ("!!!", "???", "🕯", "💔")]
    assert len(set(found)) == 4


def test_what_isnt_part_of_an_identity() -> None:
    """Dates and languages that feeds change at will decide nothing."""
    entry = Entry("7", ADDRESS, "Пикет", "", datetime(2026, 11, 22, tzinfo=UTC), "ru")
    assert fingerprint(SOURCE, entry, ADDRESS) == _keys(guid="7")


def test_one_text_of_two_outlets() -> None:
    """An aggregator that brings one text of two outlets brings two entries; each stays known, whatever it says its outlet is."""
    one, other = (fingerprint(SOURCE, Entry("7", ADDRESS, "Пикет", "", outlet=outlet), ADDRESS) for outlet in ("Herald", "Mirror"))
    assert one.text != other.text
    assert (one.identity, one.content) == (other.identity, other.content)


@given(body=strategies.binary(max_size=200), end=strategies.binary(min_size=1, max_size=3))
def test_a_document_is_known_by_every_byte(body: bytes, end: bytes) -> None:
    """Any change makes another key."""
    assert body_hash(body) == body_hash(bytes(bytearray(body)))
    assert body_hash(body) != body_hash(body + end)
    assert len(body_hash(body)) == KEY_BYTES
