"""``homefront story`` and ``homefront explain --pair``, as typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.building import admit, arrival, event, listed
from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with an archive: an original and its copy, and another story."""
    terminal = Terminal(tmp_path / "data", tmp_path / "none.toml").with_database(blank)
    now = datetime.now(UTC) - timedelta(hours=5)
    with terminal.database() as database, database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald))
        admit(connection, now + timedelta(hours=2), arrival(mirror, url="https://mirror.example/1"))
        admit(connection, now + timedelta(hours=3), arrival(mirror, url="https://mirror.example/2", title="Ещё", text=event(1)))
    return terminal


def test_showing(terminal: Terminal) -> None:
    """Every report with its number, the copy with its delay."""
    printed = terminal.type("story", "show", "1")
    assert printed.status == 0
    assert "[1] Пикет «Пути домой»" in printed.stdout
    assert "Mirror (2 h later, 100%)" in printed.stdout


def test_by_hand(terminal: Terminal) -> None:
    """Merged, split again and detached; each change is shown with the story."""
    assert "story 1 now" in terminal.type("story", "merge", "3", "1").stdout
    assert "[3]" in terminal.type("story", "show", "3").stdout
    assert "They are story 3 now." in terminal.type("story", "split", "3").stdout
    assert "Article 2 is story 2 now." in terminal.type("story", "detach", "2").stdout
    printed = terminal.type("story", "show", "1").stdout
    assert "merge 3 -> 1 (on the command line)" in printed
    assert "article 2: 1 -> 2" in printed


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["show", "99"], 1),
        (["merge", "1", "1"], 1),
        (["merge", "1", "99"], 1),
        (["split", "1", "3"], 1),
        (["show", "x"], 2),
        (["detach"], 2),
    ],
)
def test_mistakes(terminal: Terminal, words: list[str], status: int) -> None:
    """One sentence and the right status."""
    printed = terminal.type("story", *words)
    assert (printed.status, printed.stdout) == (status, "")
    assert printed.stderr.strip()


def test_why_two_are_the_same(terminal: Terminal) -> None:
    """By numbers or addresses, with the figures, and whether they are together now."""
    printed = terminal.type("explain", "--pair", "1", "https://www.mirror.example/1?utm_source=x")
    assert printed.status == 0
    assert "text: copy" in printed.stdout
    assert "They are in one story now." in printed.stdout
    other = terminal.type("explain", "--pair", "1", "3").stdout
    assert "text: different" in other
    assert "event: does not fit" in other
    assert "in different stories" in other


def test_pairs_that_arent_there(terminal: Terminal) -> None:
    """An unknown article is named; a call without anything says what to give."""
    assert "There is no article 99." in terminal.type("explain", "--pair", "1", "99").stderr
    assert "There is no article https://nowhere.example/." in terminal.type("explain", "--pair", "1", "https://nowhere.example/").stderr
    printed = terminal.type("explain")
    assert printed.status == 2
    assert "--pair" in printed.stderr
