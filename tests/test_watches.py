"""Subscribers' own rules."""

from __future__ import annotations

from feeds.reading import read
from feeds.rules import parse
from feeds.watches import Watches

RULES = {1: parse("жена NEAR/3 солдат"), 2: parse('"silent protest" OR пикет'), 3: parse("мобилизация AND NOT Киев"), 4: parse("mobilis*")}


def held(watches: Watches[int], text: str) -> set[int]:
    """The watches that hold for a text."""
    return {match.watch for match in watches.match(read("", text))}


def test_watches_hold_in_every_form() -> None:
    """Words are found inflected, in both British and American spelling."""
    watches = Watches(RULES)
    assert held(watches, "Женам этих солдат") == {1}
    assert held(watches, "Вышли на пикеты; silent protest") == {2}
    assert held(watches, "О мобилизации") == {3}
    assert held(watches, "О мобилизации в Киеве") == set()
    assert held(watches, "mobilized") == {4}


def test_places_are_given() -> None:
    """A watch says where it was found."""
    (match,) = Watches(RULES).match(read("Пикет", ""))
    assert match.places == (("title", 0, 5),)


def test_a_watch_of_one_person_may_be_changed_or_removed() -> None:
    """Changes take effect at once and leave the other watches as they were."""
    watches = Watches(RULES)
    changed = watches.changed({2: parse("митинг"), 5: parse("суд")}, {3})
    assert held(changed, "Пикет, мобилизация, суд, митинг, жены солдат") == {1, 2, 5}
    assert held(changed, "Пикет") == set()
    assert held(changed.changed({3: parse("мобилизация")}, set()), "мобилизация") == {3}
    assert held(watches, "Пикет") == {2}


def test_no_watches() -> None:
    """Nothing is watched for, nothing is found."""
    assert Watches({}).match(read("a", "b")) == []
