"""How statements differ between SQLite and PostgreSQL: the one place that asks which of them a connection belongs to.

Not here: opening a database (``sqlite.py``, ``postgres.py``), the two full-text indexes (``fts5.py``, ``tsvector.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage import fts5, tsvector
from storage.full_text import FullText

# An insertion that may meet a row with its key; both have the same methods.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of database.

    ``insert``: begins an insertion that may have an ON CONFLICT. ``shrinks``: whether room is given back by us (``shrinking.py``).
    """

    full_text: FullText
    insert: Callable[[Table], Insert]
    shrinks: bool


_KINDS = {
    "sqlite": Kind(fts5.INDEX, sqlite.insert, shrinks=True),
    "postgresql": Kind(tsvector.INDEX, postgresql.insert, shrinks=False),
}


def kind_of(connection: Connection) -> Kind:
    """The kind of database that a connection belongs to."""
    return _KINDS[connection.dialect.name]
