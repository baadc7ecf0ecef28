"""The rule language: what it reads, and how it says where it can't."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.rules import MOST_WORDS, THIS, Both, Either, Named, Near, Not, RuleError, Term, needed, parse, terms, word_for_operator


def test_words_beside_each_other_are_both_wanted() -> None:
    """AND may be left out."""
    assert parse("wives protest") == parse("wives AND protest") == Both((Term("wives"), Term("protest")))


def test_operators_bind_from_near_to_or() -> None:
    """NEAR binds tighter than AND, AND tighter than OR."""
    near = Near(Term("b"), Term("c"), 3)
    assert parse("a AND b NEAR/3 c OR d") == Either((Both((Term("a"), near)), Term("d")))


def test_phrases_prefixes_and_parentheses() -> None:
    """Quotes of any kind make a phrase; a star ends a prefix."""
    assert parse("«путь домой» (film OR demob*)") == Both((Term("путь домой"), Either((Term("film"), Term("demob", prefix=True)))))


def test_absence() -> None:
    """NOT stands before an operand, or before NEAR and SAME SENTENCE."""
    assert parse("a NOT b") == Both((Term("a"), Not(Term("b"))))
    assert parse("a NOT NEAR/2 b") == Near(Term("a"), Term("b"), 2, absent=True)
    assert parse("a NOT SAME SENTENCE b") == Near(Term("a"), Term("b"), None, absent=True)


def test_order() -> None:
    """BEFORE/n is NEAR/n with the left word first."""
    assert parse("ask BEFORE/4 Putin") == Near(Term("ask"), Term("Putin"), 4, ordered=True)


def test_lists_are_for_the_watchlist() -> None:
    """@list and THIS are names only where the watchlist says so."""
    assert parse("THIS NEAR/2 @wives", lists=True) == Near(THIS, Named("wives"), 2)
    assert parse("@wives") == Term("@wives")


def test_operators_are_written_in_capitals() -> None:
    """Small “and” and “near” are words."""
    assert parse("near and or") == Both((Term("near"), Term("and"), Term("or")))


def test_a_word_that_reads_like_an_operator_is_pointed_out() -> None:
    """“and” and «или» are told with what they stand for; what is in quotes, or an operator already, isn't."""
    assert word_for_operator("wives And mothers or sons") == ("And", "AND")
    assert word_for_operator("жены или матери") == ("или", "OR")
    assert word_for_operator("wives AND “mothers and sons” OR orbit") is None


@pytest.mark.parametrize(
    ("rule", "position"),
    [
        ("", 0),
        ("a AND", 5),
        ("a OR OR b", 5),
        ("(a OR b", 0),
        ("a)", 1),
        ('a "b', 2),
        ("NOT a", 0),
        ("a OR NOT b", 5),
        ("a NEAR/3 NOT b", 9),
        ("a NEAR/ b", 2),
        ("a NEAR/-1 b", 2),
        ("a BEFORE/x b", 2),
        ("a NEAR/99999 b", 2),
        ("a NEAR b", 2),
        ("a NEAR/500 b", 2),
        ("a SAME b", 2),
        ("ab*", 0),
        ("a*b", 0),
        ("***", 0),
        ("x THIS", 2),
        ('""', 0),
    ],
)
def test_errors_point_at_the_character(rule: str, position: int) -> None:
    """A rule that can't be read names the place."""
    with pytest.raises(RuleError) as raised:
        parse(rule)
    assert raised.value.position == position
    assert f"character {position + 1}" in str(raised.value)


@pytest.mark.parametrize("rule", ["(" * 1000 + "a" + ")" * 1000, "NOT " * 1000 + "a", "word " * 10_000, "a OR " * MOST_WORDS + "a"])
def test_large_rules_are_refused(rule: str) -> None:
    """Depth and length are bounded."""
    with pytest.raises(RuleError):
        parse(rule)


@given(
    st.text(alphabet='ab*"()« »/@', max_size=60)
    | st.lists(st.sampled_from(["AND", "OR", "NOT", "NEAR/2", "SAME", "SENTENCE", "a", "(", ")", '"b"', "BEFORE/1"])).map(" ".join)
)
def test_any_rule_is_read_or_refused(rule: str) -> None:
    """Nothing but RuleError is ever raised, and its place is within the rule."""
    assert 0 <= _place_of_error(rule) <= len(rule)


def _place_of_error(rule: str) -> int:
    try:
        node = parse(rule, lists=True)
    except RuleError as error:
        return error.position
    return 0 if needed(node) or THIS in terms(node) else -1
