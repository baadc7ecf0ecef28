"""One poll cycle against real documents over HTTP: what comes in is stored once, and a bad source stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from feeds.fetch import Fetcher
from feeds.fetched import Fetched
from feeds.gather import Gathered
from feeds.parse import Document
from feeds.poll import Poller, Polling, Report
from feeds.recogniser import Recogniser
from storage import claiming, search, sources
from storage.database import Database
from storage.polled import Polled
from storage.records import Source
from storage.tables import Article, SourceDay, SourceRow, table
from tests.documents import channel, sitemap, sitemap_index
from tests.world import Outlets, outlets

PICKET = {
    "guid": "1",
    "link": "https://herald.example/picket",
    "title": "Активистки «Пути домой» вышли на пикет",
    "text": "<p>Жёны мобилизованных в Москве просят вернуть мужей.</p>",
}
SPORT = {"guid": "2", "link": "https://herald.example/sport", "title": "Футбол", "text": "Два гола."}


class Cycle:
    """Polls the outlets of a test."""

    def __init__(self, database: Database, recogniser: Recogniser, held: Outlets, now: datetime) -> None:
        """Begin at ``now``."""
        self.database, self.recogniser, self.held, self.time = database, recogniser, held, now

    def follow(self, *paths: str, kind: str = "feed") -> None:
        """Make the documents at these paths sources."""
        with self.database.write() as connection:
            listing = [Source(path, f"{self.held.base}{path}", kind, publisher=path) for path in paths]
            sources.keep_catalog(connection, listing, self.time)

    async def poll(self, *, everything: bool = True) -> Report:
        """Poll all sources, or only those that are due."""
        with self.database.write() as connection:
            claimed = claiming.claim_named(connection, self.time, None) if everything else claiming.claim_due(connection, self.time, 100)
        async with Fetcher(allow_private=True, total_timeout=5) as fetcher:
            return await Poller(self.database, fetcher, lambda: self.recogniser, lambda: self.time, spacing=0.0, pause=0.0).poll(claimed)

    def source(self, path: str) -> Polled:
        """How polling a source goes."""
        with self.database.read() as connection:
            return next(each for each in sources.every(connection) if each.source.name == path)


@pytest.fixture
def cycle(database: Database, recogniser: Recogniser, now: datetime) -> Iterator[Cycle]:
    """Outlets to be polled."""
    with outlets() as held:
        yield Cycle(database, recogniser, held, now)


async def test_new_items_are_matched_stored_and_searched(cycle: Cycle) -> None:
    """A feed's items go in once, with their topics; the text is clean."""
    cycle.held.rss("/a", "Herald", [PICKET, SPORT])
    cycle.follow("/a")
    report = await cycle.poll()
    assert (report.sources, report.failed, report.new, report.matched) == (1, 0, 2, 1)
    with cycle.database.read() as connection:
        (hit,) = search.search(connection, search.parse("путём домой")).hits
    assert (hit.title.text, hit.language) == (PICKET["title"], "ru")
    assert "<p>" not in hit.snippet.text
    assert cycle.source("/a").title == "Herald"


async def test_an_unchanged_document_is_not_read_again(cycle: Cycle) -> None:
    """The same bytes cost no parsing; a changed document adds what is new in it."""
    cycle.held.rss("/a", "Herald", [SPORT])
    cycle.follow("/a")
    await cycle.poll()
    again = await cycle.poll()
    assert (again.unchanged, again.new, again.known) == (1, 0, 0)
    cycle.held.rss("/a", "Herald", [PICKET, SPORT])
    more = await cycle.poll()
    assert (more.unchanged, more.new, more.known) == (0, 1, 1)


async def test_a_changed_text_is_a_revision(cycle: Cycle) -> None:
    """The article gets its new words and keeps its old ones."""
    cycle.held.rss("/a", "Herald", [PICKET])
    cycle.follow("/a")
    await cycle.poll()
    cycle.held.rss("/a", "Herald", [{**PICKET, "title": "Активисток «Пути домой» отпустили"}])
    report = await cycle.poll()
    assert (report.new, report.revised) == (0, 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<html><body>Hello</body></html>", "HTML page"),
        (b"hello world", "11 bytes"),
        (b"<rss><channel>" + b"x" * 6_000_000, "larger than"),
        (b'<?xml version="1.0"?><rss><channel></channel>', ""),
    ],
)
async def test_a_bad_document_is_said_in_words_and_stops_no_other(cycle: Cycle, body: bytes, words: str) -> None:
    """The source shows its error; the other's items go in; what was stored stays."""
    cycle.held.rss("/good", "Good", [PICKET])
    cycle.held.documents["/bad"] = body
    cycle.follow("/good", "/bad", "/missing")
    report = await cycle.poll()
    assert report.new == 1
    assert words in str(cycle.source("/bad").last_error)
    assert "404" in str(cycle.source("/missing").last_error)
    assert cycle.source("/good").last_error is None
    assert cycle.source("/missing").failures == 1


async def test_a_source_that_comes_back(cycle: Cycle) -> None:
    """After a failure the next success clears it."""
    cycle.follow("/a")
    await cycle.poll()
    assert cycle.source("/a").failures == 1
    cycle.held.rss("/a", "Herald", [PICKET])
    await cycle.poll()
    assert (cycle.source("/a").failures, cycle.source("/a").last_error) == (0, None)


async def test_the_pace_is_kept(cycle: Cycle) -> None:
    """A source isn't due again at once, and is the next day."""
    cycle.held.rss("/a", "Herald", [PICKET])
    cycle.follow("/a")
    assert (await cycle.poll(everything=False)).sources == 1
    assert (await cycle.poll(everything=False)).sources == 0
    cycle.time += timedelta(days=1)
    assert (await cycle.poll(everything=False)).sources == 1


async def test_two_feeds_with_one_article(cycle: Cycle) -> None:
    """The same address in two feeds, with tracking or without, is one article."""
    cycle.held.rss("/a", "A", [PICKET])
    cycle.held.rss("/b", "B", [{**PICKET, "guid": "x", "link": f"{PICKET['link']}/?utm_source=b#top"}])
    cycle.follow("/a", "/b")
    await cycle.poll()
    with cycle.database.read() as connection:
        assert len(connection.execute(select(table(Article))).all()) == 1


async def test_a_claim_that_was_never_settled_is_given_back(cycle: Cycle) -> None:
    """A process that died in the middle of a cycle holds its sources for minutes, not for good."""
    cycle.held.rss("/a", "Herald", [PICKET])
    cycle.follow("/a")
    with cycle.database.write() as connection:
        claiming.claim_due(connection, cycle.time, 100)
    assert (await cycle.poll(everything=False)).sources == 0
    cycle.time += claiming.LEASE + timedelta(seconds=1)
    assert (await cycle.poll(everything=False)).new == 1
    with cycle.database.read() as connection:
        assert connection.scalar(select(table(SourceRow).c.lease_until)) is None


async def test_what_cant_be_stored_keeps_out_nothing_else(cycle: Cycle) -> None:
    """A source whose document no database can hold has an error in words; what came with it in one batch goes in, and counts once."""
    cycle.follow("/a", "/bad", "/c")
    first, bad, last = (cycle.source(path) for path in ("/a", "/bad", "/c"))
    report = Report()
    async with Fetcher() as fetcher:
        poller = Poller(cycle.database, fetcher, lambda: cycle.recogniser, lambda: cycle.time)
        answer = Fetched("https://a.example/", "https://a.example/", None, 200, None, None, None, b"", None, None)
        came = [Gathered(answer, Document("rss", title)) for title in ("A", "\ud800")]
        batch = [Polling(first, came[0]), Polling(bad, came[1]), Polling(last)]
        poller._store(batch, report)
    assert (cycle.source("/a").title, cycle.source("/a").last_error) == ("A", None)
    assert cycle.source("/c").last_success_at == cycle.time
    assert "can't be stored" in str(cycle.source("/bad").last_error)
    assert (cycle.source("/bad").failures, report.failed, report.unchanged) == (1, 1, 1)


async def test_an_index_of_sitemaps(cycle: Cycle) -> None:
    """Every sitemap that it names is read; nothing changed is nothing new; a sitemap that changes under the same index is noticed."""
    day, night = (sitemap(f"https://herald.example/{name}", f"Пикет «Пути домой» {name}") for name in ("day", "night"))
    cycle.held.documents |= {"/index": sitemap_index(cycle.held.base, "/day", "/night"), "/day": day, "/night": night}
    cycle.follow("/index", kind="news_sitemap")
    assert (await cycle.poll()).new == 2
    again = await cycle.poll()
    assert (again.unchanged, again.new, again.failed) == (1, 0, 0)
    cycle.held.documents["/night"] = sitemap("https://herald.example/late", "Ещё один пикет")
    assert (await cycle.poll()).new == 1


async def test_an_index_with_a_sitemap_that_is_missing(cycle: Cycle) -> None:
    """The others are read, and what is missing is counted; with none left the source is in trouble."""
    index = sitemap_index(cycle.held.base, "/day", "/gone")
    cycle.held.documents |= {"/index": index, "/day": sitemap("https://herald.example/day", "Пикет")}
    cycle.follow("/index", kind="news_sitemap")
    report = await cycle.poll()
    assert (report.new, report.skipped, report.failed) == (1, 1, 0)
    del cycle.held.documents["/day"]
    assert (await cycle.poll()).failed == 1


async def test_a_channel_is_read_back_to_the_last_known_post(cycle: Cycle) -> None:
    """At first the page that it shows; later every page back to one with a known post, in the order of the posts."""
    cycle.held.documents["/s/ch"] = channel(range(41, 46), older=f"{cycle.held.base}/s/ch?before=41")
    cycle.follow("/s/ch", kind="telegram")
    assert (await cycle.poll()).new == 5
    cycle.held.documents |= {
        "/s/ch": channel(range(56, 61), older=f"{cycle.held.base}/s/ch?before=56"),
        "/s/ch?before=56": channel(range(51, 56), older=f"{cycle.held.base}/s/ch?before=51"),
        "/s/ch?before=51": channel(range(44, 51), older=f"{cycle.held.base}/s/ch?before=44"),
        "/s/ch?before=44": channel(range(1, 44)),
    }
    assert (await cycle.poll()).new == 15
    with cycle.database.read() as connection:
        urls = list(connection.scalars(select(table(Article).c.url).order_by(table(Article).c.id)))
    assert urls == [f"https://t.me/ch/{number}" for number in range(41, 61)]


async def test_pages_that_lead_nowhere_new_end(cycle: Cycle) -> None:
    """A page that names itself as the older one, and more pages than a channel may take, are no reason to walk for ever."""
    cycle.held.documents["/s/ch"] = channel([1])
    cycle.follow("/s/ch", kind="telegram")
    await cycle.poll()
    cycle.held.documents |= {
        "/s/ch": channel([100], older=f"{cycle.held.base}/s/ch?before=99"),
        "/s/ch?before=99": channel([99], older=f"{cycle.held.base}/s/ch?before=99"),
    }
    assert (await cycle.poll()).new == 1


async def test_a_post_that_is_taken_away(cycle: Cycle) -> None:
    """What a page skips between others is marked with the time, and the mark goes when the post is back; the ends of a page say nothing."""
    cycle.held.documents["/s/ch"] = channel(range(1, 6))
    cycle.follow("/s/ch", kind="telegram")
    await cycle.poll()
    cycle.time += timedelta(hours=1)
    cycle.held.documents["/s/ch"] = channel([2, 4])
    await cycle.poll()
    assert _withdrawn(cycle) == {"https://t.me/ch/3": cycle.time}
    cycle.held.documents["/s/ch"] = channel([2, 3, 4, 5])
    await cycle.poll()
    assert _withdrawn(cycle) == {}


async def test_a_channel_without_a_preview(cycle: Cycle) -> None:
    """It is a state in words, and asked again in a day."""
    cycle.held.documents["/s/ch"] = b'<html><body><div class="tgme_page">Contact</div></body></html>'
    cycle.follow("/s/ch", kind="telegram")
    assert (await cycle.poll()).failed == 1
    source = cycle.source("/s/ch")
    assert (source.trouble, source.next_check_at >= cycle.time + timedelta(hours=20)) == ("no preview", True)


async def test_days_are_counted(cycle: Cycle) -> None:
    """Polls, failures, new items and matches of each source and day."""
    cycle.held.rss("/a", "Herald", [PICKET, SPORT])
    cycle.follow("/a", "/missing")
    await cycle.poll()
    await cycle.poll()
    with cycle.database.read() as connection:
        days = {(row.source_id, row.polls, row.failures, row.items, row.matched) for row in connection.execute(select(table(SourceDay)))}
    assert days == {(cycle.source("/a").id, 2, 0, 2, 1), (cycle.source("/missing").id, 2, 2, 0, 0)}


def _withdrawn(cycle: Cycle) -> dict[str, datetime]:
    articles = table(Article)
    with cycle.database.read() as connection:
        rows = connection.execute(select(articles.c.url, articles.c.withdrawn_at).where(articles.c.withdrawn_at.is_not(None)))
        return {row.url: row.withdrawn_at for row in rows}
