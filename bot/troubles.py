"""How often the program met each of the troubles that it is made to live with, since it started: counters by name.

Each place that counts also logs. Not here: showing them (``metrics.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType

# Every trouble has a name, so that counters and log lines mean the same thing.
NAMES = (
    "database damaged",
    "database unusable",
    "clock set back",
    "no connection to Telegram",
    "no answer from Telegram",
    "an answer that can't be read",
    "an error of Telegram's",
    "another receiver",
    "told to wait",
    "all told to wait",
    "message rejected",
    "message stale",
    "message unknown",
    "chat gone",
    "update set aside",
    "backup failed",
    "lead lost",
)
_counted: Counter[str] = Counter()
_lock = Lock()


def count(name: str) -> None:
    """Count one trouble of that name, which is one of NAMES."""
    if name not in NAMES:
        raise ValueError(f"there is no trouble named {name!r}")
    with _lock:
        _counted[name] += 1


def counted() -> Mapping[str, int]:
    """How often each trouble was met, those that were."""
    with _lock:
        return MappingProxyType(dict(_counted))
