"""What rules find in an item."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.evaluate import Span, evaluate
from feeds.reading import flatten, read
from feeds.rules import Named, RuleError, Term, needed, parse

_WORDS = ("alpha", "beta", "gamma")
_OPERATORS = ("AND", "OR", "NOT", "NEAR/2", "BEFORE/2", "SAME SENTENCE", "NOT NEAR/2", "(", ")")


def found(rule: str, text: str, title: str = "") -> list[str]:
    """The words that ``rule`` finds, words of the rule being looked for as they are."""
    reading = read(title, text)

    def lookup(term: Term | Named) -> list[Span]:
        words = flatten(term.text).split() if isinstance(term, Term) else []
        size = len(words)
        return [(at, at + size) for at in range(len(reading.tokens)) if reading.tokens[at : at + size] == words]

    places = [reading.place(*span) for span in evaluate(parse(rule), reading, lookup)]
    return [(title if field == "title" else text)[start:end] for field, start, end in places]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("wives", "The wives came", ["wives"]),
        ("wives AND husbands", "wives and husbands", ["wives"]),
        ("wives AND NOT film", "wives", ["wives"]),
        ("wives AND NOT film", "wives in a film", []),
        ("NOT film wives", "wives", ["wives"]),
        ("wives OR film", "a film about wives", ["film", "wives"]),
        ("wives NEAR/2 soldiers", "wives of some soldiers", ["wives of some soldiers"]),
        ("wives NEAR/1 soldiers", "wives of some soldiers", []),
        ("soldiers NEAR/2 wives", "wives of some soldiers", ["wives of some soldiers"]),
        ("soldiers BEFORE/2 wives", "wives of some soldiers", []),
        ("wives BEFORE/2 soldiers", "wives of some soldiers", ["wives of some soldiers"]),
        ("wives NEAR/5 soldiers", "The wives left. Soldiers stayed.", []),
        ("wives SAME SENTENCE soldiers", "The wives, it is said, left the soldiers. No.", ["wives, it is said, left the soldiers"]),
        ("wives NOT NEAR/2 film", "wives here. A film on wives", ["wives"]),
        ('"silent protest"', "A silent-protest, silent. Protest", ["silent-protest"]),
    ],
)
def test_what_a_rule_finds(rule: str, text: str, expected: list[str]) -> None:
    """Each operator finds what the README says."""
    assert found(rule, text) == expected


def test_near_does_not_reach_from_title_to_text() -> None:
    """The title's last word isn't near the text's first."""
    assert found("wives NEAR/9 soldiers", "soldiers", title="wives") == []


def test_a_long_chain_stays_bounded() -> None:
    """Each NEAR keeps one stretch for each word on its left, however often words repeat."""
    rule = " NEAR/9 ".join(["a", "b"] * 40)
    assert len(found(rule, "a b " * 2000)) <= 2000


def test_a_word_in_the_next_sentence_hides_none_in_this() -> None:
    """The nearest word that stands in the sentence counts, though one in the next sentence is nearer."""
    text = "A picket was held by some women before the police. Picket lines grew."
    assert found("police SAME SENTENCE picket", text) == found("police NEAR/9 picket", text) != []


@given(st.lists(st.sampled_from(_WORDS + _OPERATORS), max_size=12).map(" ".join), st.lists(st.sampled_from((*_WORDS, ".")), max_size=8))
def test_what_a_rule_needs_is_there_where_it_holds(rule: str, text: list[str]) -> None:
    """Of each list of words that a rule needs, one stands in every text in which the rule finds something."""
    try:
        lists = needed(parse(rule))
    except RuleError:
        return
    assert lists
    if found(rule, " ".join(text)):
        assert all(any(isinstance(word, Term) and word.text in text for word in words) for words in lists)
