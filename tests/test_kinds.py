"""SQLite and PostgreSQL give the same answers: the same articles found by the same queries, in the same order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import asking, claiming, search, sources
from storage.blocks import Levels
from storage.database import Database, open_database
from storage.fts5 import INDEX as FTS5
from storage.meaning import Topics
from storage.nearest import nearest
from storage.records import QueryError, Source
from storage.search import Page
from storage.tsvector import INDEX
from tests.building import admit, arrival
from tests.postgres import Postgres

QUERIES, ARTICLES = 500, 240
BEGIN = datetime(2023, 11, 20, tzinfo=UTC)
WORDS = (
    *("жёны", "мобилизованных", "путь", "домой", "пикет", "Москва", "матери", "солдат", "вернуть", "мужей", "Россия", "погибший"),
    *("дружини", "мобілізованих", "матері", "ротація", "Київ", "soldiers'", "wives", "Moscow", "protest", "mobilised", "home", "and"),
    *("в", "и", "на", "of", "the", "2023", "300-летие", "ё", "co-op", "O'Brien"),
)
TOPICS = ("way-home", "families", "mobilisation", "protest")
KNOWN = Topics(TOPICS, lambda words: "way-home" if words.lower() == "путь домой" else None, longest=2)
OUTLETS = ("Herald", "Echo & Co", "Маяк")


def _texts(chance: random.Random) -> tuple[str, str]:
    return tuple(" ".join(chance.choices(WORDS, k=chance.randint(least, most))) for least, most in ((0, 6), (0, 40)))  # type: ignore[return-value] # two of them


def _fill(connection: Connection) -> None:
    """Articles of a few words over three years, matched and not, revised and copied, and some that are longer than a tsvector's places."""
    chance = random.Random(9)  # noqa: S311 - chance here is no secret
    catalog = [
        Source(name, f"https://{number}.example/rss", publisher=f"{name} House", standing="state" if number else "exile")
        for number, name in enumerate(OUTLETS)
    ]
    sources.keep_catalog(connection, catalog, BEGIN)
    polled = claiming.claim_named(connection, BEGIN, OUTLETS)
    for number in range(ARTICLES):
        title, text = _texts(chance)
        if number % 60 == 7:
            text = " ".join(chance.choices(WORDS, k=17_000))
        one = arrival(
            polled[number % 3],
            title=title,
            text=text,
            url=f"https://{number % 3}.example/{chance.randrange(ARTICLES)}",
            topics=chance.sample(TOPICS, chance.randrange(3)),
            language=chance.choice(("ru", "uk", "en")),
            outlet=chance.choice((None, None, "Вестник", "THE “TIMES”")),
        )
        moment = BEGIN + timedelta(days=4 * number)
        published = moment - timedelta(days=chance.randrange(400)) if chance.random() < 0.5 else None
        admit(connection, moment, replace(one, entry=replace(one.entry, published=published)))


@pytest.fixture(scope="module")
def both(postgres: Postgres, blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """The same articles on SQLite and on PostgreSQL."""
    file = tmp_path_factory.mktemp("both") / "archive.sqlite"
    file.write_bytes(blank.read_bytes())
    with postgres.made() as address:
        found = open_database(f"sqlite:///{file}"), open_database(address)
        for each in found:
            with each.write() as connection:
                _fill(connection)
        yield found
        for each in found:
            each.close()


def _word(chance: random.Random) -> str:
    word = chance.choice(WORDS)
    begun = word[: max(3, len(word) - 2)]
    return chance.choice((word, word, word.upper(), f"{begun}*", f"-{word}", f'"{word} {chance.choice(WORDS)}"', f'"{word} {begun}*"'))


def _field(chance: random.Random) -> str:
    day = BEGIN + timedelta(days=chance.randrange(-300, 1_000))
    return chance.choice(
        (
            f"topic:{chance.choice((*TOPICS, 'nothing'))}",
            f"-topic:{chance.choice(TOPICS)}",
            f"lang:{chance.choice(('ru', 'uk', 'en', 'de'))}",
            f"{chance.choice(('after', 'before', 'on'))}:{day:%Y-%m-%d}",
            f"{chance.choice(('after', 'before', 'on'))}:{day:%Y-%m}",
            f"{chance.choice(('after', 'before', 'on', '-on'))}:{day:%Y}",
            f'source:"{chance.choice((*OUTLETS, "Вестник", "nobody"))}"',
            f"publisher:{chance.choice(('Вестник', 'маяк', 'Herald'))}",
            f"standing:{chance.choice(('state', 'exile'))}",
            f"{chance.choice(('', '-'))}has:{chance.choice(('copy', 'revision'))}",
            f"story:{chance.randrange(1, ARTICLES)}",
        )
    )


def _typed(chance: random.Random) -> str:
    """A query as somebody may type it; some can't be read."""
    parts = [_word(chance) if chance.random() < 0.7 else _field(chance) for _ in range(chance.randint(1, 4))]
    if len(parts) > 2 and chance.random() < 0.4:
        parts = [f"({parts[0]} OR {parts[1]})", *parts[2:]]
    typed = chance.choice((" ", " ", " OR ", " AND ", " NOT ")).join(parts)
    return f"{typed} sort:best" if chance.random() < 0.3 else typed


def _pages(connection: Connection, typed: str, *, unmatched: bool) -> list[tuple[list[int], int]]:
    """The numbers and the count of up to three pages there."""
    query, found = search.parse(typed), list[Page]()
    while not found or (found[-1].older and len(found) < 3):
        cursor = found[-1].older if found else None
        found.append(search.search(connection, query, topics=KNOWN, cursor=cursor, limit=7, unmatched=unmatched))
    return [([hit.id for hit in page.hits], page.count) for page in found]


def _answer(database: Database, typed: str, *, unmatched: bool) -> object:
    with database.read() as connection:
        try:
            return _pages(connection, typed, unmatched=unmatched)
        except QueryError as error:
            return str(error), error.position, error.meant


def test_the_same_answers(both: tuple[Database, Database], record_property: Callable[[str, object], None]) -> None:
    """500 queries with words, phrases, prefixes, operators, fields and dates: the same pages, counts and complaints on both."""
    chance = random.Random(500)  # noqa: S311 - chance here is no secret
    typed = list(dict.fromkeys(_typed(chance) for _ in range(2 * QUERIES)))[:QUERIES]
    asked = [(each, number % 2 == 0) for number, each in enumerate(typed)]
    answers = [[_answer(database, each, unmatched=unmatched) for each, unmatched in asked] for database in both]
    assert [(each, *found) for each, *found in zip(asked, *answers, strict=True) if found[0] != found[1]] == []
    finding = sum(isinstance(answer, list) and bool(answer[0][0]) for answer in answers[0])
    assert len(asked) == QUERIES
    assert finding > QUERIES / 3
    record_property("said", f"{QUERIES} queries on both databases gave the same answers; {finding} of them found something")


def test_the_same_from_span_to_span(both: tuple[Database, Database]) -> None:
    """Where the index of a server is asked for spans of a few articles each, both give the same numbers, in either direction."""
    chance, small = random.Random(60), replace(INDEX, blocks=Levels(bits=2, levels=3))  # noqa: S311 - chance here is no secret
    for typed in dict.fromkeys(_typed(chance) for _ in range(60)):
        limit, rising = chance.choice((1, 7, 1_000)), chance.random() < 0.5
        cut, found = (chance.randrange(-20, ARTICLES), chance.randrange(20, 2 * ARTICLES)), []
        for database, index in zip(both, (FTS5, small), strict=True):
            with database.read() as connection, suppress(QueryError):
                query = search.parse(typed)
                asked = search._Index(connection, search.understood(connection, query, KNOWN), best=query.best, unmatched=True)
                between = replace(asking.everywhere(connection).within(*cut), rising=rising)
                for question in (each for stage in asked.stages for each in asked._asked[stage]):
                    numbers = asking.numbers(connection, index, question, between, limit)
                    assert len(numbers) == asking.count(connection, index, question, between, limit)
                    found.append(numbers)
        assert found[: len(found) // 2] == found[len(found) // 2 :], typed


def test_the_same_offers(both: tuple[Database, Database]) -> None:
    """What is offered where nothing is found is the same, too."""
    for typed in ("путъ домой", "ghjntcn", "Mosocw wives", '"домой путь пикет Киев"', "пикет чепуха Москва", "зззз"):
        offers = []
        for database in both:
            with database.read() as connection:
                offers.append(nearest(connection, search.parse(typed), topics=KNOWN))
        assert offers[0] == offers[1], typed


def test_a_text_with_more_places_than_there_are(both: tuple[Database, Database]) -> None:
    """A phrase is found at the end of a text of 17,000 words, where PostgreSQL keeps no places any more, and in a title of its own."""
    end = "совсем последние слова"
    for database in both:
        with database.write() as connection:
            (polled,) = claiming.claim_named(connection, BEGIN, ["Herald"])
            one = arrival(polled, title="Конец", text=f"{'слова и ' * 8_600}{end}", url="https://0.example/end", topics=("protest",))
            (number,) = admit(connection, BEGIN + timedelta(days=2_000), one).new
            for typed, found in ((f'"{end}"', [number]), ('"последние совсем"', []), ('"конец слова"', [])):
                assert [hit.id for hit in search.search(connection, search.parse(typed)).hits] == found, typed


def test_a_tag_that_is_too_long() -> None:
    """A name longer than PostgreSQL's words are is stored, and asked for, by its hash."""
    name = f"_outlet_{'ж' * 2_000}"
    written = str(INDEX.row(1, [name], [], [])["words"])
    assert len(written) < 100
    assert written == INDEX.syntax.tag(name)
