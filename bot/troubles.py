"""How often the program met each of the troubles that it is made to live with, since it started: counters by name.

Each place that counts also logs. Not here: showing them (``metrics.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType

from bot.voice import mark

# Every trouble has a name, so that counters and log lines mean the same thing.
NAMES = (
    mark("database damaged"),
    mark("database unusable"),
    mark("clock set back"),
    mark("no connection to Telegram"),
    mark("no answer from Telegram"),
    mark("an answer that can't be read"),
    mark("an error of Telegram's"),
    mark("another receiver"),
    mark("told to wait"),
    mark("all told to wait"),
    mark("message rejected"),
    mark("message stale"),
    mark("message unknown"),
    mark("chat gone"),
    mark("update set aside"),
    mark("backup failed"),
    mark("lead lost"),
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
