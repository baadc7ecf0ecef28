"""Time zones found by the name of a city, in English, Russian and Ukrainian, with a typing mistake or without."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from storage.folding import fold

MOST_OFFERED = 6
_SHORTEST_NAME = 3
_GROUPS = frozenset({"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico", "posix", "right"})
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
    """The zones that a typed name may mean, at most MOST_OFFERED: one where the name is exact."""
    names, wanted = _names(), _folded(typed)
    if wanted in names:
        return [names[wanted]]
    if len(wanted) < _SHORTEST_NAME:
        return []
    begun = sorted({zone for name, zone in names.items() if name.startswith(wanted)})
    near = [names[name] for name in get_close_matches(wanted, names, n=MOST_OFFERED, cutoff=0.75)]
    return list(dict.fromkeys(begun or near))[:MOST_OFFERED]


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Every name that a zone goes by: its id, the id's last part, and its city in our three languages."""
    names = {_folded(name): zone for name, zone in _NEIGHBOURS.items()}
    for zone in sorted(available_timezones()):
        if "/" not in zone or zone.partition("/")[0] in _GROUPS:
            continue
        for name in (zone, zone.rpartition("/")[2]):
            names.setdefault(_folded(name), zone)
        for language in ("en", "ru", "uk"):
            names.setdefault(_folded(get_timezone_location(zone, locale=language, return_city=True)), zone)
    return {**names, "utc": "UTC", "gmt": "UTC"}


def _folded(name: str) -> str:
    return " ".join(fold(name).text.replace("_", " ").replace("-", " ").split())
