"""Time zones found by the name of a city, in English, Russian and Ukrainian, with a typing mistake or without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from storage.folding import fold

MOST_OFFERED = 6
_SHORTEST_NAME = 3
_GROUPS = frozenset({"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico", "posix", "right"})
# An hour's distance from UTC, or from Moscow's time as Russian media give it: UTC+3, GMT-05:00, +3, МСК+2.
_OFFSET = re.compile(r"(utc|gmt|msk|мск|) ?([+\-−–]) ?(\d{1,2})(?::?00)?", re.ASCII)
_MOSCOW_HOURS = 3
_FIXED = re.compile(r"etc/gmt[+-]\d{1,2}", re.ASCII)
_WEST, _EAST = -12, 14
# Large cities that share the clock of another city, under whose name the zone goes.
_NEIGHBOURS: Mapping[str, str] = {
    "санкт-петербург": "Europe/Moscow",
    "петербург": "Europe/Moscow",
    "питер": "Europe/Moscow",
    "saint petersburg": "Europe/Moscow",
    "st petersburg": "Europe/Moscow",
    "казань": "Europe/Moscow",
    "kazan": "Europe/Moscow",
    "нижний новгород": "Europe/Moscow",
    "ростов-на-дону": "Europe/Moscow",
    "ростов": "Europe/Moscow",
    "краснодар": "Europe/Moscow",
    "воронеж": "Europe/Moscow",
    "махачкала": "Europe/Moscow",
    "грозный": "Europe/Moscow",
    "ярославль": "Europe/Moscow",
    "уфа": "Asia/Yekaterinburg",
    "пермь": "Asia/Yekaterinburg",
    "челябинск": "Asia/Yekaterinburg",
    "тюмень": "Asia/Yekaterinburg",
    "улан-удэ": "Asia/Irkutsk",
    "хабаровск": "Asia/Vladivostok",
    "харків": "Europe/Kyiv",
    "kharkiv": "Europe/Kyiv",
    "харьков": "Europe/Kyiv",
    "одеса": "Europe/Kyiv",
    "одесса": "Europe/Kyiv",
    "odesa": "Europe/Kyiv",
    "львів": "Europe/Kyiv",
    "lviv": "Europe/Kyiv",
    "дніпро": "Europe/Kyiv",
    **dict.fromkeys(("kyiv", "kiev", "київ", "киев"), "Europe/Kyiv"),
    **dict.fromkeys(("tel aviv", "тель-авив", "тель-авів"), "Asia/Jerusalem"),
    "hamburg": "Europe/Berlin",
    "munich": "Europe/Berlin",
    "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "san francisco": "America/Los_Angeles",
}


def zones_named(typed: str) -> list[str]:
    """The zones that a typed name may mean, at most MOST_OFFERED: one where the name is exact, a fixed zone for an offset (UTC+3)."""
    offset = _OFFSET.fullmatch(typed.strip().casefold())
    if offset:
        return _fixed(offset)
    names, wanted = _names(), _folded(typed)
    if wanted in names:
        return [names[wanted]]
    if len(wanted) < _SHORTEST_NAME:
        return []
    begun = sorted({zone for name, zone in names.items() if name.startswith(wanted)})
    near = [names[name] for name in get_close_matches(wanted, names, n=MOST_OFFERED, cutoff=0.75)]
    return list(dict.fromkeys(begun or near))[:MOST_OFFERED]


def city(zone: str, language: str) -> str:
    """A time zone by the name of its city, as "Москва"; one that is only so far from UTC as "UTC+3"."""
    if _FIXED.fullmatch(zone.casefold()):
        # There the sign is the other way round (POSIX).
        return f"UTC{-int(zone.removeprefix('Etc/GMT')):+d}".replace("-", "−")
    names = Locale(language).time_zones
    known = (names[each]["city"] for each in (zone, *_older().get(zone, ())) if "city" in names.get(each, {}))
    return str(next(known, zone.rpartition("/")[2].replace("_", " ")))


@lru_cache(maxsize=1)
def _older() -> Mapping[str, Sequence[str]]:
    """The names that a zone had before, under which the names of its city are kept (Europe/Kiev)."""
    found: dict[str, list[str]] = {}
    for before, zone in get_global("zone_aliases").items():
        found.setdefault(zone, []).append(before)
    return found


def _fixed(offset: re.Match[str]) -> list[str]:
    """The zone that is always as far from UTC, whose name has the sign the other way round (POSIX); none where no clock is so far."""
    hours = (1 if offset[2] == "+" else -1) * int(offset[3]) + (_MOSCOW_HOURS if offset[1] in {"msk", "мск"} else 0)
    if not _WEST <= hours <= _EAST:
        return []
    return [f"Etc/GMT{-hours:+d}" if hours else "UTC"]


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Every name that a zone goes by: its id, the id's last part, and its city in our three languages."""
    names = {_folded(name): zone for name, zone in _NEIGHBOURS.items()}
    zones = [zone for zone in available_timezones() if "/" in zone and zone.partition("/")[0] not in _GROUPS]
    for zone in sorted(zones, key=_rank):
        for name in (zone, zone.rpartition("/")[2]):
            names.setdefault(_folded(name), zone)
        for language in ("en", "ru", "uk"):
            names.setdefault(_folded(city(zone, language)), zone)
    fixed = {_folded(zone): zone for zone in available_timezones() if _FIXED.fullmatch(zone.casefold())}
    return {**names, **fixed, "utc": "UTC", "gmt": "UTC", "msk": "Europe/Moscow", "мск": "Europe/Moscow"}


def _rank(zone: str) -> tuple[bool, bool, str]:
    """Zones that are called after their city come first, then those that aren't another's old name: Лондон is London's, not Belfast's."""
    return _folded(zone.rpartition("/")[2]) != _folded(city(zone, "en")), zone in get_global("zone_aliases"), zone


def _folded(name: str) -> str:
    return " ".join(fold(name).text.replace("_", " ").replace("-", " ").split())
