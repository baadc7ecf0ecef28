"""Houses of publishers."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, strategies

from feeds import catalog
from feeds.publishers import SHIPPED, House, house_of
from feeds.sameness.wire import wire_credit


@pytest.mark.parametrize(
    ("name", "house", "standing"),
    [
        ("Радио Свобода", "RFE/RL", "independent"),
        ("Север.Реалии", "RFE/RL", "independent"),
        ("«Настоящее время»", "RFE/RL", "independent"),
        ("РИА НОВОСТИ", "Rossiya Segodnya", "state"),
        ("Sputnik", "Rossiya Segodnya", "state"),
        ("Українська правда", "Ukrainska Pravda", "ukrainian"),
        ("Barron’s AFP", "AFP", "wire"),
    ],
)
def test_an_outlet_belongs_to_its_house(name: str, house: str, standing: str) -> None:
    """By whichever name it is credited."""
    assert house_of(name, "exile") == House(house, standing)


@given(name=strategies.text(max_size=40))
def test_whoever_is_unknown_is_a_house_of_their_own(name: str) -> None:
    """No name is refused, and none that isn't listed becomes another's."""
    found = house_of(f"{name} Herald", "exile")
    assert found == House(f"{name} Herald", "exile")


def test_no_name_stands_for_two_houses() -> None:
    """Every name belongs to one house, and every standing is one that sources have."""
    houses = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["house"]
    for each in houses:
        assert each["standing"] in catalog.STANDINGS
        for name in (each["name"], *each["names"]):
            assert house_of(name, "group") == House(each["name"], each["standing"])


def test_shipped_sources_agree_with_their_houses() -> None:
    """A shipped source has its house's standing, but for those whose newsroom had to leave; agencies' credits find their houses."""
    for source in catalog.load():
        found = house_of(source.publisher, source.standing)
        assert source.standing in {found.standing, "exile"}, source.name
    credit = wire_credit("", "МОСКВА, 12 мая — РИА Новости. Жёны мобилизованных пришли к приёмной.")
    assert house_of(credit or "", "wire").standing == "state"
