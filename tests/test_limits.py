"""Telegram's limits are kept, whatever is asked to be sent and however long it is on its way."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings, strategies

from bot.limits import (
    ANSWERS,
    BURST,
    GROUP_PER_MINUTE,
    LONGEST_BETWEEN,
    LONGEST_HALT,
    MOST_TAKEN_OFF,
    OVERALL_PER_SECOND,
    REGAINED_AFTER,
    SLOW_START,
    Limits,
)

START = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
SECOND = timedelta(seconds=1)
GROUP = -100


def _send_all(sends: list[tuple[int, float, float]], limits: Limits) -> list[tuple[datetime, int]]:
    """Send a message to each chat, in order, as early as the limits allow; when the server counts each of them.

    Each is so many seconds on its way there, and so many on its way back.
    """
    now, counted, answers = START, list[tuple[datetime, int]](), list[tuple[datetime, int, float]]()
    for chat, there, back in sends:
        while not limits.room(now) or chat in limits.resting(now):
            now = min([limits.next_change(now), *(moment for moment, *_ in answers[:1] if moment > now)])
            while answers and answers[0][0] <= now:
                moment, answered, took = answers.pop(0)
                limits.end(answered, moment)
                limits.answered_after(timedelta(seconds=took))
        limits.begin(chat, now)
        counted.append((now + timedelta(seconds=there), chat))
        answers = sorted([*answers, (now + timedelta(seconds=there + back), chat, there + back)])
    return sorted(counted)


def _converse(wait: Callable[[datetime], int], limits: Limits, seconds: int, way: float = 0.05) -> list[tuple[datetime, int]]:
    """Send as much as the limits allow, each to another chat: when the server had each, and for how long it asked to wait (0: taken)."""
    now, had, under_way = START, list[tuple[datetime, int]](), deque[tuple[datetime, int, int]]()
    while now < START + seconds * SECOND:
        while under_way and under_way[0][0] <= now:
            moment, chat, asked = under_way.popleft()
            limits.end(chat, moment)
            if asked:
                limits.told_to_wait(chat, asked * SECOND, moment)
            else:
                limits.went_through()
                limits.answered_after(2 * way * SECOND)
        if limits.room(now) and len(had) + 1 not in limits.resting(now):
            had.append((now + way * SECOND, wait(now + way * SECOND)))
            limits.begin(len(had), now)
            under_way.append((now + 2 * way * SECOND, len(had), had[-1][1]))
        else:
            now = min([limits.next_change(now), *(moment for moment, *_ in list(under_way)[:1])])
    return had


def _takes(a_second: int) -> Callable[[datetime], int]:
    """A server that takes so many messages in any second, and asks for a second's wait where there are more."""
    taken = deque[datetime]()

    def wait(now: datetime) -> int:
        while taken and taken[0] <= now - SECOND:
            taken.popleft()
        if len(taken) >= a_second:
            return 1
        taken.append(now)
        return 0

    return wait


def _most_within(moments: list[datetime], span: timedelta) -> int:
    return max((bisect_left(moments, first + span) - index for index, first in enumerate(moments)), default=0)


_CHATS = strategies.one_of(strategies.sampled_from([1, 2, GROUP]), strategies.integers(3, 10_000))
_WAYS = strategies.floats(0, 0.6)


_LONGER = strategies.lists(strategies.tuples(_CHATS, _WAYS, _WAYS), max_size=150)


@settings(max_examples=60, deadline=None)
@given(_WAYS, _WAYS, _LONGER)
def test_no_limit_is_ever_broken(there: float, back: float, longer: list[tuple[int, float, float]]) -> None:
    """At the server, in no second arrive more than 30, in no 3 s more than 3 for a person, in no minute more than 20 for a group.

    Whatever the ways there and back take beyond what they took when they were quickest.
    """
    quick = [(20_000 + number, there, back) for number in range(ANSWERS + OVERALL_PER_SECOND)]
    sends = [*quick, *((chat, there + more, back + more_back) for chat, more, more_back in longer)]
    counted = _send_all(sends, Limits())
    assert len(counted) == len(sends)
    assert _most_within([moment for moment, _ in counted], SECOND) <= OVERALL_PER_SECOND
    for chat in {chat for chat, _, _ in sends}:
        mine = [moment for moment, each in counted if each == chat]
        most, span = (GROUP_PER_MINUTE, 60) if chat < 0 else (BURST, BURST)
        assert _most_within(mine, span * SECOND) <= most


@settings(max_examples=30, deadline=None)
@given(strategies.lists(strategies.tuples(strategies.integers(3, 10_000), _WAYS, _WAYS), min_size=150, max_size=200))
def test_where_a_way_becomes_quicker(sends: list[tuple[int, float, float]]) -> None:
    """Whatever the ways take, and however misleading the quickest answer was, no more than 30 arrive within what is left of the second."""
    counted = _send_all(sends, Limits())
    assert _most_within([moment for moment, _ in counted], SECOND - MOST_TAKEN_OFF) <= OVERALL_PER_SECOND


@pytest.mark.parametrize("way", [0.005, 0.025, 0.1])
def test_what_is_allowed_is_used(way: float) -> None:
    """After the slow start at least 28 go out in a second, also where an answer takes a fifth of one."""
    counted = _send_all([(chat, way, way) for chat in range(1, 601)], Limits())
    assert counted[-1][0] - counted[-281][0] <= 10 * SECOND
    assert counted[-1][0] - counted[0][0] < 26 * SECOND


def test_a_start_is_slow() -> None:
    """Nobody knows what was sent just before it."""
    counted = _send_all([(chat, 0.01, 0.01) for chat in range(1, 101)], Limits())
    assert _most_within([moment for moment, _ in counted if moment < START + SECOND], SECOND) <= 2 * SLOW_START


def test_what_an_earlier_run_sent_counts() -> None:
    """A group that had its twenty in the last minute waits for the rest of it, and one told to wait goes on waiting."""
    limits = Limits()
    limits.remember([(GROUP, START - 10 * SECOND)] * GROUP_PER_MINUTE, [(1, START + 3600 * SECOND)])
    assert limits.resting(START) == {GROUP, 1}
    assert limits.resting(START + 49 * SECOND) == {GROUP, 1}
    assert limits.resting(START + 51 * SECOND) == {1}


def test_a_parked_chat_holds_up_no_other() -> None:
    """Twelve hours for one chat are nothing to the others."""
    limits = Limits()
    assert not limits.told_to_wait(1, timedelta(hours=12), START)
    limits.park(1, START + timedelta(hours=12))
    assert limits.resting(START) == {1}
    assert limits.room(START) > 0
    assert limits.resting(START + timedelta(hours=13)) == set()


def test_two_chats_told_to_wait_are_all() -> None:
    """A wait that meets one chat after the other is for everybody, until it is over; then few go first."""
    limits = Limits()
    assert not limits.told_to_wait(1, 30 * SECOND, START)
    assert limits.told_to_wait(2, 29 * SECOND, START + SECOND)
    assert limits.room(START + 29 * SECOND) == 0
    assert limits.next_change(START + 2 * SECOND) == START + 30 * SECOND
    assert 0 < limits.room(START + 30 * SECOND) <= SLOW_START


def test_two_chats_told_to_wait_with_a_success_between_are_two() -> None:
    """So are two that are told long after each other; the same one twice is one."""
    limits = Limits()
    limits.told_to_wait(1, timedelta(hours=12), START)
    assert not limits.told_to_wait(1, timedelta(hours=12), START)
    limits.went_through()
    assert not limits.told_to_wait(2, timedelta(hours=12), START + SECOND)
    assert not limits.told_to_wait(3, timedelta(hours=12), START + 60 * SECOND)
    assert limits.room(START + 60 * SECOND) > 0


def test_no_night_is_lost_to_a_wait_for_two() -> None:
    """Two chats that have to wait for hours stop the others for minutes at most."""
    limits = Limits()
    limits.told_to_wait(1, timedelta(hours=12), START)
    assert limits.told_to_wait(2, timedelta(hours=12), START)
    assert limits.room(START + LONGEST_HALT) > 0
    assert limits.resting(START + LONGEST_HALT) == {1, 2}


def test_limits_that_proved_too_high_are_lowered() -> None:
    """After a wait for all a fifth less goes out in a second, whoever else was told so with it, and one more every ten seconds."""
    limits = Limits()
    limits.room(START - 60 * SECOND)
    for chat in range(1, 9):
        limits.told_to_wait(chat, SECOND, START)
    assert [limits._ceiling(START + seconds * SECOND) for seconds in (10, 11, 21, 61, 71)] == [24, 25, 26, 30, 30]


def test_several_chats_told_to_wait_among_others_mean_too_much() -> None:
    """Others needn't wait for them, but fewer are written to in a second."""
    limits = Limits()
    limits.room(START - 60 * SECOND)
    for chat in range(1, 4):
        assert limits._ceiling(START) == OVERALL_PER_SECOND
        assert not limits.told_to_wait(chat, SECOND, START)
        limits.went_through()
    assert limits._ceiling(START) == 24
    assert limits.room(START) > 0


_REFUSALS = strategies.lists(
    strategies.tuples(strategies.integers(1, 5), strategies.integers(1, 60), strategies.floats(0, 100)), max_size=20
)


@settings(max_examples=100, deadline=None)
@given(_REFUSALS)
def test_what_was_lowered_is_regained(refusals: list[tuple[int, int, float]]) -> None:
    """Whoever is told to wait, whenever and how long: never more than 30 go out in a second, and 30 again minutes after the last wait."""
    limits, now = Limits(), START
    limits.room(START - 60 * SECOND)
    for chats, wait, pause in refusals:
        for chat in range(chats):
            limits.told_to_wait(chat, wait * SECOND, now)
            assert SLOW_START <= limits._ceiling(now) <= OVERALL_PER_SECOND
        now += pause * SECOND
        assert limits._ceiling(now) <= OVERALL_PER_SECOND
    over = max(now, limits._halted_until or now)
    assert limits._ceiling(over + REGAINED_AFTER) == OVERALL_PER_SECOND


@pytest.mark.parametrize("wait", [1, 5, 30])
def test_a_server_that_always_says_no_is_hardly_asked(wait: int) -> None:
    """A few times every ten seconds, or as seldom as it wants."""
    had = _converse(lambda _: wait, Limits(), 600)
    late = [moment for moment, _ in had if moment > START + 60 * SECOND]
    assert _most_within(late, max(LONGEST_BETWEEN, wait * SECOND) - SECOND) <= SLOW_START


@pytest.mark.parametrize("way", [0.01, 0.3])
@pytest.mark.parametrize("a_second", [6, 20, 29])
def test_a_server_that_takes_less_is_given_less(a_second: int, way: float) -> None:
    """Few messages of two minutes are refused, and most of what it takes is used."""
    had = _converse(_takes(a_second), Limits(), 120, way)
    refused = sum(wait > 0 for _, wait in had)
    assert refused < 0.07 * len(had)
    assert len(had) - refused > 0.5 * 120 * a_second


def test_a_halt_stops_everything() -> None:
    """A global wait leaves no room, until it is over."""
    limits = Limits()
    limits.halt(START + 3 * SECOND)
    limits.halt(START + SECOND)
    assert limits.room(START + 2 * SECOND) == 0
    assert limits.next_change(START) == START + 3 * SECOND
    assert limits.room(START + 4 * SECOND) > 0


def test_quiet_chats_are_let_go() -> None:
    """Memory doesn't grow with the chats that were ever written to."""
    limits = Limits()
    for chat in range(1, 200):
        limits.begin(chat, START)
        limits.end(chat, START)
    assert limits.resting(START + timedelta(minutes=2)) == set()
    assert limits._chats == {}


def test_a_clock_set_back_stops_nobody() -> None:
    """What was sent in what is the future now counts as sent now, and waits last as long as they were meant to."""
    limits, ahead = Limits(), START + timedelta(days=30)
    for _ in range(3):
        limits.begin(1, ahead)
        limits.end(1, ahead)
    limits.park(2, ahead + 60 * SECOND)
    limits.halt(ahead + SECOND)
    limits.set_back(ahead - START)
    assert limits.room(START + 2 * SECOND) > 0
    assert limits.resting(START + 4 * SECOND) == {2}
    assert limits.resting(START + 61 * SECOND) == set()


def test_a_parked_chat_doesnt_slow_the_others() -> None:
    """The next change is when the whole has room again, whoever waits longer."""
    limits = Limits()
    limits.park(999, START + timedelta(minutes=5))
    chat, now = 1, START
    while limits.room(now):
        limits.begin(chat, now)
        limits.end(chat, now)
        chat += 1
    assert limits.next_change(now) <= now + timedelta(seconds=0.3)
