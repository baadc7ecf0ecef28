"""Queries as people type them, and what they find."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings, strategies

from storage import search
from storage.database import Database
from storage.records import QueryError
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
        ("'); DROP TABLE articles; --путь", []),
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


def test_pages_go_on_where_they_stopped(database: Database, now: datetime) -> None:
    """Every hit is on one page, newest first, though new ones arrive in between."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, *[arrival(herald, url=f"https://herald.example/{n}", title=f"Мобилизация {n}", text="") for n in range(7)])
        query = search.parse("мобилизация")
        first = search.search(connection, query, limit=3)
        admit(connection, now, arrival(herald, url="https://herald.example/late", title="Мобилизация вновь", text=""))
        second = search.search(connection, query, limit=3, before=first.hits[-1].id)
        third = search.search(connection, query, limit=3, before=second.hits[-1].id)
    assert [hit.id for page in (first, second, third) for hit in page.hits] == [7, 6, 5, 4, 3, 2, 1]
    assert (first.more, second.more, third.more) == (True, True, False)


@pytest.mark.parametrize(
    ("typed", "position", "kind"),
    [
        ('путь "домой', 5, "open quotation"),
        ("", 0, "empty"),
        ("-путь", 0, "empty"),
        ("!!! ***", 0, "empty"),
        ("a" * 2000, 1000, "too long"),
    ],
)
def test_mistakes_have_their_place(typed: str, position: int, kind: str) -> None:
    """An error points at the character that couldn't be read."""
    with pytest.raises(QueryError) as caught:
        search.parse(typed)
    assert (caught.value.position, caught.value.kind) == (position, kind)


@settings(max_examples=150, deadline=None)
@given(typed=strategies.text(max_size=80), whole=strategies.text(max_size=400))
def test_any_text_is_answered(typed: str, whole: str) -> None:
    """Whatever is typed is a query or a QueryError, and snippets and marks stay inside the text."""
    try:
        query = search.parse(typed)
    except QueryError as error:
        place: int | None = error.position
        query = search.parse("way")
    else:
        place = None
    assert place is None or 0 <= place <= len(typed)
    shown = search.snippet(whole, query)
    assert len(shown.text) <= 170
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)


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
            "путь AND NOT домой",
            "\x00a",
            "ﬁ 𝔘 ١٢",
        ):
            search.search(connection, search.parse(typed))
