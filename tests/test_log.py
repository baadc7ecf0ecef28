"""Logging: one line an event on stderr, and no bot token in it, wherever it came from."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bot.log import is_news, place_of
from tests.world import outlets, program, source_list

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
FORMATS = ["text", "json"]
BEGIN = """
import logging, sys, warnings
import structlog
from bot import log
from bot.log import is_news, is_news
warnings.simplefilter("error")
log.configure(sys.argv[1], verbose=len(sys.argv) > 3)
ours, theirs, token = structlog.get_logger("ours"), logging.getLogger("theirs"), sys.argv[2]
"""
LEAKS = {
    "event": "ours.info(f'calling /bot{token}/getMe')",
    "values": "ours.warning('no answer', url=f'https://api.telegram.org/bot{token}/getMe', error=token)",
    "bound": "ours.bind(token=token).error('x')",
    "traceback": "try:\n    raise ValueError(f'/bot{token}/x')\nexcept ValueError:\n    ours.exception('failed')",
    "message": "theirs.warning(f'GET /bot{token}/getMe')",
    "arguments": "theirs.warning('GET %s %r', token, {'url': token})",
    "named arguments": "theirs.error('%(url)s', {'url': token})",
    "a library's": "try:\n    raise ValueError(f'/bot{token}/x')\nexcept ValueError:\n    theirs.exception('failed')",
    "list": "ours.info('x', urls=[token])",
    "dict": "ours.info('x', call={'url': token})",
    "exception": "ours.info('x', error=ValueError(token))",
    "bytes": "ours.info('x', body=token.encode())",
    "encoded twice": "theirs.warning(token.replace(':', '%253a'))",
    "stack": "theirs.warning('x', stack_info=True, extra={'a': 1}); theirs.warning(token)",
    "broken": "theirs.warning('%d items', token)",
    "encoded": "theirs.warning(token.replace(':', '%3A'))",
}


def _logged(log_format: str, code: str, *more: str) -> str:
    """What a program that runs this code writes to stderr; stdout must stay clean."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code, log_format, TOKEN, *more], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def leaks() -> dict[tuple[str, str], str]:
    """What every attempt at logging a token writes, in each format; one process a format makes them all."""
    marked = "\n".join(f'print("\\n---{name}", file=sys.stderr)\n{code}' for name, code in LEAKS.items())
    written: dict[tuple[str, str], str] = {}
    for log_format in FORMATS:
        for part in _logged(log_format, marked).split("\n---")[1:]:
            name, _, said = part.partition("\n")
            written[log_format, name] = said
    return written


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("name", LEAKS)
def test_no_token_is_logged(leaks: dict[tuple[str, str], str], name: str, log_format: str) -> None:
    """Neither in our own events nor in those of libraries, in any place of them; the rest of the line stays."""
    said = leaks[log_format, name]
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in said
    assert "[token]" in said


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize(
    "code",
    [
        "ours.info('x', chat_id=-1001234567)",
        "ours.info('x', call={'chat_id': -1001234567})",
        "ours.warning('x', error='Group migrated to supergroup. New chat id: -1001234567')",
        "ours.warning('x', error='{\"chat_id\": \"-1001234567\"}')",
        "theirs.warning('sendMessage chat_id=%s', -1001234567)",
        "theirs.error('%r', {'chat_id': -1001234567})",
        "try:\n    raise ValueError({'chat_id': -1001234567})\nexcept ValueError:\n    ours.exception('failed')",
    ],
)
def test_no_chat_is_logged(code: str, log_format: str) -> None:
    """Wherever a call or an error of Telegram names a chat, its id isn't in the line; a line of JSON is still one."""
    said = _logged(log_format, code)
    assert "1234567" not in said
    assert log_format == "text" or "theirs" in code or json.loads(said)


@pytest.mark.parametrize("log_format", FORMATS)
def test_what_a_line_is_about(log_format: str) -> None:
    """What is bound for an update or a source is in each line that is written for it, and in none after it."""
    code = "with structlog.contextvars.bound_contextvars(update_id=5):\n    ours.info('one')\nours.info('two')"
    first, second = _logged(log_format, code).splitlines()
    assert re.search(r"update_id\"?[=:] ?5", first)
    assert "update_id" not in second


def test_an_errors_place() -> None:
    """The kinds of an error and its cause and where they were raised are told, and nothing that somebody wrote."""

    def fail(words: str) -> None:
        try:
            int(words)
        except ValueError as error:
            raise KeyError(words) from error

    with pytest.raises(KeyError) as caught:
        fail("what I wrote")
    told = place_of(caught.value)
    assert re.fullmatch(r"KeyError in fail \(test_log\.py:\d+\) < .+; from ValueError in fail \(test_log\.py:\d+\)", told)
    assert "wrote" not in told


def test_a_real_run(tmp_path: Path) -> None:
    """The lines of the running program are JSON with the source that failed, and have neither a token, a chat nor what was written."""
    log = tmp_path / "log"
    with outlets() as held, log.open("w") as stderr:
        held.rss("/good", "Good", [{"guid": "1", "link": f"{held.base}/1", "title": "Пикет «Пути домой»", "text": "Образец."}])
        listed = source_list(
            tmp_path / "sources.toml", {"name": "Good", "url": f"{held.base}/good"}, {"name": "Missing", "url": f"{held.base}/missing"}
        )
        with program(tmp_path / "data", listed, stderr=stderr, HOMEFRONT_LOG_FORMAT="json") as running:
            running.wait(lambda: "can't be reached" in running.ask("/sources")["text"] or None, "the error")
            running.ask("my secret wish")
            running.call("arm", method="sendMessage", status=400, description="Bad Request: chat_id 1001 is wrong", times=1)
            running.call("say", chat_id=1001, text="/help")
            running.wait(lambda: "not delivered" in log.read_text() or None, "the refusal")
            assert running.stop() == 0
    said = log.read_text()
    lines = [json.loads(line) for line in said.splitlines()]
    failed = next(line for line in lines if line["event"] == "source failed")
    assert (failed["source"], failed["trouble"], failed["source_id"] > 0) == ("Missing", "fetch", True)
    assert "letter" in next(line for line in lines if line["event"] == "message not delivered")
    assert not any(word in said for word in ("1001", "secret", "wish", "1:local-"))


def test_json_lines() -> None:
    """Each event is one line of JSON with its level, its time and its values, whatever is in them."""
    said = _logged("json", "ours.info('one', number=5, text='a\\nb «ё»')\nours.warning('two', odd={1, 2}, error=KeyError('x'))")
    first, second = (json.loads(line) for line in said.splitlines())
    assert (first["event"], first["level"], first["number"], first["text"]) == ("one", "info", 5, "a\nb «ё»")
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["level"]) == ("two", "warning")


def test_text_lines() -> None:
    """One line an event, without colours where nobody looks."""
    said = _logged("text", "ours.info('one', number=5)\nours.warning('two')")
    assert len(said.splitlines()) == 2
    assert "number=5" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("log_format", FORMATS)
def test_an_exception_has_its_traceback(log_format: str) -> None:
    """It is written in full, and json still has one line for it."""
    said = _logged(log_format, "try:\n    1 / 0\nexcept ZeroDivisionError:\n    ours.exception('failed')")
    assert "Traceback" in said
    assert "ZeroDivisionError" in said
    assert log_format == "text" or "Traceback" in json.loads(said)["exception"]


def test_how_much_is_logged() -> None:
    """Details only when asked for; of libraries only warnings, so that httpx's addresses don't show."""
    code = "ours.debug('detail')\nours.info('event')\ntheirs.info('chatter')\ntheirs.warning('trouble')"
    usual, verbose = _logged("text", code), _logged("text", code, "verbose")
    assert ("detail" in usual, "event" in usual, "chatter" in usual, "trouble" in usual) == (False, True, False, True)
    assert ("detail" in verbose, "chatter" in verbose) == (True, False)


def test_a_librarys_broken_message_stops_nobody() -> None:
    """A log call with the wrong arguments is the library's mistake and not the end of the program."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + "theirs.warning('%d items', 'many')", "text", TOKEN], capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0


def test_what_is_no_news_is_left_out() -> None:
    """A tick that waits for the one before, and a job that is ended with the program, are no trouble; other errors are."""
    log_record = partial(logging.LogRecord, pathname="", lineno=0)
    tick = log_record(
        "apscheduler.scheduler", logging.WARNING, msg="%s skipped: maximum number of running instances reached", args=("x",), exc_info=None
    )
    ended = asyncio.CancelledError()
    job = log_record("apscheduler.executors.default", logging.ERROR, msg="raised", args=(), exc_info=(type(ended), ended, None))
    failure = log_record("apscheduler.executors.default", logging.ERROR, msg="raised", args=(), exc_info=(KeyError, KeyError("x"), None))
    assert [is_news(each) for each in (tick, job, failure)] == [False, False, True]
