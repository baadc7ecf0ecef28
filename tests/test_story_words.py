"""Words of the subject have one meaning in three languages; empty and common ones are known by their stems."""

from __future__ import annotations

import pytest

from feeds.sameness.story_words import empty_stems, known_meanings, meanings, subject_stems
from storage.words import stem


@pytest.mark.parametrize(
    "words",
    ["wives дружини жёны", "pickets пікети пикетов", "funeral поховання похороны", "husbands чоловіка муж", "flowers квіти цветами"],
)
def test_one_meaning(words: str) -> None:
    """An English, a Ukrainian and a Russian word of one meaning meet."""
    found = {meanings().get(stem(word), stem(word)) for word in words.split()}
    assert len(found) == 1
    assert found <= known_meanings()


def test_empty_words_mean_nothing() -> None:
    """No meaning is empty."""
    assert not known_meanings() & empty_stems()


@pytest.mark.parametrize("word", ["the", "with", "которые", "сообщил", "які", "повідомив"])
def test_empty_words(word: str) -> None:
    """Articles, prepositions and verbs of saying say nothing of an event."""
    assert stem(word) in empty_stems()


@pytest.mark.parametrize("word", ["wives", "мобилизованных", "дружини", "Russian", "военные"])
def test_words_of_the_subject(word: str) -> None:
    """What most items have counts for less, and it counts."""
    assert stem(word.lower()) in subject_stems()
    assert stem(word.lower()) not in empty_stems()
