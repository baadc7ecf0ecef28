"""The forms of all aliases, kept on disk so that a normal start needs no dictionary.

Dictionaries are opened only for what the file doesn't hold, and dropped at once: each costs about 20 MB. Not here: how a word is inflected
(``inflect.py``, ``english.py``).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from feeds.english import english_forms
from feeds.inflect import Inflector

Wanted: TypeAlias = tuple[str, str]  # language (en, ru or uk), alias
# Raise it whenever the same alias may get other forms than before: kept forms are then worked out anew.
FORMS_VERSION = 6
_DICTIONARIES = ("pymorphy3", "pymorphy3-dicts-ru", "pymorphy3-dicts-uk")


def all_forms(wanted: Iterable[Wanted], cache: Path | None = None) -> dict[Wanted, list[str]]:
    """The forms of every wanted alias, folded, from ``cache`` where it has them; new ones are added to it.

    A cache that is damaged, of other dictionaries or not writable is no error: the forms are worked out again.
    """
    kept = _read(cache) if cache is not None else {}
    needed = list(dict.fromkeys(wanted))
    missing = [key for key in needed if _key(key) not in kept]
    for language in ("en", "ru", "uk"):
        aliases = [alias for other, alias in missing if other == language]
        kept.update(zip((_key((language, alias)) for alias in aliases), _inflect(language, aliases), strict=True))
    if missing and cache is not None:
        _write(cache, kept)
    return {key: kept[_key(key)] for key in needed}


def _inflect(language: str, aliases: list[str]) -> list[list[str]]:
    if not aliases:
        return []
    if language == "en":
        return [english_forms(alias) for alias in aliases]
    inflector = Inflector(language)
    return [inflector.forms(alias) for alias in aliases]


def _key(wanted: Wanted) -> str:
    return f"{wanted[0]}:{wanted[1]}"


def _versions() -> dict[str, str]:
    return {"forms": str(FORMS_VERSION), **{name: version(name) for name in _DICTIONARIES}}


def _read(cache: Path) -> dict[str, list[str]]:
    try:
        content: Any = json.loads(cache.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or content.get("versions") != _versions():
        return {}
    forms = content.get("forms")
    return forms if isinstance(forms, dict) and all(map(_is_entry, forms.items())) else {}


def _is_entry(entry: tuple[str, Any]) -> bool:
    return isinstance(entry[1], list) and all(isinstance(form, str) for form in entry[1])


def _write(cache: Path, forms: dict[str, list[str]]) -> None:
    content = json.dumps({"versions": _versions(), "forms": forms}, ensure_ascii=False)
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache.parent, prefix=cache.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        Path(name).replace(cache)
    except OSError:
        return  # A folder that can't be written costs a second at each start, and no item.
