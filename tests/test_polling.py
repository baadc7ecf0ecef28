"""``homefront poll``: one cycle over real documents on loopback, and what it says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import sources
from storage.database import Database
from storage.polled import Polled
from tests.terminal import Terminal
from tests.world import Outlets, command, outlets, source_list

KEYS = {"sources", "unchanged", "failed", "new", "matched", "known", "copies", "revised", "skipped"}
PICKET = {
    "guid": "1",
    "link": "https://herald.example/1",
    "title": "Пикет «Пути домой»",
    "text": "Жёны мобилизованных вышли на пикет в Москве.",
}
SPORT = {"guid": "2", "link": "https://herald.example/2", "title": "Футбол", "text": "Два гола."}


@pytest.fixture
def world() -> Iterator[Outlets]:
    """Outlets on loopback, one of them with two items."""
    with outlets() as served:
        served.rss("/herald", "Herald", [PICKET, SPORT])
        yield served


@pytest.fixture
def terminal(world: Outlets, tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with two sources, one of which isn't there."""
    listing = source_list(
        tmp_path / "sources.toml",
        {"name": "Herald", "url": f"{world.base}/herald", "standing": "exile"},
        {"name": "Echo", "url": f"{world.base}/echo"},
    )
    return Terminal(tmp_path / "data", listing).with_database(blank)


def _counts(terminal: Terminal, *words: str) -> dict[str, int]:
    (counts,) = terminal.type("poll", "--json", *words).lines
    return {key: counts[key] for key in counts if counts[key]}


def _polled(database: Database) -> dict[str, Polled]:
    with database.read() as connection:
        return {each.source.name: each for each in sources.every(connection)}


def test_a_cycle_and_the_next(terminal: Terminal, world: Outlets) -> None:
    """Counts on stdout, trouble on stderr; what was polled isn't due at once; asked for, only what is new counts."""
    printed = terminal.type("poll")
    assert printed.status == 0
    assert printed.stdout == (
        "Sources polled: 2, failed: 1, unchanged: 0. New items: 2 (on our topics: 1, copies: 0), known: 0, revised: 0.\n"
    )
    assert "Echo: " in printed.stderr
    assert "404" in printed.stderr
    assert _counts(terminal) == {}
    assert _counts(terminal, "--all") == {"sources": 2, "failed": 1, "unchanged": 1}
    world.rss(
        "/herald",
        "Herald",
        [PICKET | {"text": "Жёны мобилизованных вышли на второй пикет."}, SPORT, SPORT | {"guid": "3", "link": "https://herald.example/3"}],
    )
    assert _counts(terminal, "--source", "Herald") == {"sources": 1, "new": 1, "known": 2, "revised": 1}


def test_json(terminal: Terminal) -> None:
    """One line with every count, zeros too, and nothing else on stdout."""
    printed = terminal.type("poll", "--json")
    assert len(printed.lines) == 1
    assert set(printed.lines[0]) == KEYS


def test_trouble_is_kept_in_words(terminal: Terminal) -> None:
    """It is shown in the list of sources until the source can be read again."""
    terminal.type("poll")
    with terminal.database() as database:
        found = _polled(database)
    assert found["Herald"].last_error is None
    assert (found["Echo"].failures, "404" in str(found["Echo"].last_error)) == (1, True)


BAD_DOCUMENTS = [
    b"",
    b"\x00" * 1_000,
    b"<html><body>Not a feed</body></html>",
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>cut off',
    b"<rss>" * 50_000,
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
    b'{"version": "https://jsonfeed.org/version/1.1", "items": 5}',
    b"[" * 200_000,
]


def test_documents_that_cant_be_read_stop_nobody(terminal: Terminal, world: Outlets) -> None:
    """Whatever other servers send, Herald's items are stored; each other source has an error in words, or no items."""
    listing = [{"name": "Herald", "url": f"{world.base}/herald"}]
    for number, document in enumerate(BAD_DOCUMENTS):
        world.documents[f"/{number}"] = document
        listing.append({"name": f"Bad {number}", "url": f"{world.base}/{number}"})
    source_list(terminal.sources, *listing)
    printed = terminal.type("poll", "--json")
    assert printed.status == 0
    assert (printed.lines[0]["sources"], printed.lines[0]["new"], printed.lines[0]["matched"]) == (1 + len(BAD_DOCUMENTS), 2, 1)
    assert "Traceback" not in printed.stderr
    with terminal.database() as database:
        found = _polled(database)
    assert found["Herald"].last_error is None
    assert all(len(str(each.last_error)) < 300 and "Error" not in str(each.last_error) for each in found.values())
    assert sum(each.last_error is not None for each in found.values()) >= len(BAD_DOCUMENTS) - 2


ODD_ENTRIES: dict[str, dict[str, Any]] = {
    "signs": {"id": "1", "url": "https://echo.example/1", "title": "a\x00b\x1b[2J\u202e", "content_text": "x\ud800\x9b"},
    "no identity": {"title": "Только слова"},
    "enormous": {"id": "x" * 100_000, "url": "https://echo.example/" + "a" * 100_000, "title": "y" * 100_000},
    "guid": {"id": "1\ud800", "url": "https://echo.example/1", "title": "Новость"},
    "address": {"id": "1", "url": "https://echo.example/\ud800", "title": "Новость"},
}


@pytest.mark.parametrize("name", ODD_ENTRIES)
def test_an_odd_entry_stops_nobody(terminal: Terminal, world: Outlets, name: str) -> None:
    """An entry of one source that no database could hold is cleaned or skipped, and the cycle goes on."""
    world.documents["/echo"] = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Echo", "items": [ODD_ENTRIES[name], {"id": "9", "title": "Ещё"}]}
    ).encode()
    printed = terminal.type("poll", "--json")
    assert printed.status == 0
    assert printed.lines[0]["matched"] == 1
    assert printed.lines[0]["new"] >= 3


def test_by_name(terminal: Terminal) -> None:
    """Several may be named; one that isn't in the list is a wrong call."""
    assert _counts(terminal, "--source", "Herald", "--source", "Echo") == {"sources": 2, "failed": 1, "new": 2, "matched": 1}
    printed = terminal.type("poll", "--source", "Nobody")
    assert (printed.status, printed.stdout) == (2, "")
    assert printed.stderr == "There is no source called “Nobody”. See “homefront sources list”.\n"


def test_a_wrong_name_beside_a_right_one(terminal: Terminal) -> None:
    """A call that is refused leaves everything as it was: the source is still due."""
    assert terminal.type("poll", "--source", "Herald", "--source", "Nobody").status == 2
    assert _counts(terminal)["sources"] == 2


def test_when_nothing_can_be_read(terminal: Terminal) -> None:
    """Where every source failed the command did; the counts are printed all the same."""
    for words in ([], ["--json"]):
        printed = terminal.type("poll", "--source", "Echo", *words)
        assert printed.status == 1
        assert printed.stdout.count("\n") == 1


def test_while_the_program_runs(terminal: Terminal) -> None:
    """Two programs don't poll the same sources: the command failed, and says why."""
    with terminal.database() as database, database.held():
        printed = terminal.type("poll")
    assert (printed.status, printed.stdout) == (1, "")
    assert "Another homefront is already running" in printed.stderr


def test_a_source_list_that_cant_be_read(terminal: Terminal) -> None:
    """The entry and the key are named."""
    terminal.sources.write_text('[[source]]\nname = "X"\nurl = "ftp://x"\n', encoding="utf-8")
    printed = terminal.type("poll")
    assert (printed.status, printed.stdout) == (2, "")
    assert "sources.toml, source 1 (X): url" in printed.stderr


def test_private_addresses_are_refused(terminal: Terminal) -> None:
    """Unless they are allowed, a list that names one's own machine gets nothing from it."""
    printed = terminal.type("poll", "--json", ALLOW_PRIVATE_ADDRESSES="0")
    assert printed.lines[0]["failed"] == 2


def test_a_real_process(terminal: Terminal) -> None:
    """The same from a shell: counts alone on stdout."""
    done = command(terminal.data, terminal.sources, "poll", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["new"] == 2
    assert "Echo" in done.stderr
