"""/trend and /timeline: pictures of how much was told and what, with the same in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.lookout import Watched
from bot.pictures.figures import from_json
from bot.render import plain
from bot.spans import Span, read_span
from storage import articles, coverage, story_changes
from storage.coverage import Poll
from storage.database import Database
from tests.building import admit, arrival, event, listed
from tests.talk import Talk, buttons, said

WRITTEN = r"(protest|way home|,| |\d{1,4}[dwmy]|20\d\d|\.\.|language)*"
TODAY = date(2026, 11, 22)


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation about an archive: two articles on protest ten days ago in two languages, one on the Way Home today."""
    talk = Talk(database, watched, now)
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        before = now - timedelta(days=10)
        old = [arrival(herald, url=f"https://h.example/{n}", title=f"Протест {n}", text=event(n), topics=("protest",)) for n in range(2)]
        admit(
            connection,
            before,
            old[0],
            arrival(herald, url="https://h.example/en", title="Rally", text=event(9), topics=("protest",), language="en"),
        )
        admit(connection, now, arrival(herald, url="https://h.example/3", title="Пикет", text=event(3), topics=("way-home", "protest")))
        coverage.note(connection, [Poll(herald.id, (now - timedelta(days=5)).date(), failed=True, items=0, matched=0)])
    return talk


def _picture(calls: list[dict[str, Any]]) -> dict[str, Any]:
    (call,) = [call for call in calls if call["method"] == "sendPhoto"]
    from_json(call["photo"]["chart"])
    assert len(plain(call["caption"])) <= 1024
    chart: dict[str, Any] = call["photo"]["chart"]
    return {**chart, "caption": call["caption"]}


def test_a_trend(talk: Talk) -> None:
    """A bar for each day and topic, the sum and the highest day in words, and a gap where no source answered."""
    found = _picture(talk.write("/trend protest, Way Home"))
    assert [series["name"] for series in found["series"]] == ["Protest", "The Way Home"]
    assert [sum(series["values"]) for series in found["series"]] == [3, 1]
    assert found["series"][0]["values"][-11:] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (len(found["columns"]), found["gaps"]) == (30, [[24, 24]])
    assert "most on 12 November: 2" in found["caption"]


def test_by_language_and_standing(talk: Talk) -> None:
    """An article counts once, however many of the topics it is about."""
    calls = talk.write("/trend protest, way-home language")
    assert {series["name"]: sum(series["values"]) for series in _picture(calls)["series"]} == {"English": 1, "Русский": 2}
    assert "4 articles" not in _picture(calls)["caption"]
    found = _picture(talk.write("/trend protest by standing 2026-11"))
    assert [(series["name"], sum(series["values"])) for series in found["series"]] == [("in exile", 3)]
    assert _picture(talk.press(buttons(talk.write("/trend protest"))[0]))["series"]
    for asked in ("по языкам", "за мовами", "by languages"):
        assert [series["name"] for series in _picture(talk.write(f"/trend protest {asked}"))["series"]] == ["English", "Русский"]


def test_long_spans_are_drawn_by_week(talk: Talk) -> None:
    """More than three months would be too many bars."""
    found = _picture(talk.write("/trend protest 1y"))
    assert len(found["columns"]) == 53
    assert "most in the week of" in found["caption"]


def test_a_timeline(talk: Talk) -> None:
    """The stories of a topic in their order, linked in words."""
    found = _picture(talk.write("/timeline protest"))
    assert [each["text"] for each in found["events"]] == ["Протест 0", "Rally", "Пикет"]
    assert '<a href="https://h.example/3">Пикет</a>' in found["caption"]
    assert "Name one topic" in said(talk.write("/timeline"))


def test_one_house_is_one_voice(talk: Talk, database: Database, now: datetime) -> None:
    """A story that three outlets of one house tell weighs what another weighs that one outlet tells."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        outlets = ("BBC News", "BBC Russian", "bbc.com")
        told = [arrival(herald, url=f"https://b.example/{name}", text=event(50), topics=("protest",), outlet=name) for name in outlets]
        admit(connection, now, *told)
    found = _picture(talk.write("/timeline protest"))
    assert [each["weight"] for each in found["events"]] == [1, 1, 1, 1]


def test_nothing_to_draw(talk: Talk) -> None:
    """It is said in words; what isn't understood is named."""
    assert "Nothing on these topics" in said(talk.write("/trend protest 2020"))
    assert "“xyzzy”" in said(talk.write("/trend protest xyzzy"))
    assert "Nothing on these topics" in said(talk.write("/timeline protest 2020"))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("30d", "2026-10-24", "2026-11-22"),
        ("1w", "2026-11-16", "2026-11-22"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-2-3", "2024-02-03", "2024-02-03"),
        ("2024-01..2024-03", "2024-01-01", "2024-03-31"),
        ("2026-10..", "2026-10-01", "2026-11-22"),
        ("2026", "2026-01-01", "2026-11-22"),
        *[(written, "2026-10-24", "2026-11-22") for written in ("30д", "30Д", "1м", "1мес", "1міс", "30дн")],
        *[(written, "2026-11-16", "2026-11-22") for written in ("1н", "1нед", "1тиж")],
    ],
)
def test_spans(written: str, first: str, last: str) -> None:
    """As people write them; nothing lies after today."""
    assert read_span(written, TODAY) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "written", ["", "..", "30", "2027", "2024-13", "2024-02-30", "0000", "2024..2023", "d", "٣d", "-5d", "2024-02-", "..2024"]
)
def test_no_spans(written: str) -> None:
    """Anything else is none."""
    assert read_span(written, TODAY) is None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=strategies.text(max_size=40)
    | strategies.from_regex(r"(protest|way home|,| |\d{1,4}[dwmy]|20\d\d|\.\.|language)*", fullmatch=True)
)
def test_anything_gets_an_answer(talk: Talk, written: str) -> None:
    """Whatever is asked, something is answered, and what is drawn can be drawn."""
    for command in ("trend", "timeline"):
        calls = talk.write(f"/{command} {written}")
        assert calls
        for call in calls:
            if call["method"] == "sendPhoto":
                _picture([call])


def test_a_story_in_the_readers_language(talk: Talk, now: datetime) -> None:
    """A timeline and a story's page show a report that the reader can read, where the story has one."""
    with talk.database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        english = arrival(herald, url="https://h.example/4e", title="Wives in Omsk", text=event(4), topics=("way-home",), language="en")
        first = admit(connection, now, english)
        second = admit(connection, now, arrival(herald, url="https://h.example/4r", title="Жёны в Омске", text="x", topics=("way-home",)))
        story = articles.tellers(connection, first.new)[0].story_id
        story_changes.move(connection, second.new, story, reason="a test", by_hand=True, now=now)
    assert "Wives in Omsk" in said(talk.write(f"/story {story}")).split("\n")[0]
    talk.write("/language ru")
    assert "Жёны в Омске" in said(talk.write(f"/story {story}")).split("\n")[0]
    told = [each["text"] for each in _picture(talk.write("/timeline way-home"))["events"]]
    assert "Жёны в Омске" in told
    assert "Wives in Omsk" not in told
