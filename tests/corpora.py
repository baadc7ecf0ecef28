"""Made-up corpora for imports: our own writing, about nothing that happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.building import LONG, event


def line(number: int, **changed: Any) -> dict[str, Any]:
    """An article of a corpus, one a day; every second one is on the subject."""
    text = f"{LONG if number % 2 == 0 else ''} {event(number)}".strip()
    made = {
        "id": f"a{number}",
        "source": "Sample Gazette",
        "url": f"https://gazette.example/{number}",
        "title": f"Образец {event(f'title {number}')[:40]}",
        "text": text,
        "published": f"2023-{1 + number // 28 % 12:02}-{1 + number % 28:02}T08:00:00+00:00",
        "lang": "ru",
    }
    return {name: value for name, value in {**made, **changed}.items() if value is not ...}


def json_file(path: Path, lines: Iterable[Mapping[str, Any] | bytes]) -> Path:
    """Write a file of JSON lines; bytes stand as they are."""
    path.write_bytes(
        b"".join((each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()) + b"\n" for each in lines)
    )
    return path
