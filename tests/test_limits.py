"""Telegram's limits are kept, whatever is asked to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings, strategies

from bot.limits import BURST, GROUP_PER_MINUTE, OVERALL_PER_SECOND, Limits

START = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
GROUP = -100


def _send_all(chats: list[int], limits: Limits) -> list[tuple[datetime, int]]:
    """Send a message to each chat, in order, as early as the limits allow."""
    now, sent = START, list[tuple[datetime, int]]()
    for chat in chats:
        while not limits.room(now) or chat in limits.resting(now):
            now = limits.next_change(now)
        limits.spend(chat, now)
        sent.append((now, chat))
    return sent


def _most_within(moments: list[datetime], span: timedelta) -> int:
    return max((sum(first <= moment < first + span for moment in moments) for first in moments), default=0)


@settings(max_examples=40, deadline=None)
@given(strategies.lists(strategies.sampled_from([1, 2, 3, 4, GROUP]), max_size=90))
def test_no_limit_is_ever_broken(chats: list[int]) -> None:
    """In no second do more than 60 go out (a full bucket and its refill), a person gets bursts of 3, a group 20 at once and one in 3 s."""
    sent = _send_all(chats, Limits())
    assert len(sent) == len(chats)
    assert _most_within([moment for moment, _ in sent], timedelta(seconds=1)) <= 2 * OVERALL_PER_SECOND
    for chat in set(chats):
        mine = [moment for moment, each in sent if each == chat]
        if chat == GROUP:
            assert _most_within(mine, timedelta(minutes=1)) <= 2 * GROUP_PER_MINUTE
        else:
            assert _most_within(mine, timedelta(seconds=1)) <= BURST + 1


def test_a_parked_chat_holds_up_no_other() -> None:
    """Twelve hours for one chat are nothing to the others."""
    limits = Limits()
    limits.park(1, START + timedelta(hours=12))
    assert limits.resting(START) == {1}
    assert limits.room(START) == OVERALL_PER_SECOND
    assert limits.resting(START + timedelta(hours=13)) == set()


def test_a_halt_stops_everything() -> None:
    """A global wait leaves no room, until it is over."""
    limits = Limits()
    limits.halt(START + timedelta(seconds=3))
    limits.halt(START + timedelta(seconds=1))
    assert limits.room(START + timedelta(seconds=2)) == 0
    assert limits.next_change(START) == START + timedelta(seconds=3)
    assert limits.room(START + timedelta(seconds=4)) > 0


def test_quiet_chats_are_let_go() -> None:
    """Memory doesn't grow with the chats that were ever written to."""
    limits = Limits()
    for chat in range(1, 200):
        limits.spend(chat, START)
    assert limits.resting(START + timedelta(minutes=2)) == set()
    assert limits._chats == {}


def test_a_parked_chat_doesnt_slow_the_others() -> None:
    """The next change is when the whole has room again, whoever waits longer."""
    limits = Limits()
    limits.park(999, START + timedelta(minutes=5))
    for chat in range(1, OVERALL_PER_SECOND + 1):
        assert limits.room(START)
        limits.spend(chat, START)
    assert limits.next_change(START) <= START + timedelta(seconds=0.1)
