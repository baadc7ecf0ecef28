"""Items made ready for the automaton, and the way back to their characters."""

from __future__ import annotations

from hypothesis import given, strategies as st

from feeds.reading import LONGEST_TEXT, flatten, read


def test_words_and_breaks() -> None:
    """Apostrophes vanish, quotes and hyphens are spaces, sentence ends and commas are words of their own."""
    assert flatten("Soldiers’ wives, “call-up”. End!") == b"soldiers wives , call up . end ."


def test_a_dash_between_words_is_a_break() -> None:
    """A phrase doesn't reach across a dash, but across a hyphen."""
    assert flatten("a — b-c") == b"a , b c"


def test_letters_of_other_alphabets_do_not_end_words() -> None:
    """A word with a letter that no watched language has stays one word."""
    assert len(flatten("კარგი amაb").split()) == 2


def test_places_lead_back() -> None:
    """A token's place is its field and its characters."""
    reading = read("Put’ Domoi", "Ёлка. «Жёны» солдат")
    start = reading.tokens.index("жены".encode("cp1251"))
    assert reading.place(0, 2) == ("title", 0, 10)
    field, first, last = reading.place(start, start + 2)
    assert (field, reading.text[first:last]) == ("text", "Жёны» солдат")


def test_the_title_is_a_sentence_of_its_own() -> None:
    """Title and text never share a sentence; abbreviations, initials and dates don't end one."""
    reading = read("Title", "On 21.09.22 Gen. A. Petrov said so. Then he left.")
    sentences = [reading.sentence(index) for index, token in enumerate(reading.tokens) if token.isalpha()]
    assert sentences == [0, 2, 2, 2, 2, 2, 2, 3, 3, 3]


def test_nothing_but_a_title() -> None:
    """A text of signs and spaces is none."""
    assert read("Title", " … ").is_bare
    assert not read("Title", "a").is_bare
    assert not read("", "a").is_bare


def test_long_texts_are_cut() -> None:
    """An item is decided by its beginning."""
    assert len(read("", "a " * LONGEST_TEXT).text) == LONGEST_TEXT


@given(st.text(max_size=80), st.text(max_size=200))
def test_every_token_of_any_text_has_a_place(title: str, text: str) -> None:
    """Tokens and places agree, whatever the text."""
    reading = read(title, text)
    for index, token in enumerate(reading.tokens):
        if index in (reading.boundary, reading.boundary - 1):
            continue
        field, start, end = reading.place(index, index + 1)
        original = title if field == "title" else text
        assert 0 <= start < end <= len(original)
        assert token in (b".", b",") or flatten(original[start:end]).replace(b" ", b"")
