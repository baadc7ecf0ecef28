"""Marks stand on what was really found, inside of the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from storage.query import parse, terms
from storage.records import QueryError
from storage.snippets import marked, snippet


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("жена", "Жёны ждут, женам не отвечают", ["Жёны", "женам"]),
        ('"путь домой"', "Путь долог. Пути домой нет, домой путь", ["Пути домой"]),
        ("мобилиз*", "Мобилизованных и мобилизацию, мобильных", ["Мобилизованных", "мобилизацию"]),
        ('"силь* мобилиз*"', "x", []),
        ('"призыв мобилиз*"', "призыв мобилизованных, призыв осенью", ["призыв мобилизованных"]),
        ("a OR -b", "a b", ["a"]),
        ("lang:ru a", "a lang ru", ["a"]),
        ('"a b" b', "a b b", ["a b", "b"]),
        ('"a a"', "a a a", ["a a a"]),
    ],
)
def test_what_is_marked(typed: str, text: str, found: list[str]) -> None:
    """Words in any form, phrases as a whole and nowhere else, beginnings; nothing that was to be left out."""
    shown = marked(text, list(terms(parse(typed).root)))
    assert [shown.text[start:end] for start, end in shown.marks] == found


def test_mentions_are_marked() -> None:
    """Places where a topic was recognised are marked with the words; what overlaps is one, what is outside is none."""
    shown = marked("Активистки «Пути домой»", list(terms(parse("домой").root)), [(12, 22), (40, 50), (3, 3)])
    assert [shown.text[start:end] for start, end in shown.marks] == ["Пути домой"]


def test_the_part_around_the_first_place() -> None:
    """Of a long text the part with the words is shown, cut between words."""
    shown = snippet("Слово " * 100 + "пикет у министерства " + "слово " * 100, list(terms(parse("пикет").root)))
    assert shown.text.startswith("… Слово")
    assert shown.text.endswith("слово …")
    assert [shown.text[start:end] for start, end in shown.marks] == ["пикет"]


@settings(max_examples=200, deadline=None)
@given(
    typed=strategies.text(max_size=60),
    whole=strategies.text(max_size=400),
    others=strategies.lists(strategies.tuples(strategies.integers(0, 500), strategies.integers(0, 500))),
)
def test_any_text(typed: str, whole: str, others: list[tuple[int, int]]) -> None:
    """Whatever is looked for in whatever text, marks are inside, in order, apart; the snippet is short."""
    try:
        wanted = list(terms(parse(typed).root))
    except QueryError:
        wanted = list(terms(parse("way").root))
    for shown in (marked(whole, wanted, others), snippet(whole, wanted, others)):
        edges = [edge for place in shown.marks for edge in place]
        assert edges == sorted(edges)
        assert not edges or edges[-1] <= len(shown.text)
    assert len(snippet(whole, wanted, others).text) <= 170
