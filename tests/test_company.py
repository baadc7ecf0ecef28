"""The words by which a rule holds."""

from __future__ import annotations

import pytest

from feeds.company import company
from feeds.evaluate import Span
from feeds.reading import flatten, read
from feeds.rules import Named, Term, parse

TEXT = "wives far away and many other words. Way Home of wives in Moscow"


def lookup(term: Term | Named) -> list[Span]:
    """Where single words of TEXT stand; THIS is “Home”."""
    word = flatten(term.text) if isinstance(term, Term) else b"home"
    return [(index, index + 1) for index, token in enumerate(read("", TEXT).tokens) if token == word]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("wives AND Moscow", ["wives", "moscow"]),
        ("husbands OR Moscow", ["moscow"]),
        ("THIS NEAR/2 wives", ["wives"]),
        ("THIS NEAR/2 wives AND NOT husbands", ["wives"]),
        ("Moscow NOT NEAR/3 husbands", ["moscow"]),
        ("THIS SAME SENTENCE (husbands OR Moscow)", ["moscow"]),
        ("husbands OR sons", []),
        ("husbands NEAR/3 Moscow", []),
    ],
)
def test_the_words_that_met(rule: str, words: list[str]) -> None:
    """Of several ways to hold the first that does is told, and neither THIS nor what is absent."""
    reading = read("", TEXT)
    found = company(parse(rule, lists=True), reading, lookup)
    assert [reading.tokens[start].decode() for start, _ in found] == words


def test_of_words_beside_each_other_those_that_met() -> None:
    """Not the first wives of the item, but those near the name."""
    reading = read("", TEXT)
    (span,) = company(parse("THIS NEAR/2 wives", lists=True), reading, lookup)
    assert span[0] > reading.tokens.index(b"home")
