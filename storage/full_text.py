"""What a full-text index has to offer, whichever database keeps it: two columns of stems, tags before the first, a number for each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause

from storage.blocks import Levels


@dataclass(frozen=True, slots=True)
class Syntax:
    """How an index is asked.

    ``term`` writes stems that stand side by side, the last perhaps only the beginning of a word, in the title or anywhere. ``both``,
    ``either`` and ``without`` stand between what is in parentheses.
    """

    term: Callable[[Sequence[str], bool, bool], str]
    both: str
    either: str
    without: str

    def tag(self, name: str) -> str:
        """One whole token."""
        return self.term((name,), False, False)  # noqa: FBT003 - a whole token, anywhere


@dataclass(frozen=True, slots=True, eq=False)
class FullText:
    """An index in the table "search_index", whose row numbers ("rowid") are those of articles.

    ``row`` makes the values of ``insert`` and ``delete`` of an article's number, tags, and stems of its title and text. ``clear`` empties
    the index to be filled anew, and ``finish`` makes it ready once it has been. ``matches``: the condition that a row fits what is bound
    as :match. ``blocks``: of which the index knows those that a row stands in; None where it gives rows in the order of their numbers by
    itself. ``ready`` asks whether the index is as it should be, and ``build`` makes it so while it is in use, in no transaction.
    """

    syntax: Syntax
    insert: TextClause
    delete: TextClause
    clear: Sequence[TextClause]
    matches: str
    row: Callable[[int, Sequence[str], Sequence[str], Sequence[str]], Mapping[str, Any]]
    blocks: Levels | None = None
    finish: Sequence[TextClause] = ()
    ready: TextClause | None = None
    build: Sequence[str] = ()
