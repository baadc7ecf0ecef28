"""The command line as a whole: what is printed where, and with which status it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal
from tests.world import command, program, source_list


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal with a list of one source."""
    listing = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": "http://127.0.0.1:1/rss", "note": "never polled"})
    listing.write_text(f"{listing.read_text()}enabled = false\n", encoding="utf-8")
    return Terminal(tmp_path / "data", listing)


@contextmanager
def _telegram_that_says_no(status: int, description: str) -> Iterator[str]:
    """A Bot API that answers every call with an error."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps({"ok": False, "error_code": status, "description": description}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the standard library's name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["match", "--help"], ["poll", "--help"], ["sources", "--help"], ["db", "restore", "--help"]]
)
def test_help(terminal: Terminal, words: list[str]) -> None:
    """It is a result: stdout, status 0, and no database is made for it."""
    printed = terminal.type(*words)
    assert (printed.status, printed.stderr) == (0, "")
    assert "Usage: " in printed.stdout
    assert not terminal.data.exists()


def test_every_command_of_the_design(terminal: Terminal) -> None:
    """They are all listed with what they do."""
    said = terminal.type("--help").stdout
    assert all(f" {name} " in said for name in ("run", "poll", "match", "search", "digest", "sources", "db"))


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--nonsense"],
        ["poll", "--nonsense"],
        ["poll", "extra"],
        ["sources", "nonsense"],
        ["db", "upgrade", "extra"],
        ["run", "x"],
    ],
)
def test_a_wrong_call(terminal: Terminal, words: list[str]) -> None:
    """Status 2, stderr alone, and no traceback."""
    printed = terminal.type(*words)
    assert (printed.status, printed.stdout) == (2, "")
    assert printed.stderr.strip()


@pytest.mark.parametrize("words", [["poll"], ["match"], ["search", "x"], ["digest"], ["sources", "list"], ["db", "check"], ["run"]])
def test_wrong_settings(terminal: Terminal, words: list[str]) -> None:
    """Every command ends with 2 and the sentence that names the variable, before it does anything."""
    printed = terminal.type(*words, KEEP_UNMATCHED_DAYS="soon")
    assert (printed.status, printed.stdout) == (2, "")
    assert printed.stderr.startswith("HOMEFRONT_KEEP_UNMATCHED_DAYS can't be used: ")
    assert printed.stderr.count("\n") == 1
    assert not terminal.data.exists()


@pytest.mark.parametrize("words", [["search", "x"], ["sources", "list"], ["poll"], ["digest"], ["run"]])
def test_a_data_folder_that_cant_be(terminal: Terminal, tmp_path: Path, words: list[str]) -> None:
    """The work failed: one sentence with what to set."""
    (tmp_path / "file").touch()
    printed = terminal.type(*words, DATA_DIR=str(tmp_path / "file" / "data"))
    assert (printed.status, printed.stdout) == (1, "")
    assert "can't be opened" in printed.stderr
    assert "HOMEFRONT_DATA_DIR" in printed.stderr


def test_a_second_run_on_the_same_data(terminal: Terminal, blank: Path) -> None:
    """While one runs another is refused with a sentence; looking is still possible; afterwards the data is free again."""
    terminal.with_database(blank)
    with program(terminal.data, terminal.sources) as running:
        done = command(terminal.data, terminal.sources, "run")
        assert (done.returncode, done.stdout) == (1, "")
        assert "Another homefront is already running on " in done.stderr
        assert done.stderr.count("\n") == 1
        assert terminal.type("sources", "list").status == 0
        assert running.stop() == 0
    with terminal.database() as database, database.held():
        pass


def test_a_token_that_telegram_doesnt_know(terminal: Terminal) -> None:
    """The program says so at the start and ends with 2; the token itself is printed nowhere."""
    token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    for status, description in ((401, "Unauthorized"), (404, "Not Found")):
        with _telegram_that_says_no(status, description) as api:
            printed = terminal.type("run", TELEGRAM_TOKEN=token, TELEGRAM_API=api)
        assert (printed.status, printed.stdout) == (2, "")
        assert "HOMEFRONT_TELEGRAM_TOKEN isn't accepted by Telegram" in printed.stderr
        assert "AAHdqTcv" not in printed.stderr


def test_errors_in_a_real_process(terminal: Terminal) -> None:
    """Names with square brackets and odd signs are printed as they are, to stderr."""
    done = command(terminal.data, terminal.sources, "poll", "--source", "[bold]Ёж 🕯[/bold]")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no source called “[bold]Ёж 🕯[/bold]”. See “homefront sources list”.\n"
