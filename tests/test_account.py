"""/language, /privacy, /forget, /status and /sources: what we know of a subscriber, and what there is to know of us."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import pytest

from bot.lookout import Watched
from bot.voice import LANGUAGES, voice
from storage import claiming, subscribers
from storage.choices import Choices
from storage.database import Database
from storage.tables import Row
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation."""
    return Talk(database, watched, now)


@pytest.mark.parametrize(("typed", "code"), [("ru", "ru"), ("РУССКИЙ", "ru"), ("Українська", "uk"), ("english", "en"), (" UK ", "uk")])
def test_a_language_by_its_name(talk: Talk, typed: str, code: str) -> None:
    """By its code or its own name; the answer is in it already, and so is everything after."""
    answer = said(talk.write(f"/language {typed}"))
    assert talk.chat().language == code
    assert voice(code)("I speak English now.") in answer
    assert voice(code)("What I keep about you") in said(talk.write("/privacy"))


@pytest.mark.parametrize("typed", ["", "klingon", "xx", "<b>", "ru uk", "\ud83d", "a" * 4_000])
def test_a_language_we_dont_speak(talk: Talk, typed: str) -> None:
    """The three that we do are offered, and nothing changes."""
    calls = talk.write(f"/language {typed}".strip())
    assert buttons(calls)[:3] == [f"language {code}" for code in LANGUAGES]
    assert talk.chat().language == "en"


def test_what_is_kept(talk: Talk) -> None:
    """/privacy names every kind of thing that the table of subscribers holds, and how to erase it."""
    text = said(talk.write("/privacy"))
    for kept in ("number", "language", "time zone", "topics", "month", "No name", "/forget"):
        assert kept in text


# What /privacy calls each column of the tables about a subscriber; None: it says nothing about the reader.
SAID_OF: dict[str, dict[str, str | None]] = {
    "subscribers": {
        "id": None,
        "chat_id": "number",
        "thread_id": "thread",
        "language": "language",
        "time_zone": "time zone",
        "digest_times": "hours",
        "quiet_hours": "quiet hours",
        "options": "muted",
        "cursor": "how far",
        "last_active_month": "month in which you last wrote",
        "state": None,
        "next_due_at": None,
        "alert_cursor": "alerts have come",
        "fade_hours": "hours after which I delete",
    },
    "subscriptions": {"subscriber_id": None, "topic": "topics"},
    "watches": {"id": None, "subscriber_id": None, "name": "watches", "rule": "rules"},
    "digests": {
        **dict.fromkeys(("id", "subscriber_id")),
        **dict.fromkeys(("local_date", "slot", "from_seq", "to_seq", "stories"), "which were written"),
    },
    "guests": {"chat_id": "invitation"},
}


def test_what_is_said_to_be_kept_is_what_the_tables_hold(talk: Talk) -> None:
    """Each column of each table about a subscriber has its word in /privacy; a new one can't be added in silence."""
    talk.allowed = frozenset({YOU})
    text = said(talk.write("/privacy"))
    owned = {each.name: each for each in Row.metadata.sorted_tables if "subscriber_id" in each.c or each.name in {"subscribers", "guests"}}
    assert owned.keys() == SAID_OF.keys()
    for name, words in SAID_OF.items():
        assert set(words) == {column.name for column in owned[name].c}, name
        assert all(word is None or word in text for word in words.values()), name


def test_every_choice_is_said_to_be_kept() -> None:
    """The choices in the column of options are those that /privacy speaks of."""
    known = {"weekdays", "tells_nothing", "alerts", "publishers", "discreet", "unread", "asked", "is_channel", "controls"}
    assert {field.name for field in fields(Choices)} == known | {"muted_outlets", "muted_topics", "muted_stories"}


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
        claiming.settle(connection, {herald.id: {"failures": 2, "last_error": "Why."}})
    talk.press("topics on way-home")
    talk.write("/timezone Moscow")
    talk.write("/schedule 20:00")
    text = said(talk.write("/status"))
    for part in (
        "The Way Home",
        "20:00 (Moscow)",
        "22 Nov 2026, 20:00",
        "2 followed",
        "1 doesn&#x27;t answer",
        "1 article on our topics",
    ):
        assert part in text
    assert buttons(talk.write("/status")) == ["topics"]
