"""/addsource and /removesource: an address is looked at over HTTP, shown, and saved by a tap; what can't be a source says why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import ShiftedClock
from bot.commands.addsource import read_lines, write_lines
from bot.errands import Errands
from bot.lookout import Watched
from bot.render import fits
from feeds.fetch import Fetcher
from storage import errands, sources
from storage.database import Database
from storage.records import SettingsError, Source
from storage.tables import Outbox, table
from tests.building import listed
from tests.documents import channel, sitemap, sitemap_index
from tests.talk import YOU, Talk, buttons, said
from tests.world import Outlets, outlets

PICKET = {"guid": "1", "link": "https://echo.example/1", "title": "Пикет <b>жён</b> в Москве", "text": "Жёны вышли на пикет."}


@pytest.fixture
def world() -> Iterator[Outlets]:
    """Outlets on loopback."""
    with outlets() as served:
        served.rss("/echo", "Echo", [PICKET])
        yield served


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with an operator."""
    return Talk(database, watched, now, operators=frozenset({YOU}))


async def _do_errands(talk: Talk, *, private: bool = True) -> list[dict[str, Any]]:
    """Let the program do what is to be done, and return what it says."""
    said_something = asyncio.Event()
    async with Fetcher(allow_private=private, total_timeout=5) as fetcher:
        runner = asyncio.create_task(Errands(talk.database, fetcher, ShiftedClock(), said_something.set).run())
        async with asyncio.timeout(20):
            await said_something.wait()
        runner.cancel()
        with suppress(asyncio.CancelledError):
            await runner
    with talk.database.read() as connection:
        rows = connection.execute(select(table(Outbox)).where(table(Outbox).c.state == "pending").order_by(table(Outbox).c.id)).all()
    return [row.payload for row in rows][1:]


def _sources(talk: Talk) -> list[Source]:
    with talk.database.read() as connection:
        return [each.source for each in sources.every(connection)]


async def test_looked_at_shown_and_saved(talk: Talk, world: Outlets) -> None:
    """Title, language and items are shown before anything is saved; a tap on the standing saves it."""
    assert "I am looking at" in said(talk.write(f"/addsource {world.base}/echo"))
    calls = await _do_errands(talk)
    assert "<b>Echo</b>" in said(calls)
    assert "Пикет жён в Москве" in said(calls)
    assert "language: ru" in said(calls)
    assert _sources(talk) == []
    wish = next(data for data in buttons(calls) if data.endswith(" exile"))
    assert "followed from now on" in said(talk.press(wish))
    assert _sources(talk) == [Source("Echo", f"{world.base}/echo", "feed", "Echo", "exile", "ru")]
    assert "too old" in talk.press(wish)[0]["text"]


async def test_with_keys_of_ones_own(talk: Talk, world: Outlets) -> None:
    """What is written below the address goes before what the document says."""
    keys = "name: Эхо\npublisher: Group\ninterval: 60\nnote: asked for by a reader\nlanguage: uk"
    talk.write(f"/addsource {world.base}/echo\n{keys}")
    calls = await _do_errands(talk)
    talk.press(next(data for data in buttons(calls) if data.endswith(" state")))
    assert _sources(talk) == [Source("Эхо", f"{world.base}/echo", "feed", "Group", "state", "uk", 3600, note="asked for by a reader")]


async def test_a_sitemap_and_a_channel(talk: Talk, world: Outlets) -> None:
    """The kind is recognised, and an index is followed to its items."""
    world.documents |= {
        "/index": sitemap_index(world.base, "/map"),
        "/map": sitemap("https://herald.example/1", "Пикет у министерства"),
        "/s/ch": channel([1, 2]),
    }
    talk.write(f"/addsource {world.base}/index")
    text = said(await _do_errands(talk))
    assert "kind: news_sitemap" in text
    assert "Пикет у министерства" in text
    talk.write(f"/addsource {world.base}/s/ch\nkind: telegram")
    assert "Пост номер 1" in said(await _do_errands(talk))


async def test_a_page_that_offers_feeds(talk: Talk, world: Outlets) -> None:
    """The address of a page is answered with the feeds that it names, ready to be sent."""
    page = '<html><head><link rel="alternate" type="application/rss+xml" title="Echo news" href="/echo"></head></html>'
    world.documents["/"] = page.encode()
    talk.write(f"/addsource {world.base}/")
    text = said(await _do_errands(talk))
    assert "HTML page, not a feed" in text
    assert f"/addsource {world.base}/echo" in text


async def test_a_refusal_in_ukrainian(talk: Talk, world: Outlets) -> None:
    """Why an address is no source is said in the language of whoever sent it."""
    talk.language = "uk"
    talk.write("/start")
    world.documents["/empty"] = b" "
    talk.write(f"/addsource {world.base}/empty")
    assert "Документ порожній." in said(await _do_errands(talk))


@pytest.mark.parametrize("path", ["/missing", "/challenge", "/empty", "/bomb"])
async def test_what_is_no_source(talk: Talk, world: Outlets, path: str) -> None:
    """The reason comes in words, and nothing waits to be saved."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(20))
    world.documents |= {
        "/challenge": b"<html><head><title>Just a moment...</title></head></html>",
        "/empty": b" ",
        "/bomb": f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><nothing>&e19;</nothing>".encode(),
    }
    talk.write(f"/addsource {world.base}{path}")
    calls = await _do_errands(talk)
    assert all(fits(call["text"]) for call in calls)
    assert said(calls).strip().endswith(".")
    assert buttons(calls) == []
    with talk.database.read() as connection:
        assert errands.waiting(connection, "probe", 5) == errands.waiting(connection, "offer", 5) == []


async def test_private_addresses_are_not_asked(talk: Talk, world: Outlets) -> None:
    """Without leave, nobody makes the bot ask machines of its own network."""
    talk.write(f"/addsource {world.base}/echo")
    assert buttons(await _do_errands(talk, private=False)) == []


async def test_a_password_is_kept_out_of_sight(talk: Talk, world: Outlets) -> None:
    """It is saved with the address and shown nowhere."""
    address = f"{world.base}/echo".replace("http://", "http://user:secret@")
    first = said(talk.write(f"/addsource {address}"))
    calls = await _do_errands(talk)
    assert "secret" not in first + said(calls) + str(calls)
    talk.press(next(data for data in buttons(calls) if data.endswith(" exile")))
    assert [each.url for each in _sources(talk)] == [address]
    assert "secret" not in said(talk.write("/sources"))


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("", "the address of a feed"),
        ("nonsense", "isn’t an address"),
        ("https://a.example/\ncolour: red", "isn’t understood"),
        ("https://a.example/\ninterval: soon", "minutes"),
        ("https://a.example/\ninterval: 1", "10 minutes"),
        ("https://a.example/\nlanguage: klingon", "language must be one of"),
    ],
)
def test_mistakes(talk: Talk, typed: str, answered: str) -> None:
    """Each is answered at once in words, and nothing is looked at."""
    assert answered in said(talk.write(f"/addsource {typed}")).replace("&#x27;", "’").replace("'", "’")
    with talk.database.read() as connection:
        assert errands.waiting(connection, "probe", 5) == []


def test_lines_are_read_as_they_are_written() -> None:
    """A source survives being written in a message."""
    source = Source("Эхо", "https://a.example/rss", "telegram", "Group", "independent", "uk", 3600, note="why: so")
    assert read_lines(write_lines(source)) == source
    with pytest.raises(SettingsError):
        read_lines("")


def test_removing(talk: Talk) -> None:
    """By its name or one like it, after a tap; what isn't there is said."""
    with talk.database.write() as connection:
        listed(connection, talk.now, "Herald", "Mirror")
    assert "Which one" in said(talk.write("/removesource"))
    assert "no source called" in said(talk.write("/removesource xyz"))
    (wish,) = buttons(talk.write("/removesource Heralt"))
    assert "isn’t polled any more" in said(talk.press(wish))
    assert [each.name for each in _sources(talk)] == ["Mirror"]
    assert "isn’t in the list" in talk.press(wish)[0]["text"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("echo.example/rss", "https://echo.example/rss"),
        ("@some_channel", "https://t.me/s/some_channel"),
        ("http://a.example", "http://a.example"),
    ],
)
def test_an_address_as_people_write_it(talk: Talk, typed: str, address: str) -> None:
    """Without its beginning, or a channel by its name."""
    assert address in said(talk.write(f"/addsource {typed}"))


async def test_a_page_with_feeds(talk: Talk, world: Outlets) -> None:
    """What the page offers is one tap away."""
    world.documents["/"] = (
        b'<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/echo"></head><body>Hi</body></html>'
    )
    talk.write(f"/addsource {world.base}/")
    calls = await _do_errands(talk)
    assert "not a feed. It offers:" in said(calls)
    (offered,) = buttons(calls)
    assert offered == f"addsource {world.base}/echo"
    assert "I am looking at" in said(talk.press(offered))
