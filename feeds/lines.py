"""A line of a researcher's file, read and checked: JSON, or a row of CSV that was made JSON. Pure; one error for whatever is wrong with it.

Not here: files (``feeds/files.py``), storing (``feeds/importing.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from feeds.clean import MAX_TEXT_CHARS, one_line, tidied
from feeds.language import LANGUAGES
from feeds.parse.dates import read_date
from feeds.parse.document import address, guid_of, language, plausible
from storage.records import Entry, HomefrontError

NEEDED = ("url", "title", "text", "published")
FIELDS = ("id", "source", *NEEDED, "lang", "first_seen")
LONGEST_LINE = 8_000_000  # bytes
LONGEST_TITLE = 1_000  # characters
_LONGEST_NAME, _LONGEST_WRITTEN_NAME = 200, 2_000
_FUTURE = timedelta(days=1)  # clocks and zones are off by that much, not more


class LineError(HomefrontError):
    """A line can't be taken; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """An article as a line tells it. ``entry.outlet`` is who published it: the line's source, else the host of its address.

    ``given_id``: the id as JSON, None without one. ``seen_at``: the time that it is ordered by; that of the import
    where it names none. ``language``: None where nothing tells.
    """

    entry: Entry
    given_id: str | None
    seen_at: datetime
    language: str | None

    @property
    def outlet(self) -> str:
        """Who published it; empty where nothing tells."""
        return self.entry.outlet or ""


def read_line(raw: bytes, now: datetime) -> Line:
    """Read a line, or raise LineError with the reason. ``now``: what is later by more than a day is refused."""
    item = _parsed(raw)
    missing = next((name for name in NEEDED if name not in item), None)
    if missing:
        raise LineError(f"it lacks “{missing}”")
    given_id, url = _id(item.get("id")), _text(item, "url").strip()
    link = address(url, "")
    if url and link is None:
        raise LineError("“url” isn't a web address")
    if not url and given_id is None:
        raise LineError("it has neither an address nor an id")
    title, text = " ".join(tidied(_bounded(item, "title", LONGEST_TITLE)).split()), tidied(_bounded(item, "text", MAX_TEXT_CHARS))
    if not title and not text:
        raise LineError("it has neither a title nor a text")
    published, first_seen = _moment(item, "published", now), _moment(item, "first_seen", now)
    outlet = _name(_text(item, "source")[:_LONGEST_WRITTEN_NAME]) or _host(link)
    entry = Entry(guid_of(json.loads(given_id)) if given_id else None, link, title, text, published, outlet=outlet or None)
    return Line(entry, given_id, min(first_seen or published or now, now), _language(item))


def _parsed(raw: bytes) -> Mapping[str, Any]:
    try:
        item = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"its bytes aren't text in UTF-8, from byte {error.start + 1} on") from None
    except json.JSONDecodeError as error:
        raise LineError(f"it isn't JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError):
        raise LineError("it isn't JSON that can be read") from None
    if not isinstance(item, dict):
        raise LineError("it isn't an object with url, title, text and published")
    return item


def _id(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LineError("“id” must be text or a whole number")
    written = json.dumps(value)
    if len(written) > LONGEST_TITLE:
        raise LineError(f"“id” has more than {LONGEST_TITLE:,} characters")
    if guid_of(value) is None:
        raise LineError("“id” is blank")
    return written


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        raise LineError(f"“{name}” must be text")
    return value or ""


def _bounded(item: Mapping[str, Any], name: str, most: int) -> str:
    text = _text(item, name)
    if len(text) > most:
        raise LineError(f"“{name}” has {len(text):,} characters; {most:,} are the most")
    return text


def _moment(item: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    written = _text(item, name).strip()
    if not written:
        return None
    found = _exact(written) or read_date(written)
    if found is None:
        raise LineError(f"“{name}” is no date since 1990 that can be read: {written[:40]}")
    if found > now + _FUTURE:
        raise LineError(f"“{name}” is in the future: {written[:40]}")
    return found


def _exact(written: str) -> datetime | None:
    """A time as the export writes it, to the microsecond."""
    try:
        found = datetime.fromisoformat(written)
        return plausible(found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _language(item: Mapping[str, Any]) -> str | None:
    found = language(_text(item, "lang"))
    return found if found in LANGUAGES else None


@lru_cache(maxsize=1_000)
def _name(written: str) -> str:
    """A source's name on one line. A corpus has few of them, and each in many lines."""
    return one_line(written, _LONGEST_NAME)


def _host(link: str | None) -> str:
    return (urlsplit(link).hostname or "").removeprefix("www.")[:_LONGEST_NAME] if link else ""
