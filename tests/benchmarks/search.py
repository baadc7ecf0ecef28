"""How soon the archive of a million articles answers, beside the targets and beside FTS5 ordered by a joined date on the same data.

``python -m tests.benchmarks.search [ARTICLES]``. CPU milliseconds of one core. "top 10" is looking up the ten articles, which the targets
are for; "page" is all that an answer needs: the names of topics, the count, titles and the parts of texts with their marks.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from feeds.topic_names import LONGEST_NAME, topic_names
from feeds.watchlist import load
from storage.expression import match
from storage.fts5 import INDEX
from storage.meaning import Topics
from storage.query import parse
from storage.search import _Index, search, understood
from tests.benchmarks.big_archive import LANGUAGES, RARE_TOPIC, archive_of, words_of
from tests.benchmarks.running import BETWEEN_ANSWERS, answer_time
from tests.world import Program, program, source_list

ARTICLES = 1_000_000
QUERIES = 60
_ANSWERS = 8
NEWEST, _LAST_YEAR = 2**40, 2027
_Asked = TypeVar("_Asked")
_FREQUENT, _COMMON, _MID, _RARE = (0, 15), (30, 300), (300, 3_000), (20_000, 59_000)
_SINGLE, _PHRASE, _BEST = "0.6 / 3", "– / 8", "– / 8"
_JOINED = text(
    "SELECT articles.id FROM search_index JOIN articles ON articles.id = search_index.rowid"
    " WHERE search_index MATCH :match ORDER BY articles.published_at DESC LIMIT 10"
)


class Queries:
    """Makes up queries of a kind, in three languages as often as articles are in them."""

    def __init__(self) -> None:
        self._chance = random.Random("queries")  # noqa: S311 - made-up queries need no secrecy
        self._words = {language: words_of(language).words for language in LANGUAGES}

    def words(self, *ranks: tuple[int, int]) -> str:
        """Words of these ranks, of one language."""
        words = self._words[self._chance.choices(LANGUAGES, (5, 4, 1))[0]]
        return " ".join(words[self._chance.randint(*rank)] for rank in ranks)

    def day(self, first: int, last: int) -> str:
        """A day of these years."""
        return f"{self._chance.randint(first, last)}-{self._chance.randint(1, 12):02}-{self._chance.randint(1, 28):02}"

    def kinds(self) -> Iterator[tuple[str, str, Callable[[], str]]]:
        """The name of each kind of query, its target and what makes one."""
        yield "very frequent word", _SINGLE, lambda: self.words(_FREQUENT)
        yield "common word", _SINGLE, lambda: self.words(_COMMON)
        yield "rare word", _SINGLE, lambda: self.words(_RARE)
        yield "topic", _SINGLE, lambda: f"topic:{RARE_TOPIC}"
        yield "common word in a topic", _SINGLE, lambda: f"topic:{RARE_TOPIC} {self.words(_COMMON)}"
        yield "common word in one day", _SINGLE, lambda: f"{self.words(_COMMON)} on:{self.day(2019, 2026)}"
        yield "common word in one month", _SINGLE, lambda: f"{self.words(_COMMON)} on:{self.day(2019, 2026)[:7]}"
        yield "common word in some years", _SINGLE, lambda: f"{self.words(_COMMON)} {self._span()}"
        yield "some years", _SINGLE, self._span
        yield "before a day", _SINGLE, lambda: f"before:{self.day(2020, 2024)}"
        yield "common AND common", _SINGLE, lambda: self.words(_COMMON, _COMMON)
        yield "common AND less common", _SINGLE, lambda: self.words(_COMMON, _MID)
        yield "phrase of frequent words", _PHRASE, lambda: f'"{self.words((0, 40), (0, 40))}"'
        yield "phrase with a rare word", _PHRASE, lambda: f'"{self.words((0, 40), _MID)}"'
        yield "best: common word", _BEST, lambda: f"{self.words(_COMMON)} sort:best"
        yield "best: less common word", _BEST, lambda: f"{self.words(_MID)} sort:best"
        yield "best: common AND common", _BEST, lambda: f"{self.words(_COMMON, _COMMON)} sort:best"
        yield "prefix of three letters", "–", lambda: f"{self.words(_MID)[:3]}*"
        yield "standing and common word", "–", lambda: f"standing:state {self.words(_COMMON)}"
        yield "copies with a common word", "–", lambda: f"has:copy {self.words(_COMMON)}"

    def _span(self) -> str:
        return f"after:{self.day(2019, 2021)} before:{self.day(2023, 2025)}"


def report(size: int = ARTICLES, queries: int = QUERIES) -> None:
    """Print the table."""
    database, watchlist = archive_of(size), load()
    topics = Topics(tuple(topic.id for topic in watchlist.topics), topic_names(watchlist), LONGEST_NAME)
    with database.read() as connection:
        blocks = connection.exec_driver_sql("SELECT sum(length(block)) FROM search_index_data").scalar() or 0
        print(f"search over {size:,} articles; CPU ms, p50 / p95{'':22} top 10        target       page           FTS5 by joined date")
        for name, target, make in Queries().kinds():
            asked = [make() for _ in range(queries)]
            looked = times([ready(connection, one) for one in asked], lambda index: index.page(None, NEWEST, 10))
            shown = times(asked, lambda one: search(connection, parse(one), topics=topics, limit=10))
            comparable = [] if "has:" in asked[0] else [_expression(connection, one) for one in asked[: queries // 4]]
            joined = times(comparable, lambda one: connection.scalars(_JOINED, {"match": one}).all())
            print(f"  {name:50} {both(looked):13} {target:12} {both(shown):14} {both(joined)}", flush=True)
        print(f"  index: {blocks / size:.0f} bytes an article (target 420)")
    database.close()


def ready(connection: Connection, typed: str) -> _Index:
    """The index, to be asked what was typed."""
    query = parse(typed)
    return _Index(connection, understood(connection, query), best=query.best, unmatched=False)


def _expression(connection: Connection, typed: str) -> str:
    return match(understood(connection, parse(typed)).root, _LAST_YEAR, INDEX.syntax)


def times(asked: Sequence[_Asked], work: Callable[[_Asked], object]) -> list[float]:
    """CPU milliseconds of this thread for each, the shortest first."""
    found = []
    for one in asked:
        started = time.thread_time()
        work(one)
        found.append((time.thread_time() - started) * 1000)
    return sorted(found)


def both(sorted_times: Sequence[float]) -> str:
    """Their p50 and p95."""
    if not sorted_times:
        return "–"
    last = len(sorted_times) - 1
    return f"{sorted_times[len(sorted_times) // 2]:.2f} / {sorted_times[min(last, int(len(sorted_times) * 0.95))]:.2f}"


def report_chat(size: int = ARTICLES) -> None:
    """Print how long a whole answer takes in the local chat, from the words to the message."""
    archive, queries = archive_of(size), Queries()
    archive.close()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copy(archive.path, folder))
        listed = source_list(Path(folder) / "sources.toml", {"name": "None", "url": "http://127.0.0.1:9/"})
        with program(Path(folder) / "data", listed, HOMEFRONT_DATABASE_URL=f"sqlite:///{copied}") as running:
            asked = [f"/search {queries.words(*ranks)}" for ranks in ((_COMMON,), (_COMMON, _COMMON), (_FREQUENT,), (_MID,)) * _ANSWERS]
            times = sorted(_answer_time(running, one) * 1000 for one in asked)
    print(f"  /search in the local chat, wall ms: {both(times)} (target p95 60)")


def _answer_time(running: Program, typed: str) -> float:
    """Seconds from the words to the bot's answer. A chat gets one message a second, so it waits before it asks."""
    time.sleep(BETWEEN_ANSWERS)
    return answer_time(running, typed)


def main(size: int = ARTICLES) -> None:
    """Print everything."""
    report(size)
    report_chat(size)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
