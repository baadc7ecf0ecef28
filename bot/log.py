"""How the program logs: one line an event to stderr, as text or JSON, with every bot token and every chat's id taken out.

What is done for an update or a source says so in each of its lines: ``update_id``, ``source_id``.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog

# A token's colon is %3A in an encoded address, and %253A in one that is part of another.
_TOKEN = re.compile(r"\d+(?::|%(?:25)*3A)[\w-]{20,}", re.IGNORECASE)
# As Telegram's errors and the arguments of calls have it. 0 is no chat's id, and a line of JSON with it is still one.
_CHAT = re.compile(r"""(chat[ _]?id[\\"']{0,3}[\s:=]{1,4}[\\"']{0,3})-?\d+""", re.IGNORECASE)
_MOST_FRAMES, _MOST_CAUSES = 8, 4


def configure(log_format: str, *, verbose: bool = False) -> None:
    """Set logging up: ``log_format`` is text or json; ``verbose`` adds what is only of interest when something is wrong."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer, _redact_line],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
        handler.addFilter(is_news)


def is_news(record: logging.LogRecord) -> bool:
    """Whether a library's line tells anything: not a tick that was left out because the one before goes on, nor a job that ends with us."""
    cancelled = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    left_out = record.name == "apscheduler.scheduler" and "maximum number of running instances" in record.getMessage()
    return not cancelled and not left_out


def redact(line: str) -> str:
    """Take bot tokens and chats' ids out of a finished line, where they show whatever value, list or traceback they came in."""
    return _CHAT.sub(r"\g<1>0", _TOKEN.sub("[token]", line))


def place_of(error: BaseException) -> str:
    """The kinds of an error and of its causes, and where each was raised, the innermost call first; without their words."""
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < _MOST_CAUSES:
        calls = reversed(traceback.extract_tb(current.__traceback__)[-_MOST_FRAMES:])
        told.append(
            f"{type(current).__name__} in " + " < ".join(f"{call.name} ({Path(call.filename).name}:{call.lineno})" for call in calls)
        )
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; from ".join(told)


class RedactingFormatter(logging.Formatter):
    """Writes the lines of libraries, without bot tokens and chats' ids."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the traceback where there is one."""
        try:
            line = super().format(record)
        except (TypeError, ValueError, KeyError):
            # A message that its arguments don't fit. Left to itself, logging would print them to stderr as they are, tokens and all.
            line = f"{record.levelname} {record.name}: {record.msg} {record.args}"
        return redact(line)


def _redact_line(_logger: Any, _name: str, line: Any) -> str:
    return redact(line)
