"""Editions of a template are told from copies by what changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.editions import align, edition
from feeds.sameness.shingles import likeness

LOSSES = (
    "Загальні втрати противника на {} травня становлять: особового складу {} осіб, танків {}, гармат {}. Дані уточнюються штабом щодня."
)
PICKET = (
    "Relatives of mobilised soldiers held a picket in {0} on Sunday, demanding that husbands be brought home. Police in {0} took names."
)
ENVOYS = (
    "Officials in {0} met envoys in {1}. The ministry in {0} said that the region of {2} was quiet, and that talks go on as they were "
    "planned in spring by all of the sides who take part in them, with two more rounds before the summer and another in autumn."
)
FLOWERS = (
    "Женщины принесли {} и {} постояли у стены, затем разошлись по домам без происшествий и задержаний, рассказали участницы встречи, "
    "которые собираются прийти и на следующей неделе вместе с родственницами из других городов и сёл области, если позволит погода."
)
BLAST = "При взрыве на складе в промышленной зоне города погибли {} человек, сообщили в экстренных службах. На месте работают врачи."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LOSSES.format(12, 1120, 14, 31), LOSSES.format(13, 980, 9, 27)),
        (PICKET.format("Kazan"), PICKET.format("Samara")),
        (BLAST.format(11), BLAST.format(14)),
        ("В Харьковской области объявлена тревога. Пройдите в укрытие.", "В Сумской области объявлена тревога. Пройдите в укрытие."),
    ],
    ids=["losses of two days", "two cities", "the death toll", "two regions"],
)
def test_editions(one: str, other: str) -> None:
    """Only numbers, dates and names changed; whichever comes first."""
    first, second = likeness("", one), likeness("", other)
    assert edition(first, second) is not None
    assert (edition(second, first) is None) is (edition(first, second) is None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PICKET.format("Kazan"), PICKET.format("Kazan")),
        (ENVOYS.format("Kiev", "Odessa", "Kharkov"), ENVOYS.format("Kyiv", "Odesa", "Kharkiv")),
        (FLOWERS.format("цветы", "тихо"), FLOWERS.format("гвоздики", "молча")),
    ],
    ids=["equal", "names spelt otherwise", "light edit"],
)  # fmt: skip
def test_no_editions(one: str, other: str) -> None:
    """Equal texts, other spellings of the same names, and other words are no editions."""
    assert edition(likeness("", one), likeness("", other)) is None


def test_alignment_begins_behind_a_banner() -> None:
    """What one publisher has before a text doesn't hide that the rest is a template."""
    body = [f"слово{number}" for number in range(40)]
    changed = [*body[:20], "семь", *body[21:]]
    assert align([f"баннер{number}" for number in range(12)] + body, changed).changed == [(32, "слово20", "семь")]


@settings(deadline=None)
@given(
    one=strategies.lists(strategies.sampled_from("абвгд"), max_size=30),
    other=strategies.lists(strategies.sampled_from("абвгд"), max_size=30),
)
def test_any_words_align(one: list[str], other: list[str]) -> None:
    """Whatever the words; equal lists differ in nothing."""
    found = align(one, other)
    assert found.other >= 0
    assert align(one, one).changed == []
    assert align(one, one).other == 0
