"""The source list: the one that is shipped (``sources.toml``) or the operator's own of the same form.

Not here: OPML (``opml.py``), what is known of a source's health (the database).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feeds.addresses import AddressError, read_address, redact
from storage.records import Sentence, SettingsError, Source, sentence

SHIPPED = Path(__file__).with_name("sources.toml")
KINDS = ("feed", "news_sitemap", "telegram")
STANDINGS = ("independent", "exile", "state", "wire", "ukrainian", "group")
LANGUAGES = ("en", "ru", "uk")
SHORTEST_INTERVAL = 600  # seconds; sites take offence at more

_TYPES: Mapping[str, type] = {
    "name": str,
    "url": str,
    "kind": str,
    "publisher": str,
    "standing": str,
    "language": str,
    "interval": int,
    "enabled": bool,
    "note": str,
}
_KINDS_OF_VALUES: Mapping[type, Sentence] = {
    str: sentence("a text in quotes"),
    int: sentence("a whole number (of seconds)"),
    bool: sentence("true or false"),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {"kind": KINDS, "standing": STANDINGS, "language": LANGUAGES}
_MAX_BYTES = 4 * 1024 * 1024


def load(path: Path | None = None) -> tuple[Source, ...]:
    """Read a source list: ``[[source]]`` tables with the keys of ``Source``; None for the shipped one.

    Raises SettingsError naming the entry and the key.
    """
    file = path or SHIPPED
    entries = _tables(file)
    sources = tuple(read_source(entry, f"{file.name}, source {number}") for number, entry in enumerate(entries, start=1))
    _refuse_repetitions(sources, file.name)
    return sources


def _tables(file: Path) -> list[Any]:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise SettingsError(f"{file}: the source list is larger than {_MAX_BYTES // 1024 // 1024} MB.")
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: the source list can't be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{file}: this isn't valid TOML ({error}).") from error
    unknown = sorted(set(document) - {"source"})
    if unknown:
        raise SettingsError(f"{file}: unknown key {unknown[0]!r}; each source is a [[source]] table.")
    entries = document.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise SettingsError(f"{file}: no source is listed; each source is a [[source]] table.")
    return entries


def read_source(entry: Any, where: str) -> Source:
    """Read one source, given as the table of its keys; ``where`` is how an error names the place. Raises SettingsError."""
    if not isinstance(entry, dict):
        raise SettingsError(sentence("{place}: expected a [[source]] table.", place=where))
    place = f"{where} ({entry['name']})" if isinstance(entry.get("name"), str) else where
    for key, value in entry.items():
        _check(key, value, place)
    for key in ("name", "url"):
        if not str(entry.get(key, "")).strip():
            raise SettingsError(sentence("{place}: {key} is missing.", place=place, key=key))
    try:
        read_address(entry["url"])
    except AddressError as error:
        raise SettingsError(sentence("{place}: url: {reason}", place=place, reason=error.problem)) from error
    return Source(**{"publisher": entry["name"], **entry})


def _check(key: str, value: Any, place: str) -> None:
    expected = _TYPES.get(key)
    if expected is None:
        raise SettingsError(sentence("{place}: unknown key “{key}”; known are {keys}.", place=place, key=key, keys=", ".join(_TYPES)))
    if not isinstance(value, expected) or isinstance(value, bool) is not (expected is bool):
        raise SettingsError(sentence("{place}: {key} must be {kind}.", place=place, key=key, kind=_KINDS_OF_VALUES[expected]))
    choices = _CHOICES.get(key)
    if choices and value not in choices:
        raise SettingsError(sentence("{place}: {key} must be one of {choices}.", place=place, key=key, choices=", ".join(choices)))
    if isinstance(value, int) and key == "interval" and value < SHORTEST_INTERVAL:
        raise SettingsError(sentence("{place}: interval must be {least} seconds or more.", place=place, least=SHORTEST_INTERVAL))


def _refuse_repetitions(sources: tuple[Source, ...], where: str) -> None:
    names: set[str] = set()
    urls: set[str] = set()
    for source in sources:
        if source.name in names:
            raise SettingsError(f"{where} ({source.name}): name is used twice.")
        if source.url in urls:
            raise SettingsError(f"{where} ({source.name}): url {redact(source.url)} is listed twice.")
        names.add(source.name)
        urls.add(source.url)
