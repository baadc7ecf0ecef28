"""Many values in few statements: a statement takes a batch of them, bound to one expanding parameter, or is run for many rows at once.

Not here: PostgreSQL's COPY, by which many rows come into a table sooner (``kinds.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import ClauseElement, Connection, Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

# SQLite takes 32,766 bound values a statement; far fewer keep its statement cache useful.
BATCH = 500
_SIZES = (1, 8, 64, BATCH)  # of what is looked up at once
_STATEMENTS = 200  # kept compiled
_Value = TypeVar("_Value", bound=Hashable)
_Bind: TypeAlias = Callable[[Any], Any]


def batches(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    """The values in their order, each once, at most BATCH at a time."""
    once = list(dict.fromkeys(values))
    for start in range(0, len(once), BATCH):
        yield once[start : start + BATCH]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it.

    ``names``: of its parameters in their order. ``fixed``: the values of those that rows don't give, such as columns' defaults.
    ``binds``: at which places values are made into the driver's, and how.
    """

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    binds: tuple[tuple[int, _Bind], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A statement as the driver takes it, the names of its parameters in their order, and their values for each row."""

    sql: str
    names: Sequence[str]
    values: Sequence[tuple[Any, ...]]


def look_up(connection: Connection, statement: Select[Any], wanted: Iterable[_Value]) -> Iterator[Any]:
    """The rows that a kept statement finds for values, each looked up once; its one parameter is ``wanted``, which expands.

    The driver gets the values as they are, which must be its own kinds: SQLAlchemy, which names each of them, took as long with them as the
    database did. Statements have a few sizes, so that each is compiled once; the last value fills up what is left.
    """
    for chosen in batches(wanted):
        size = next(size for size in _SIZES if size >= len(chosen))
        filled = [*chosen, *chosen[-1:] * (size - len(chosen))]
        yield from connection.exec_driver_sql(_expanded(statement, connection.dialect, size), tuple(filled)).all()


@lru_cache(maxsize=_STATEMENTS)
def _expanded(statement: Select[Any], dialect: Dialect, size: int) -> str:
    sized = statement.params(wanted=[None] * size)
    return str(sized.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))


def run_many(connection: Connection, statement: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement once for each of the rows, which all have the same keys; no rows, no statement.

    The driver gets the rows as they are: SQLAlchemy's own way with many rows took three times as long as the database did with them. A
    statement that is kept (see ``functools.cache``) is compiled once.
    """
    if not rows:
        return
    lines = lines_of(connection, statement, rows)
    connection.exec_driver_sql(lines.sql, lines.values)


def run_rows(connection: Connection, statement: ClauseElement, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """The same with rows that have the values of these parameters in this order, all of them of the driver's own kinds."""
    if rows:
        prepared = _prepared(statement, connection.dialect, names)
        order = [names.index(name) for name in prepared.names]
        ordered = rows if order == list(range(len(names))) else [tuple([row[place] for place in order]) for row in rows]
        connection.exec_driver_sql(prepared.sql, ordered)


def lines_of(connection: Connection, statement: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> Lines:
    """A statement and its rows, of which there is one at least, as the driver takes them."""
    prepared = _prepared(statement, connection.dialect, tuple(rows[0]))
    if prepared.fixed:
        rows = [{**prepared.fixed, **row} for row in rows]
    values = [list(map(row.__getitem__, prepared.names)) for row in rows]
    for place, bind in prepared.binds:
        for line in values:
            line[place] = bind(line[place])
    return Lines(prepared.sql, prepared.names, list(map(tuple, values)))


@lru_cache(maxsize=_STATEMENTS)
def _prepared(statement: ClauseElement, dialect: Dialect, keys: tuple[str, ...]) -> _Prepared:
    compiled = cast("SQLCompiler", statement.compile(dialect=dialect, column_keys=list(keys)))
    names = tuple(compiled.positiontup or ())
    defaults = {
        column.key: column.default.arg for column in compiled.insert_prefetch if isinstance(column.default, ScalarElementColumnDefault)
    }
    found = [(place, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for place, name in enumerate(names)]
    return _Prepared(
        sql=str(compiled),
        names=names,
        fixed={name: defaults.get(name, compiled.params[name]) for name in names if name not in keys},
        binds=tuple((place, bind) for place, bind in found if bind is not None),
    )
