"""/language, /privacy, /forget, /status and /sources: what we know of a subscriber, and what there is to know of us."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.commands.account import SOURCES_A_PAGE
from bot.localchat import entities
from bot.lookout import Watched
from bot.render import fits
from bot.voice import LANGUAGES, voice
from storage import sources, subscribers
from storage.database import Database
from storage.records import Source
from storage.tables import SourceRow, table
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation."""
    return Talk(database, watched, now)


def _list(talk: Talk, number: int, **columns: object) -> None:
    with talk.database.write() as connection:
        catalog = [Source(f"Source {n:03d}", f"https://s{n}.example/", publisher=f"P{n}", standing="exile") for n in range(number)]
        sources.keep_catalog(connection, catalog, talk.now)
        if columns:
            connection.execute(update(table(SourceRow)).values(**columns))


@pytest.mark.parametrize(("typed", "code"), [("ru", "ru"), ("РУССКИЙ", "ru"), ("Українська", "uk"), ("english", "en"), (" UK ", "uk")])
def test_a_language_by_its_name(talk: Talk, typed: str, code: str) -> None:
    """By its code or its own name; the answer is in it already, and so is everything after."""
    answer = said(talk.write(f"/language {typed}"))
    assert talk.chat().language == code
    assert answer == voice(code)("I speak English now.")
    assert voice(code)("What I keep about you") in said(talk.write("/privacy"))


@pytest.mark.parametrize("typed", ["", "klingon", "xx", "<b>", "ru uk", "\ud83d", "a" * 4_000])
def test_a_language_we_dont_speak(talk: Talk, typed: str) -> None:
    """The three that we do are offered, and nothing changes."""
    calls = talk.write(f"/language {typed}".strip())
    assert buttons(calls) == [f"language {code}" for code in LANGUAGES]
    assert talk.chat().language == "en"


def test_what_is_kept(talk: Talk) -> None:
    """/privacy names every kind of thing that the table of subscribers holds, and how to erase it."""
    text = said(talk.write("/privacy"))
    for kept in ("number", "language", "time zone", "topics", "month", "No name", "/forget"):
        assert kept in text


@pytest.mark.parametrize("typed", ["", "no", "YES please", "yes yes", "да"])
def test_forgetting_has_to_be_confirmed(talk: Talk, typed: str) -> None:
    """Anything but the confirmation asks for it, and erases nothing."""
    talk.press("topics on way-home")
    assert buttons(talk.write(f"/forget {typed}".strip())) == ["forget yes", "status"]
    assert talk.chat().topics == {"way-home"}


def test_forgetting(talk: Talk) -> None:
    """Confirmed, it erases every row of this chat and of no other, and says how many; starting again begins anew."""
    talk.press("topics on all")
    talk.write("/schedule 8")
    talk.write("/subscribe way-home", id=-5, type="group")
    text = said(talk.press("forget yes"))
    assert "left: 0" in text
    with talk.database.read() as connection:
        assert subscribers.find(connection, YOU) is None
        other = subscribers.find(connection, -5)
    assert other is not None
    assert other.topics == {"way-home"}
    talk.write("/start")
    assert (talk.chat().topics, talk.chat().digest_times, talk.chat().state) == (frozenset(), (), "new")


def test_forgetting_twice(talk: Talk) -> None:
    """A second press, or one by a stranger, does no harm and leaves no row either."""
    for _ in range(2):
        assert "left: 0" in said(talk.press("forget yes"))
        with talk.database.read() as connection:
            assert subscribers.find(connection, YOU) is None


def test_status_of_a_newcomer(talk: Talk) -> None:
    """It says what isn't chosen yet, and where."""
    text = said(talk.write("/status"))
    assert "/topics" in text
    assert "/schedule" in text


def test_status(talk: Talk) -> None:
    """Topics, hours with their zone, the next digest, the sources and the archive."""
    with talk.database.write() as connection:
        _, herald = listed(connection, talk.now, "Echo", "Herald")
        admit(connection, talk.now, arrival(herald))
        sources.settle(connection, herald.id, {"failures": 2, "last_error": "Why."})
    talk.press("topics on way-home")
    talk.write("/timezone Moscow")
    talk.write("/schedule 20:00")
    text = said(talk.write("/status"))
    for part in (
        "The Way Home",
        "20:00 (Europe/Moscow)",
        "22 Nov 2026, 20:00",
        "2 followed",
        "1 doesn&#x27;t answer",
        "1 article on our topics",
    ):
        assert part in text
    assert buttons(talk.write("/status")) == ["topics"]


def test_no_source(talk: Talk) -> None:
    """An empty list is a list."""
    assert "0 sources" in said(talk.write("/sources"))
    assert buttons(talk.write("/sources")) == []


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ({}, "not polled yet"),
        ({"last_success_at": datetime.fromisoformat("2026-11-22T09:00:00+00:00")}, "last read 22 Nov 2026, 09:00"),
        ({"failures": 3, "last_error": "The server <b>says</b> no."}, "The server &lt;b&gt;says&lt;/b&gt; no."),
        ({"state": "off"}, "switched off"),
        ({"state": "off", "note": "Closed & gone"}, "Closed &amp; gone"),
    ],
)
def test_how_a_source_fares(talk: Talk, columns: dict[str, object], shown: str) -> None:
    """In words, under its name and standing."""
    _list(talk, 1, **columns)
    text = said(talk.write("/sources"))
    assert "<b>Source 000</b> (in exile)" in text
    assert shown in text


def test_trouble_comes_first(talk: Talk) -> None:
    """Sources with trouble before those without, those that are off last; removed ones not at all."""
    _list(talk, 4)
    with talk.database.write() as connection:
        for number, columns in ((1, {"state": "off"}), (2, {"failures": 1, "last_error": "Why."}), (3, {"state": "removed"})):
            row = table(SourceRow)
            connection.execute(update(row).where(row.c.name == f"Source {number:03d}").values(**columns))
    text = said(talk.write("/sources"))
    assert text.index("Source 002") < text.index("Source 000") < text.index("Source 001")
    assert "Source 003" not in text


def test_turning_pages(talk: Talk) -> None:
    """Every source is on exactly one page; the buttons lead there and back."""
    _list(talk, 2 * SOURCES_A_PAGE + 3)
    calls = talk.write("/sources")
    seen = said(calls)
    while forward := [wish for wish in buttons(calls) if int(wish.split()[1]) >= seen.count("Source 0")]:
        calls = talk.press(forward[0])
        assert calls[-1]["method"] == "editMessageText"
        seen += said(calls)
    assert [seen.count(f"Source {n:03d}") for n in range(23)] == [1] * 23
    assert buttons(calls) == ["sources 10"]
    assert said(talk.press("sources 10")).count("Source 0") == SOURCES_A_PAGE


@pytest.mark.parametrize("typed", ["-1", "7", "999", "99999999999999", "x", "١", "1 2"])
def test_pages_that_arent_there(talk: Talk, typed: str) -> None:
    """Any number gives some page, full where there is enough to fill it."""
    _list(talk, 15)
    text = said(talk.write(f"/sources {typed}"))
    assert "15 sources" in text
    assert 0 < text.count("Source 0") <= SOURCES_A_PAGE


@pytest.mark.parametrize("sign", ["<", "я", "&", "Ж ", "a"])
def test_a_page_of_long_names_and_troubles(talk: Talk, sign: str) -> None:
    """Names and errors as long as they may be still make a message that Telegram takes."""
    with talk.database.write() as connection:
        catalog = [Source(f"{n}{sign * 300}", f"https://s{n}.example/", publisher="P", note=sign * 900) for n in range(12)]
        sources.keep_catalog(connection, catalog, talk.now)
        connection.execute(update(table(SourceRow)).values(failures=1, last_error=sign * 900))
    text = said(talk.write("/sources"))
    assert fits(text)
    entities.message_text(text, "HTML")


def test_a_page_of_signs(talk: Talk) -> None:
    """Signs outside of the basic plane count twice, in names and errors too."""
    with talk.database.write() as connection:
        catalog = [Source(f"{n}{'𝔘' * 300}", f"https://s{n}.example/", publisher="P") for n in range(12)]
        sources.keep_catalog(connection, catalog, talk.now + timedelta(days=1))
        connection.execute(update(table(SourceRow)).values(failures=1, last_error="𝔘" * 900))
    assert fits(said(talk.write("/sources")))
