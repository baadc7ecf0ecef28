"""Values for a statement, in batches."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies
from sqlalchemy import bindparam, select, update

from storage.batches import BATCH, batches, look_up, run_many, run_rows
from storage.database import Database
from storage.tables import SourceDay, SourceRow, TermCount, table
from tests.building import listed


@given(values=strategies.lists(strategies.integers(0, 3 * BATCH), max_size=2 * BATCH), more=strategies.integers(0, 2 * BATCH))
def test_every_value_comes_once_and_no_batch_is_too_large(values: list[int], more: int) -> None:
    """In the order in which they came first; no batch is empty."""
    values += range(more)
    found = list(batches(values))
    assert [value for batch in found for value in batch] == list(dict.fromkeys(values))
    assert all(0 < len(batch) <= BATCH for batch in found)


def test_rows_are_stored_as_sqlalchemy_would(database: Database) -> None:
    """Columns' defaults, times and truth values come back as they went in, whichever columns the rows have."""
    day = date(2026, 5, 12)
    with database.write() as connection:
        run_many(
            connection,
            table(SourceDay).insert(),
            [{"source_id": n, "day": day, "polls": 1, "failures": 0, "items": n, "matched": 0} for n in (1, 2)],
        )
        run_many(connection, table(SourceDay).insert(), [])
        run_many(
            connection, update(table(SourceDay)).where(table(SourceDay).c.source_id == bindparam("number")).values(polls=7), [{"number": 2}]
        )
        (source,) = listed(connection, datetime(2026, 5, 12, tzinfo=UTC), "Herald")
    with database.read() as connection:
        days = connection.execute(select(table(SourceDay)).order_by("source_id")).all()
        kept = connection.execute(select(table(SourceRow))).one()
    assert [(row.source_id, row.day, row.polls, row.items) for row in days] == [(1, day, 1, 1), (2, day, 7, 2)]
    assert (kept.id, kept.next_check_at, kept.failures, kept.trouble) == (source.id, datetime(2026, 5, 12, tzinfo=UTC), 0, "")


@pytest.mark.parametrize("count", [0, 1, 2, 9, BATCH, BATCH + 1])
def test_values_are_looked_up(database: Database, count: int) -> None:
    """Each once, however many they are; rows of plain values are stored whatever their order in the statement."""
    counts = table(TermCount)
    statement = select(counts.c.term, counts.c["count"]).where(counts.c.term.in_(bindparam("wanted", expanding=True)))
    with database.write() as connection:
        run_rows(connection, counts.insert(), ("count", "term"), [(float(number), str(number)) for number in range(count)])
        found = list(look_up(connection, statement, [*map(str, range(count)), *map(str, range(count)), "none"]))
    assert sorted(found) == sorted((str(number), float(number)) for number in range(count))
