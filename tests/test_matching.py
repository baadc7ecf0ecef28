"""``homefront match``: the contract that other programs rely on, line by line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from bot.cli.matching import judged
from feeds.match import Matcher
from tests.terminal import Terminal
from tests.world import command, source_list

ITEM = {"id": "a", "title": "Активистки «Пути домой» вышли на пикет", "text": "Жёны мобилизованных требуют вернуть мужей из армии домой."}
TOO_LATE = ["9" * 10, "9999999999-01-01"]
LONE = "Жёны мобилизованных \ud83d из «Пути домой»"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal without database and sources."""
    return Terminal(tmp_path / "data", tmp_path / "none.toml")


def _lines(*items: Any) -> str:
    return "".join(f"{item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)}\n" for item in items)


def _judged(matcher: Matcher, **item: Any) -> dict[str, Any]:
    return judged(matcher, json.dumps(item).encode())


def _quotes_are_theirs(found: dict[str, Any], item: dict[str, Any]) -> None:
    for topic in found["topics"]:
        for mention in topic["mentions"]:
            assert mention["field"] in {"title", "text"}
            original = item.get(mention["field"]) or ""
            assert 0 <= mention["start"] < mention["end"] <= len(original)
            assert mention["quote"] == original[mention["start"] : mention["end"]]


def test_a_line_for_each_line(terminal: Terminal) -> None:
    """In the order given, with exactly the keys of the contract; what is relevant has its topics, the rest none."""
    other = {"id": "b", "title": "Football results", "text": "Two goals.", "lang": "en", "published": "2026-11-22"}
    printed = terminal.type("match", given=_lines(ITEM, other, ITEM))
    assert (printed.status, printed.stderr) == (0, "")
    first, second, third = printed.lines
    assert first == third
    assert set(first) == {"id", "lang", "relevant", "topics"}
    assert (first["id"], first["lang"], first["relevant"]) == ("a", "ru", True)
    assert "way-home" in [topic["id"] for topic in first["topics"]]
    assert all(set(topic) == {"id", "mentions"} and topic["mentions"] for topic in first["topics"])
    keys = {"alias", "field", "start", "end", "quote"}
    assert all(set(mention) == keys for topic in first["topics"] for mention in topic["mentions"])
    assert (second["relevant"], second["topics"]) == (False, [])
    _quotes_are_theirs(first, ITEM)


def test_no_database_is_touched(terminal: Terminal) -> None:
    """The command needs none and makes none."""
    terminal.type("match", given=_lines(ITEM))
    assert not list(terminal.data.glob("*.sqlite*"))


def test_bad_lines_are_named_and_the_others_go_on(terminal: Terminal) -> None:
    """Each is named by its number on stderr, blank ones aren't lines, and the exit status tells."""
    bad = ["nope", "[1]", "5", '"text"', "{", '{"id": "x", "title": 5}', '{"text": ["x"]}', '{"lang": {}}', '{"id": ' + "9" * 5_000 + "}"]
    printed = terminal.type("match", given=_lines(ITEM, "", *bad, "   ", ITEM))
    assert printed.status == 1
    assert [line["id"] for line in printed.lines] == ["a", "a"]
    said = printed.stderr.splitlines()
    assert [line.split(" can't be read: ")[0] for line in said] == [f"Line {number}" for number in range(3, 3 + len(bad))]
    assert all(line.split(": ", 1)[1].strip() for line in said)


def test_a_line_of_brackets(terminal: Terminal) -> None:
    """A hundred thousand brackets are one bad line like any other."""
    printed = terminal.type("match", given=_lines("[" * 100_000, ITEM))
    assert printed.status == 1
    assert len(printed.lines) == 1


def test_a_mark_before_the_first_line(terminal: Terminal) -> None:
    """A file as some editors save it, with a byte order mark, is read like any other."""
    printed = terminal.type("match", given="\ufeff" + _lines(ITEM, ITEM))
    assert (printed.status, len(printed.lines)) == (0, 2)


def test_a_language_where_there_is_no_letter(matcher: Matcher) -> None:
    """What is given is taken only where the words tell nothing."""
    assert _judged(matcher, title="2022", text="🕯", lang="uk")["lang"] == "uk"
    assert _judged(matcher, title="Year 2022", lang="uk")["lang"] == "en"


def test_no_id_is_null(matcher: Matcher) -> None:
    """An item that was sent without one comes back with null."""
    assert _judged(matcher, title="x")["id"] is None


@pytest.mark.parametrize(
    "item", [{"id": "x"}, {}, {"id": "x", "title": None, "text": None, "lang": None, "published": None}, {"title": ""}]
)
def test_an_item_of_nothing(matcher: Matcher, item: dict[str, Any]) -> None:
    """Missing and empty fields are empty texts, about nothing."""
    found = _judged(matcher, **item)
    assert (found["relevant"], found["topics"]) == (False, [])


@pytest.mark.parametrize("name", [5, None, 0, True])
def test_an_id_comes_back_as_it_was(matcher: Matcher, name: object) -> None:
    """Who joins the answers to the items finds each by what they sent."""
    assert _judged(matcher, id=name, title="x")["id"] == name


@pytest.mark.parametrize(
    "published", ["2026-11-22T09:30:00Z", "2026-11-22", "2026-11", "2026", "yesterday", "", "0000-00-00", "²", *TOO_LATE]
)
def test_any_date_will_do(matcher: Matcher, published: str) -> None:
    """A date that can't be read is no date, and no mistake."""
    assert _judged(matcher, **ITEM, published=published)["relevant"]


@pytest.mark.parametrize("language", ["ru", "uk", "en", "de", "xx", "", "russian", "🕯"])
def test_any_language_will_do(matcher: Matcher, language: str) -> None:
    """A language that is given wrong doesn't hide a group named in full."""
    found = _judged(matcher, **ITEM, lang=language)
    assert found["relevant"]
    _quotes_are_theirs(found, ITEM)


@settings(deadline=None, max_examples=150)
@given(title=strategies.text(max_size=60), text=strategies.text(max_size=200), data=strategies.data())
def test_quotes_are_the_original(matcher: Matcher, title: str, text: str, data: strategies.DataObject) -> None:
    """Whatever signs stand around a name, its place is counted in the characters of the text as it was given."""
    place = data.draw(strategies.integers(0, len(text)))
    item = {"id": "x", "title": title, "text": f"{text[:place]} Жёны мобилизованных из «Пу\u00adти\u0301 домой» {text[place:]}"}
    found = _judged(matcher, **item)
    _quotes_are_theirs(found, item)
    assert json.loads(json.dumps(found)) == found


def test_a_real_process(tmp_path: Path) -> None:
    """Results on stdout alone, also where half of a surrogate pair, bytes that are no UTF-8 and odd line ends are in them."""
    given = _lines(ITEM, "nope", json.dumps({"id": "s", "title": LONE})).replace("\n", "\r\n")
    done = command(tmp_path, source_list(tmp_path / "sources.toml"), "match", given=given)
    assert done.returncode == 1
    first, lone = (json.loads(line) for line in done.stdout.splitlines())
    assert first["relevant"]
    assert (lone["id"], lone["relevant"]) == ("s", True)
    mention = lone["topics"][0]["mentions"][0]
    assert LONE[mention["start"] : mention["end"]] == mention["quote"]
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Line 2 can't be read: ")


def test_a_reader_who_stops_reading(tmp_path: Path) -> None:
    """A pipe that is closed early (“| head -1”) ends the command without a complaint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "match"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent.parent), "HOMEFRONT_DATA_DIR": str(tmp_path / "data")},
    )  # fmt: skip
    assert process.stdout
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(_lines(*[ITEM] * 50).encode(), timeout=60)
    assert said == b""
    assert process.returncode in {0, 1}


def test_a_watchlist_that_cant_be_read(terminal: Terminal, tmp_path: Path) -> None:
    """The call was wrong: the file is named, nothing is printed."""
    (tmp_path / "mine.toml").write_text("[[topic", encoding="utf-8")
    for file in ("missing.toml", "mine.toml"):
        printed = terminal.type("match", given=_lines(ITEM), WATCHLIST=str(tmp_path / file))
        assert (printed.status, printed.stdout) == (2, "")
        assert file in printed.stderr


def test_a_data_folder_that_cant_be(terminal: Terminal, tmp_path: Path) -> None:
    """One sentence says so, or the command does without its cache; never a traceback."""
    (tmp_path / "file").touch()
    printed = terminal.type("match", given=_lines(ITEM), DATA_DIR=str(tmp_path / "file" / "data"))
    assert printed.status in {0, 1}
