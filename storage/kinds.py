"""How statements differ between SQLite and PostgreSQL: the one place that asks which of them a connection belongs to.

Not here: opening a database (``sqlite.py``, ``postgres.py``), the two full-text indexes (``fts5.py``, ``tsvector.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite

from storage import fts5, tsvector
from storage.full_text import FullText
from storage.postgres import SAID

# An insertion that may meet a row with its key; both have the same methods.
Insert: TypeAlias = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of database.

    ``insert``: begins an insertion that may have an ON CONFLICT. ``shrinks``: whether room is given back by us (``shrinking.py``).
    ``said``: the statement that tells the sender, wherever it is, that there is something to send.
    """

    full_text: FullText
    insert: Callable[[Table], Insert]
    shrinks: bool
    said: TextClause | None = None


_KINDS = {
    "sqlite": Kind(fts5.INDEX, sqlite.insert, shrinks=True),
    "postgresql": Kind(tsvector.INDEX, postgresql.insert, shrinks=False, said=text(f"NOTIFY {SAID}")),
}


def kind_of(connection: Connection) -> Kind:
    """The kind of database that a connection belongs to."""
    return _KINDS[connection.dialect.name]
