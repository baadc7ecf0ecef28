"""The tables themselves: their names, their times, and inserting nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import DateTime, func, select
from sqlmodel import SQLModel

from storage.database import Database
from storage.tables import Article, Counter, Inbox, Outbox, Row, SeenKey, Story, insert_rows, table


@pytest.mark.parametrize("row", [Counter, SeenKey, Inbox, Outbox, Article])
def test_no_rows_no_row(database: Database, row: type[Row]) -> None:
    """Inserting an empty list inserts nothing, where SQLAlchemy alone would try a row of defaults."""
    with database.write() as connection:
        before = connection.scalar(select(func.count()).select_from(table(row)))
        insert_rows(connection, row, [])
        assert connection.scalar(select(func.count()).select_from(table(row))) == before


def test_many_rows_at_once(database: Database) -> None:
    """More rows than SQLite takes values in one statement go in all the same."""
    with database.write() as connection:
        insert_rows(connection, SeenKey, [{"key": number.to_bytes(16, "big"), "article_id": number} for number in range(40_000)])
        assert connection.scalar(select(func.count()).select_from(table(SeenKey))) == 40_000


def test_every_class_has_its_table() -> None:
    """One class, one table, found by the class; none of them in SQLModel's own metadata."""
    classes = Row.__subclasses__()
    assert {table(each).name for each in classes} == set(Row.metadata.tables)
    assert len(classes) == len(Row.metadata.tables)
    assert not SQLModel.metadata.tables


def test_every_constraint_has_a_name() -> None:
    """Without names SQLite's constraints could never be changed by a migration."""
    for each in Row.metadata.sorted_tables:
        assert all(constraint.name for constraint in each.constraints), each.name
        assert all(index.name for index in each.indexes), each.name
        assert each.primary_key.columns, each.name


def test_every_time_is_kept_with_its_zone() -> None:
    """No column of a table holds a time without one."""
    times = [column for each in Row.metadata.sorted_tables for column in each.c if column.name.endswith(("_at", "_until", "_before"))]
    assert len(times) > 10
    assert {type(column.type).__name__ for column in times} == {"UTCDateTime"}
    assert not [column for each in Row.metadata.sorted_tables for column in each.c if isinstance(column.type, DateTime)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=strategies.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=strategies.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_times_come_back_as_utc(database: Database, moment: datetime) -> None:
    """Whatever zone a time is given in, the same moment comes back, in UTC, and in order with others."""
    story = {
        "id": 1,
        "first_seen_at": moment,
        "last_seen_at": moment + timedelta(microseconds=1),
        "articles": 1,
        "publishers": 1,
        "languages": "ru",
        "headline_article_id": 1,
        "changed_seq": 1,
    }
    with database.write() as connection:
        connection.execute(table(Story).delete())
        insert_rows(connection, Story, [story])
        row = connection.execute(select(table(Story)).where(table(Story).c.first_seen_at <= moment)).one()
        assert row.first_seen_at == moment
        assert row.first_seen_at.tzinfo is UTC
        assert not connection.execute(select(table(Story)).where(table(Story).c.last_seen_at <= moment)).all()


def test_a_time_without_zone_is_refused(database: Database) -> None:
    """A mistake in the program comes out where it is made."""
    with pytest.raises(Exception, match=r"(?i)timezone|naive"), database.write() as connection:
        connection.execute(select(table(Story)).where(table(Story).c.first_seen_at < datetime(2026, 1, 1)))  # noqa: DTZ001 - the mistake
