"""The outbox: nothing said twice, urgent things first, each chat in order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import forgetting, mailbox, outbox
from storage.database import Database
from storage.mailbox import Outgoing
from storage.tables import Outbox, table
from tests.letters import put, states, texts


def test_replies_go_before_digests_and_one_to_a_chat_at_a_time(database: Database, now: datetime) -> None:
    """Urgent kinds first; within a chat the order stays."""
    with database.write() as connection:
        put(connection, now, (1, "digest", "digest"), (1, "first", "reply"), (2, "alert", "alert"), (1, "second", "reply"))
        letters = outbox.claim(connection, now, 10, [])
        assert texts(letters) == ["first", "alert"]
        assert outbox.claim(connection, now, 10, [1, 2]) == []
        outbox.settle(connection, letters[0], "sent", now, message_id=5)
        assert texts(outbox.claim(connection, now, 10, [2])) == ["second"]


def test_a_postponed_letter_holds_back_its_chat_alone(database: Database, now: datetime) -> None:
    """Nothing overtakes a letter that has to wait, and other chats don't wait with it."""
    with database.write() as connection:
        put(connection, now, (1, "first", "reply"), (1, "second", "reply"), (2, "other", "reply"))
        first = next(letter for letter in outbox.claim(connection, now, 10, []) if letter.chat_id == 1)
        outbox.postpone(connection, first, now + timedelta(hours=1), "slow down")
        assert outbox.claim(connection, now, 10, []) == []
        (again,) = outbox.claim(connection, now + timedelta(hours=2), 10, [])
        assert (again.payload["text"], again.attempts) == ("first", 1)
        outbox.postpone(connection, again, now, "told to wait", counts=False)
        assert [each.attempts for each in outbox.claim(connection, now, 10, [2])] == [1]


def test_what_was_being_sent_when_the_program_died(database: Database, now: datetime) -> None:
    """It is found in its order, and what is put back is given out again."""
    with database.write() as connection:
        put(connection, now, (1, "reply", "reply"), (2, "digest", "digest"), (3, "alert", "alert"))
        outbox.claim(connection, now, 2, [])
        letters = outbox.cut_off(connection)
        assert texts(letters) == ["reply", "alert"]
        outbox.put_back(connection, letters[0])
        assert states(connection) == ["pending", "pending", "sending"]
        assert texts(outbox.claim(connection, now, 1, [])) == ["reply"]


def test_a_letter_written_by_a_clock_that_went_ahead(database: Database, now: datetime) -> None:
    """It goes at once, and one that was told to wait waits no longer than it was told."""
    ahead = now + timedelta(days=30)
    with database.write() as connection:
        put(connection, ahead, (1, "one", "reply"), (2, "two", "reply"))
        letters = outbox.claim(connection, now, 10, [])
        assert texts(letters) == ["one", "two"]
        outbox.postpone(connection, letters[0], ahead + timedelta(minutes=1), "slow down")
        outbox.set_back(connection, ahead - now)
        assert outbox.next_moment(connection, now) == now + timedelta(minutes=1)


def test_what_a_new_run_should_remember(database: Database, now: datetime) -> None:
    """Whom something was sent to in the last minute, and who was told to wait."""
    with database.write() as connection:
        put(connection, now, (1, "one", "reply"), (2, "two", "reply"), (3, "three", "reply"))
        one, two, three = outbox.claim(connection, now, 10, [])
        outbox.settle(connection, one, "sent", now, message_id=1)
        outbox.settle(connection, two, "sent", now - timedelta(minutes=2), message_id=1)
        outbox.postpone(connection, three, now + timedelta(hours=12), "slow down")
        assert outbox.sent_after(connection, now - timedelta(minutes=1)) == [(1, now)]
        assert outbox.resting(connection, now) == {3: now + timedelta(hours=12)}


@pytest.mark.parametrize("state", ["sent", "rejected", "unknown"])
def test_texts_are_erased_when_settled(database: Database, now: datetime, state: str) -> None:
    """What was said isn't kept; a farewell leaves no row at all."""
    with database.write() as connection:
        put(connection, now, (1, "text", "reply"), (2, "bye", "farewell"))
        for letter in outbox.claim(connection, now, 10, []):
            outbox.settle(connection, letter, state, now, error="why")
        row = connection.execute(select(table(Outbox))).one()
    assert (row.chat_id, row.state, row.payload, row.error) == (1, state, None, "why")


def test_when_there_is_something_to_do(database: Database, now: datetime) -> None:
    """The sender can sleep until the next letter may go."""
    with database.write() as connection:
        assert outbox.next_moment(connection, now) is None
        assert not outbox.anything_waiting(connection, now)
        put(connection, now, (1, "later", "reply"))
        (letter,) = outbox.claim(connection, now, 1, [])
        outbox.postpone(connection, letter, now + timedelta(hours=1), "slow down")
        assert outbox.next_moment(connection, now) == now + timedelta(hours=1)
        assert not outbox.anything_waiting(connection, now)
        assert outbox.anything_waiting(connection, now + timedelta(hours=1))


def test_readdressed_and_swept(database: Database, now: datetime) -> None:
    """A letter follows its chat to a new id; settled rows leave after their days."""
    with database.write() as connection:
        put(connection, now, (-5, "text", "reply"))
        (letter,) = outbox.claim(connection, now, 1, [])
        outbox.readdress(connection, letter, -1005)
        (moved,) = outbox.claim(connection, now, 1, [])
        assert (moved.chat_id, moved.payload["chat_id"]) == (-1005, -1005)
        outbox.settle(connection, moved, "sent", now)
        assert outbox.sweep(connection, now) == 0
        assert outbox.sweep(connection, now + timedelta(days=1)) == 1


def test_a_number_is_never_given_again(database: Database, now: datetime) -> None:
    """A letter under way when its chat was forgotten can't end another that came after it."""
    with database.write() as connection:
        put(connection, now, (1, "under way", "reply"))
        (letter,) = outbox.claim(connection, now, 1, [])
        forgetting.forget(connection, 1)
        put(connection, now, (1, "farewell", "farewell"))
        outbox.settle(connection, letter, "sent", now)
        (last,) = outbox.claim(connection, now, 1, [])
        assert last.payload["text"] == "farewell"
        outbox.settle(connection, last, "sent", now)
        assert forgetting.remaining(connection, 1) == 0


def test_busy_chats_dont_count(database: Database, now: datetime) -> None:
    """What waits behind a letter under way is no reason to look again."""
    with database.write() as connection:
        put(connection, now, (1, "text", "reply"))
        assert outbox.next_moment(connection, now, [1]) is None
        assert outbox.next_moment(connection, now, [2]) == now


def test_pictures_wait_until_one_can_be_drawn(database: Database, now: datetime) -> None:
    """So many as are asked for, none where none can be begun; what else there is isn't held up, except behind one in its own chat."""
    with database.write() as connection:
        pictures = [Outgoing(chat, mailbox.PICTURE, {"text": f"picture {chat}"}) for chat in (1, 2)]
        mailbox.put_out(connection, pictures, now)
        put(connection, now, (1, "behind", "reply"))
        assert outbox.next_moment(connection, now, pictures=0) is None
        assert outbox.claim(connection, now, 9, [], pictures=0) == []
        put(connection, now, (3, "other", "digest"))
        assert outbox.next_moment(connection, now, pictures=0) == now
        assert texts(outbox.claim(connection, now, 9, [], pictures=1)) == ["picture 1", "other"]
        assert texts(outbox.claim(connection, now, 9, [1, 3], pictures=1)) == ["picture 2"]
