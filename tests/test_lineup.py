"""Lines stand in the order of their time, and each id once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from storage.lineup import lineup

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone


@given(st.lists(MOMENTS, max_size=30), st.integers(1, 7))
def test_the_order(moments: list[datetime], size: int) -> None:
    """By time to the microsecond, then as in the file; ranks count on from batch to batch."""
    with lineup() as lines:
        for number, moment in enumerate(moments):
            assert lines.add(number, 10 * number, moment, None)
        found = [row for batch in lines.batches(size) for row in batch]
    wanted = sorted(range(len(moments)), key=lambda number: (moments[number], number))
    assert found == [(rank, number, 10 * number) for rank, number in enumerate(wanted)]


def test_an_id_that_comes_again() -> None:
    """It isn't taken; lines without one always are."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with lineup() as lines:
        assert [lines.add(number, 0, now - timedelta(number), key) for number, key in enumerate([b"a", b"b", b"a", None, None])] == [
            True, True, False, True, True,
        ]  # fmt: skip
        assert lines.count == 4
