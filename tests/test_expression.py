"""Dates as tags, and what has to be asked of the tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies

from storage.expression import MOST_BRANCHES, branches, date_tags, days, divided, match
from storage.fts5 import INDEX
from storage.query import Among, Both, Dates, Either, Not, Tagged, Term, parse
from storage.records import QueryError

DAYS = strategies.dates(date(2019, 1, 1), date(2026, 12, 31))


def _days_of(tags: list[str]) -> list[date]:
    """Every day that a tag stands for."""
    found = []
    for tag in tags:
        kind, digits = tag.split("_")[1:]
        first = date(int(digits[:4]), int(digits[4:6] or 1), int(digits[6:] or 1))
        day = first
        while {"year": day.year == first.year, "month": (day.year, day.month) == (first.year, first.month), "day": day == first}[kind]:
            found.append(day)
            day += timedelta(days=1)
    return found


@settings(max_examples=200, deadline=None)
@given(one=DAYS, other=DAYS)
def test_few_tags_stand_for_many_days(one: date, other: date) -> None:
    """The tags to find without those to leave out are just the days of the span, each once.

    They are never many, and few days are left out at the end, where what is newest would be passed over one by one.
    """
    first, end = min(one, other), max(one, other)
    wanted, unwanted = date_tags(first, end)
    found, left_out = _days_of(wanted), _days_of(unwanted)
    assert len(set(found)) == len(found)
    assert set(left_out) <= set(found)
    assert sorted(set(found) - set(left_out)) == [first + timedelta(days=n) for n in range((end - first).days)]
    assert len(wanted) + len(unwanted) <= 16 + 6 + 8 + 11 + 25
    assert sum(day >= end for day in left_out) <= 8


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        (date(2024, 1, 1), date(2025, 1, 1), '("_year_2024") NOT "_matched_no"'),
        (date(2024, 2, 1), date(2024, 3, 1), '("_month_202402") NOT "_matched_no"'),
        (None, date(2002, 1, 1), '((("_year_0" *) OR ("_year_1" *) OR ("_year_2000") OR ("_year_2001"))) NOT "_matched_no"'),
        (None, date(2000, 1, 1), '((("_year_0" *) OR ("_year_1" *))) NOT "_matched_no"'),
        (date(2027, 5, 1), None, '("_nothing") NOT "_matched_no"'),
        (None, None, '"_matched_yes" NOT ("_nothing")'),
        (date(1850, 1, 1), date(1851, 1, 1), '("_year_1850") NOT "_matched_no"'),
    ],
)
def test_dates_in_the_index(first: date | None, end: date | None, expected: str) -> None:
    """A span without an end ends with the last year there is; one without a beginning has the years before 2000 by their first digit."""
    found = match(Dates(first, end), 2026, INDEX.syntax).replace('(("_month', '("_month')
    assert found.replace("((", "(").replace("))", ")") == expected.replace("((", "(").replace("))", ")")


def test_what_is_about_a_topic_matched() -> None:
    """It needn't be said again of what only a topic's articles can be."""
    tagged = Tagged(("_topic_wayhome",))
    assert "matched" not in match(Both((tagged, Term(("a",)))), 2026, INDEX.syntax)
    assert "matched" in match(Either((tagged, Term(("a",)))), 2026, INDEX.syntax)
    assert "matched" in match(Not(tagged), 2026, INDEX.syntax)


def test_only_the_tables_parts_are_taken_apart() -> None:
    """A query is one part until alternatives have to be asked of the tables."""
    story, word, other = Among("story", 5), Term(("a",)), Term(("b",))
    assert len(branches(Either((word, other)))) == 1
    assert len(branches(Both((story, Either((word, other)))))) == 1
    assert len(branches(Either((story, word)))) == 2
    assert len(branches(Not(Both((story, word))))) == 2
    assert [part.among for part in branches(Not(Either((story, word))))] == [((story, False),)]


def test_too_many_alternatives() -> None:
    """Alternatives that multiply are refused, at once."""
    either = Either((Among("copy"), Among("revision")))
    with pytest.raises(QueryError) as caught:
        branches(Both((either,) * 12))
    assert caught.value.kind == "too many alternatives"
    assert len(branches(Both((either,) * 4))) == MOST_BRANCHES


def test_only_letters_reach_the_index() -> None:
    """Between two quotation marks of an expression stands nothing but letters, digits, underscores and spaces."""
    root = parse('ﬁ\'"x y"\\ 𝔘𝔘𝔘* a^b {title}').root
    inside = match(root, 2026, INDEX.syntax).split('"')[1::2]
    assert all(piece.replace("_", "").replace(" ", "").isalnum() for piece in inside)


def test_days_that_all_hits_are_of() -> None:
    """Those that stand beside something else are a condition of their own; of several that hold, the latest begin and the earliest end."""
    word, january = Term(("a",), False, 0, 1), Dates(date(2024, 1, 1), date(2024, 2, 1), 0)  # noqa: FBT003 - a value's field
    since = Dates(date(2024, 1, 10), None, 0)
    both = Both((Both((word, january)), since))
    assert divided(both) == (Both((word,)), Both((january, since)))
    assert days(both) == (date(2024, 1, 10), date(2024, 2, 1))
    for node in (word, january, Either((word, january)), Both((word, Not(january)))):
        assert divided(node) == (node, None)
    assert days(Both((word, Not(january)))) == days(Either((january, since))) == (None, None)
