"""Explaining a match, and looking over the watchlist, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal without database and sources."""
    return Terminal(tmp_path / "data", tmp_path / "none.toml")


def test_a_text_is_explained(terminal: Terminal) -> None:
    """The topic, the words that were found and the sentence they stand in."""
    printed = terminal.type("explain", "Активистки «Пути домой» вышли на пикет.")
    assert printed.status == 0
    assert "way-home" in printed.stdout.splitlines()[0]
    assert "Пути домой" in printed.stdout


def test_a_text_may_be_longer_than_any_name(terminal: Terminal) -> None:
    """What is too long for a file's name is a text, however long its words are."""
    printed = terminal.type("explain", "Активистки «Пути домой» вышли на пикет " + "а" * 300)
    assert printed.status == 0
    assert "way-home" in printed.stdout.splitlines()[0]


def test_a_look_alike_is_turned_down_with_its_reason(terminal: Terminal) -> None:
    """What was found and doesn't count is shown, and why."""
    printed = terminal.type("explain", "Вышел фильм «Путь домой» о собаке.")
    assert printed.stdout.startswith("Not relevant.")
    assert "- way-home" in printed.stdout


def test_a_file_has_a_title(terminal: Terminal, tmp_path: Path) -> None:
    """The first line of a file is its title."""
    file = tmp_path / "article.txt"
    file.write_text("Пикет «Пути домой»\nЖёны мобилизованных вышли в Москве.", encoding="utf-8")
    assert "in the title" in terminal.type("explain", str(file)).stdout


def test_the_shipped_watchlist_is_sound(terminal: Terminal) -> None:
    """Its own examples come out right."""
    printed = terminal.type("watchlist", "check")
    assert printed.status == 0
    assert "all right" in printed.stdout
