"""Revisions: what is trivial, what matters, and a difference that adds up."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.changes import MOST_FIGURES, difference, is_trivial, needs_another_look
from feeds.sameness.shingles import likeness

TEXT = "Жёны мобилизованных вышли на пикет у прокуратуры в Казани. Никого не задержали, рассказали участницы."
PIECES = strategies.lists(strategies.sampled_from(["пикет ", "в ", "Казани.\n", "12", " ", "жёны, ", "\ud800"]), max_size=60).map("".join)


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace(" ", "  ").replace(". ", ".\n\n"),
        TEXT.upper(),
        TEXT + " Обновлено: 12:45",
        TEXT + " Updated at 12:45, 14 May",
        TEXT + "\n1 245 просмотров",
        "15 минут назад\n" + TEXT,
        TEXT + " Comments: 17",
    ],
)
def test_trivial_changes(changed: str) -> None:
    """Spaces, case, counters and the time of the last update make no revision."""
    assert is_trivial("Пикет", TEXT + "\n7 просмотров", "Пикет", changed) or is_trivial("Пикет", TEXT, "Пикет", changed)


@pytest.mark.parametrize("changed", [TEXT.replace("Никого не", "Двоих"), TEXT + " 12 задержанных", TEXT.replace("Казани", "Самаре"), ""])
def test_changes_that_matter(changed: str) -> None:
    """A word, a number of people or a place does."""
    assert not is_trivial("Пикет", TEXT, "Пикет", changed)
    assert not is_trivial("Пикет", TEXT, "Митинг", TEXT)


def test_figures_that_never_rest() -> None:
    """A figure that has changed twenty times counts readers; a word is of note for ever."""
    states = [f"{TEXT} Сейчас на сайте {number} читателей" for number in ("15", "1 016")]
    assert not is_trivial("Пикет", states[0], "Пикет", states[1], MOST_FIGURES - 1)
    assert is_trivial("Пикет", states[0], "Пикет", states[1], MOST_FIGURES)
    assert not is_trivial("Пикет", states[0], "Пикет", states[1] + " Двоих увезли.", MOST_FIGURES)


def test_another_look() -> None:
    """Copies and story are decided anew when the title's words or a third of the text changed: a live blog is new events at one address."""
    body = " ".join(f"слово{number}" for number in range(100))
    old = likeness("Пикет в Казани", body)
    assert not needs_another_look(old, likeness("Пикеты в Казани", body + " ещё одно"))
    assert needs_another_look(old, likeness("Митинг в Казани", body))
    assert needs_another_look(old, likeness("Пикет в Казани", body + " ".join(f" другое{number}" for number in range(60))))


@settings(deadline=None)
@given(old=PIECES, new=PIECES)
def test_a_difference_adds_up(old: str, new: str) -> None:
    """What is the same and what was added is the new text; neighbours are of different kinds."""
    found = difference(old, new)
    assert "".join(segment.text for segment in found if segment.kind != "removed") == new
    assert all(segment.text for segment in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))
    kept = "".join(segment.text for segment in found if segment.kind != "added")
    assert "".join(kept.split()) == "".join(old.split())


def test_a_difference_of_words() -> None:
    """One word for another shows as those two."""
    found = [(segment.kind, segment.text) for segment in difference("жёны вышли на пикет", "жёны вышли на митинг")]
    assert found == [("same", "жёны вышли на "), ("removed", "пикет"), ("added", "митинг")]


@pytest.mark.parametrize("unit", ["абзац из слов. ", "а ", "x", " ", ". ", "\ud800", "7 просмотров "])
def test_hostile_sizes_take_bounded_time(unit: str) -> None:
    """A megabyte against another, or against its own middle."""
    text = (unit * 1_000_000)[:1_000_000]
    started = time.process_time()
    difference(text, "начало " + text[1000:500_000] + " конец")
    is_trivial("", text, "", text + "!")
    assert time.process_time() - started < 3
