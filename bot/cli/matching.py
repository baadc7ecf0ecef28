"""``homefront match``: JSON lines in, JSON lines out, no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import typer

from bot import lookout
from bot.cli.console import FAILED, fail, plain_errors, print_json
from bot.settings import Settings
from feeds.match import Matcher
from feeds.verdict import verdict_as_json

LONGEST_LINE = 20_000_000


def match(context: typer.Context) -> None:
    """Read {id, title, text, lang?, published?} a line from stdin, and write what each is about.

    A line that can't be read is named on stderr; the others go on, and the exit status is 1.
    """
    settings: Settings = context.obj
    refused = 0
    with plain_errors():
        matcher = lookout.matcher_of(settings)
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if not line.strip():
                continue
            try:
                print_json(judged(matcher, line))
            except (ValueError, RecursionError) as error:
                refused += 1
                fail(f"Line {number} can't be read: {error}", FAILED)
        sys.stdout.flush()
    if refused:
        raise typer.Exit(FAILED)


def judged(matcher: Matcher, line: bytes) -> dict[str, Any]:
    """What one line's item is about; ValueError says what is wrong with the line, RecursionError that it is nested too deep.

    ``id`` comes back as it was given. ``lang`` decides only where there isn't a letter to go by; a wrong one would hide names.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE:,} bytes")
    item = json.loads(line.decode("utf-8-sig", "replace"))
    if not isinstance(item, dict):
        raise ValueError("expected an object with id, title and text")  # noqa: TRY004 - the line has the wrong value
    title, text = _text(item, "title"), _text(item, "text")
    given = _text(item, "lang")
    known = None if any(map(str.isalpha, title + text)) else given
    verdict = matcher.match(title, text, language=known, published=_date(item))
    return {**verdict_as_json("", verdict, title, text), "id": item.get("id")}


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"“{key}” must be text")
    return value or ""


def _date(item: Mapping[str, Any]) -> date | None:
    """The claimed date, as 2024-05-09, 2024-05 or 2024 with anything behind; None where it is none."""
    year, month, day = (*_text(item, "published")[:10].split("-"), "1", "1")[:3]
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
