"""Local times become moments: each slot once a local date, in order, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies

from bot.clock import ShiftedClock, SystemClock, last_due, next_due, parse_slot, to_utc

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
SLOTS = strategies.builds(lambda hour, minute: f"{hour:02d}:{minute:02d}", strategies.integers(0, 23), strategies.integers(0, 59))


@pytest.mark.parametrize(
    ("day", "slot", "zone", "moment"),
    [
        (date(2026, 3, 29), "02:30", "Europe/Berlin", "2026-03-29T01:30"),  # skipped: an hour later by the wall
        (date(2026, 10, 25), "02:30", "Europe/Berlin", "2026-10-25T00:30"),  # repeated: the first
        (date(2026, 3, 30), "00:00", "Europe/Berlin", "2026-03-29T22:00"),
        (date(2026, 10, 5), "00:00", "Australia/Lord_Howe", "2026-10-04T13:00"),
        (date(2026, 11, 22), "08:00", "Europe/Moscow", "2026-11-22T05:00"),
    ],
)
def test_local_to_utc(day: date, slot: str, zone: str, moment: str) -> None:
    """A time that the clocks skip moves forward, one that they repeat counts once."""
    assert to_utc(day, slot, zone) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(zone=strategies.sampled_from(ZONES), slot=SLOTS, start=strategies.dates(date(2022, 1, 1), date(2031, 12, 1)))
def test_one_run_a_local_date(zone: str, slot: str, start: date) -> None:
    """Going from run to run, every local date has the slot exactly once, in order."""
    due = next_due((slot,), zone, datetime.combine(start, datetime.min.time(), UTC))
    seen = []
    for _ in range(60):
        assert due is not None
        seen.append(due)
        assert last_due((slot,), zone, due.at) == due
        due = next_due((slot,), zone, due.at)
    assert all(later.at > earlier.at for earlier, later in pairwise(seen))
    # A zone that jumps over the date line has a date less.
    assert all(timedelta(days=1) <= later.local_date - earlier.local_date <= timedelta(days=2) for earlier, later in pairwise(seen))
    assert sum(later.local_date - earlier.local_date != timedelta(days=1) for earlier, later in pairwise(seen)) <= 1


def _changes(zone: str) -> tuple[date, ...]:
    """The days of ten years around which the clocks of a zone change."""
    place, first = ZoneInfo(zone), datetime.combine(date(2022, 1, 1), time(12))
    offsets = [(first + timedelta(days=n)).replace(tzinfo=place).utcoffset() for n in range(3653)]
    return tuple(first.date() + timedelta(days=n) for n in range(1, 3653) if offsets[n] != offsets[n - 1])


def test_every_zone_and_every_change_of_its_clocks() -> None:
    """In all of tzdata, over ten years: around each change of a zone's clocks, every half hour comes once a date, in order.

    What lies between changes is the same every day, and zones that change on the same days by the same rules are tried once.
    """
    found = {(_changes(zone), ZoneInfo(zone).utcoffset(datetime(2026, 1, 1))): zone for zone in ZONES}  # noqa: DTZ001 - a local time
    slots = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]
    assert len(found) > 50
    for (changes, _), zone in found.items():
        for day in changes[:40] or (date(2026, 1, 1),):
            dates = [day + timedelta(days=n) for n in (-2, -1, 0, 1)]
            for slot in slots:
                moments = [to_utc(each, slot, zone) for each in dates]
                assert all(timedelta(hours=20) < later - earlier < timedelta(hours=28) for earlier, later in pairwise(moments)), (
                    zone,
                    slot,
                )
                walked = [next_due((slot,), zone, moment - timedelta(seconds=1)) for moment in moments[1:2]]
                assert [each and each.local_date for each in walked] == dates[1:2], (zone, day, slot)


@settings(max_examples=60, deadline=None)
@given(
    zone=strategies.sampled_from(ZONES),
    slots=strategies.lists(SLOTS, max_size=4),
    now=strategies.datetimes(datetime.fromisoformat("2022-01-01"), datetime.fromisoformat("2031-01-01")),
)
def test_nothing_is_due_between_the_last_and_the_next(zone: str, slots: list[str], now: datetime) -> None:
    """Whatever the moment, it lies between the last run and the next one."""
    moment = now.replace(tzinfo=UTC)
    last, following = last_due(slots, zone, moment), next_due(slots, zone, moment)
    if not slots:
        assert last is following is None
    else:
        assert last is not None
        assert following is not None
        assert last.at <= moment < following.at
        assert following.at - last.at <= timedelta(hours=50)


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("8", "08:00"),
        ("8:30", "08:30"),
        ("08.30", "08:30"),
        ("20h", "20:00"),
        ("8h15", "08:15"),
        ("0", "00:00"),
        ("23:59", "23:59"),
        ("9ч", "09:00"),
    ],
)
def test_times_as_people_type_them(typed: str, slot: str) -> None:
    """A time of day is read in the ways it is written."""
    assert parse_slot(typed) == slot


@given(strategies.text(max_size=12))
def test_anything_else_is_no_time(typed: str) -> None:
    """Whatever is typed gives a time of day or None."""
    slot = parse_slot(typed)
    assert slot is None or datetime.strptime(slot, "%H:%M").replace(tzinfo=UTC)


@pytest.mark.parametrize("typed", ["24", "8:60", "8:5", "-1", "²", "noon", "", "8:30:00"])
def test_no_times(typed: str) -> None:
    """What is no time of day is refused."""
    assert parse_slot(typed) is None


def test_a_moved_clock_tells_who_listens() -> None:
    """The hand-moved clock runs with the machine's, and says that it was moved."""
    clock, moves = ShiftedClock(), list[int]()
    clock.moved = lambda: moves.append(1)
    clock.advance(3600)
    assert timedelta(minutes=59) < clock.now() - SystemClock().now() < timedelta(minutes=61)
    assert moves == [1]
    assert clock.now().tzinfo is not None
    assert ZoneInfo("UTC") is not None
