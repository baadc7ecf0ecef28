"""Words of the subject have one meaning in three languages; empty and common ones are known by their stems."""

from __future__ import annotations

import pytest

from feeds.sameness.story_words import empty_stems, families, known_meanings, meanings, plain_stems, subject_stems, usual_stems
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


@pytest.mark.parametrize("words", ["огонь огня огню", "задержать задержание задержали", "боец бойца бойцы", "госпиталь больница больнице"])
def test_one_family(words: str) -> None:
    """Forms with a fleeting vowel, nouns of verbs and synonyms stand for one word."""
    assert len({families().get(stem(word), stem(word)) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words", ["субота суббота saturday", "учасниця участница participant", "шпиталь госпиталь hospital", "зниклі пропавшие missing"]
)
def test_ukrainian_words_that_are_spelt_apart(words: str) -> None:
    """They meet their Russian counterparts, and English ones."""
    ukrainian, russian, english = map(stem, words.split())
    assert meanings().get(ukrainian, ukrainian) == families().get(russian, russian) == meanings()[english]


def test_a_russian_word_keeps_its_meaning() -> None:
    """Лист is a letter in Ukrainian alone."""
    assert meanings()["лист"] == stem("письмо")
    assert "лист" not in families()


def test_every_family_is_one() -> None:
    """What a word stands for stands for itself."""
    assert not [one for one, first in families().items() if families().get(first, first) != first]


@pytest.mark.parametrize("word", ["Saturday", "September", "Russian", "Flame", "Ministry", "суббота", "українська"])
def test_words_that_are_no_names(word: str) -> None:
    """A capital letter makes no name of a day, a nationality, or a word whose meaning is listed."""
    assert stem(word.lower()) in plain_stems()


@pytest.mark.parametrize("word", ["плакат", "placard", "Песков", "Peskov", "отпуск"])
def test_usual_words(word: str) -> None:
    """What is common in this news is so in all languages."""
    assert stem(word.lower()) in usual_stems()
