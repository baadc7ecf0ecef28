"""Alerts: told when enough publishers tell a story, once, and held back while it is quiet or paused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import unasked
from bot.lookout import Watched
from storage import turns
from storage.database import Database
from storage.tables import Outbox, table
from tests.building import admit, arrival, event, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """Somebody in Moscow (12:30) who wants alerts on the Way Home from two publishers."""
    talk = Talk(database, watched, now)
    with database.write() as connection:
        listed(connection, now, "Herald", "Mirror", "Tribune")
    talk.write("/timezone Moscow")
    talk.press("alerts on way-home")
    talk.press("alerts from 2")
    return talk


def _report(talk: Talk, outlet: str, number: int = 1) -> None:
    with talk.database.write() as connection:
        (polled,) = listed(connection, talk.now, outlet)
        admit(
            connection, talk.now, arrival(polled, url=f"https://{outlet}.example/{number}", title=f"Новость {number}", text=event(number))
        )


def _told(talk: Talk) -> list[str]:
    """What is written unasked now; it counts as sent then, as does all that was said before."""
    outbox = table(Outbox)
    with talk.database.write() as connection:
        connection.execute(update(outbox).where(outbox.c.state == "pending").values(state="sent", settled_at=talk.now))
        unasked.write(connection, talk.watched.subjects, talk.now)
        rows = connection.execute(select(outbox).where(outbox.c.state == "pending").order_by(outbox.c.id)).all()
    return [str(row.payload.get("text", row.method)) for row in rows]


def test_at_the_threshold_and_once(talk: Talk) -> None:
    """One publisher isn't enough, the second is told at once, a third changes nothing."""
    _told(talk)
    _report(talk, "Herald")
    assert _told(talk) == []
    _report(talk, "Mirror")
    (text,) = _told(talk)
    assert "Новость 1" in text
    _report(talk, "Tribune")
    assert _told(talk) == []


def test_other_topics_are_not_told(talk: Talk) -> None:
    """Who wants alerts on another topic hears nothing; turned off, nobody does."""
    talk.press("alerts off way-home")
    talk.press("alerts on soldiers-widows")
    _told(talk)
    _report(talk, "Herald")
    _report(talk, "Mirror")
    assert _told(talk) == []
    talk.write("/alerts off")
    with talk.database.read() as connection:
        assert turns.alert_cursors(connection, 2**40) == []


def test_quiet_hours_hold_back(talk: Talk) -> None:
    """What comes while it is quiet is told when that is over, once."""
    talk.write("/quiet 12-14")
    _told(talk)
    _report(talk, "Herald")
    _report(talk, "Mirror")
    assert _told(talk) == []
    talk.now += timedelta(hours=2)
    assert len(_told(talk)) == 1
    assert _told(talk) == []


def test_paused_is_silent(talk: Talk) -> None:
    """While all is paused nothing is told; afterwards what was missed is."""
    talk.write("/pause")
    _told(talk)
    _report(talk, "Herald")
    _report(talk, "Mirror")
    assert _told(talk) == []
    talk.write("/resume")
    assert any("Новость 1" in text for text in _told(talk))


def test_discreet_alerts_say_nothing(talk: Talk) -> None:
    """The alert is a neutral line that can't be forwarded; a tap opens it, and what was said is deleted in time."""
    talk.write("/discreet on")
    talk.press("discreet fade 6")
    _told(talk)
    _report(talk, "Herald")
    _report(talk, "Mirror")
    with talk.database.write() as connection:
        unasked.write(connection, talk.watched.subjects, talk.now)
        outbox = table(Outbox)
        row = connection.execute(select(outbox).where(outbox.c.state == "pending")).one()
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(state="sent", settled_at=talk.now, message_id=555))
    assert "Новость" not in row.payload["text"]
    assert row.payload["protect_content"]
    (press,) = buttons([row.payload])
    opened = talk.press(press)
    assert "Новость 1" in said(opened)
    assert opened[-1]["protect_content"]
    talk.now += timedelta(hours=5)
    assert "deleteMessage" not in _told(talk)
    talk.now += timedelta(hours=2)
    assert "deleteMessage" in _told(talk)
    assert "deleteMessage" not in _told(talk)


@pytest.mark.parametrize("typed", ["from 99", "nonsense topic", "<b>", "on xyz", "from", "on off on", "🔔"])
def test_what_is_no_alert(talk: Talk, typed: str) -> None:
    """It is answered with an example, and nothing changes."""
    before = talk.chat().choices
    text = said(talk.write(f"/alerts {typed}"))
    assert "/alerts" in text
    assert "<b>&" not in text
    assert talk.chat().choices == before


@pytest.mark.parametrize(
    ("typed", "kept"), [("22-8", "22:00-08:00"), ("22:30 – 7", "22:30-07:00"), ("off", ""), ("night", "x"), ("8-8", "x"), ("25-3", "x")]
)
def test_quiet_hours_as_typed(talk: Talk, typed: str, kept: str) -> None:
    """Spans of hours as people write them; what is none is answered with an example and changes nothing."""
    before = talk.chat().quiet_hours
    text = said(talk.write(f"/quiet {typed}"))
    assert talk.chat().quiet_hours == (before if kept == "x" else kept)
    assert "/quiet 22:00-8:00" in text or kept not in {"x", ""}


def test_hours_are_those_of_a_city(talk: Talk) -> None:
    """The zone of quiet hours is called by its city, in /quiet and /alerts."""
    for text in (said(talk.write("/quiet 22-8")), said(talk.write("/alerts"))):
        assert "22:00–08:00 (Moscow)" in text
