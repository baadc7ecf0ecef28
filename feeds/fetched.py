"""What a fetch brings back, and how its headers are read (pure).

Not here: the network (``fetch.py``), what the document means (``parse/``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from storage.records import Sentence, sentence

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_KEEP = re.compile(r"(?:^|[\s,])no-(?:store|cache)(?![\w-])", re.IGNORECASE)
_MAX_VALIDATOR_CHARS = 1024
_LONGEST_PAUSE = 30 * 24 * 3600  # seconds; a server that asks for more is asking to be left alone


@dataclass(frozen=True, slots=True)
class Answer:
    """What every answer tells.

    ``url`` is the address asked, ``final_url`` the one that answered (without credentials), ``moved_to`` the address to store from
    now on: only where every redirect was permanent (301 or 308). ``etag`` and ``modified`` are to be sent back as they are.
    ``max_age``: seconds for which the server calls its answer fresh, None where it says nothing.
    """

    url: str
    final_url: str
    moved_to: str | None
    status: int
    etag: str | None
    modified: str | None
    max_age: int | None


@dataclass(frozen=True, slots=True)
class NotModified(Answer):
    """The server says that nothing changed (304)."""


@dataclass(frozen=True, slots=True)
class Fetched(Answer):
    """A document: ``body`` is decompressed; ``content_type`` has no parameters and is lower case."""

    body: bytes
    content_type: str | None
    charset: str | None


def max_age(headers: Mapping[str, str]) -> int | None:
    """Read ``Cache-Control: max-age`` in seconds; None where it is missing or the answer isn't to be kept."""
    control = headers.get("Cache-Control", "")
    found = _MAX_AGE.search(control)
    if found is None or _NEVER_KEEP.search(control):
        return None
    return int(found[1])


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read ``Retry-After`` as seconds from ``now``, at most 30 days; it may be a number or a date (RFC 9110, 10.2.3).

    A date is counted from the server's own ``Date``, because its clock may differ from ours.
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return float(min(int(value), _LONGEST_PAUSE))
    until = _http_date(value)
    if until is None:
        return None
    wait = (until - (_http_date(headers.get("Date", "")) or now)).total_seconds()
    return min(max(wait, 0.0), _LONGEST_PAUSE)


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """Return a validator exactly as received, or None where it can't be sent back."""
    value = headers.get(name)
    if not value or len(value) > _MAX_VALIDATOR_CHARS or not value.isprintable():
        return None
    return value


def content_type(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Read Content-Type: the media type in lower case, and its charset."""
    media, _, parameters = headers.get("Content-Type", "").partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", parameters, re.IGNORECASE)
    return media.strip().lower() or None, found[1] if found else None


def status_in_words(status: int, headers: Mapping[str, str]) -> Sentence:
    """Say in one sentence what a status that brings no document means."""
    if headers.get("cf-mitigated") == "challenge":
        return sentence("The server answered {status}: it lets only browsers in (a check page).", status=status)
    try:
        phrase = HTTPStatus(status).phrase.lower()
    except ValueError:
        return sentence("The server answered {status}.", status=status)
    return sentence("The server answered {status} ({phrase}).", status=status, phrase=phrase)


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
