"""A large archive of made-up articles, for the benchmarks that need one: built straight through storage, once, and kept in ``.cache``.

Articles have 300 to 700 characters in words that don't exist, as frequent as words of a language are (Zipf), half of them English, four in
ten Russian, the rest Ukrainian. Nine in ten came by the day, in order; one in ten was imported, with a number below zero and any date.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import update

from storage import search_index, shrinking, sources
from storage.database import Database
from storage.records import Source
from storage.search_index import Indexed
from storage.tables import Article, ArticleTopic, Counter, insert_rows, table
from storage.upgrade import upgrade
from storage.words import WORDS_VERSION

CACHE = Path(__file__).parent.parent.parent / ".cache" / "benchmarks"
LANGUAGES = ("en", "ru", "uk")
STANDINGS = ("independent", "exile", "state", "wire", "ukrainian", "group")
RARE_TOPIC = "way-home"  # one article in a hundred
_SHARES = (0.5, 0.9, 1.0)
_TOPICS = (("families", 0.3), ("mobilisation", 0.3), ("protest", 0.1), ("losses", 0.2), (RARE_TOPIC, 0.01))
_VOCABULARY = 60_000
_BATCH = 5_000
_FIRST_DAY = datetime(2019, 1, 1, tzinfo=UTC)
_DAYS = 2_880
_IMPORTED_DAYS = 4_000  # before and among those
_LETTERS = {"en": ("bcdfghjklmnprstvwz", "aeiou"), "ru": ("бвгджзклмнпрстхцчш", "аеиоуыя"), "uk": ("бвгджзклмнпрстхцчш", "аеиіоуя")}


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words, the most frequent first, and how frequent they are, added up."""

    words: Sequence[str]
    weights: Sequence[float]


def words_of(language: str) -> Words:
    """Words that don't exist: frequent ones are short."""
    chance = random.Random(f"words {language}")  # noqa: S311 - made-up words need no secrecy
    consonants, vowels = _LETTERS[language]
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        syllables = 1 + (len(found) > 40) + (len(found) > 250) + (len(found) > 20_000)
        word = "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(syllables))
        found[word + chance.choice(consonants) * (chance.random() < 0.6)] = None
    return Words(list(found), list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY))))


def archive_of(size: int) -> Database:
    """The archive of so many articles, built now where it isn't there yet, and brought up to date."""
    path = CACHE / f"archive-{size}-{WORDS_VERSION}.sqlite"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _build(path.with_suffix(".part"), size)
        path.with_suffix(".part").rename(path)
    database = Database(path)
    upgrade(database)
    return database


def _build(path: Path, size: int) -> None:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    database = Database(path)
    upgrade(database)
    began, spent = time.process_time(), 0.0
    with database.write() as connection:
        listing = [
            Source(f"Outlet {n}", f"https://outlet{n}.example/rss", publisher=f"House {n // 2}", standing=STANDINGS[n % 6])
            for n in range(200)
        ]
        sources.keep_catalog(connection, listing, _FIRST_DAY)
        ids = [each.id for each in sources.every(connection)]
    made = _articles(size, ids)
    for batch in _batches(made):
        with database.write() as connection:
            insert_rows(connection, Article, [row for row, _ in batch])
            insert_rows(connection, ArticleTopic, [{"topic": topic, "article_id": row["id"]} for row, topics in batch for topic in topics])
            before = time.process_time()
            search_index.add(connection, [_indexed(row, topics) for row, topics in batch])
            spent += time.process_time() - before
    with database.write() as connection:
        shrinking.begin_merging(connection)
    more = True
    while more:
        with database.write() as connection:
            more = shrinking.merge(connection)
    with database.write() as connection:
        connection.execute(update(table(Counter)).where(table(Counter).c.name == "seq").values(value=size))
    database.close()
    print(f"built {size:,} articles in {time.process_time() - began:.0f} CPU s; indexing {spent / size * 1e6:.0f} us an article")


def _batches(made: Iterator[tuple[dict[str, Any], tuple[str, ...]]]) -> Iterator[list[tuple[dict[str, Any], tuple[str, ...]]]]:
    batch = []
    for each in made:
        batch.append(each)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _articles(size: int, source_ids: Sequence[int]) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    chance = random.Random("articles")  # noqa: S311 - made-up news needs no secrecy
    vocabularies = {language: words_of(language) for language in LANGUAGES}
    imported = size // 10
    for position in range(size):
        number = position - imported
        known = position / size * _DAYS
        seen = _FIRST_DAY + timedelta(days=known if number > 0 else _DAYS)
        claimed = seen - timedelta(minutes=chance.random() * 90) if number > 0 else seen - timedelta(days=chance.random() * _IMPORTED_DAYS)
        draw = chance.random()
        language = next(name for name, share in zip(LANGUAGES, _SHARES, strict=True) if draw < share)
        title, text = _written(chance, vocabularies[language])
        topics = tuple(topic for topic, share in _TOPICS if chance.random() < share)
        source, key = chance.choice(source_ids), hashlib.blake2b(text.encode(), digest_size=16).digest()
        yield (
            {
                "id": number,
                "source_id": source,
                "url": f"https://outlet{source}.example/{number}",
                "address": f"https://outlet{source}.example/{number}",
                "title": title,
                "text": text,
                "language": language,
                "published_at": claimed,
                "first_seen_at": seen,
                "outlet": None,
                "wire": None,
                "matched": bool(topics),
                "content_key": key,
                "copy_of": number - 7 if number % 20 == 0 else None,
                "story_id": number - number % 8 if topics else None,
            },
            topics,
        )


def _written(chance: random.Random, known: Words) -> tuple[str, str]:
    length = chance.randint(300, 700)
    drawn = " ".join(chance.choices(known.words, cum_weights=known.weights, k=length // 3))[:length]
    title, text = drawn[:60].rpartition(" ")[0], drawn[60:].partition(" ")[2]
    return title.capitalize(), text.capitalize()


def _indexed(row: dict[str, Any], topics: tuple[str, ...]) -> Indexed:
    day = search_index.day_of(row["published_at"], row["first_seen_at"])
    return Indexed(row["id"], row["title"], row["text"], row["language"], row["matched"], topics, row["source_id"], day)
