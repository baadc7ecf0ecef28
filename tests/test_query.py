"""The query language: what is read as what, and what is said of what can't be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings, strategies

from storage import query
from storage.query import LONGEST_QUERY, Both, Dates, Either, Node, Not, Property, Term, parse
from storage.records import QueryError

A, B, C = (Term((name,)) for name in "abc")


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("a", A),
        ("a b", Both((A, B))),
        ("a AND b", Both((A, B))),
        ("a and b", Both((A, Term(("and",)), B))),
        ("a OR b c", Either((A, Both((B, C))))),
        ("a|b", Either((A, B))),
        ("a || b ИЛИ c", Either((A, B, C))),
        ("(a | b) c", Both((Either((A, B)), C))),
        ("a -b", Both((A, Not(B)))),
        ("a NOT b", Both((A, Not(B)))),
        ("a −b –c", Both((A, Not(B), Not(C)))),
        ("a -(b OR c)", Both((A, Not(Either((B, C)))))),
        ("a - b", Both((A, B))),
        ("a-b", Term(("a", "b"))),
        ("«a b»", Term(("a", "b"))),
        ('"a b" -"b c"', Both((Term(("a", "b")), Not(Term(("b", "c")))))),
        ("abc*", Term(("abc",), prefix=True)),
        ('"a abc*"', Term(("a", "abc"), prefix=True)),
        ("мобилизации*", Term(("мобилизац",), prefix=True)),
        ("mobilis*", Either((Term(("mobili",), prefix=True), Term(("mobil",))))),
        ("10:30", Term(("10", "30"))),
        ("https://a.org/b?c=topic:x", Term(("https", "a", "org", "b", "c", "topic", "x"))),
        ("Source: a", Both((Term(("sourc",)), A))),
        ("topic:way-home", Property("topic", "way-home")),
        ("TOPIC:Way", Property("topic", "Way")),
        ("тема:«Путь домой»", Property("topic", "Путь домой")),
        ('-source:"New Herald"', None),
        ("a -source:b", Both((A, Not(Property("source", "b"))))),
        ("lang:UA", Property("lang", "uk")),
        ("язык:русский", Property("lang", "ru")),
        ("story:-5", Property("story", "-5")),
        ("has:copies", Property("has", "copy")),
        ("on:2024-02", Dates(date(2024, 2, 1), date(2024, 3, 1))),
        ("before:2024-02", Dates(None, date(2024, 2, 1))),
        ("after:2024-02", Dates(date(2024, 2, 1), None)),
        ("a sort:best", A),
        ("a () !!! ***", A),
        ("(a) OR !!!", A),
    ],
)
def test_what_is_read(typed: str, root: Node | None) -> None:
    """Each operator, field and sign means what people expect; what is none of them is words."""
    if root is None:
        with pytest.raises(QueryError):
            parse(typed)
    else:
        assert parse(typed).root == root
    assert root is None or parse(typed).best is ("sort:best" in typed)


@pytest.mark.parametrize(
    ("typed", "position", "kind", "meant"),
    [
        ("", 0, "empty", ""),
        ("  ", 0, "empty", ""),
        ("!!! ***", 0, "empty", ""),
        ("-a -b", 0, "empty", ""),
        ("a" * 2000, 1000, "too long", ""),
        ("a " * 31, 60, "too many", ""),
        ("abc* " * 6, 25, "too many prefixes", ""),
        ("(" * 30 + "a", 21, "too deep", ""),
        ("NOT " * 30 + "a", 84, "too deep", ""),
        ('a "b c', 2, "open quotation", 'a "b c"'),
        ('a "', 2, "open quotation", "a"),
        ("a (b OR c", 2, "unclosed", "a (b OR c)"),
        ("a (b (c", 5, "unclosed", "a (b (c))"),
        ("a) b", 1, "unopened", "a b"),
        ("OR a", 0, "nothing to join", "a"),
        ("a OR", 4, "nothing to join", "a"),
        ("a AND OR b", 6, "nothing to join", "a OR b"),
        ("a AND (", 7, "nothing to join", "a"),
        ("AND OR NOT", 0, "nothing to join", ""),
        ("topik:x a", 0, "unknown field", "topic:x a"),
        ("standing:sate", 9, "unknown value", "standing:state"),
        ("lang:klingon", 5, "unknown value", '"lang:klingon"'),
        ("on:2023-02-30", 3, "no such date", "on:2023-02-28"),
        ("on:2023-13-05", 3, "no such date", "on:2023-05-13"),
        ("after:2023-13", 6, "no such date", "after:2023-12"),
        ("on:fire", 3, "not a date", '"on:fire"'),
        ("story:teller a", 6, "not a number", '"story:teller" a'),
        ("ab* c", 0, "short prefix", "ab c"),
        ('has:revsion (lang:rus "a', 22, "open quotation", 'has:revision (lang:ru "a")'),
    ],
)
def test_what_was_meant(typed: str, position: int, kind: str, meant: str) -> None:
    """A mistake has its place, and where it can be put right, with all others, so is the query."""
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert (caught.value.position, caught.value.kind, caught.value.meant) == (position, kind, meant)


def _refusal(typed: str) -> QueryError | None:
    """Why a query can't be read; None where it can."""
    try:
        parse(typed)
    except QueryError as error:
        return error
    return None


PIECES = strategies.sampled_from(
    [
        "a",
        '"',
        "(",
        ")",
        " ",
        "-",
        "|",
        "OR",
        "AND",
        "NOT",
        "*",
        "topic:",
        "on:2023-02-31",
        "sort:best",
        "тема:x",
        "после:2023",
        "«",
        ":",
        "10:30",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    typed=strategies.one_of(
        strategies.text(max_size=120),
        strategies.lists(PIECES, max_size=40).map(" ".join),
        strategies.lists(PIECES, max_size=60).map("".join),
    )
)
def test_anything_is_read_or_refused(typed: str) -> None:
    """Whatever is typed is a query or a QueryError whose place is in it; what it offers instead can be read."""
    error = _refusal(typed)
    if error is None:
        assert all(0 <= term.start < term.end <= len(typed) for term in query.terms(parse(typed).root))
    else:
        assert 0 <= error.position <= len(typed)
        assert not error.meant or parse(error.meant)


@pytest.mark.parametrize("block", range(0, 0x110000, 0x4000))
def test_every_block_of_unicode(block: int) -> None:
    """No character is too odd, alone or in a row."""
    for start in range(block, block + 0x4000, 500):
        typed = "".join(chr(code) for code in range(start, min(start + 500, 0x110000)))
        error = _refusal(typed)
        assert error is None or 0 <= error.position <= len(typed)


@pytest.mark.parametrize("piece", ["a ", "(", ")", '"', "OR ", "NOT ", "-", "a|", "topic:x ", "topik:", ":", "a*", "«", "\\", "ё́"])
def test_ten_thousand_characters(piece: str) -> None:
    """A huge query is refused before it is looked at, and one just short enough is read or refused."""
    huge = (piece * 10_000)[:10_000]
    with pytest.raises(QueryError) as caught:
        parse(huge)
    assert (caught.value.kind, caught.value.position) == ("too long", LONGEST_QUERY)
    error = _refusal(huge[:LONGEST_QUERY])
    assert error is None or 0 <= error.position <= LONGEST_QUERY
