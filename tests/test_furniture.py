"""Furniture is learnt by groups of copies, and removed sentence by sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.furniture import FIRST_COUNTED, LAST_COUNTED, countable_keys, is_furniture, is_learnt, without_furniture
from storage.folding import fold

AROUND = "Мы пишем для тех, кто остался в городе."
TEXT = "Жёны вышли на пикет у прокуратуры. Никого не задержали."


def _left(text: str, known: list[int]) -> str:
    return without_furniture(fold(text), text, known)[1]


def test_three_groups_make_furniture() -> None:
    """Two may be a quotation, but not of a publisher of whom hardly more is known; and it is learnt when it can have shown any."""
    assert [is_furniture(groups, 100) for groups in (1, 2, 3, 9)] == [False, False, True, True]
    assert [is_furniture(groups, of) for groups, of in ((1, 1), (2, 2), (2, 4), (2, 5))] == [False, True, True, False]
    assert [is_learnt(groups) for groups in (0, 2, 3)] == [False, False, True]


def test_digits_are_masked() -> None:
    """A counter inside of an appeal doesn't hide it."""
    assert countable_keys("Нас читают 1200 человек каждый день.") == countable_keys("Нас читают 987 человек каждый день.")


def test_known_sentences_go() -> None:
    """What is known goes wherever it stands; the rest stays in its own letters."""
    assert _left(f"{AROUND}\n{TEXT} {AROUND}", countable_keys(AROUND)).split() == TEXT.split()


@pytest.mark.parametrize(
    "appeal", ["Поддержите нашу работу, это займёт минуту.", "Subscribe to our evening letter today.", "Підпишіться на наш канал."]
)
def test_appeals_say_what_they_are(appeal: str) -> None:
    """A publisher's very first articles aren't copies of each other for its appeals."""
    text = "Wives held a picket by the wall." if appeal.isascii() else TEXT
    assert _left(f"{text} {appeal}", []).split() == text.split()


def test_a_source_that_is_all_furniture() -> None:
    """Nothing is hidden: a text of which nothing would be left is left whole."""
    assert _left(AROUND, countable_keys(AROUND)) == AROUND


def test_only_the_edges_are_counted() -> None:
    """The counts of a long article are few."""
    text = " ".join(f"Предложение номер {word} стоит здесь." for word in "абвгдежзиклмнопрстуф")
    assert len(countable_keys(text)) == FIRST_COUNTED + LAST_COUNTED


@settings(deadline=None)
@given(text=strategies.text(max_size=300))
def test_any_text(text: str) -> None:
    """No text breaks it, keys fit a signed integer of 64 bits, and what is left of both forms is the same text."""
    keys = countable_keys(text)
    assert all(0 <= key < 1 << 63 for key in keys)
    folded, original = without_furniture(fold(text), text, keys[:1])
    assert "".join(fold(original).text.split()) == "".join(folded.split()) or "\ufffd" in folded
