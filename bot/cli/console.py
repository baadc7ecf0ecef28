"""What the commands share: where they print, and how errors end them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import typer
from rich.console import Console

from storage.records import HomefrontError, QueryError, SettingsError, WatchlistError

FAILED, WRONG = 1, 2
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """End the program with one sentence and the right status where something is wrong."""
    try:
        yield
    except (SettingsError, WatchlistError, QueryError) as error:
        raise fail(str(error), WRONG) from error
    except HomefrontError as error:
        raise fail(str(error), FAILED) from error
    except BrokenPipeError:
        raise typer.Exit(0) from None


def fail(sentence: str, status: int) -> typer.Exit:
    """Say what is wrong on stderr, and give the exception that ends the program."""
    errors.print(sentence, style="red", markup=False)
    return typer.Exit(status)


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, with times as in 2026-11-22T09:30:00+00:00."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_in_words) + "\n")


def note(sentence: str) -> None:
    """Say something that isn't a result."""
    errors.print(sentence, markup=False)


def _in_words(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
