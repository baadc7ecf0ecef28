"""The full-text index holds exactly what the archive does, whatever was added, changed and taken away before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import Connection, select, text

from storage import archive, claiming, retention, search, search_index, sources
from storage.database import Database
from storage.search_index import Indexed
from storage.tables import Article, Counter, table
from tests.building import admit, arrival, listed

WORDS = strategies.one_of(
    strategies.sampled_from(
        [
            "Путь домой вышел на пикет",
            "Жёны мобилизованных требуют ротации",
            "Дружини мобілізованих росіян",
            "Soldiers' wives knelt in Moscow",
            "_matched_yes _topic_wayhome",
            "а́ ё ﬁ 𝔘 ١٢ soft\u00adhyphen",
            "",
        ]
    ),
    strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=60),
)
# What may happen to the archive: an entry comes (or comes again with other words), or time passes and old ones leave.
STEPS = strategies.lists(
    strategies.one_of(
        strategies.tuples(strategies.just("admit"), strategies.integers(0, 5), WORDS, WORDS, strategies.booleans()),
        strategies.tuples(strategies.just("retire"), strategies.integers(0, 20)),
    ),
    max_size=14,
)


@contextmanager
def _undone(database: Database) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with database.write() as connection:
        yield connection
        connection.rollback()


def _tokens(connection: Connection) -> set[tuple[Any, ...]]:
    """Every token of the index with its article, column and place, or its places."""
    if connection.dialect.name == "postgresql":
        tokens = connection.execute(text("SELECT lexeme, rowid, positions FROM search_index, unnest(words)"))
        return {(token.lexeme, token.rowid, tuple(token.positions or ())) for token in tokens}
    connection.execute(text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.tokens USING fts5vocab(main, search_index, 'instance')"))
    return {tuple(row) for row in connection.execute(text("SELECT term, doc, col, offset FROM temp.tokens"))}


def _renew(connection: Connection) -> None:
    while not search_index.renew_some(connection):
        pass


def _rebuilt(connection: Connection) -> set[tuple[Any, ...]]:
    """The tokens once the index has been built anew from the archive."""
    connection.execute(table(Counter).update().where(table(Counter).c.name == "words_version").values(value=0))
    _renew(connection)
    return _tokens(connection)


def _found(connection: Connection, typed: str) -> list[int]:
    return [hit.id for hit in search.search(connection, search.parse(typed), unmatched=True, limit=50).hits]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_index_is_what_a_rebuilt_one_would_be(database: Database, now: datetime, steps: list[tuple[Any, ...]]) -> None:
    """Whatever comes, changes and leaves, in whatever order, no token is too many and none is missing."""
    with _undone(database) as connection:
        (herald,) = listed(connection, now, "Herald")
        moment = now
        for step in steps:
            moment += timedelta(days=1)
            if step[0] == "admit":
                _, number, title, body, about = step
                topics = ("way-home", "protest") if about else ()
                admit(connection, moment, arrival(herald, url=f"https://herald.example/{number}", title=title, text=body, topics=topics))
            else:
                retention.retire(connection, moment - timedelta(days=step[1]))
        assert _tokens(connection) == _rebuilt(connection)
        indexed = {token[1] for token in _tokens(connection)}
        assert indexed == set(connection.scalars(select(table(Article).c.id)))


def test_what_was_removed_is_found_no_more(database: Database, now: datetime) -> None:
    """Neither by a word of it, nor by its tags; the others stay."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        first, second = admit(
            connection,
            now,
            arrival(herald, url="https://herald.example/1", title="Путь домой", text="Москва"),
            arrival(herald, url="https://herald.example/2", title="Путь домой", text="Казань"),
        ).new
        search_index.remove(connection, [first])
        assert _found(connection, "путь") == [second]
        assert _found(connection, "москва") == []
        assert {token[1] for token in _tokens(connection)} == {second}


def test_nothing_to_do(database: Database) -> None:
    """Adding nothing and removing what isn't there do nothing."""
    with database.write() as connection:
        search_index.add(connection, [])
        search_index.remove(connection, [])
        search_index.remove(connection, [1, 2, 3])
        assert search_index.read(connection, [7]) == []
        assert _tokens(connection) == set()


def test_a_rebuilt_index_finds_the_same(database: Database, now: datetime) -> None:
    """More articles than one batch of the rebuilding, in three languages."""
    titles = ["Путь домой", "Шлях додому", "The Way Home"]
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"{titles[n % 3]} {n}", text="") for n in range(1_100)]
        assert len(admit(connection, now, *batch).new) == 1_100
        queries = ["путь", "додому", '"way home"', "1099", "way* -1097", "путь 999"]
        before = [_found(connection, query) for query in queries]
        assert [len(found) for found in before] == [50, 50, 50, 1, 50, 1]
        tokens = _tokens(connection)
        assert _rebuilt(connection) == tokens
        assert [_found(connection, query) for query in queries] == before


def test_whether_the_index_is_stale(database: Database) -> None:
    """It is after the words have changed, until it has been built anew; only then is the work done."""
    with database.write() as connection:
        assert not search_index.is_stale(connection)
        connection.execute(table(Counter).update().where(table(Counter).c.name == "words_version").values(value=0))
        assert search_index.is_stale(connection)
        _renew(connection)
        assert not search_index.is_stale(connection)
        connection.execute(table(Counter).delete().where(table(Counter).c.name == "words_version"))
        assert search_index.is_stale(connection)


def test_no_word_passes_for_a_tag(database: Database, now: datetime) -> None:
    """A text that spells out a tag doesn't get it."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        title = f"{search_index.MATCHED} _topic_wayhome tags:_matched_yes"
        admit(connection, now, arrival(herald, title=title, topics=()))
        assert search.search(connection, search.parse("matched yes")).hits == ()
        assert not {token for token in _tokens(connection) if token[0] == search_index.MATCHED}


def test_hostile_names_make_harmless_tags(database: Database) -> None:
    """A topic with quotes, spaces or nothing in it is one token or part of one, and can be removed again."""
    names = ["", " ", '"', "a b", "tags:x", "Ёж/«Herald»", "😀", "x" * 10_000, "a\x00b"]
    with database.write() as connection:
        day = date(2026, 11, 22)
        found = [Indexed(n, "", "", "ru", True, (name,), 1, day) for n, name in enumerate(names, start=1)]  # noqa: FBT003 - a value's field
        search_index.add(connection, found)
        assert {token[1] for token in _tokens(connection)} == set(range(1, len(names) + 1))
        assert len(_tokens(connection)) == 7 * len(names)


@pytest.mark.parametrize("change", [{"standing": "state"}, {"publisher": "Another"}])
def test_an_edited_source_list_leaves_no_stale_tags(database: Database, now: datetime, change: dict[str, str]) -> None:
    """A source's standing or publisher may change in the list at any time; its articles are still removed and revised wholly."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        sources.keep_catalog(connection, [replace(herald.source, **change)], now)  # type: ignore[arg-type] # text fields only
        (herald,) = claiming.claim_named(connection, now, ["Herald"])
        assert admit(connection, now, arrival(herald, title="Другой заголовок")).revised == 1
        assert _tokens(connection) == _rebuilt(connection)


def test_an_enormous_text(database: Database, now: datetime) -> None:
    """A million words are indexed, found by the last of them, and removed."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, text="слово " * 200_000 + "последнее", topics=()))
        assert _found(connection, "последнее") == [archive.latest(connection)]
        assert retention.retire(connection, now + timedelta(days=1)) == 1
        assert _tokens(connection) == set()
