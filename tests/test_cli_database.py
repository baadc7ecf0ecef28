"""``homefront db``: the database from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from storage import upgrade
from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, blank: Path) -> Terminal:
    """A terminal with an empty database."""
    return Terminal(tmp_path / "data", tmp_path / "none.toml").with_database(blank)


def test_upgrading(terminal: Terminal) -> None:
    """The first time and every other it ends at the newest revision."""
    (terminal.data / "homefront.sqlite").unlink()
    for _ in range(2):
        printed = terminal.type("db", "upgrade")
        assert (printed.status, printed.stderr) == (0, "")
        assert printed.stdout == f"{terminal.data}/homefront.sqlite is at revision {upgrade.head_revision()}.\n"


def test_back_to_an_earlier_version(terminal: Terminal) -> None:
    """Before an earlier version is installed the database goes back to its revision; not while the program runs."""
    past, head = upgrade.revisions()[-2:]
    with terminal.database() as database, database.held():
        refused = terminal.type("db", "downgrade", past)
    assert (refused.status, "Another homefront is already running" in refused.stderr) == (1, True)
    printed = terminal.type("db", "downgrade", past)
    assert (printed.status, printed.stdout) == (0, f"{terminal.data}/homefront.sqlite is at revision {past}.\n")
    assert terminal.type("db", "downgrade", head).status == 1
    assert terminal.type("db", "upgrade").stdout.endswith(f"{head}.\n")


def test_back_by_a_copy(terminal: Terminal, tmp_path: Path) -> None:
    """An earlier version, which refuses a later one's database, puts its own copy from before the upgrade in that one's place."""
    copy = tmp_path / "before.sqlite"
    terminal.type("db", "backup", str(copy))
    with terminal.database() as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert terminal.type("db", "check").status == 1
    assert terminal.type("db", "restore", str(copy)).status == 0
    assert terminal.type("db", "check").status == 0


def test_a_sound_database(terminal: Terminal) -> None:
    """It is said on stdout."""
    printed = terminal.type("db", "check")
    assert (printed.status, printed.stdout, printed.stderr) == (0, "The database is sound.\n", "")


def test_damage(terminal: Terminal) -> None:
    """What is broken on stdout, what to do on stderr, status 1."""
    with terminal.database() as database, database.write() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("PRAGMA writable_schema = ON"))
        connection.execute(text("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'ix_stories_changed_seq'"))
    printed = terminal.type("db", "check")
    assert printed.status == 1
    assert printed.stderr.strip()
    assert "Traceback" not in printed.stderr


def test_there_and_back(terminal: Terminal, tmp_path: Path) -> None:
    """A copy is made and put back."""
    copy = tmp_path / "copy.sqlite"
    assert terminal.type("db", "backup", str(copy)).stdout == f"Copied to {copy}.\n"
    assert terminal.type("db", "restore", str(copy)).stdout == f"Restored from {copy}.\n"
    assert terminal.type("db", "check").status == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["restore", "missing"], 1, "There is no file missing."),
        (["restore"], 2, "Missing argument"),
        (["backup"], 2, "Missing argument"),
        (["backup", "/dev/null/copy"], 1, "can't be written"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_what_cant_be_done(terminal: Terminal, words: list[str], status: int, said: str) -> None:
    """One sentence, nothing on stdout."""
    printed = terminal.type("db", *words)
    assert (printed.status, printed.stdout) == (status, "")
    assert said in printed.stderr


def test_restoring_while_the_program_runs(terminal: Terminal, tmp_path: Path) -> None:
    """It is refused: the running program has the database open."""
    terminal.type("db", "backup", str(tmp_path / "copy"))
    with terminal.database() as database, database.held():
        printed = terminal.type("db", "restore", str(tmp_path / "copy"))
    assert (printed.status, printed.stdout) == (1, "")
    assert "Another homefront is already running" in printed.stderr


def test_copying_while_the_program_runs(terminal: Terminal, tmp_path: Path) -> None:
    """A copy can be made at any time."""
    with terminal.database() as database, database.held():
        assert terminal.type("db", "backup", str(tmp_path / "copy")).status == 0


@pytest.mark.parametrize("words", [["check"], ["upgrade"], ["backup", "copy"]])
def test_a_file_that_is_no_database(terminal: Terminal, words: list[str]) -> None:
    """It is named, and left as it is."""
    file = terminal.data / "homefront.sqlite"
    file.write_bytes(b"Dear reader, " * 500)
    printed = terminal.type("db", *words)
    assert (printed.status, printed.stdout) == (1, "")
    assert "homefront.sqlite can't be used: file is not a database." in printed.stderr
    assert file.read_bytes() == b"Dear reader, " * 500


def test_a_newer_database(terminal: Terminal) -> None:
    """Every command says that this version is too old for it."""
    with terminal.database() as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for words in (["db", "upgrade"], ["db", "check"], ["search", "x"], ["sources", "list"]):
        printed = terminal.type(*words)
        assert (printed.status, printed.stdout) == (1, "")
        assert "made by a newer homefront (revision 9999)" in printed.stderr


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("postgresql://x/y", 2),
        ("nonsense", 2),
        ("sqlite:////dev/null/x", 1),
    ],
)
def test_a_wrong_address(terminal: Terminal, url: str, status: int) -> None:
    """The variable is named in one sentence."""
    printed = terminal.type("db", "check", DATABASE_URL=url)
    assert (printed.status, printed.stdout) == (status, "")
    assert "HOMEFRONT_" in printed.stderr
    assert printed.stderr.count("\n") == 1
