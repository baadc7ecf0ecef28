"""The outside world of a journey: outlets on loopback that a test writes for, and the program itself as a process with its local chat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, TypeVar

T = TypeVar("T")
PATIENCE = 30.0
YOU = 1001


@dataclass
class Outlets:
    """Serves documents by path; a test changes them while the program runs."""

    documents: dict[str, bytes] = field(default_factory=dict)
    base: str = ""

    def rss(self, path: str, title: str, items: list[dict[str, str]]) -> None:
        """Serve an RSS 2.0 document; an item has guid, link, title and text."""
        parts = [
            f"<item><guid isPermaLink='false'>{escape(item['guid'])}</guid><link>{escape(item['link'])}</link>"
            f"<title>{escape(item['title'])}</title><description>{escape(item['text'])}</description></item>"
            for item in items
        ]
        channel = f"<channel><title>{escape(title)}</title>{''.join(parts)}</channel>"
        text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'
        self.documents[path] = text.encode()


@contextmanager
def outlets() -> Iterator[Outlets]:
    """Serve outlets on loopback while the block runs."""
    held = Outlets()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = held.documents.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Program:
    """The running program, and what a person and a test can do with its local chat."""

    process: subprocess.Popen[str]
    page: str

    def call(self, action: str, **arguments: Any) -> Any:
        """Do something in the local chat."""
        request = urllib.request.Request(
            f"{self.page}control/{action}", json.dumps(arguments).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["result"]

    def view(self, name: str, **arguments: Any) -> Any:
        """Look at something in the local chat."""
        with urllib.request.urlopen(f"{self.page}control/{name}?{urllib.parse.urlencode(arguments)}", timeout=10) as response:
            return json.load(response)["result"]

    def messages(self, chat_id: int = YOU) -> list[dict[str, Any]]:
        """The bot's messages in a chat that haven't been deleted."""
        return [message for message in self.view("transcript", chat_id=chat_id) if message["by_bot"] and not message["deleted"]]

    def ask(self, text: str, chat_id: int = YOU) -> dict[str, Any]:
        """Send a text and return the bot's answer."""
        before = len(self.messages(chat_id))
        self.call("say", chat_id=chat_id, text=text)
        return self.wait(lambda: next(iter(self.messages(chat_id)[before:]), None), f"an answer to {text}")

    def press(self, message: dict[str, Any], data: str) -> None:
        """Press a message's button."""
        self.call("press", chat_id=YOU, message_id=message["message_id"], data=data)

    def wait(self, look: Callable[[], T | None], what: str) -> T:
        """Look again and again until there is something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{what} didn't come; the chat has {[message['text'] for message in self.messages()][-3:]}")

    def kill(self) -> None:
        """End the program as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask the program to end, and return its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=15)


@contextmanager
def program(data: Path, sources: Path, *arguments: str, stderr: IO[str] | None = None, **environment: str) -> Iterator[Program]:
    """Run the program while the block runs, with its log on ``stderr``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**_environment(data, sources), **environment},
    )
    try:
        first = process.stdout.readline() if process.stdout else ""
        page = next((word for word in first.split() if word.startswith("http://")), "")
        assert page, f"the program didn't start: {first!r}"
        yield Program(process, page)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def command(data: Path, sources: Path, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        input=given,
        env={**_environment(data, sources), **environment},
        timeout=60,
        check=False,
    )


def source_list(path: Path, *sources: dict[str, str]) -> Path:
    """Write a source list."""
    path.write_text(
        "\n".join("[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in source.items()) for source in sources)
    )
    return path


def rfc822(moment: datetime) -> str:
    """A date as RSS writes it."""
    return format_datetime(moment)


def _environment(data: Path, sources: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEFRONT_")}
    return {
        **kept,
        "HOMEFRONT_DATA_DIR": str(data),
        "HOMEFRONT_SOURCES": str(sources),
        "HOMEFRONT_ALLOW_PRIVATE_ADDRESSES": "1",
        "HOMEFRONT_CHAT_PORT": "0",
    }
