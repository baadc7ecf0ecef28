"""The statements that ask the full-text index for numbers of articles, put together once for each kind of condition.

Bound are :match, :above, :below and :limit, and whatever a condition has. Not here: what to ask and how often (``search.py``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, TextClause, bindparam, text

from storage.full_text import FullText

STATEMENTS = 200  # kept as they were put together
# Sentences of this file alone; what people type is bound.
_WHERE = "SELECT rowid FROM search_index WHERE {matches} AND rowid > :above AND rowid < :below{condition}"
_SELECT = {rising: f"{_WHERE} ORDER BY rowid {'ASC' if rising else 'DESC'} LIMIT :limit" for rising in (False, True)}
# All that fit, and then the newest of them: otherwise the server may walk through the whole archive for the few that there are.
_WHOLE = {
    rising: f"WITH hits AS MATERIALIZED ({_WHERE}) SELECT rowid FROM hits ORDER BY rowid {'ASC' if rising else 'DESC'} LIMIT :limit"  # noqa: S608 - made of our own words
    for rising in (False, True)
}
_COUNT = {
    whole: f"SELECT count(*) FROM ({statement}) AS counted"  # noqa: S608 - as above
    for whole, statement in ((False, _SELECT[False]), (True, _WHOLE[False]))
}


@lru_cache(maxsize=STATEMENTS)
def by_number(
    index: FullText, condition: str = "", expanding: tuple[str, ...] = (), *, rising: bool = False, whole: bool = False
) -> TextClause:
    """The numbers of hits between two, the newest or (``rising``) the oldest first; ``whole``: gather all, then put in order."""
    return _bound((_WHOLE if whole else _SELECT)[rising], index, condition, expanding)


@lru_cache(maxsize=STATEMENTS)
def count(index: FullText, condition: str, expanding: tuple[str, ...], *, whole: bool) -> TextClause:
    """How many hits there are between two numbers, up to a limit."""
    return _bound(_COUNT[whole], index, condition, expanding)


def _bound(statement: str, index: FullText, condition: str, expanding: tuple[str, ...]) -> TextClause:
    lists: list[BindParameter[Any]] = [bindparam(name, expanding=True) for name in expanding]
    return text(statement.format(matches=index.matches, condition=condition)).bindparams(*lists)
