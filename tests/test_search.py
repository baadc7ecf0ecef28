"""Queries as people type them, and what they find."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy import select

from storage import search, search_index
from storage.database import Database
from storage.records import QueryError
from storage.tables import Article, insert_rows, table
from tests.building import admit, arrival, listed


@pytest.fixture
def archive(database: Database, now: datetime) -> Database:
    """Three matched articles and one about nothing."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        texts = [
            ("Активистки «Пути домой» вышли на пикет", "Жёны мобилизованных требуют вернуть мужей.", "ru", ("way-home",)),
            ("Soldiers' wives knelt in Moscow", "They asked the president to bring the mobilised men home.", "en", ("families",)),
            ("Дружини мобілізованих росіян", "Матері й дружини мобілізованих вимагають ротації.", "uk", ("families",)),
            ("Football results", "Two goals in Moscow.", "en", ()),
        ]
        admit(
            connection,
            now,
            *[
                arrival(herald, url=f"https://herald.example/{number}", title=title, text=text, language=language, topics=topics)
                for number, (title, text, language, topics) in enumerate(texts)
            ],
        )
    return database


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("путями домой", [1]),
        ("ПУТЁМ", [1]),
        ("жена мобилизованный", [1]),
        ('"путь домой"', [1]),
        ("«путь домой»", [1]),
        ('"домой путь"', []),
        ("мобилиз*", [3, 1]),
        ("мобілізований", [3, 1]),
        ("дружина ротація", [3]),
        ("soldier’s wife", [2]),
        ("mobilized", [2]),
        ("mobilised -wives", []),
        ("moscow", [2]),
        ("москва", []),
        ("'; DROP TABLE articles; --путь", []),
    ],
)
def test_what_is_found(archive: Database, typed: str, found: list[int]) -> None:
    """Any inflected form finds the word, newest first, among what is about a topic."""
    with archive.read() as connection:
        assert [hit.id for hit in search.search(connection, search.parse(typed)).hits] == found


def test_everything_if_asked(archive: Database) -> None:
    """Items about none of the topics are found only on demand."""
    with archive.read() as connection:
        assert [hit.id for hit in search.search(connection, search.parse("moscow"), unmatched=True).hits] == [4, 2]


def test_words_are_marked_where_they_stand(archive: Database) -> None:
    """The marks are on the words that were found, in the text as it was written."""
    with archive.read() as connection:
        (hit,) = search.search(connection, search.parse("путь вернуть")).hits
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["Пути"]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["вернуть"]


@pytest.mark.parametrize("order", ["", " sort:best"])
def test_pages_go_on_where_they_stopped(database: Database, now: datetime, order: str) -> None:
    """Every hit is on one page, there and back, the same pages and the same count though new ones arrive in between."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        texts = [("Мобилизация", "Новость") if n % 3 else ("Новость", "Мобилизация") for n in range(7)]
        admit(connection, now, *[arrival(herald, url=f"https://herald.example/{n}", title=t, text=x) for n, (t, x) in enumerate(texts)])
        query = search.parse(f"мобилизация{order}")
        there = [search.search(connection, query, limit=3)]
        admit(connection, now, arrival(herald, url="https://herald.example/late", title="Мобилизация вновь", text=""))
        while there[-1].older:
            there.append(search.search(connection, query, limit=3, cursor=there[-1].older))
        back = [there[-1]]
        while back[-1].newer:
            back.append(search.search(connection, query, limit=3, cursor=back[-1].newer))
    numbers = [[hit.id for hit in page.hits] for page in there]
    assert numbers == ([[6, 5, 3], [2, 7, 4], [1]] if order else [[7, 6, 5], [4, 3, 2], [1]])
    assert [[hit.id for hit in page.hits] for page in reversed(back)] == numbers
    assert {page.count for page in (*there, *back)} == {7}


def test_numbers_below_zero(archive: Database) -> None:
    """Imported articles have numbers below zero, and come after those that came by themselves, on pages and in counts like any other."""
    with archive.write() as connection:
        rows = [{**row, "id": -row["id"]} for row in connection.execute(select(table(Article))).mappings()]
        insert_rows(connection, Article, rows)
        search_index.add(connection, search_index.read(connection, [row["id"] for row in rows]))
        query = search.parse("москва OR moscow OR жена OR дружина")
        pages = [search.search(connection, query, limit=2)]
        while pages[-1].older:
            pages.append(search.search(connection, query, limit=2, cursor=pages[-1].older))
        assert [hit.id for page in pages for hit in page.hits] == [3, 2, 1, -1, -2, -3]
        assert [hit.id for hit in search.search(connection, query, limit=2, cursor=pages[-1].newer).hits] == [1, -1]
        assert pages[0].count == 6
        assert search.numbers(connection, query, before=1, limit=9) == [-1, -2, -3]


def test_a_count_has_an_end(database: Database, now: datetime) -> None:
    """More than a thousand are not counted to their end."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, *[arrival(herald, url=f"https://herald.example/{n}", title=f"Новость {n}", text="") for n in range(1_100)])
        assert search.search(connection, search.parse("новость")).count == search.MOST_COUNTED + 1
        assert search.search(connection, search.parse("новость 102*")).count == 11
        # Newer and older than what is looked through first.
        rare = search.parse("7 OR 77 OR 1077 OR 1090")
        pages = [search.search(connection, rare, limit=1)]
        while pages[-1].older:
            pages.append(search.search(connection, rare, limit=1, cursor=pages[-1].older))
        back = [search.search(connection, rare, limit=1, cursor=page.newer) for page in pages if page.newer]
    assert [hit.title.text for page in pages for hit in page.hits] == [f"Новость {n}" for n in (1090, 1077, 77, 7)]
    assert [hit.id for page in back for hit in page.hits] == [hit.id for page in pages[:-1] for hit in page.hits]
    assert {page.count for page in pages} == {4}


@pytest.mark.parametrize("written", ["", "~", "~1.2.no", "~1.2.xo", "~1.2.n", "~1.2.no ", "~١.2.no", f"~{'9' * 30}.1.no", "12"])
def test_what_is_no_cursor(written: str) -> None:
    """Only what a page gave is a place between pages."""
    found = search.cursor_of(written)
    assert found is None or str(found) == written


def test_the_index_takes_any_query(archive: Database) -> None:
    """No operator of the index's own language gets through."""
    with archive.read() as connection:
        for typed in (
            "NEAR(a b)",
            "title:x",
            "a OR b",
            "^путь",
            '{title} : "x"',
            "a + b",
            "* *x",
            "((( x",
            "'); DROP TABLE articles; --путь",
            "_matched_yes",
            "topic_wayhome OR _topic_wayhome*",
            "-title:x {title text} : y",
            'x" OR rowid:1',
            "путь AND NOT домой",
            "\x00a",
            "ﬁ 𝔘 ١٢",
        ):
            with suppress(QueryError):
                search.search(connection, search.parse(typed), unmatched=True)
