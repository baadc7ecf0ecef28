"""Repair: what belongs together comes together, misfits leave, and nothing that a person decided changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from feeds.sameness.features import Rarities, terms, weigh
from feeds.sameness.repair import Member, Repair, repair

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
KAZAN = [
    ("Жёны мобилизованных вышли на пикеты в Казани", "Двадцать женщин в белых платках встали с плакатами у военной прокуратуры."),
    ("В Казани родственницы военных провели пикеты у прокуратуры", "Двадцать женщин с плакатами в белых платках пришли к прокуратуре."),
    ("Пикет у прокуратуры в Казани: женщины в белых платках", "Они встали с плакатами и ушли через час."),
]
DAM = [
    ("В Орске прорвало дамбу, началась эвакуация", "Вода затопила Старый город, эвакуированы четыре тысячи жителей."),
    ("Орск под водой: дамба прорвана, жителей вывозят", "Эвакуированы четыре тысячи жителей Старого города."),
]


def _member(article: int, story: int, told: tuple[str, str], *, fixed: bool = False) -> Member:
    return Member(article, story, NOW + timedelta(minutes=article), weigh(terms(*told, "ru"), Rarities()), fixed)


def _apply(window: Sequence[Member], done: Repair) -> list[Member]:
    story = {member.article: member.story for member in window}
    for move in done.moves:
        assert story[move.article] == move.source
        story[move.article] = move.target
    for merge in done.merges:
        story = {article: merge.target if known == merge.source else known for article, known in story.items()}
    return [Member(member.article, story[member.article], member.at, member.features, member.fixed) for member in window]


def test_stories_that_are_one_merge_into_the_older() -> None:
    """And what is another event stays."""
    window = [_member(1, 1, KAZAN[0]), _member(2, 2, KAZAN[1]), _member(3, 3, DAM[0]), _member(4, 2, KAZAN[2])]
    done = repair(window)
    assert [(merge.source, merge.target) for merge in done.merges] == [(2, 1)]
    assert done.merges[0].reason
    assert not done.moves


def test_misfits_move() -> None:
    """To the story that they fit, or to one of their own."""
    window = [_member(1, 1, KAZAN[0]), _member(2, 1, KAZAN[1]), _member(3, 3, DAM[0]), _member(4, 1, DAM[1])]
    assert [(move.article, move.source, move.target) for move in repair(window).moves] == [(4, 1, 3)]
    window = [_member(1, 1, KAZAN[0]), _member(2, 1, KAZAN[1]), _member(4, 1, DAM[1])]
    assert [(move.article, move.source, move.target) for move in repair(window).moves] == [(4, 1, 4)]


def test_what_a_person_decided_stays() -> None:
    """Two stories that were kept apart by hand don't merge, and an article that was put somewhere stays there."""
    window = [_member(1, 1, KAZAN[0], fixed=True), _member(2, 2, KAZAN[1], fixed=True), _member(4, 1, DAM[1], fixed=True)]
    assert repair(window) == Repair((), ())


def test_order_makes_no_difference_and_once_is_enough() -> None:
    """A window turned round gives the same repair; a repaired one gives none."""
    window = [_member(number, number, told) for number, told in enumerate([*KAZAN, *DAM], start=1)]
    shuffled = window[::-1]
    done = repair(window)
    assert done == repair(shuffled)
    repaired = _apply(window, done)
    assert {member.story for member in repaired} == {1, 4}
    assert repair(repaired) == Repair((), ())


def test_nothing_to_repair() -> None:
    """An empty window, and one of empty articles."""
    assert repair([]) == Repair((), ())
    assert repair([_member(number, number, ("", "")) for number in range(50)]) == Repair((), ())


def test_ten_thousand_items_with_one_title() -> None:
    """A feed that repeats itself doesn't cost more than any other: a term that everybody has is no sign."""
    window = [_member(number, number, KAZAN[0]) for number in range(3000)]
    assert len(repair(window).merges) < 3000


def test_stories_that_change_while_they_grow() -> None:
    """A story that has come to lead with other terms than it began with merges on without being looked for where it no longer is."""
    chance = random.Random(1)  # noqa: S311 - a made-up window needs no secrecy
    told = [" ".join(chance.sample([f"w{number}x" for number in range(60)], 18)) for _ in range(30)]
    window = [_member(number, number - number % 3 or 1, (one[:20], one[20:])) for number, one in enumerate(told, start=1)]
    done = repair(window)
    assert len({merge.source for merge in done.merges}) == len(done.merges) > 0
