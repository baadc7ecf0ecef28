"""Time zones by the names of cities, as people write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies

from bot.places import MOST_OFFERED, zones_named


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Moscow", "Europe/Moscow"),
        ("Москва", "Europe/Moscow"),
        ("  МОСКВА ", "Europe/Moscow"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("санкт петербург", "Europe/Moscow"),
        ("Екатеринбург", "Asia/Yekaterinburg"),
        ("Улан-Удэ", "Asia/Irkutsk"),
        ("Владивосток", "Asia/Vladivostok"),
        ("Кишинёв", "Europe/Chisinau"),
        ("Кишинев", "Europe/Chisinau"),
        ("Харків", "Europe/Kyiv"),
        ("Харьков", "Europe/Kyiv"),
        ("Kharkiv", "Europe/Kyiv"),
        ("Варшава", "Europe/Warsaw"),
        ("Берлін", "Europe/Berlin"),
        ("Берлин", "Europe/Berlin"),
        ("Єреван", "Asia/Yerevan"),
        ("new york", "America/New_York"),
        ("Нью-Йорк", "America/New_York"),
        ("Europe/Moscow", "Europe/Moscow"),
        ("america/new_york", "America/New_York"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("Київ", "Europe/Kyiv"),
        ("Киев", "Europe/Kyiv"),
        ("Kyiv", "Europe/Kyiv"),
        ("Лондон", "Europe/London"),
    ],
)
def test_a_city_by_its_name(typed: str, zone: str) -> None:
    """In any of the three languages, whatever the case, dashes and ё: that zone alone."""
    assert zones_named(typed) == [zone]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Mosow", "Europe/Moscow"),
        ("Москвa", "Europe/Moscow"),
        ("Екатринбург", "Asia/Yekaterinburg"),
        ("Варшва", "Europe/Warsaw"),
        ("Samra", "Europe/Samara"),
        ("Новосиб", "Asia/Novosibirsk"),
    ],
)
def test_a_slip_or_a_beginning(typed: str, zone: str) -> None:
    """A typing mistake, a letter of the other alphabet or the first letters are enough to be offered the city."""
    assert zone in zones_named(typed)


def test_a_name_with_several_meanings() -> None:
    """All that it may mean are offered, no more than fit under a message, none twice."""
    found = zones_named("San")
    assert len(found) == MOST_OFFERED
    assert len(set(found)) == len(found)
    assert "America/Santiago" in found


@pytest.mark.parametrize("typed", ["", " ", "m", "мо", "?", "🤷", "xyzzyx", "\x00", "-", "_/_", "'; DROP TABLE", "\ud800", "1" * 50])
def test_no_place(typed: str) -> None:
    """What is no name finds nothing."""
    assert zones_named(typed) == []


@pytest.mark.parametrize("typed", ["UTC+3", "UTC-5", "GMT+3"])
def test_an_offset_is_not_utc(typed: str) -> None:
    """Who asks for another offset than UTC's own isn't given UTC without a word."""
    assert zones_named(typed) != ["UTC"]


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("UTC+3", ["Etc/GMT-3"]),
        ("utc+03:00", ["Etc/GMT-3"]),
        ("GMT-5", ["Etc/GMT+5"]),
        ("UTC−5", ["Etc/GMT+5"]),
        ("+10", ["Etc/GMT-10"]),
        ("UTC + 0", ["UTC"]),
        ("МСК+2", ["Etc/GMT-5"]),
        ("MSK-3", ["UTC"]),
        ("Etc/GMT-3", ["Etc/GMT-3"]),
        ("Etc/GMT+5", ["Etc/GMT+5"]),
        ("UTC+15", []),
        ("UTC-13", []),
    ],
)
def test_an_offset_is_a_fixed_zone(typed: str, zones: list[str]) -> None:
    """As far from UTC as was typed; nothing where no clock is so far."""
    assert zones_named(typed) == zones


@pytest.mark.parametrize("typed", ["Лондон", "Kolkata", "Istanbul", "Стамбул", "Париж", "Рим", "Токио"])
def test_a_city_keeps_its_own_name(typed: str) -> None:
    """Old names of zones don't take it, though they come first in the alphabet."""
    own = {"Europe/London", "Asia/Kolkata", "Europe/Istanbul", "Europe/Paris", "Europe/Rome", "Asia/Tokyo"}
    assert zones_named(typed)[0] in own


@pytest.mark.parametrize("typed", ["MSK", "МСК"])
def test_moscow_time_by_its_letters(typed: str) -> None:
    """The abbreviation that Russian media give after every hour means Moscow."""
    assert "Europe/Moscow" in zones_named(typed)


@settings(deadline=None, max_examples=200)
@given(typed=strategies.text(max_size=60))
def test_any_text_is_answered_with_zones_that_exist(typed: str) -> None:
    """Whatever is typed, what is offered can be used, fits on a button and is found again when pressed."""
    found = zones_named(typed)
    assert len(found) <= MOST_OFFERED
    for zone in found:
        assert ZoneInfo(zone).utcoffset(datetime(2026, 11, 22)) is not None  # noqa: DTZ001 - any moment will do
        assert len(f"timezone {zone}".encode()) <= 64
        assert zones_named(zone) == [zone]


@pytest.mark.parametrize("typed", ["Москва" * 100_000, "a" * 1_000_000, "a/" * 100_000, "\u0301" * 200_000, "moscow " * 100_000])
def test_enormous_names(typed: str) -> None:
    """A megabyte of a name is turned down like any other."""
    assert zones_named(typed) == []


def test_every_zone_of_a_city_is_found_by_its_id() -> None:
    """What /status shows can be typed back."""
    named = [zone for zone in available_timezones() if zone.startswith(("Europe/", "Asia/", "Africa/", "Australia/"))]
    assert len(named) > 200
    assert [zone for zone in named if zones_named(zone) != [zone]] == []
