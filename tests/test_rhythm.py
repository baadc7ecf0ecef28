"""/schedule, /timezone and /digest: when a subscriber hears from us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.commands.rhythm import MOST_SLOTS
from bot.lookout import Watched
from storage.database import Database
from tests.building import LONG, admit, arrival, event, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with somebody in Moscow who follows everything, with an archive of ten days."""
    talk = Talk(database, watched, now, language="ru")
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for days in (10, 5, 1):
            url = f"https://herald.example/{days}"
            admit(connection, now - timedelta(days=days), arrival(herald, url=url, title=f"Новость {days}", text=f"{LONG} {days}"))
    talk.press("topics on all")
    return talk


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("8", ("08:00",)),
        ("8:00 20:30", ("08:00", "20:30")),
        ("20.30, 8;", ("08:00", "20:30")),
        ("8 8:00 08:00", ("08:00",)),
        ("0:00 23:59", ("00:00", "23:59")),
        ("on 8", ("08:00",)),
        ("off", ()),
    ],
)
def test_typed_times(talk: Talk, typed: str, times: tuple[str, ...]) -> None:
    """Times of day as people type them, in order, each once; the next digest is planned by them."""
    calls = talk.write(f"/schedule {typed}")
    assert talk.chat().digest_times == times
    assert all(time in said(calls) for time in times)
    assert (talk.chat().next_due_at is not None) is bool(times)
    assert talk.chat().state == "on"


@pytest.mark.parametrize("typed", ["25:00", "8:60", "noon", "8 pm", "-1", "8:00 x", "٨", "²", "<b>", "8" * 4_000, "🕗", "on off"])
def test_what_is_no_time(talk: Talk, typed: str) -> None:
    """It is named with how to write one, and the times stay as they were."""
    talk.write("/schedule 9")
    calls = talk.write(f"/schedule {typed}")
    assert talk.chat().digest_times == ("09:00",)
    assert "<b>" not in said(calls)
    assert typed == "on off" or "/schedule 8:00 20:30" in said(calls)


def test_tapped_hours(talk: Talk) -> None:
    """A tap turns an hour on or off, as often as it is tapped; typed times have a button too."""
    talk.write("/schedule 7:45")
    calls = talk.press("schedule on 20:00")
    assert talk.chat().digest_times == ("07:45", "20:00")
    assert {"schedule off 07:45", "schedule off 20:00", "schedule on 08:00"} <= set(buttons(calls))
    talk.press("schedule on 20:00")
    assert talk.chat().digest_times == ("07:45", "20:00")
    talk.press("schedule off 07:45")
    talk.press("schedule off 07:45")
    assert talk.chat().digest_times == ("20:00",)
    talk.press("schedule off 20:00")
    assert (talk.chat().digest_times, talk.chat().next_due_at) == ((), None)


def test_too_many_times_at_once(talk: Talk) -> None:
    """More than a day holds is refused with the number."""
    talk.write("/schedule 9")
    assert str(MOST_SLOTS) in said(talk.write("/schedule " + " ".join(map(str, range(13)))))
    assert talk.chat().digest_times == ("09:00",)


def test_one_hour_too_many_by_tap(talk: Talk) -> None:
    """The thirteenth is refused like one that is typed; none that was chosen is lost without a word."""
    talk.write("/schedule " + " ".join(f"{hour}:00" for hour in range(9, 21)))
    before = talk.chat().digest_times
    calls = talk.press("schedule on 06:00")
    assert talk.chat().digest_times == before
    assert str(MOST_SLOTS) in said(calls)


def test_several_times_to_turn_on(talk: Talk) -> None:
    """What is typed behind “on” is taken whole or answered, not cut off after the first."""
    calls = talk.write("/schedule on 8 20")
    assert talk.chat().digest_times == ("08:00", "20:00") or "/schedule 8:00 20:30" in said(calls)


def test_the_next_digest(talk: Talk) -> None:
    """It is at the chosen hour in the reader's zone: 13:00 in Moscow is 10:00 UTC, today."""
    talk.write("/schedule 13:00")
    assert talk.chat().next_due_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    talk.write("/timezone Владивосток")
    assert talk.chat().next_due_at == datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "city"), [("Самара", "Europe/Samara", "Самара"), ("Berlin", "Europe/Berlin", "Берлин"), ("utc", "UTC", "UTC")]
)
def test_a_zone_by_its_city(talk: Talk, typed: str, zone: str, city: str) -> None:
    """The zone is taken, and the time there said, to be checked against a clock."""
    assert city in said(talk.write(f"/timezone {typed}"))
    assert talk.chat().time_zone == zone
    assert city in said(talk.write("/timezone"))


def test_a_city_with_several_meanings(talk: Talk) -> None:
    """A choice of buttons, each of which sets its zone; until then nothing changes."""
    wishes = buttons(talk.write("/timezone San"))
    assert len(wishes) > 1
    assert talk.chat().time_zone == "Europe/Moscow"
    for wish in wishes:
        talk.press(wish)
        assert wish == f"timezone {talk.chat().time_zone}"


@pytest.mark.parametrize("typed", ["xyzzy", "x", "<b>&", "🗺" * 200, "../../etc/passwd", "A" * 4_000, "{zone}"])
def test_no_such_place(talk: Talk, typed: str) -> None:
    """A friendly sentence with what to try, and the zone stays."""
    calls = talk.write(f"/timezone {typed}")
    assert "/timezone Берлин" in said(calls)
    assert "<b>" not in said(calls)
    assert talk.chat().time_zone == "Europe/Moscow"


def test_a_digest_now(talk: Talk) -> None:
    """What came since the last one, once; then nothing, with the last days a tap away."""
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, url="https://herald.example/new", title="Свежая новость", text=event("new")))
    assert "Свежая новость" in said(talk.write("/digest"))
    again = talk.write("/digest")
    assert "Свежая новость" not in said(again)
    assert buttons(again) == ["digest week"]


def test_the_last_week(talk: Talk) -> None:
    """Everything of seven days, as often as it is asked for, and nothing older."""
    for _ in range(2):
        talk.now += timedelta(seconds=1)
        text = said(talk.press("digest week"))
        assert ("Новость 1" in text, "Новость 5" in text, "Новость 10" in text) == (True, True, False)


def test_a_digest_of_nothing(talk: Talk) -> None:
    """Without a topic there is no digest, but a way to choose one."""
    talk.press("topics off all")
    assert buttons(talk.write("/digest")) == ["topics"]
    assert buttons(talk.write("/digest week")) == ["topics"]


@pytest.mark.parametrize("typed", ["1 0", "999 0", "0 0", f"{'9' * 17} {'9' * 17}", "9" * 30 + " 1", "1 -1", "٣ ٣", "1 2 3", "x y"])
def test_pages_that_are_nobodys(talk: Talk, typed: str) -> None:
    """A page of a digest that isn't there, or isn't theirs, is a friendly word and no error."""
    assert talk.press(f"digest {typed}")
    assert said(talk.write(f"/digest {typed}"))


def test_anothers_digest_stays_closed(talk: Talk) -> None:
    """Guessing the number of somebody's digest shows nothing of it."""
    talk.write("/digest week")
    for number in range(1, 5):
        message = {"message_id": 1, "date": 1, "chat": {"id": 2002, "type": "private"}, "text": f"/digest {number} 0", **talk._from()}
        assert "Новость" not in said(talk.take({"update_id": 5_000 + number, "message": message}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(argument=strategies.text(max_size=30) | strategies.from_regex(r"(on|off)? ?[0-9:. ]{0,15}", fullmatch=True))
def test_whatever_is_typed_leaves_times_that_can_be_kept(talk: Talk, argument: str) -> None:
    """After any argument the times are valid, in order, not too many, and a digest is planned exactly if there are any."""
    talk.write(f"/schedule {argument}".strip())
    chat = talk.chat()
    assert list(chat.digest_times) == sorted({*chat.digest_times})
    assert len(chat.digest_times) <= MOST_SLOTS
    assert all(datetime.strptime(time, "%H:%M") for time in chat.digest_times)  # noqa: DTZ007 - a time of day
    assert (chat.next_due_at is not None) is bool(chat.digest_times)
    assert chat.next_due_at is None or talk.now < chat.next_due_at <= talk.now + timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("пн пт 8", (0, 4)),
        ("mon, fri at 8:00", (0, 4)),
        ("по понедельникам в 8", (0,)),
        ("будни 8", (0, 1, 2, 3, 4)),
        ("weekly 8", (0,)),
        ("8", ()),
    ],
)
def test_weekdays_as_typed(talk: Talk, typed: str, days: tuple[int, ...]) -> None:
    """Days in any of our languages; the next digest falls on one of them."""
    talk.write(f"/schedule {typed}")
    chat = talk.chat()
    assert (chat.choices.weekdays, chat.digest_times) == (days, ("08:00",))
    assert chat.next_due_at is not None
    assert not days or chat.next_due_at.weekday() in days


def test_weekdays_by_tap(talk: Talk) -> None:
    """A tap takes a day out of all seven, another puts it back; the last one can't leave the digest without any."""
    talk.write("/schedule 8")
    talk.press("schedule day off 6")
    talk.press("schedule day off 6")
    assert talk.chat().choices.weekdays == (0, 1, 2, 3, 4, 5)
    talk.press("schedule day on 6")
    assert talk.chat().choices.weekdays == ()
    assert "schedule" in buttons(talk.press("schedule days"))


def test_a_line_or_silence(talk: Talk) -> None:
    """What shall be said where nothing is new is a wish that may be repeated."""
    for wish, kept in (("say", True), ("say", True), ("silence", False)):
        talk.press(f"schedule nothing {wish}")
        assert talk.chat().choices.tells_nothing is kept


def test_nothing_yet(talk: Talk) -> None:
    """Who never had a digest isn't told of a last one."""
    talk.write("/subscribe Soldiers' Widows")
    assert "На ваши темы пока ничего нового." in said(talk.write("/digest"))


def test_a_pause(talk: Talk) -> None:
    """Nothing is planned while it lasts; afterwards the hours are as they were."""
    talk.write("/schedule 8")
    talk.write("/pause")
    assert (talk.chat().state, talk.chat().next_due_at) == ("paused", None)
    assert "/resume" in said(talk.write("/schedule"))
    talk.press("resume")
    assert talk.chat().state == "on"
    assert talk.chat().next_due_at is not None
