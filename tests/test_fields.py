"""The fields' values: dates of the calendar and names that are nearly right."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings, strategies

from storage import fields
from storage.records import QueryError


@pytest.mark.parametrize(
    ("value", "first", "end"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("2024/2/9", date(2024, 2, 9), date(2024, 2, 10)),
        ("9.11.2024", date(2024, 11, 9), date(2024, 11, 10)),
        ("11.2024", date(2024, 11, 1), date(2024, 12, 1)),
        ("2023-11..2024", date(2023, 11, 1), date(2025, 1, 1)),
        ("9999", date(9999, 1, 1), None),
        ("9999-12-31", date(9999, 12, 31), None),
        ("0001", date(1, 1, 1), date(2, 1, 1)),
    ],
)
def test_days(value: str, first: date, end: date | None) -> None:
    """A year, a month, a day or a span of them, as people write them."""
    assert fields.days("on", value, 0) == (first, end)


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("2023-02-29", "2023-02-28"),
        ("2023-31-12", "2023-12-31"),
        ("2023-99-99", "2023-12-31"),
        ("2023-00", "2023-01"),
        ("31.4.2023", "2023-04-30"),
        ("0000", None),
    ],
)
def test_dates_that_dont_exist(value: str, near: str | None) -> None:
    """The nearest that does is offered."""
    with pytest.raises(QueryError) as caught:
        fields.days("on", value, 5)
    assert caught.value.mend == ((5, 5 + len(value), near) if near else None)


@settings(max_examples=200, deadline=None)
@given(value=strategies.one_of(strategies.text(max_size=20), strategies.from_regex(r"[0-9./-]{1,12}(\.\.)?[0-9./-]{0,12}", fullmatch=True)))
def test_any_date(value: str) -> None:
    """Whatever stands for a date is a span of days or refused; what is offered instead is one."""
    found = _read(value)
    if not isinstance(found, QueryError):
        assert found[1] is None or ".." in value or found[0] < found[1]
    elif found.mend:
        start, end, instead = found.mend
        assert not isinstance(_read(instead), QueryError)
        assert 0 <= start <= end <= len(value)


def _read(value: str) -> tuple[date, date | None] | QueryError:
    try:
        return fields.days("on", value, 0)
    except QueryError as error:
        return error
