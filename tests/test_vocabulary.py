"""Finding words."""

from __future__ import annotations

from feeds.reading import read
from feeds.romanise import skeletons
from feeds.vocabulary import Vocabulary, Wording


def found(wordings: list[Wording], title: str, text: str) -> list[tuple[int, str]]:
    """Each find's number and original words."""
    reading = read(title, text)
    fields = {"title": title, "text": text}
    places = [(number, reading.place(start, end)) for number, start, end in Vocabulary(wordings).find(reading)]
    return [(number, fields[field][start:end]) for number, (field, start, end) in places]


def test_whole_words_and_phrases_are_found() -> None:
    """Words begin and end where letters do; overlapping finds are all given."""
    wordings = [Wording(("жена", "жены")), Wording(("жены солдат",)), Wording(("солдат",), prefix=True)]
    assert found(wordings, "Жены солдат", "Женам солдатских жён, жены.") == [
        (0, "Жены"),
        (1, "Жены солдат"),
        (2, "солдат"),
        (2, "солдатских"),
        (0, "жены"),
    ]


def test_phrases_do_not_cross_breaks() -> None:
    """Neither a full stop nor the end of the title is inside a phrase."""
    assert found([Wording(("way home",))], "the way", "home. way. home, way-home") == [(0, "way-home")]


def test_latin_spellings_are_found_in_latin_texts() -> None:
    """A name's skeleton finds spellings that nobody listed."""
    wording = Wording(("путь домой",), skeletons=tuple(skeletons("Путь домой")))
    assert found([wording], "", "The group Poutj Domoï said") == [(0, "Poutj Domoï")]


def test_one_form_for_two_wordings() -> None:
    """Wordings may share forms, and a wording's equal forms count once."""
    assert found([Wording(("а", "а")), Wording(("а",))], "", "а") == [(0, "а"), (1, "а")]


def test_nothing_to_look_for() -> None:
    """Empty wordings find nothing."""
    assert found([Wording(("", "«»"))], "", "a «» b") == []
    assert found([], "", "text") == []
