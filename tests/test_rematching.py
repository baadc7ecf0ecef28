"""``homefront rematch`` and the hits a day of ``homefront watchlist check``, as typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import articles
from tests.building import admit, arrival, listed
from tests.terminal import Terminal

TRAMS = """
[[topics]]
id = "trams"
kind = "theme"
names = { en = "Trams", ru = "Трамваи", uk = "Трамваї" }
decides = true
[[topics.aliases]]
any = ["трамвай"]
"""


@pytest.fixture
def terminal(tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with an archive that has a tram and a picket."""
    (tmp_path / "trams.toml").write_text(TRAMS, encoding="utf-8")
    terminal = Terminal(tmp_path / "data", tmp_path / "none.toml").with_database(blank)
    now = datetime.now(UTC) - timedelta(hours=50)
    with terminal.database() as database, database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        tram = arrival(herald, url="https://herald.example/1", title="Новые трамваи", text="На линии.", topics=())
        admit(connection, now, tram, arrival(herald, url="https://herald.example/2", title="Пикет", text="У министерства."))
    return terminal


def _topics(terminal: Terminal) -> list[tuple[str, ...]]:
    with terminal.database() as database, database.read() as connection:
        return [each.topics for each in articles.read_after(connection, 0, 10)]


def test_a_preview_comes_first(terminal: Terminal, tmp_path: Path) -> None:
    """Without a person to ask, nothing is changed; what would be is shown with samples."""
    printed = terminal.type("rematch", WATCHLIST=str(tmp_path / "trams.toml"))
    assert printed.status == 0
    assert "2 articles looked at: 1 come to match, 1 no longer do." in printed.stdout
    assert "trams: 1 more, 0 fewer" in printed.stdout
    assert "Новые трамваи" in printed.stdout
    assert "leaves the archive 30 days after" in printed.stdout
    assert "homefront rematch --yes" in printed.stderr
    assert _topics(terminal) == [(), ("way-home",)]


def test_applied(terminal: Terminal, tmp_path: Path) -> None:
    """With --yes it is done, and a second time there is nothing to do."""
    printed = terminal.type("rematch", "--yes", WATCHLIST=str(tmp_path / "trams.toml"))
    assert "2 articles changed" in printed.stderr
    assert _topics(terminal) == [("trams",), ()]
    assert "the archive agrees" in terminal.type("rematch", "--yes", WATCHLIST=str(tmp_path / "trams.toml")).stdout


def test_as_json(terminal: Terminal, tmp_path: Path) -> None:
    """The preview for programs."""
    printed = terminal.type("rematch", "--preview", "--json", WATCHLIST=str(tmp_path / "trams.toml"))
    found = json.loads(printed.stdout)
    assert (found["articles"], found["matched"], found["unmatched"]) == (2, 1, 1)
    assert found["topics"]["trams"] == {"added": 1, "lost": 0, "added_samples": ["https://herald.example/1"], "lost_samples": []}


def test_hits_a_day(terminal: Terminal, tmp_path: Path) -> None:
    """The check counts over the archive what the watchlist finds now, and says where the archive was matched with another."""
    printed = terminal.type("watchlist", "check", WATCHLIST=str(tmp_path / "trams.toml"))
    assert printed.status == 0
    assert "  trams                               0.5" in printed.stdout
    assert "homefront rematch" in printed.stdout


def test_a_check_makes_no_archive(tmp_path: Path) -> None:
    """Where there is none, none is made for it."""
    terminal = Terminal(tmp_path / "data", tmp_path / "none.toml")
    assert "hits a day" not in terminal.type("watchlist", "check").stdout
    assert not (tmp_path / "data" / "homefront.sqlite").exists()


def test_a_broken_watchlist(terminal: Terminal, tmp_path: Path) -> None:
    """A watchlist that can't be read is named, and the archive stays as it is."""
    (tmp_path / "broken.toml").write_text("[[topics", encoding="utf-8")
    printed = terminal.type("rematch", "--yes", WATCHLIST=str(tmp_path / "broken.toml"))
    assert printed.status == 2
    assert "broken.toml" in printed.stderr
    assert _topics(terminal) == [(), ("way-home",)]
