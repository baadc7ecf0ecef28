"""/sources and /health: where the news comes from, how each source fares, and what was heard by day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot import troubles
from bot.commands.listing import SOURCES_A_PAGE, health
from bot.commands.request import Request
from bot.localchat import entities
from bot.lookout import Watched
from bot.render import fits, plain
from bot.voice import voice
from storage import coverage, mailbox, outbox, sources
from storage.coverage import Poll
from storage.database import Database
from storage.mailbox import Outgoing
from storage.records import Source, sentence
from storage.tables import Outbox, SourceRow, table
from tests.building import listed
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with an operator."""
    return Talk(database, watched, now, operators=frozenset({YOU}))


def _list(talk: Talk, number: int, **columns: object) -> None:
    with talk.database.write() as connection:
        catalog = [Source(f"Source {n:03d}", f"https://s{n}.example/", publisher=f"P{n}", standing="exile") for n in range(number)]
        sources.keep_catalog(connection, catalog, talk.now)
        if columns:
            connection.execute(update(table(SourceRow)).values(**columns))


def _pages(calls: list[dict[str, Any]]) -> list[str]:
    return [wish for wish in buttons(calls) if wish != "sources coverage"]


def test_no_source(talk: Talk) -> None:
    """An empty list is a list."""
    assert "0 sources" in said(talk.write("/sources"))
    assert buttons(talk.write("/sources")) == ["sources coverage"]


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
    while forward := [wish for wish in _pages(calls) if int(wish.split()[1]) >= seen.count("Source 0")]:
        calls = talk.press(forward[0])
        assert calls[-1]["method"] == "editMessageText"
        seen += said(calls)
    assert [seen.count(f"Source {n:03d}") for n in range(23)] == [1] * 23
    assert _pages(calls) == ["sources 10"]
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


def test_what_was_heard_by_day(talk: Talk) -> None:
    """A picture with a row for each language or standing, and the same in words."""
    today, yesterday = talk.now.date(), talk.now.date() - timedelta(days=1)
    with talk.database.write() as connection:
        herald, mirror = listed(connection, talk.now, "Herald", "Mirror")
        coverage.note(connection, [Poll(herald.id, today, failed=False, items=9, matched=4)])
        missed = ((mirror, today), (herald, yesterday))
        coverage.note(connection, [Poll(source.id, day, failed=True, items=0, matched=0) for source, day in missed])
    (picture,) = [call for call in talk.press("sources coverage standing") if call["method"] == "sendPhoto"]
    assert picture["caption"] == "<b>Coverage by day</b>\nin exile: 33% answered, items on our topics: 4"
    (row,) = picture["photo"]["chart"]["rows"]
    assert (row["shares"][-3:], row["items"][-2:]) == ([None, 0.0, 0.5], [0, 4])
    assert "several languages" in str(talk.press("sources coverage"))


def test_nothing_heard_yet(talk: Talk) -> None:
    """Before the first poll there is nothing to show."""
    assert "Nothing has been polled yet" in said(talk.press("sources coverage"))


def test_health(talk: Talk) -> None:
    """What fares badly is listed with the reason in words; what fails for a moment isn't."""
    _list(talk, 4)
    failing = {"failures": 9, "trouble": "fetch", "last_error": "The server says <no>."}
    with talk.database.write() as connection:
        row = table(SourceRow)
        for name, columns in (
            ("Source 000", failing),
            ("Source 001", {"trouble": "no preview"}),
            ("Source 002", {**failing, "failures": 1}),
        ):
            connection.execute(update(row).where(row.c.name == name).values(columns))
    text = said(talk.write("/health"))
    assert "Source 000</b> – can&#x27;t be reached\nThe server says &lt;no&gt;." in text
    assert "Source 001</b> – shows no preview" in text
    assert "Source 002" not in text


def test_reasons_in_the_readers_language(talk: Talk) -> None:
    """What is wrong with a source is said in the language of whoever asks."""
    reason = sentence("No complete answer within {most} seconds.", most="30")
    _list(talk, 1, failures=9, trouble="fetch", last_error=reason.kept())
    talk.language = "ru"
    for command in ("/health", "/sources"):
        assert "За 30 секунд ответ целиком не пришёл." in said(talk.write(command))


def test_all_well(talk: Talk) -> None:
    """Good news is said as well."""
    _list(talk, 1)
    assert "All of them fare well" in said(talk.write("/health"))


@pytest.mark.parametrize("command", ["health", "addsource https://a.example/", "removesource A"])
def test_operators_commands_are_theirs(database: Database, watched: Watched, now: datetime, command: str) -> None:
    """To others they don't exist, not even in /help."""
    talk = Talk(database, watched, now)
    assert "There is no command" in said(talk.write(f"/{command}"))
    assert "There is no command" in said(talk.press(command))
    assert f"/{command.split(maxsplit=1)[0]}" not in said(talk.write("/help"))


def test_what_waits_and_what_went_wrong(talk: Talk) -> None:
    """/health says how many messages wait, which Telegram wouldn't take, and the troubles since the start."""
    talk.write("/status")
    with talk.database.write() as connection:
        connection.execute(update(table(Outbox)).values(state="sent", settled_at=talk.now))
        mailbox.put_out(connection, [Outgoing(5, "sendMessage", {"text": "one"}), Outgoing(6, "sendMessage", {"text": "two"})], talk.now)
        (letter,) = outbox.claim(connection, talk.now, 1, [])
        outbox.settle(connection, letter, "rejected", talk.now, error="Bad Request: chat is odd")
    troubles.count("backup failed")
    with talk.database.read() as connection:
        asked = Request(connection, talk.chat(), voice("en"), "", talk.now, talk.watched.subjects, talk.watched.recogniser, operator=True)
        (answer,) = (plain(message.payload()["text"]) for message in health(asked).messages)
    assert "1 message waits to be sent." in answer
    assert "Telegram wouldn't take 1 message since yesterday.\nThe last: Bad Request: chat is odd" in answer
    assert "backup failed: " in answer


def test_trouble_in_the_readers_words(database: Database, watched: Watched, now: datetime) -> None:
    """Who can't mend a source reads in their language that it doesn't answer; the details are for operators."""
    talk = Talk(database, watched, now, language="ru")
    _list(talk, 1, failures=3, last_error="The server says no.", trouble="fetch")
    answer = said(talk.write("/sources"))
    assert "не отвечает" in answer
    assert "The server" not in answer
