"""Logging: one line an event on stderr, and no bot token in it, wherever it came from."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from functools import partial

import pytest

from bot.log import is_news

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
