"""The demonstration's sample outlets: what they carry when, in which formats, and what homefront makes of it."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import uvicorn

from bot.demo.answers import answer
from bot.demo.documents import Issue, media_type, write
from bot.demo.newsroom import Item, items_due
from bot.demo.outlets import SampleOutlets
from bot.demo.samples import MARKS, Feed, Sample, load_feeds, load_samples
from feeds.addresses import read_address
from feeds.catalog import KINDS, SHORTEST_INTERVAL, STANDINGS
from feeds.fetch import Fetcher
from feeds.fetched import Fetched, NotModified
from feeds.match import Matcher
from feeds.parse import Document, parse
from feeds.watchlist import load
from storage.records import Entry

STARTED = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
BASE = "http://127.0.0.1:43211"
FEEDS = {feed.id: feed for feed in load_feeds()}
SAMPLES = load_samples()
END = STARTED + timedelta(minutes=10)
GROUPS = {"way-home", "council-of-wives-and-mothers", "committee-of-soldiers-mothers", "soldiers-widows"}
TIMES = (0, 9, 10, 59, 60, 150, 600)  # seconds after the start
each_feed = pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """The matcher with the watchlist that is shipped."""
    return Matcher(load())


def issue_at(feed: Feed, now: datetime) -> Issue:
    """What ``feed`` carries at ``now``."""
    return SampleOutlets(STARTED, lambda: now).issue(feed, BASE)


def parsed(issue: Issue) -> Document:
    """The document of ``issue``, as the program reads it."""
    kind = next(source.kind for source in SampleOutlets(STARTED, lambda: END).sources(BASE) if source.name == issue.feed.name)
    return parse(
        write(issue),
        url=BASE + issue.feed.path,
        kind=kind,
        content_type=media_type(issue.feed).partition(";")[0],
        charset=issue.feed.charset,
    )


def last_parts(document: Document) -> list[str]:
    """The last part of each entry's address."""
    return [(entry.url or "").rpartition("/")[2] for entry in document.entries]


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A socket that takes connections on loopback, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, f"http://127.0.0.1:{server.getsockname()[1]}"


@each_feed
@pytest.mark.parametrize("seconds", TIMES)
def test_document_has_exactly_the_items_that_are_due(feed: Feed, seconds: int) -> None:
    """Every format parses without a skipped entry into the items whose time has come."""
    now = STARTED + timedelta(seconds=seconds)
    document = parsed(issue_at(feed, now))
    due = items_due(feed, SAMPLES, STARTED, now)
    assert document.skipped == ()
    assert sorted(last_parts(document)) == sorted(item.slug for item in due)
    assert len(due) == sum(feed.id in sample.feeds and sample.delay <= seconds for sample in SAMPLES)


@each_feed
def test_words_and_dates_arrive_as_written(feed: Feed) -> None:
    """Titles, texts, languages and dates survive the way through each format and its characters."""
    document = parsed(issue_at(feed, END))
    entries = dict(zip(last_parts(document), document.entries, strict=True))
    for item in items_due(feed, SAMPLES, STARTED, END):
        entry = entries[item.slug]
        assert entry.published == item.published.replace(microsecond=0)
        assert entry.language in {item.language, None}
        assert (entry.title, entry.text) == expected_words(feed, item)


def expected_words(feed: Feed, item: Item) -> tuple[str, str]:
    """Title and text that parsing should find: sitemaps have no texts, and a channel's post is one text."""
    if feed.format == "sitemap":
        return f"{item.title} (sample)", ""
    return item.title, f"{item.title}\n\n{item.text}" if feed.format == "telegram" else item.text


def test_formats_are_those_of_real_outlets() -> None:
    """RSS in two character sets and with full texts, Atom, RDF, a news sitemap, JSON Feed and a channel's page are among the samples."""
    found = {(parsed(issue_at(feed, END)).format, feed.charset) for feed in FEEDS.values()}
    assert found == {
        ("rss", "utf-8"), ("rss", "windows-1251"), ("atom", "utf-8"), ("rdf", "utf-8"),
        ("news_sitemap", "utf-8"), ("json", "utf-8"), ("telegram", "utf-8"),
    }  # fmt: skip
    assert {feed.format for feed in FEEDS.values()} >= {"rss_full"}


def test_windows_1251_is_what_is_sent() -> None:
    """The Russian feed's bytes are windows-1251, with nothing in it that had to be written as a number."""
    text = write(issue_at(FEEDS["north"], END)).decode("windows-1251")
    assert "Северная хроника" in text
    assert "&#1" not in text


def test_item_appears_at_its_time() -> None:
    """An item is missing until its delay has passed, and there from then on."""
    sample = next(each for each in SAMPLES if each.delay == 10)
    feed = FEEDS[sample.feeds[0]]
    before, after = (issue_at(feed, STARTED + timedelta(seconds=seconds)).items for seconds in (9.9, 10))
    assert sample.title not in {item.title for item in before}
    assert sample.title in {item.title for item in after}


def test_backlog_goes_two_days_back_and_the_rest_appears_within_five_minutes() -> None:
    """About half of the items are there from the start; the others come one at a time."""
    backlog = [sample for sample in SAMPLES if sample.delay == 0]
    coming = [sample.delay for sample in SAMPLES if sample.delay]
    assert 16 <= len(backlog) <= 24
    assert all(0 < sample.age <= 48 * 60 for sample in backlog)
    assert max(coming) <= 300
    assert not any(sample.age for sample in SAMPLES if sample.delay)
    assert max(Counter(coming).values()) == 1


def test_changed_words_replace_the_first_ones() -> None:
    """An item that changes keeps its address and its date, gets other words, and the feed's date moves on."""
    sample = next(each for each in SAMPLES if each.change)
    feed, change = FEEDS[sample.feeds[0]], sample.change
    assert change is not None
    moment = STARTED + timedelta(seconds=sample.delay + change.after)
    before, after = issue_at(feed, moment - timedelta(seconds=1)), issue_at(feed, moment)
    first, second = (entry_at(issue, sample.id) for issue in (before, after))
    assert (first.guid, first.url, first.published) == (second.guid, second.url, second.published)
    assert (first.title, second.title) == (sample.title, change.title)
    assert after.modified == moment


def entry_at(issue: Issue, slug: str) -> Entry:
    """The entry whose address ends with ``slug``."""
    document = parsed(issue)
    return document.entries[last_parts(document).index(slug)]


def test_an_outlets_two_feeds_share_an_address() -> None:
    """The same story has one address in both feeds of its outlet, and the same words."""
    first, second = (entry_at(issue_at(FEEDS[name], END), "carnations-at-the-eternal-flame") for name in ("herald", "herald-russia"))
    assert (first.url, first.title, first.text) == (second.url, second.title, second.text)


def test_wire_texts_are_carried_word_for_word() -> None:
    """One text of the wire stands in two outlets, another in three."""
    outlets: dict[str, set[str]] = {}
    for sample in SAMPLES:
        outlets.setdefault(f"{sample.title}\n{sample.text}", set()).update(FEEDS[feed].publisher for feed in sample.feeds)
    assert sorted(len(carriers) for carriers in outlets.values() if len(carriers) > 1) == [2, 3]


def test_every_sample_says_that_it_is_one() -> None:
    """Each text, changed ones too, ends with the mark in its language; a sitemap's titles carry it; each outlet's name says it."""
    for sample in SAMPLES:
        assert sample.text.endswith(MARKS[sample.language])
        assert sample.change is None or sample.change.text.endswith(MARKS[sample.language])
    assert all(entry.title.endswith("(sample)") for entry in parsed(issue_at(FEEDS["globe"], END)).entries)
    assert all(feed.name.startswith(("Sample", "Образец", "Зразок")) for feed in FEEDS.values())


def test_samples_are_well_formed() -> None:
    """Ids are unique, feeds and groups exist, nothing irrelevant names a group, and texts have the length of an agency's item."""
    assert len({sample.id for sample in SAMPLES}) == len(SAMPLES)
    for sample in SAMPLES:
        assert set(sample.feeds) <= set(FEEDS)
        assert set(sample.groups) <= (GROUPS if sample.relevant else set())
        assert sample.feeds == ("globe",) or 45 <= len(sample.text.split()) <= 95


def test_every_group_is_told_of_in_each_language() -> None:
    """Each of the four groups is named in English, Russian and Ukrainian."""
    assert {(group, sample.language) for sample in SAMPLES for group in sample.groups} == {
        (group, language) for group in GROUPS for language in ("en", "ru", "uk")
    }


def test_sources_are_fit_for_the_source_list() -> None:
    """Names and addresses are unique, and every value is one that the source list takes."""
    sources = SampleOutlets(STARTED, lambda: END).sources(f"{BASE}/")
    assert len({source.name for source in sources}) == len({source.url for source in sources}) == len(sources) == len(FEEDS)
    assert len({source.publisher for source in sources}) == 7
    assert {source.standing for source in sources} == set(STANDINGS)
    for source in sources:
        assert source.url.startswith(f"{BASE}/")
        assert str(read_address(source.url)) == source.url
        assert source.kind in KINDS
        assert source.interval is not None
        assert source.interval >= SHORTEST_INTERVAL


def told(sample: Sample) -> Sequence[tuple[Feed, Entry]]:
    """Each entry that tells ``sample``, as the program reads it."""
    feeds = [FEEDS[feed] for feed in sample.feeds]
    found = []
    for feed in feeds:
        document = parsed(issue_at(feed, END))
        titles = {sample.title, f"{sample.title} (sample)", sample.change.title if sample.change else sample.title}
        found += [(feed, entry) for entry in document.entries if entry.title in titles]
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.id for sample in SAMPLES])
def test_matching_takes_each_sample_for_what_it_is(sample: Sample, matcher: Matcher) -> None:
    """Samples about the subject are relevant with their groups; look-alikes and other news are not."""
    entries = told(sample)
    assert entries
    for feed, entry in entries:
        verdict = matcher.match(entry.title, entry.text, language=feed.language or entry.language, published=entry.published)
        assert verdict.relevant == sample.relevant, verdict.turned_down
        assert {topic.id for topic in verdict.topics} & GROUPS == set(sample.groups), verdict.turned_down
        assert verdict.language == sample.language


def conditions(**headers: str) -> Mapping[str, str]:
    """Request headers, from names with underscores."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def test_unchanged_document_is_answered_with_304() -> None:
    """Its ETag, weak or among others, or its date bring 304 without a body; another ETag, an older or an unreadable date the document."""
    first = answer({}, b"<rss/>", "text/xml", STARTED)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    older = format_datetime(STARTED - timedelta(seconds=2), usegmt=True)
    expected = [
        (conditions(if_none_match=etag), 304),
        (conditions(if_none_match=f'"other", W/{etag}'), 304),
        (conditions(if_none_match="*"), 304),
        (conditions(if_modified_since=modified), 304),
        (conditions(if_none_match='"other"', if_modified_since=modified), 200),
        (conditions(if_modified_since=older), 200),
        (conditions(if_modified_since="yesterday"), 200),
    ]
    for asked, status in expected:
        again = answer(asked, b"<rss/>", "text/xml", STARTED)
        assert (again.status_code, again.body) == (status, b"" if status == 304 else b"<rss/>"), asked
        assert (again.headers["etag"], again.headers["last-modified"]) == (etag, modified)


def test_gzip_only_for_those_who_take_it() -> None:
    """A compressed document has its own ETag, and comes plain to who doesn't say that gzip is understood."""
    plain = answer({}, b"<rss/>" * 100, "text/xml", STARTED, compressed=True)
    small = answer({"accept-encoding": "gzip, deflate"}, b"<rss/>" * 100, "text/xml", STARTED, compressed=True)
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body)
    assert small.headers["etag"] != plain.headers["etag"]


async def test_served_on_loopback_as_the_program_polls_it() -> None:
    """Every source can be fetched, has validators that bring 304, changes when an item appears, and its links lead to article pages."""
    now = [STARTED]
    outlets = SampleOutlets(STARTED, lambda: now[0])
    config = uvicorn.Config(outlets.app, log_config=None, lifespan="off", ws="none")
    with listening() as (waiting, base):
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[waiting]))
        async with Fetcher(allow_private=True) as fetcher:
            answers = {source.name: await fetcher.fetch(source.url) for source in outlets.sources(base)}
            for source in outlets.sources(base):
                await check_source(fetcher, answers[source.name], source.kind)
            now[0] += timedelta(seconds=300)
            for first in answers.values():
                assert isinstance(await fetcher.fetch(first.url, etag=first.etag, modified=first.modified), Fetched), first.url
        server.should_exit = True
        await serving


async def check_source(fetcher: Fetcher, first: Fetched | NotModified, kind: str) -> None:
    """One source: 304 by its validators, entries, and the first article's page."""
    assert isinstance(first, Fetched)
    assert first.etag
    assert first.modified
    assert isinstance(await fetcher.fetch(first.url, etag=first.etag, modified=first.modified), NotModified)
    assert isinstance(await fetcher.fetch(first.url, modified=first.modified), NotModified)
    document = parse(first.body, url=first.final_url, kind=kind, content_type=first.content_type, charset=first.charset)
    entry = document.entries[0]
    address = (entry.url or "").replace("https://t.me/", first.url.partition("/s/")[0] + "/")
    page = await fetcher.fetch(address)
    assert isinstance(page, Fetched)
    text = page.body.decode()
    assert "<h1>" in text
    assert any(mark in text for mark in MARKS.values())


def test_markup_in_words_and_addresses_does_no_harm() -> None:
    """Characters of markup in an item or in the address of the server break no format."""
    item = Item("101", "en", 'Bread & "Roses" <b>now</b>', "One < two & three > two. (Sample text.)", STARTED, STARTED)
    for feed in FEEDS.values():
        document = parsed(Issue(feed, (item,), f'{BASE}/"><x a="', STARTED))
        assert len(document.entries) == 1
        assert document.entries[0].title.startswith('Bread & "Roses"')
