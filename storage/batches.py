"""Many values in few statements: a statement takes a batch of them, bound to one expanding parameter."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

# SQLite takes 32,766 bound values a statement; far fewer keep its statement cache useful.
BATCH = 500
_Value = TypeVar("_Value", bound=Hashable)


def batches(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    """The values in their order, each once, at most BATCH at a time."""
    once = list(dict.fromkeys(values))
    for start in range(0, len(once), BATCH):
        yield once[start : start + BATCH]
