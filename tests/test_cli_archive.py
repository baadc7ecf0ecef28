"""``homefront search`` and ``homefront digest``: the archive from the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.building import LONG, admit, arrival, listed
from tests.terminal import Terminal
from tests.world import command, source_list

HIT = {"id", "story", "title", "snippet", "url", "lang", "source", "standing", "published", "first_seen"}
STORY = {"story", "topic", "title", "url", "source", "publishers", "articles"}


@pytest.fixture
def terminal(tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with an archive: one story told twice yesterday, one of last week, one item about nothing."""
    listing = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": "https://herald.example/rss"})
    made = Terminal(tmp_path / "data", listing).with_database(blank)
    now = datetime.now(UTC)
    with made.database() as database, database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        admit(
            connection,
            now - timedelta(days=8),
            arrival(herald, url="https://herald.example/old", title="Давний протест", text=f"{LONG} Давно.", topics=("protest",)),
        )
        admit(connection, now - timedelta(hours=20), arrival(herald))
        admit(connection, now - timedelta(hours=10), arrival(echo, url="https://echo.example/1"))
        admit(connection, now, arrival(herald, url="https://herald.example/sport", title="Футбол", text="Спорт.", topics=()))
    return made


def test_searching(terminal: Terminal) -> None:
    """Newest first, for people on stdout."""
    printed = terminal.type("search", "жена", "мобилизованный")
    assert (printed.status, printed.stderr) == (0, "")
    assert [line for line in printed.stdout.splitlines() if line and not line.startswith(" ")] == [
        "Пикет «Пути домой»",
        "Пикет «Пути домой»",
        "Давний протест",
    ]
    assert "Herald (exile), " in printed.stdout
    assert "\x1b" not in printed.stdout


def test_json_lines(terminal: Terminal) -> None:
    """Every hit with the fields of the contract, as many as asked for."""
    found = terminal.type("search", "пикет", "--json", "--limit", "2").lines
    assert [set(line) for line in found] == [HIT, HIT]
    assert [line["id"] for line in found] == [3, 2]
    assert (found[0]["story"], found[0]["source"], found[0]["lang"]) == (2, "Echo", "ru")


def test_times_in_json(terminal: Terminal) -> None:
    """They are written as programs read them."""
    (line,) = terminal.type("search", "пикет", "--json", "--limit", "1").lines
    assert "T" in line["first_seen"]
    assert datetime.fromisoformat(line["first_seen"]).tzinfo is not None


def test_about_nothing(terminal: Terminal) -> None:
    """Items about none of the topics only with --all."""
    assert terminal.type("search", "футбол").status == 1
    assert len(terminal.type("search", "футбол", "--all", "--json").lines) == 1


def test_nothing_found(terminal: Terminal) -> None:
    """People are told on stderr; a program gets no line, and no complaint."""
    printed = terminal.type("search", "небывалое")
    assert (printed.status, printed.stdout) == (1, "")
    assert printed.stderr == "Nothing in the archive has all of these words.\n"
    printed = terminal.type("search", "небывалое", "--json")
    assert (printed.stdout, printed.stderr) == ("", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (['"open'], "never closed"),
        (["!!!"], "at least one word"),
        ([""], "at least one word"),
        (["--", "-путь"], "at least one word"),
        (["слово"] * 300, "at most 1000 characters"),
        (["а"] * 40, "at most 30 words"),
        (["x", "--limit", "0"], "--limit"),
        (["x", "--limit", "many"], "--limit"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_query(terminal: Terminal, words: list[str], said: str) -> None:
    """The call was wrong: one sentence on stderr."""
    printed = terminal.type("search", *words)
    assert (printed.status, printed.stdout) == (2, "")
    assert said in printed.stderr


@pytest.mark.parametrize("words", [['"пикет', 'пути"'], ['"пути домой"'], ["пут*"], ["--", "пикет", "-давно"]])
def test_the_query_language(terminal: Terminal, words: list[str]) -> None:
    """Phrases, beginnings and excluded words, as the shell hands them over."""
    assert len(terminal.type("search", "--json", *words).lines) == 2


def test_an_excluded_word_as_the_help_shows_it(terminal: Terminal) -> None:
    """“homefront search пикет -давно” works as it is written."""
    assert len(terminal.type("search", "--json", "пикет", "-давно").lines) == 2


def test_a_digest(terminal: Terminal) -> None:
    """What it would say since yesterday: one story with both its publishers."""
    printed = terminal.type("digest")
    assert (printed.status, printed.stderr) == (0, "")
    assert printed.stdout.startswith("[way-home] Пикет «Пути домой»\n    Herald, 2 publisher(s)\n    https://herald.example/")
    (line,) = terminal.type("digest", "--json").lines
    assert set(line) == STORY
    assert (line["topic"], line["publishers"], line["articles"]) == ("way-home", 2, 2)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--since", "12h"], 1),
        (["--since", "1h"], 0),
        (["--since", "2w"], 2),
        (["--since", "2020-01-01"], 2),
        (["--since", "0001-01-01"], 2),
        (["--since", "9999w"], 2),
        (["--since", "2999-01-01"], 0),
        (["--since", "2w", "--topics", "protest"], 1),
        (["--since", "2w", "--topics", " way-home , protest,"], 2),
        (["--topics", "losses"], 0),
    ],
)
def test_what_a_digest_covers(terminal: Terminal, words: list[str], number: int) -> None:
    """A span or a date, and topics; nothing is no line and no failure."""
    printed = terminal.type("digest", "--json", *words)
    assert (printed.status, len(printed.lines)) == (0, number)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "yesterday"], "neither a span"),
        (["--since", ""], "neither a span"),
        (["--since", "-1d"], "neither a span"),
        (["--since", "2026-13-01"], "neither a span"),
        (["--topics", "way-home,nonsense"], "There is no topic “nonsense”. There are: way-home, "),
        (["--language", "klingon"], "klingon"),
    ],
)
def test_a_wrong_digest(terminal: Terminal, words: list[str], said: str) -> None:
    """The call was wrong: one sentence with what there is."""
    printed = terminal.type("digest", *words)
    assert (printed.status, printed.stdout) == (2, "")
    assert said in printed.stderr


def test_a_moment_with_its_zone(terminal: Terminal) -> None:
    """Since a moment means that moment."""
    moment = (datetime.now(UTC) - timedelta(hours=15)).astimezone(datetime.strptime("+1400", "%z").tzinfo)
    found = terminal.type("digest", "--json", "--since", moment.isoformat()).lines
    assert [line["articles"] for line in found] == [2]


def test_a_hit_without_title(terminal: Terminal) -> None:
    """It is shown by the words around what was looked for, once."""
    with terminal.database() as database, database.write() as connection:
        (herald,) = listed(connection, datetime.now(UTC), "Herald")
        admit(connection, datetime.now(UTC), arrival(herald, url="https://t.me/x/1", title="", text="Сбор у памятника в полдень."))
    printed = terminal.type("search", "памятник").stdout
    assert printed.startswith("Сбор у памятника")
    assert printed.count("памятника") == 1


def test_a_post_without_title(terminal: Terminal) -> None:
    """A channel's post is shown by its first words, as in the JSON line."""
    with terminal.database() as database, database.write() as connection:
        (herald,) = listed(connection, datetime.now(UTC), "Herald")
        admit(connection, datetime.now(UTC), arrival(herald, url="https://t.me/x/1", title="", text="Сбор у памятника в полдень."))
    assert "Сбор у памятника" in terminal.type("digest", "--since", "1h").stdout


def test_a_real_process(terminal: Terminal) -> None:
    """The same from a shell."""
    done = command(terminal.data, terminal.sources, "search", "пикет", "--json")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 3, "")
