"""``homefront import`` and ``homefront export``: a corpus in and out, from the terminal."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import json_file, line
from tests.terminal import Terminal
from tests.world import command, source_list

# The program on a disk where no file has room for more than 3 MB.
LIMITED = """
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from bot.cli import main
main()
"""


@pytest.fixture
def terminal(tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with an empty database."""
    listing = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": "https://herald.example/rss"})
    return Terminal(tmp_path / "data", listing).with_database(blank)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twenty articles, two of which are copies of others."""
    lines = [line(number) for number in range(20)]
    copies = [line(number, id=f"b{number}", source="B", url=f"https://b.example/{number}", published="2023-02-01") for number in (18, 19)]
    return json_file(tmp_path / "corpus.jsonl", [*lines, *copies])


def test_importing(terminal: Terminal, corpus: Path) -> None:
    """Counts for people, or for programs; the second time there is nothing new."""
    printed = terminal.type("import", str(corpus))
    assert printed.status == 0
    assert printed.stdout == "Lines read: 22, refused: 0. New articles: 22 (on our topics: 11, copies: 2), known: 0, revised: 0.\n"
    (counts,) = terminal.type("import", str(corpus), "--json").lines
    assert counts == {"lines": 22, "new": 0, "matched": 0, "known": 22, "copies": 0, "revised": 0, "refused": 0}


def test_standard_input(terminal: Terminal, corpus: Path) -> None:
    """It is read as a file is, and is the same file."""
    (counts,) = terminal.type("import", "-", "--json", given=corpus.read_bytes()).lines
    assert counts["new"] == 22
    (counts,) = terminal.type("import", str(corpus), "--json").lines
    assert (counts["new"], counts["known"]) == (0, 22)


def test_a_pipe(terminal: Terminal, corpus: Path) -> None:
    """What can't be read twice is copied first."""
    done = command(terminal.data, terminal.sources, "import", "-", "--json", given=corpus.read_text(encoding="utf-8"))
    assert json.loads(done.stdout)["new"] == 22


def test_refused_lines(terminal: Terminal, tmp_path: Path) -> None:
    """The first twenty are shown, all are kept where that was asked for; the others go in."""
    file = json_file(tmp_path / "bad.jsonl", [*[b"nonsense"] * 30, line(1)])
    printed = terminal.type("import", str(file), "--rejects", str(tmp_path / "rejects"))
    assert printed.status == 0
    assert printed.stdout.startswith("Lines read: 31, refused: 30. New articles: 1 ")
    shown = printed.stderr.splitlines()
    assert shown[0] == "Line 1 is refused: it isn't JSON: Expecting value at character 1."
    assert (len(shown), shown[-1]) == (21, "10 more lines are refused.")
    rejects = (tmp_path / "rejects").read_text(encoding="utf-8").splitlines()
    assert (len(rejects), rejects[-1]) == (30, "30\tit isn't JSON: Expecting value at character 1")


@pytest.mark.parametrize(
    ("content", "status"), [(b"nonsense\n", 1), (b"", 0), ("жена".encode("utf-16"), 1), (b"url;title;text;published\nx;y;z;1\n", 1)]
)
def test_nothing_that_can_be_taken(terminal: Terminal, tmp_path: Path, content: bytes, status: int) -> None:
    """That is a failure; a file of nothing is none."""
    (tmp_path / "bad").write_bytes(content)
    assert terminal.type("import", str(tmp_path / "bad")).status == status


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["missing.jsonl"], 2, "The file missing.jsonl can't be read: No such file or directory."),
        (["."], 2, "can't be read"),
        ([], 2, "Missing argument"),
        (["-", "--format", "xml"], 2, "--format"),
        (["-", "--format", "csv"], 1, "names its columns"),
        (["-", "--rejects", "no/such/folder"], 1, "can't be written"),
    ],
)
def test_a_wrong_call(terminal: Terminal, words: list[str], status: int, said: str) -> None:
    """One sentence says what is wrong."""
    printed = terminal.type("import", *words, given="a,b\n")
    assert (printed.status, printed.stdout) == (status, "")
    assert said in printed.stderr


def test_while_the_program_runs(terminal: Terminal, corpus: Path) -> None:
    """It doesn't go in, and says what to do."""
    with terminal.database() as database, database.held():
        printed = terminal.type("import", str(corpus))
    assert printed.status == 1
    assert "Stop it first" in printed.stderr


def test_a_full_disk(terminal: Terminal, tmp_path: Path) -> None:
    """One sentence, status 1, and a sound database, into which the same file goes when there is room."""
    corpus = json_file(tmp_path / "long.jsonl", (line(number) for number in range(1_500)))
    terminal.type("import", "-")  # so that the forms of names are there
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "import", str(corpus)], capture_output=True, text=True, env=_environment(terminal), check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"The database {terminal.data}/homefront.sqlite can't be used: ")
    assert done.stderr.count("\n") == 1
    assert terminal.type("db", "check").status == 0
    (counts,) = terminal.type("import", str(corpus), "--json").lines
    assert counts["new"] + counts["known"] == 1_500


def test_a_kill_in_the_middle(terminal: Terminal, tmp_path: Path) -> None:
    """The database is sound, and the second run goes on to what an undisturbed one comes to."""
    corpus = json_file(tmp_path / "long.jsonl", (line(number) for number in range(1_500)))
    process = subprocess.Popen([sys.executable, "-m", "bot", "import", str(corpus)], env=_environment(terminal), stderr=subprocess.DEVNULL)
    stored = 0
    while process.poll() is None and not 0 < stored < 1_500:
        with terminal.database() as database, database.read() as connection:
            stored = int(connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one())
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < stored < 1_500
    assert terminal.type("db", "check").status == 0
    (counts,) = terminal.type("import", str(corpus), "--json").lines
    assert counts["known"] >= stored
    assert counts["new"] + counts["known"] == 1_500
    with terminal.database() as database, database.read() as connection:
        span = connection.exec_driver_sql("SELECT min(id), max(id), count(*) FROM articles").one()
    assert tuple(span) == (-1_500, -1, 1_500)


def test_exporting(terminal: Terminal, corpus: Path) -> None:
    """JSON lines of what is on the topics, or of all; the count and the checksum on stderr."""
    terminal.type("import", str(corpus))
    printed = terminal.type("export")
    assert [item["id"] for item in printed.lines] == [*(f"a{number}" for number in range(0, 20, 2)), "b18"]
    checksum = hashlib.sha256(printed.stdout.encode()).hexdigest()
    assert printed.stderr == f"11 articles, no query, on the topics. SHA-256 {checksum}\n"
    assert terminal.type("export").stdout == printed.stdout
    assert len(terminal.type("export", "--all").lines) == 22
    copy = terminal.type("export", "--all").lines[-1]
    assert (copy["copy_of_id"], copy["id"]) == ("a19", "b19")


def test_exporting_a_query(terminal: Terminal, corpus: Path) -> None:
    """Only what it finds; a wrong one is said to be wrong."""
    terminal.type("import", str(corpus))
    assert len(terminal.type("export", "жена", "мобилизованный").lines) == 11
    assert "query “жена -пикет”" in terminal.type("export", "жена", "-пикет").stderr
    printed = terminal.type("export", '"open')
    assert (printed.status, printed.stdout) == (2, "")


@pytest.mark.parametrize("form", ["jsonl", "csv", "atom", "bibtex", "ris"])
def test_a_file(terminal: Terminal, corpus: Path, tmp_path: Path, form: str) -> None:
    """With what it is beside it: query, count, checksum."""
    terminal.type("import", str(corpus))
    folder = tmp_path / "out"
    folder.mkdir()
    printed = terminal.type("export", "--format", form, "-o", str(folder / "file"))
    assert (printed.status, printed.stdout) == (0, "")
    assert sorted(each.name for each in folder.iterdir()) == ["file", "file.meta.json"]
    told = json.loads((folder / "file.meta.json").read_bytes())
    assert told["sha256"] == hashlib.sha256((folder / "file").read_bytes()).hexdigest()
    assert (told["articles"], told["query"], told["all"], told["format"]) == (11, "", False, form)


def test_a_folder_that_is_not_there(terminal: Terminal, tmp_path: Path) -> None:
    """One sentence says so."""
    for place in (tmp_path / "no" / "out", tmp_path):
        printed = terminal.type("export", "-o", str(place))
        assert printed.status == 1
        assert "can't be written" in printed.stderr


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_there_and_back(terminal: Terminal, corpus: Path, tmp_path: Path, blank: Path, form: str) -> None:
    """What was exported goes into an empty archive, and comes out with the same articles, copies and stories."""
    terminal.type("import", str(corpus))
    file = tmp_path / f"out.{form}"
    terminal.type("export", "--all", "--format", form, "-o", str(file))
    other = Terminal(tmp_path / "other", terminal.sources).with_database(blank)
    assert other.type("import", str(file), "--json").lines[0]["new"] == 22
    assert list(_comparable(other.type("export", "--all").lines)) == list(_comparable(terminal.type("export", "--all").lines))


def test_stories_below_zero(terminal: Terminal, corpus: Path) -> None:
    """Their numbers are no options."""
    terminal.type("import", str(corpus))
    printed = terminal.type("story", "show", "-1")
    assert (printed.status, printed.stdout) == (1, "")
    assert printed.stderr == "There is no story -1.\n"
    story = terminal.type("export", "--all").lines[-1]["story"]
    assert "Sample Gazette" in terminal.type("story", "show", str(story)).stdout


def _comparable(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Items with their ids as text, as CSV has them."""
    for item in items:
        yield {**item, "id": str(item["id"])}


def _environment(terminal: Terminal) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEFRONT_")}
    return {**kept, "HOMEFRONT_DATA_DIR": str(terminal.data), "HOMEFRONT_SOURCES": str(terminal.sources)}
