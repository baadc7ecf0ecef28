"""The same questions put to homefront and to the library ``reader``, over the same thirty thousand articles.

``python -m tests.benchmarks.reader_search [ARTICLES]``. CPU milliseconds of one core for a page of ten, the newest first.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reader import EntrySearchSort, Reader, make_reader
from sqlalchemy import Connection, select

from feeds.topic_names import LONGEST_NAME, topic_names
from feeds.watchlist import load
from storage.meaning import Topics
from storage.query import parse
from storage.search import search
from storage.tables import Article, table
from tests.benchmarks.big_archive import archive_of
from tests.benchmarks.search import QUERIES, Queries, both, times

ARTICLES = 30_000
_FEED = "https://outlet.example/rss"
_KINDS = ("very frequent word", "common word", "rare word", "common AND common", "phrase of frequent words", "phrase with a rare word")


def report(size: int = ARTICLES) -> None:
    """Print the table."""
    database, watchlist = archive_of(size), load()
    topics = Topics(tuple(topic.id for topic in watchlist.topics), topic_names(watchlist), LONGEST_NAME)
    with database.read() as connection, _filled(connection) as reader:
        print(f"search over {size:,} articles; CPU ms for a page of ten, p50 / p95{'':12} homefront      reader")
        for name, _target, make in Queries().kinds():
            if name in _KINDS:
                asked = [make() for _ in range(QUERIES)]
                ours = times(asked, lambda one: search(connection, parse(one), topics=topics, limit=10))
                theirs = times(asked, lambda one: list(reader.search_entries(one, sort=EntrySearchSort.RECENT, limit=10)))
                print(f"  {name:76} {both(ours):14} {both(theirs)}", flush=True)
    database.close()


@contextmanager
def _filled(connection: Connection) -> Iterator[Reader]:
    """A reader that has every article, and its index of them."""
    articles = table(Article)
    with tempfile.TemporaryDirectory() as folder, make_reader(str(Path(folder) / "reader.sqlite")) as reader:
        reader.add_feed(_FEED)
        for row in connection.execute(select(articles.c.id, articles.c.title, articles.c.text, articles.c.published_at)):
            reader.add_entry({"feed_url": _FEED, "id": str(row.id), "title": row.title, "summary": row.text, "published": row.published_at})
        reader.enable_search()
        reader.update_search()
        yield reader


if __name__ == "__main__":
    report(*map(int, sys.argv[1:2]))
