"""``homefront sources``: the list, kept from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.world import Outlets, outlets, source_list

ITEM = {"guid": "1", "link": "https://echo.example/1", "title": "Пикет [bold]жён[/bold]", "text": "Текст."}
FIELDS = {"name", "address", "kind", "standing", "publisher", "last_success", "last_error", "next_check"}


@pytest.fixture
def world() -> Iterator[Outlets]:
    """Outlets on loopback: two that can be read, and one that can't."""
    with outlets() as served:
        for path in ("/herald", "/echo"):
            served.rss(path, path.strip("/").title(), [ITEM])
        served.documents["/page"] = b"<html><body><p>Not a feed</p></body></html>"
        yield served


@pytest.fixture
def terminal(world: Outlets, tmp_path: Path, blank: Path) -> Terminal:
    """A terminal whose list has one source."""
    listing = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": f"{world.base}/herald", "standing": "exile"})
    return Terminal(tmp_path / "data", listing).with_database(blank)


def _names(terminal: Terminal) -> list[str]:
    return [line["name"] for line in terminal.type("sources", "list", "--json").lines]


def test_the_list(terminal: Terminal, world: Outlets) -> None:
    """For people and as JSON lines with the fields of the contract; nulls where nothing is known yet."""
    printed = terminal.type("sources", "list")
    assert (printed.status, printed.stderr) == (0, "")
    assert printed.stdout == f"Herald  [exile, feed]  not polled yet\n    {world.base}/herald\n"
    (line,) = terminal.type("sources", "list", "--json").lines
    assert set(line) >= FIELDS
    assert (line["name"], line["address"], line["kind"], line["publisher"]) == ("Herald", f"{world.base}/herald", "feed", "Herald")
    assert (line["last_success"], line["last_error"]) == (None, None)


def test_the_list_after_a_cycle(terminal: Terminal, world: Outlets) -> None:
    """When it was read, or what is wrong, in words."""
    terminal.type("poll")
    assert "ok, read 2" in terminal.type("sources", "list").stdout
    del world.documents["/herald"]
    terminal.type("poll", "--all")
    assert "trouble: " in terminal.type("sources", "list").stdout
    (line,) = terminal.type("sources", "list", "--json").lines
    assert "404" in line["last_error"]
    assert line["last_success"] is not None
    (day,) = line["days"]
    assert (day["polls"], day["failures"], day["items"], line["condition"]) == (2, 1, 1, "fine")


def test_adding(terminal: Terminal, world: Outlets) -> None:
    """The source is looked at first, goes by its own title, and is polled from then on."""
    printed = terminal.type("sources", "add", f"{world.base}/echo")
    assert (printed.status, printed.stdout) == (0, "Added “Echo”.\n")
    assert "Пикет [bold]жён[/bold]" in printed.stderr
    assert _names(terminal) == ["Echo", "Herald"]
    (counts,) = terminal.type("poll", "--json").lines
    assert (counts["sources"], counts["failed"]) == (2, 0)


def test_adding_with_everything_said(terminal: Terminal, world: Outlets) -> None:
    """What is given goes before what the document says."""
    words = ["--name", "Эхо", "--publisher", "Group", "--standing", "state", "--language", "ru", "--kind", "feed"]
    assert terminal.type("sources", "add", f"{world.base}/echo", *words).stdout == "Added “Эхо”.\n"
    (line,) = [line for line in terminal.type("sources", "list", "--json").lines if line["name"] == "Эхо"]
    assert (line["publisher"], line["standing"], line["kind"]) == ("Group", "state", "feed")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["{base}/missing"], 1, "404"),
        (["{base}/page"], 1, ""),
        (["{base}/herald"], 1, "in the list already, as “Herald”"),
        (["{base}/echo", "--name", "Herald"], 1, "in the list already, as “Herald”"),
        (["http://127.0.0.1:1/x"], 1, ""),
        (["ftp://echo.example/x"], 2, "must begin with https://"),
        (["nonsense"], 2, "must begin with https://"),
        ([""], 2, "url is missing"),
        (["http://"], 2, "no host"),
        (["http://" + "a" * 5_000], 2, "longer than"),
        (["{base}/echo", "--kind", "podcast"], 2, "kind must be one of"),
        (["{base}/echo", "--standing", "friendly"], 2, "standing must be one of"),
        (["{base}/echo", "--language", "klingon"], 2, "language must be one of"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cant_be_added(terminal: Terminal, world: Outlets, words: list[str], status: int, said: str) -> None:
    """One sentence and the right status; the list stays as it was."""
    printed = terminal.type("sources", "add", *[word.format(base=world.base) for word in words])
    assert (printed.status, printed.stdout) == (status, "")
    assert said in printed.stderr
    assert printed.stderr.strip()
    assert status == 2 or printed.stderr.count("\n") == 1
    assert _names(terminal) == ["Herald"]


def test_private_addresses(terminal: Terminal, world: Outlets) -> None:
    """Without leave, one's own machine isn't asked."""
    printed = terminal.type("sources", "add", f"{world.base}/echo", ALLOW_PRIVATE_ADDRESSES="0")
    assert (printed.status, printed.stdout) == (1, "")


def test_credentials_are_not_shown(terminal: Terminal, world: Outlets) -> None:
    """A password in an address is used and never printed."""
    address = f"{world.base}/echo".replace("http://", "http://user:secret@")
    shown = [terminal.type("sources", *words) for words in (["add", address], ["list"], ["list", "--json"], ["check"], ["add", address])]
    assert not any("secret" in printed.stdout + printed.stderr for printed in shown)


def test_blanks_around_an_address(terminal: Terminal, world: Outlets) -> None:
    """What was pasted with a blank is the same address."""
    assert terminal.type("sources", "add", f" {world.base}/echo ").status == 0
    assert terminal.type("sources", "add", f"{world.base}/echo", "--name", "Again").status == 1
    assert terminal.type("sources", "remove", f"{world.base}/echo").status == 0


def test_removing_and_taking_back(terminal: Terminal, world: Outlets) -> None:
    """By name or address, once; the list's own file doesn't bring it back, its operator does."""
    assert terminal.type("sources", "remove", "Herald").stdout == "Removed “Herald”.\n"
    assert _names(terminal) == []
    printed = terminal.type("sources", "remove", "Herald")
    assert (printed.status, printed.stdout) == (1, "")
    assert printed.stderr == "There is no source called “Herald”. See “homefront sources list”.\n"
    assert terminal.type("sources", "add", f"{world.base}/herald").status == 0
    assert terminal.type("sources", "remove", f"{world.base}/herald").status == 0


def test_checking(terminal: Terminal, world: Outlets) -> None:
    """Each source is fetched and judged; nothing is stored; one with trouble makes the status 1."""
    printed = terminal.type("sources", "check")
    assert (printed.status, printed.stdout) == (0, "ok       Herald: 1 items\n")
    del world.documents["/herald"]
    printed = terminal.type("sources", "check", "Herald")
    assert printed.status == 1
    assert printed.stdout.startswith("trouble  Herald: ")
    (line,) = terminal.type("sources", "list", "--json").lines
    assert (line["last_success"], line["last_error"]) == (None, None)


def test_checking_what_isnt_there(terminal: Terminal) -> None:
    """A wrong name is said."""
    printed = terminal.type("sources", "check", "Nobody")
    assert (printed.status, printed.stdout) == (1, "")
    assert "no such source" in printed.stderr


def test_checking_a_wrong_name_beside_a_right_one(terminal: Terminal) -> None:
    """The one that isn't there is named."""
    printed = terminal.type("sources", "check", "Herald", "Nobody")
    assert printed.status != 0
    assert "Nobody" in printed.stderr


def test_a_page_offers_its_feeds(terminal: Terminal, world: Outlets) -> None:
    """The address of a page isn't added; the feeds that it names are printed."""
    world.documents["/"] = b'<html><head><link rel="alternate" type="application/rss+xml" title="Echo news" href="/echo"></head></html>'
    printed = terminal.type("sources", "add", f"{world.base}/")
    assert printed.status == 1
    assert f"Echo news: {world.base}/echo" in printed.stderr
    assert _names(terminal) == ["Herald"]


def test_interval_and_note(terminal: Terminal, world: Outlets) -> None:
    """An interval of one's own is kept, one that is too short refused."""
    words = ["sources", "add", f"{world.base}/echo", "--note", "asked for"]
    assert "600 seconds" in terminal.type(*words, "--interval", "60").stderr
    assert terminal.type(*words, "--interval", "3600").status == 0
    assert 'homefront:interval="3600"' in terminal.type("sources", "export-opml").stdout


def test_lists_go_both_ways(terminal: Terminal, world: Outlets, tmp_path: Path) -> None:
    """What is exported can be imported elsewhere; what is there already stays as it is and is counted."""
    terminal.type("sources", "add", f"{world.base}/echo", "--standing", "state", "--language", "ru")
    file = tmp_path / "list.opml"
    assert terminal.type("sources", "export-opml", "-o", str(file)).status == 0
    other = Terminal(tmp_path / "other", source_list(tmp_path / "none.toml", {"name": "Herald", "url": f"{world.base}/herald"}))
    printed = other.type("sources", "import-opml", str(file))
    assert (printed.status, printed.stdout) == (0, "Added 1 sources; 1 left out.\n")
    assert "in the list already" in printed.stderr
    (line,) = [line for line in other.type("sources", "list", "--json").lines if line["name"] == "Echo"]
    assert (line["standing"], line["address"]) == ("state", f"{world.base}/echo")


@pytest.mark.parametrize("content", [None, b"", b"no xml", b"<opml><body><outline xmlUrl='ftp://x'/></body></opml>"])
def test_lists_that_cant_be_read(terminal: Terminal, tmp_path: Path, content: bytes | None) -> None:
    """Each with a sentence, and the list stays as it was."""
    file = tmp_path / "list.opml"
    if content is not None:
        file.write_bytes(content)
    printed = terminal.type("sources", "import-opml", str(file))
    assert printed.stderr.strip()
    assert _names(terminal) == ["Herald"]
