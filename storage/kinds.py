"""How statements differ between SQLite and PostgreSQL: the one place that asks which of them a connection belongs to.

Not here: opening a database (``sqlite.py``, ``postgres.py``), the two full-text indexes (``fts5.py``, ``tsvector.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite

from storage import fts5, postgres as server, sqlite as file, tsvector
from storage.full_text import FullText

# An insertion that may meet a row with its key; both have the same methods.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of database.

    ``insert``: begins an insertion that may have an ON CONFLICT. ``shrinks``: whether room is given back by us (``shrinking.py``).
    ``said``: the statement that tells the sender, wherever it is, that there is something to send. ``last_numbers``: of tables whose rows
    the database numbers, the last number that was given; ``go_on_after``: the next row of a table is numbered after that.
    """

    full_text: FullText
    insert: Callable[[Table], Insert]
    shrinks: bool
    last_numbers: Callable[[Connection, Sequence[str]], dict[str, int]]
    go_on_after: Callable[[Connection, str, int], None]
    said: TextClause | None = None


_KINDS = {
    "sqlite": Kind(fts5.INDEX, sqlite.insert, shrinks=True, last_numbers=file.last_numbers, go_on_after=file.go_on_after),
    "postgresql": Kind(
        tsvector.INDEX,
        postgresql.insert,
        shrinks=False,
        last_numbers=server.last_numbers,
        go_on_after=server.go_on_after,
        said=text(f"NOTIFY {server.SAID}"),
    ),
}


def kind_of(connection: Connection) -> Kind:
    """The kind of database that a connection belongs to."""
    return _KINDS[connection.dialect.name]
