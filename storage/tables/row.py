"""What all tables have in common: names of constraints, kinds of keys; and rows put in by statements. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Connection, Insert, Integer, MetaData, Table
from sqlmodel import SQLModel

from storage.kinds import put_in

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Numbers that buttons hold, and so anybody may make up, have 64 bits: a smaller type would refuse what is only unknown. SQLite gives a
# table's row number only to a key of type INTEGER, which has 64 bits there.
BIG_KEY = BigInteger().with_variant(Integer, "sqlite")

# SQLite would give the number of a deleted row to a new one, which a letter that is being sent, or a button, may still mean.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Row(SQLModel):
    """Base of all tables: one metadata with names for every constraint, so that migrations can refer to them."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


def table(row: type[Row]) -> Table:
    """The Core table of a row class, for statements on hot paths."""
    return Row.metadata.tables[str(row.__tablename__)]


def insert_rows(connection: Connection, row: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all of the same columns, by one statement or by COPY; no rows, no statement."""
    insert_rows_of(connection, table(row), rows)


def insert_rows_of(connection: Connection, into: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same by a Core table."""
    put_in(connection, into.name, _insertion(into), rows)


@cache
def _insertion(into: Table) -> Insert:
    return into.insert()
