"""Publishers' houses: whose outlet somebody is, by whichever name it is credited, so that one house is one voice (``publishers.toml``).

Pure. Not here: news agencies' credits (``sameness/wire.py``), sources and their standing (``catalog.py``).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.folding import fold

SHIPPED = Path(__file__).with_name("publishers.toml")
_NOT_NAMED = re.compile(r"[^\w./]+")


@dataclass(frozen=True, slots=True)
class House:
    """A publisher with all its outlets, and the standing of them all."""

    name: str
    standing: str


def house_of(publisher: str, standing: str) -> House:
    """The house that a publisher, an outlet or an agency belongs to; itself, with the ``standing`` that it is known by, where to none."""
    return _houses().get(_key(publisher)) or House(publisher, standing)


@cache
def _houses() -> dict[str, House]:
    """The houses by the keys of all their names."""
    tables = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["house"]
    return {_key(name): House(each["name"], each["standing"]) for each in tables for name in (each["name"], *each["names"])}


def _key(name: str) -> str:
    return _NOT_NAMED.sub(" ", fold(name).text).strip()
