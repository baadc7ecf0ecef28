"""What queries mean in an archive, held against looking at each article; names of topics, outlets and what isn't there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings, strategies
from sqlalchemy import Connection, update

from storage import claiming, search, sources
from storage.database import Database
from storage.meaning import Topics
from storage.query import parse
from storage.records import QueryError, Source
from storage.search import Page
from storage.tables import Article, Revision, insert_rows, table
from tests.building import admit, arrival

TOPICS = Topics(("way-home", "protest"), {"aa bb": "way-home", "ee": "protest"}.get, 2)
WORDS = ("aa", "bb", "cc", "dd", "ee")


@dataclass(frozen=True)
class Told:
    """An article as the naive reader knows it."""

    id: int
    words: tuple[tuple[str, ...], tuple[str, ...]]
    facts: frozenset[str]
    day: date


@pytest.fixture(scope="module")
def told(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[Told]]]:
    """Sixty articles of few words, from three sources, over three years."""
    path = tmp_path_factory.mktemp("told") / "archive.sqlite"
    path.write_bytes(blank.read_bytes())
    database = Database(path)
    yield database, list(_publish(database))
    database.close()


def _publish(database: Database) -> Iterator[Told]:
    catalog = [
        Source(name, f"https://{name}.example/rss", publisher=f"{name} House", standing=standing)
        for name, standing in (("Herald", "exile"), ("Echo", "state"), ("Beacon", "state"))
    ]
    begin = datetime(2023, 11, 20, tzinfo=UTC)
    with database.write() as connection:
        sources.keep_catalog(connection, catalog, begin)
        polled = claiming.claim_named(connection, begin, [each.name for each in catalog])
        for n in range(60):
            now, source = begin + timedelta(days=13 * n), polled[n % 3]
            title = tuple(WORDS[(n * step) % 5] for step in (1, 2))
            text = tuple(WORDS[(n * step + n // 5) % 5] for step in (1, 3, 4))
            topics = [topic for topic, every in (("way-home", 3), ("protest", 4)) if n % every == 0]
            outlet, language = ("Far Post" if n % 7 == 0 else None), ("en", "ru", "uk")[n % 3]
            made = arrival(
                source, url=f"https://x.example/{n}", title=" ".join(title), text=" ".join(text), topics=topics, language=language
            )
            claimed = now - timedelta(days=40) if n % 6 == 0 else now + timedelta(days=9) if n % 11 == 0 else None
            entry = replace(made.entry, published=claimed, outlet=outlet, title=f"{' '.join(title)}", text=f"{' '.join(text)} n{n}")
            (number,) = admit(connection, now, replace(made, entry=entry)).new
            copied, revised = n % 8 == 1, n % 9 == 0
            connection.execute(
                update(table(Article)).where(table(Article).c.id == number).values(copy_of=-1 if copied else None, story_id=n // 10)
            )
            revision = {"seq": 10_000 + n, "article_id": number, "title": "", "text": "", "replaced_at": now}
            insert_rows(connection, Revision, [revision] if revised else [])
            facts = {f"topic:{topic}" for topic in topics} | {f"lang:{language}", f"standing:{source.source.standing}", f"story:{n // 10}"}
            facts |= {f"source:{source.source.name}", f"publisher:{source.source.publisher}"} | ({"has:copy"} if copied else set())
            facts |= ({"has:revision"} if revised else set()) | ({"source:Far Post", "publisher:Far Post"} if outlet else set())
            day = claimed if claimed and claimed <= now else now
            yield Told(number, (title, (*text, f"n{n}")), frozenset(facts), day.date())


# A query as a tree of tuples: what it says is written out to be typed, and held against each article.
Tree: TypeAlias = Any
FACTS = ("topic:way-home", "topic:protest", "lang:uk", "standing:state", "source:Echo", 'source:"Far Post"', 'publisher:"Herald House"')
TABLES = ("has:copy", "has:revision", "story:2", "story:77")
DATES = ("on:2024", "on:2023-12", "on:2024-06-02..2025-03-09", "after:2024-12-20", "before:2024-01-15", "after:2024-01-20", "before:2025")
LEAVES = strategies.one_of(
    strategies.sampled_from(WORDS).map(lambda word: ("word", word)),
    strategies.tuples(strategies.just("phrase"), strategies.lists(strategies.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join)),
    strategies.sampled_from(("n1", "n23")).map(lambda word: ("word", word)),
    strategies.sampled_from((*FACTS, *TABLES)).map(lambda fact: ("fact", fact)),
    strategies.sampled_from(DATES).map(lambda span: ("date", span)),
)
TREES = strategies.recursive(
    LEAVES,
    lambda inner: strategies.one_of(
        strategies.tuples(strategies.sampled_from(("and", "or")), strategies.lists(inner, min_size=2, max_size=3)),
        strategies.tuples(strategies.just("not"), inner),
    ),
    max_leaves=7,
)


def _typed(tree: Tree) -> str:
    kind, rest = tree
    if kind == "phrase":
        return f'"{rest}"'
    if kind in {"and", "or"}:
        return "(" + (" OR " if kind == "or" else " ").join(map(_typed, rest)) + ")"
    return f"-({_typed(rest)})" if kind == "not" else str(rest)


def _holds(tree: Tree, each: Told) -> bool:
    kind, rest = tree
    if kind in {"and", "or"}:
        return (all if kind == "and" else any)(_holds(part, each) for part in rest)
    if kind == "not":
        return not _holds(rest, each)
    if kind == "fact":
        return rest.replace('"', "") in each.facts
    if kind == "date":
        return _within(rest, each.day)
    wanted = tuple(rest.split())
    return any(field[at : at + len(wanted)] == wanted for field in each.words for at in range(len(field)))


def _within(span: str, day: date) -> bool:
    field, _, value = span.partition(":")
    written = day.isoformat()
    if field == "after":
        return written >= value
    if field == "before":
        return written < value
    first, dots, last = value.partition("..")
    return first <= written <= last if dots else written.startswith(value)


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_a_query_means_what_it_says(told: tuple[Database, list[Told]], tree: Tree) -> None:
    """Whatever is combined, exactly those articles are found for which it holds, newest first, and as many are counted."""
    database, articles = told
    typed = _typed(tree)
    with database.read() as connection:
        page, best = _asked(connection, typed), _asked(connection, f"{typed} sort:best")
    if isinstance(page, str):
        assert page in {"empty", "too many", "no day", "too many alternatives"}, typed
        return
    expected = [each.id for each in sorted(articles, key=lambda each: -each.id) if _holds(tree, each)]
    assert not isinstance(best, str)
    assert [hit.id for hit in page.hits] == expected, typed
    assert sorted((hit.id for hit in best.hits), reverse=True) == expected, typed
    assert page.count == len(expected)


def _asked(connection: Connection, typed: str) -> Page | str:
    """All that a query finds, or why it is refused."""
    try:
        return search.search(connection, parse(typed), limit=100, unmatched=True)
    except QueryError as error:
        return error.kind


@settings(max_examples=60, deadline=None)
@given(tree=TREES)
def test_only_what_matched(told: tuple[Database, list[Told]], tree: Tree) -> None:
    """Without the wish for more, the same of what is about a topic."""
    database, articles = told
    try:
        with database.read() as connection:
            found = search.numbers(connection, parse(_typed(tree)), limit=100)
    except QueryError:
        return
    matched = [each for each in articles if any(fact.startswith("topic:") for fact in each.facts)]
    assert found == [each.id for each in sorted(matched, key=lambda each: -each.id) if _holds(tree, each)]


@pytest.mark.parametrize(
    ("typed", "named", "same"),
    [
        ("aa bb", [("aa bb", "way-home")], '("aa" "bb") OR topic:way-home'),
        ("«aa bb» dd", [("aa bb", "way-home")], '("aa bb" OR topic:way-home) dd'),
        ("cc aa bb ee", [("aa bb", "way-home"), ("ee", "protest")], "cc (aa bb OR topic:way-home) (ee OR topic:protest)"),
        ("aa cc bb", [], "aa cc bb"),
        ("aa -ee", [], "aa -ee"),
        ("ee*", [], "ee*"),
        ("aa OR bb", [], "aa OR bb"),
    ],
)
def test_names_of_topics(told: tuple[Database, list[Told]], typed: str, named: list[tuple[str, str]], same: str) -> None:
    """Words that name a topic find its articles as well; words to leave out and beginnings of words name nothing."""
    if typed.endswith("*"):
        typed, same = "eee*", "eee*"
    with told[0].read() as connection:
        page = search.search(connection, parse(typed), topics=TOPICS, limit=100)
        alike = search.search(connection, parse(same), limit=100)
    assert [(each.words, each.topic) for each in page.named] == named
    assert [hit.id for hit in page.hits] == [hit.id for hit in alike.hits]


@pytest.mark.parametrize(
    ("typed", "position", "meant"),
    [
        ("topic:wayhom", 6, "topic:way-home"),
        ("aa topic:nothing", 9, ""),
        ("source:herld", 7, "source:Herald"),
        ("source:herld topic:protst", 7, "source:Herald topic:protest"),
        ("publisher:hearldhouse", 10, 'publisher:"Herald House"'),
        ('publisher:"hearld house"', 11, 'publisher:"Herald House"'),
        ("aa after:2025 before:2024", 21, ""),
    ],
)
def test_what_isnt_there(told: tuple[Database, list[Told]], typed: str, position: int, meant: str) -> None:
    """A topic, source or publisher that doesn't exist is refused at its place, with the nearest that does."""
    with told[0].read() as connection, pytest.raises(QueryError) as caught:
        search.search(connection, parse(typed), topics=TOPICS)
    assert (caught.value.position, caught.value.meant) == (position, meant)


@pytest.mark.parametrize("typed", ["topic:WayHome", "topic:«aa bb»", "topic:way_home"])
def test_a_topic_by_any_name(told: tuple[Database, list[Told]], typed: str) -> None:
    """A field takes a topic's id, however it is written, and its names."""
    with told[0].read() as connection:
        assert search.search(connection, parse(typed), topics=TOPICS).count == 20
