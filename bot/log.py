"""How the program logs: one line an event to stderr, as text or JSON, with every bot token taken out."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from typing import Any

import structlog

# A token's colon is %3A in an encoded address, and %253A in one that is part of another.
_TOKEN = re.compile(r"\d+(?::|%(?:25)*3A)[\w-]{20,}", re.IGNORECASE)


def configure(log_format: str, *, verbose: bool = False) -> None:
    """Set logging up: ``log_format`` is text or json; ``verbose`` adds what is only of interest when something is wrong."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper("iso", utc=True)]
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
    """Take bot tokens out of a finished line, where they show whatever value, list or traceback they came in."""
    return _TOKEN.sub("[token]", line)


class RedactingFormatter(logging.Formatter):
    """Writes the lines of libraries, without bot tokens."""

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
