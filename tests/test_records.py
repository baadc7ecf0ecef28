"""Sentences that are put together in one place and said in another."""

from __future__ import annotations

from hypothesis import given, strategies as st

from bot.voice import voice
from storage.records import Sentence, SourceError, sentence

_VALUES = st.text() | st.integers() | st.text().map(Sentence.of_words)


@given(first=_VALUES, second=_VALUES)
def test_a_sentence_that_was_stored(first: object, second: object) -> None:
    """It is the same again, whatever stands in its places, also another sentence."""
    whole = sentence("{first}: {second}", first=first, second=second)
    assert Sentence.read(whole.kept()) == whole


@given(st.text())
def test_words_that_were_stored(words: str) -> None:
    """Words that never were a sentence are said as they are."""
    assert str(Sentence.of_words(words)) == words
    assert str(Sentence.read(Sentence.of_words(words).kept())) == words


def test_words_of_an_earlier_version() -> None:
    """What an earlier version stored as plain text is said as it was."""
    for words in ("The server answered 404 (not found).", "{status}", "[1, 2]", '"quoted"', "404"):
        assert str(Sentence.read(words)) == words


def test_said_in_another_language() -> None:
    """An error is said in the reader's language with the sentence inside of it, and in English where nobody asks."""
    inner = sentence("The address names no host.")
    error = SourceError(sentence("The address redirects to one that can't be used. {reason}", reason=inner), "https://a.example/")
    assert str(error) == "The address redirects to one that can't be used. The address names no host."
    assert voice("ru").sentence(error.problem) == "Адрес перенаправляет на такой, которым нельзя воспользоваться. В адресе нет имени сайта."
