"""The newest stories as feeds: right, cacheable, and nothing else."""

from __future__ import annotations

import asyncio
import http.client
import json
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from bot.serve import served
from bot.subjects import Subjects
from bot.web import MOST_STORIES, Feeds
from storage.database import Database
from tests.building import LONG, admit, arrival, event, listed
from tests.test_jobs import Hand

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def clock(now: datetime) -> Hand:
    """A clock that stands."""
    return Hand(now)


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()


@dataclass(frozen=True)
class Client:
    """A reader of feeds."""

    host: str

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, with underscores for the dashes in headers."""
        return await asyncio.to_thread(self._ask, path, method, {name.replace("_", "-"): value for name, value in headers.items()})

    def _ask(self, path: str, method: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()


@pytest_asyncio.fixture
async def client(database: Database, subjects: Subjects, clock: Hand, now: datetime) -> AsyncIterator[Client]:
    """A reader of feeds, beside an archive with a story told twice, another one, and something about nothing."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        admit(connection, now - timedelta(hours=2), arrival(herald))
        admit(connection, now - timedelta(hours=1), arrival(echo, url="https://echo.example/1"))
        admit(connection, now, arrival(herald, url="https://herald.example/2", title="Митинг", text=event(2) * 20, topics=("protest",)))
        admit(connection, now, arrival(herald, url="https://herald.example/3", title="Футбол", text=event(3), topics=()))
    async with served(Starlette(routes=Feeds(database, lambda: subjects, clock).routes), 0, "127.0.0.1") as address:
        yield Client(address.removeprefix("http://"))


async def test_a_topic(client: Client) -> None:
    """Its stories, once each, by their first report."""
    answer = await client.ask("/feeds/way-home.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.text)  # noqa: S314 - our own writing
    assert root.findtext(f"{ATOM}title") == "homefront: The Way Home"
    (entry,) = root.findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}author/{ATOM}name")) == ("Пикет «Пути домой»", "Herald")
    assert entry.findtext(f"{ATOM}content") == LONG


async def test_all_topics(client: Client) -> None:
    """The story that was told last first; a long text is cut."""
    answer = await client.ask("/feeds/all.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    items = json.loads(answer.text)["items"]
    assert [item["title"] for item in items] == ["Митинг", "Пикет «Пути домой»"]
    assert len(items[0]["content_text"]) <= 1_000


async def test_what_there_is(client: Client) -> None:
    """A list names every feed; any other name is none."""
    listed_feeds = (await client.ask("/feeds/")).text.split()
    assert "/feeds/all.atom" in listed_feeds
    assert all(status == 200 for status in [(await client.ask(each)).status_code for each in listed_feeds])
    for wrong in (
        "/feeds/nonsense.atom",
        "/feeds/all.rss",
        "/feeds/all",
        "/",
        "/feeds/../all.atom",
        "/feeds/%00.json",
        "/feeds/" + "x" * 5_000 + ".json",
    ):
        assert (await client.ask(wrong)).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_only_reading(client: Client, method: str) -> None:
    """Nothing can be changed."""
    assert (await client.ask("/feeds/all.json", method)).status_code == 405


async def test_the_head_alone(client: Client) -> None:
    """As that of the whole, without a body."""
    head, whole = await client.ask("/feeds/all.json", "HEAD"), await client.ask("/feeds/all.json")
    assert (head.text, head.headers["content-length"], head.headers["etag"]) == ("", str(len(whole.content)), whole.headers["etag"])


async def test_what_is_known_already(client: Client) -> None:
    """It isn't sent again, by its tag or by its time."""
    answer = await client.ask("/feeds/all.atom")
    tag, changed = answer.headers["etag"], answer.headers["last-modified"]
    for headers, status in (
        ({"If_None_Match": tag}, 304),
        ({"If_None_Match": f'"other", W/{tag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"', "If_Modified_Since": changed}, 200),
        ({"If_Modified_Since": changed}, 304),
        ({"If_Modified_Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
        ({"If_Modified_Since": "Sat, 01 Jan 2000 00:00:00"}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
    ):
        answer = await client.ask("/feeds/all.atom", **headers)
        assert (answer.status_code, bool(answer.content)) == (status, status == 200)


async def test_news(client: Client, database: Database, clock: Hand) -> None:
    """It comes within a minute; until then everybody gets the same."""
    before = await client.ask("/feeds/protest.json")
    with database.write() as connection:
        (herald,) = listed(connection, clock.now(), "Herald")
        for number in range(MOST_STORIES):
            told = arrival(
                herald, url=f"https://herald.example/new{number}", title=f"Новость {number}", text=event(f"n{number}"), topics=("protest",)
            )
            admit(connection, clock.now() + timedelta(seconds=number + 1), told)
    assert (await client.ask("/feeds/protest.json")).headers["etag"] == before.headers["etag"]
    clock.time += timedelta(minutes=2)
    after = await client.ask("/feeds/protest.json")
    titles = [item["title"] for item in json.loads(after.text)["items"]]
    assert titles == [f"Новость {number}" for number in reversed(range(MOST_STORIES))]
    assert after.headers["etag"] != before.headers["etag"]
