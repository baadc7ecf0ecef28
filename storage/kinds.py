"""How statements differ between SQLite and PostgreSQL: the one place that asks which of them a connection belongs to.

Not here: opening a database (``sqlite.py``, ``postgres.py``), the two full-text indexes (``fts5.py``, ``tsvector.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ClauseElement, Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite

from storage import fts5, postgres as server, sqlite as file, tsvector
from storage.batches import lines_of, run_many
from storage.full_text import FullText

# An insertion that may meet a row with its key; both have the same methods.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert
# From so many rows on COPY takes less of both processors than statements do, which one after another are sent at once (measured).
_MANY = 3


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of database.

    ``insert``: begins an insertion that may have an ON CONFLICT. ``shrinks``: whether room is given back by us (``shrinking.py``).
    ``said``: the statement that tells the sender, wherever it is, that there is something to send. ``last_numbers``: of tables whose rows
    the database numbers, the last number that was given; ``go_on_after``: the next row of a table is numbered after that. ``load``: brings
    rows into the columns of a table sooner than statements do, where there is such a way.
    """

    full_text: FullText
    insert: Callable[[Table], Insert]
    shrinks: bool
    last_numbers: Callable[[Connection, Sequence[str]], dict[str, int]]
    go_on_after: Callable[[Connection, str, int], None]
    said: TextClause | None = None
    load: Callable[[Connection, str, Sequence[str], Sequence[Sequence[Any]]], None] | None = None


_KINDS = {
    "sqlite": Kind(fts5.INDEX, sqlite.insert, shrinks=True, last_numbers=file.last_numbers, go_on_after=file.go_on_after),
    "postgresql": Kind(
        tsvector.INDEX,
        postgresql.insert,
        shrinks=False,
        last_numbers=server.last_numbers,
        go_on_after=server.go_on_after,
        said=text(f"NOTIFY {server.SAID}"),
        load=server.load,
    ),
}


def kind_of(connection: Connection) -> Kind:
    """The kind of database that a connection belongs to."""
    return _KINDS[connection.dialect.name]


def put_in(connection: Connection, into: str, insertion: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows, which all have the same keys, into a table; ``insertion`` puts in one, and binds values named as the columns are."""
    load = kind_of(connection).load
    if load is None or len(rows) < _MANY:
        run_many(connection, insertion, rows)
        return
    lines = lines_of(connection, insertion, rows)
    load(connection, into, lines.names, lines.values)
