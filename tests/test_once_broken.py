"""Each of these was broken once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import ShiftedClock
from bot.jobs import Jobs
from bot.lookout import Loaded, Lookout, Watched
from bot.settings import read_settings
from feeds import health, repairing, watchlist
from feeds.fetch import Fetcher
from feeds.match import Matcher
from feeds.placing import place
from feeds.poll import Poller, arrival as arrival_of
from feeds.recogniser import Recogniser
from storage import archive, articles, claiming, sources, stories, story_changes, subscribers, watches
from storage.database import Database
from storage.polled import unpolled
from storage.records import Entry, Source
from storage.tables import Article, SourceRow, table
from tests.building import GROUPS, admit, arrival, event, listed
from tests.documents import channel, sitemap, sitemap_index
from tests.talk import YOU, Talk, buttons, said
from tests.world import Outlets, outlets

OTHER = 2002


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with somebody who has been greeted."""
    talk = Talk(database, watched, now)
    talk.write("/start")
    return talk


@pytest.fixture
def world() -> Iterator[Outlets]:
    """Outlets on loopback."""
    with outlets() as served:
        yield served


def _poll(database: Database, recogniser: Recogniser, moment: datetime) -> Any:
    async def run() -> Any:
        async with Fetcher(allow_private=True, total_timeout=5) as fetcher:
            poller = Poller(database, fetcher, lambda: recogniser, lambda: moment, spacing=0.0, pause=0.0)
            with database.write() as connection:
                claimed = claiming.claim_named(connection, moment, None)
            return await poller.poll(claimed)

    return asyncio.run(run())


def test_an_older_page_that_fails_doesnt_lose_the_newest(database: Database, recogniser: Recogniser, now: datetime, world: Outlets) -> None:
    """What was read of a channel goes in though the page before it fails, and the rest when that page is back."""
    world.documents["/s/ch"] = channel([1, 2])
    with database.write() as connection:
        sources.keep_catalog(connection, [Source("ch", f"{world.base}/s/ch", "telegram")], now)
    assert _poll(database, recogniser, now).new == 2
    world.documents["/s/ch"] = channel(range(50, 60), older=f"{world.base}/s/ch?before=50")  # which answers 404
    assert _poll(database, recogniser, now + timedelta(hours=1)).new == 10
    world.documents["/s/ch?before=50"] = channel(range(40, 50), older=f"{world.base}/s/ch?before=40")
    world.documents["/s/ch?before=40"] = channel(range(2, 40))
    world.documents["/s/ch"] = channel(range(50, 61), older=f"{world.base}/s/ch?before=50")
    assert _poll(database, recogniser, now + timedelta(hours=2)).new == 48
    assert _poll(database, recogniser, now + timedelta(hours=3)).new == 0


def test_more_of_a_digest_after_a_repair(talk: Talk) -> None:
    """Stories that are merged meanwhile make no other one fall between two pages."""
    talk.write("/subscribe Way Home")
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        batch = [
            arrival(herald, url=f"https://herald.example/{n}", title=f"О {event(n)[:60]}", text=event(1000 + n) * 3) for n in range(40)
        ]
        admit(connection, talk.now, *batch)
    first = talk.write("/digest")
    more = next(data for data in buttons(first) if data.startswith("digest "))
    seen = said(first)
    with talk.database.read() as connection:
        every = {row.title: row.story_id for row in connection.execute(select(table(Article)))}
    shown = sorted({story for title, story in every.items() if title[:50] in seen})
    with talk.database.write() as connection:  # as the repair does, every 15 minutes
        story_changes.merge(connection, shown[1], shown[0], reason="repair", by_hand=False, now=talk.now)
    while more:
        calls = talk.press(more)
        seen += said(calls)
        more = next((data for data in buttons(calls) if data.startswith("digest ") and data != more), "")
    assert [title for title in every if title[:50] not in seen] == []


def test_what_one_persons_watch_found_is_no_others_business(talk: Talk) -> None:
    """A story that is there only because somebody watches for it is shown to nobody else."""
    talk.press("watch save", quoted="Самара")
    with talk.database.read() as connection:
        (kept,) = watches.of_subscriber(connection, talk.chat().id)
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        found = admit(
            connection,
            talk.now,
            arrival(herald, url="https://h.example/1", title="Трамвай в Самаре", text=event(1), topics=(), watches=[kept.id]),
            arrival(herald, url="https://h.example/2", title="Трамвай в Казани", text=event(2), topics=()),
        ).new
    stranger = {"id": OTHER, "type": "private"}
    answers = [said(talk.write(f"/story {number}", **stranger)) for number in found]
    assert "There is no story" in answers[1]  # nobody watches for Kazan …
    assert "There is no story" in answers[0]  # … and that somebody does for Samara mustn't show


def test_a_forgotten_watch_leaves_no_trace(talk: Talk) -> None:
    """Not even an article shows any more that somebody watched for it."""
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, title="Трамвай в Самаре", text=event(1), topics=()))
    talk.press("watch save", quoted="Самара")
    talk.press("forget yes")
    with talk.database.read() as connection:
        assert connection.scalars(select(table(Article).c.story_id)).all() == [None]


def test_what_arrives_between_saving_a_watch_and_looking_out(talk: Talk, database: Database, matcher: Matcher, tmp_path: Any) -> None:
    """An article that was read before a watch was saved, and stored after it, reaches the watch."""
    lookout = Lookout(read_settings(data_dir=tmp_path), database, Loaded(None, watchlist.load(), matcher))
    before = lookout.watched.recogniser  # with which a poll that is under way reads
    talk.press("watch save", quoted="Самара")
    with database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        entry = Entry("1", "https://herald.example/1", "Трамвай в Самаре", event(1))
        admitted = archive.admit_all(connection, [[arrival_of(before, herald, entry)]], talk.now)[0]
        place(connection, admitted.wanted, GROUPS, talk.now)
    lookout.refresh()
    assert "Трамвай" in said(talk.write("/digest"))


def test_poll_concurrency_holds_for_all_polls(database: Database, recogniser: Recogniser, now: datetime) -> None:
    """The setting holds over all polls that run side by side."""
    at_once, most, lock = 0, 0, threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.5)
            with lock:
                at_once -= 1
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    with database.write() as connection:
        sources.keep_catalog(connection, [Source(f"s{n}", f"{base}/{n}", publisher=f"p{n}") for n in range(4)], now)
        claimed = claiming.claim_named(connection, now, None)

    async def run() -> None:
        async with Fetcher(allow_private=True, per_host=20) as fetcher:
            poller = Poller(database, fetcher, lambda: recogniser, lambda: now, concurrency=1)
            await asyncio.gather(*(poller.poll([each]) for each in claimed))  # as Jobs.poll does, up to 8 times

    asyncio.run(run())
    server.shutdown()
    server.server_close()
    assert most == 1


@pytest.mark.sqlite_only("the trigger that fails is SQLite's")
def test_a_database_error_doesnt_put_a_rule_into_the_log(database: Database) -> None:
    """Values that were bound to a statement don't stand in its error."""
    full = "CREATE TRIGGER full BEFORE INSERT ON watches BEGIN SELECT RAISE(FAIL, 'disk full'); END"
    with database.write() as connection:
        connection.exec_driver_sql(full)
        with pytest.raises(Exception, match="disk full") as caught:
            watches.add(connection, 1, "тайна", "тайна")
    assert "тайна" not in "".join(traceback.format_exception(caught.value.with_traceback(None)))


def test_a_source_that_is_switched_off_isnt_fine_again(now: datetime) -> None:
    """Switching a failing source off is no good news about it."""
    failing = replace(unpolled(Source("Herald", "https://h.example/"), now), state="off", failures=20, trouble="fetch", told="failing")
    noted = [str(each) for each in health.notes(failing, health.condition(failing, None, now), None, now)]
    assert "“Herald” is fine again." not in noted


def test_a_repair_leaves_alone_what_an_operator_took_apart(talk: Talk) -> None:
    """What a person took apart stays apart, though it looks alike."""
    talk.operators = frozenset({YOU})
    with talk.database.write() as connection:
        herald, globe = listed(connection, talk.now, "Herald", "Globe")
        text = "Около двадцати женщин в белых платках встали с плакатами у военной прокуратуры."
        picket = arrival(herald, url="https://h.example/1", title="Жёны мобилизованных вышли на пикеты в Казани", text=text)
        other = "Двадцать женщин с плакатами в белых платках пришли к военной прокуратуре."
        title = "В Казани жёны мобилизованных провели пикеты у прокуратуры"
        one, two = admit(connection, talk.now, picket, arrival(globe, url="https://g.example/1", title=title, text=other)).new
        if articles.tellers(connection, [two])[0].story_id != one:
            story_changes.merge(connection, two, one, reason="", by_hand=False, now=talk.now)
    talk.press(f"story detach {two}")
    moved = repairing.repair_stories(talk.database, GROUPS, talk.now)
    with talk.database.read() as connection:
        placed = {each.id: each.story_id for each in articles.tellers(connection, [one, two])}
    assert (moved, placed) == ((0, 0), {one: one, two: two})


def test_an_index_of_indexes_says_that_it_brings_nothing(database: Database, recogniser: Recogniser, now: datetime, world: Outlets) -> None:
    """A second level is followed."""
    world.documents["/index"] = sitemap_index(world.base, "/2026")
    world.documents["/2026"] = sitemap_index(world.base, "/2026-11")
    world.documents["/2026-11"] = sitemap("https://h.example/1", "Soldiers' wives picket in Moscow")
    with database.write() as connection:
        sources.keep_catalog(connection, [Source("map", f"{world.base}/index", "news_sitemap")], now)
    report = _poll(database, recogniser, now)
    assert report.new == 1 or report.failed == 1 or report.skipped


def test_a_new_source_isnt_given_anothers_past(database: Database, now: datetime) -> None:
    """What a removed source brought keeps its publisher and standing."""
    with database.write() as connection:
        sources.add(connection, Source("News", "https://state.example/rss", publisher="State", standing="state"), now)
        (state,) = claiming.claim_named(connection, now, ["News"])
        (number,) = admit(connection, now, arrival(state, url="https://state.example/1")).new
        sources.remove(connection, "News")
        sources.add(connection, Source("News", "https://exile.example/rss", publisher="Exile", standing="exile"), now)
        (telling,) = stories.tellings(connection, [number])[number]
    assert (telling.publisher, telling.standing) == ("State", "state")


def test_detaching_twice_is_harmless(talk: Talk) -> None:
    """An article that is alone already stays in its story."""
    talk.operators = frozenset({YOU})
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        batch = [arrival(herald, url=f"https://h.example/{n}", title=event(n)[:50], text=event(10 + n)) for n in range(2)]
        one, two = admit(connection, talk.now, *batch).new
        story_changes.merge(connection, two, one, reason="", by_hand=False, now=talk.now)
    for _ in range(2):
        talk.press(f"story detach {two}")
    with talk.database.read() as connection:
        assert articles.tellers(connection, [two])[0].story_id == two


def test_a_strangers_watch_doesnt_hide_news(talk: Talk) -> None:
    """That a watch found an article before it was about a topic hides it from nobody."""
    talk.write("/subscribe Way Home")
    with talk.database.write() as connection:
        stranger = subscribers.create(connection, OTHER, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        number = watches.add(connection, stranger.id, "w", "Самара")
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, guid="1", title="Срочно: Самара", text=event(1), topics=(), watches=[number]))
        admit(connection, talk.now, arrival(herald, guid="2", url="https://h.example/2", title="Срочно: Казань", text=event(2), topics=()))
        admit(connection, talk.now, arrival(herald, guid="3", url="https://h.example/3", title="Другое", text=event(3)))
    talk.write("/digest")
    with talk.database.write() as connection:
        admit(connection, talk.now, arrival(herald, guid="1", title="Пикет в Самаре", text=event(4), watches=[number]))
        admit(connection, talk.now, arrival(herald, guid="2", url="https://h.example/2", title="Пикет в Казани", text=event(5)))
    told = said(talk.write("/digest"))
    assert "Пикет в Казани" in told
    assert "Пикет в Самаре" in told


def test_a_title_with_a_clock_in_it_isnt_told_every_ten_minutes(database: Database, watched: Watched, now: datetime) -> None:
    """A number that changes in a source's name is no news of it."""
    told = 0
    with database.write() as connection:
        listed(connection, now, "Herald")
    clock = ShiftedClock()
    jobs = Jobs(database, None, type("L", (), {"watched": watched})(), clock, timedelta(days=30), lambda: None, frozenset({YOU}))  # type: ignore[arg-type]
    for minute in range(6):
        with database.write() as connection:
            connection.execute(update(table(SourceRow)).values(title=f"News, 10:{minute}1", former_title=f"News, 10:{minute}0"))
        told += len(jobs.write_health_notes())
    assert told <= 1


def test_a_repair_ends_with_the_program(database: Database, watched: Watched) -> None:
    """The process that repairs stories doesn't outlive the program."""
    jobs = Jobs(database, None, type("L", (), {"watched": watched})(), ShiftedClock(), timedelta(days=30), lambda: None)  # type: ignore[arg-type]

    def children() -> list[str]:
        told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True).stdout
        return [line for line in told.splitlines() if "feeds.repairing" in line]

    async def run() -> list[str]:
        task = asyncio.create_task(jobs.repair_stories())
        while not children():  # noqa: ASYNC110 - another process tells nobody that it has begun
            await asyncio.sleep(0.02)
        task.cancel()  # as the scheduler does when the program is told to stop
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.1)
        return children()

    assert asyncio.run(run()) == []


def test_the_newest_sitemaps_of_an_index_are_read(database: Database, recogniser: Recogniser, now: datetime, world: Outlets) -> None:
    """Where an index gives dates, the latest are read."""
    names = [f"/map{n}" for n in range(8)]  # oldest first, as WordPress lists them
    for name in names:
        world.documents[name] = sitemap(f"https://h.example{name}", f"Soldiers' wives picket {name}")
    listed_ = "".join(
        f"<sitemap><loc>{world.base}{name}</loc><lastmod>2026-11-{10 + n}</lastmod></sitemap>" for n, name in enumerate(names)
    )
    world.documents["/index"] = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed_}</sitemapindex>'.encode()
    with database.write() as connection:
        sources.keep_catalog(connection, [Source("map", f"{world.base}/index", "news_sitemap")], now)
    _poll(database, recogniser, now)
    with database.read() as connection:
        found = set(connection.scalars(select(table(Article).c.url)))
    assert "https://h.example/map7" in found
