"""Inbox and outbox: nothing handled twice, nothing said twice, each chat in order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from storage import forgetting, mailbox
from storage.database import Database
from storage.mailbox import Incoming, Letter, Outgoing
from storage.tables import Circular, Inbox, Outbox, table


def _put(connection: Connection, now: datetime, *messages: tuple[int, str, mailbox.Kind]) -> None:
    mailbox.put_out(
        connection, [Outgoing(chat, "sendMessage", {"chat_id": chat, "text": text}, kind) for chat, text, kind in messages], now
    )


def _texts(letters: list[Letter]) -> list[str]:
    return [letter.payload["text"] for letter in letters]


def _states(connection: Connection) -> list[str]:
    return list(connection.scalars(select(table(Outbox).c.state).order_by(table(Outbox).c.id)))


def test_an_update_is_handled_once_and_its_body_erased(database: Database, now: datetime) -> None:
    """An update that is delivered again is left alone; of a handled one only its id stays."""
    with database.write() as connection:
        mailbox.take_in(connection, [Incoming(7, 1, {"text": "secret"}), Incoming(8, 2, {})], now)
        assert [one.update_id for one in mailbox.waiting(connection)] == [7, 8]
        mailbox.finish(connection, 7)
        mailbox.finish(connection, 8, problem="KeyError")
        mailbox.take_in(connection, [Incoming(7, 1, {"text": "secret"})], now)
        assert mailbox.waiting(connection) == []
        rows = connection.execute(select(table(Inbox)).order_by(table(Inbox).c.update_id)).all()
    assert [(row.state, row.reason, row.body, row.chat_id) for row in rows] == [("done", None, None, None), ("bad", "KeyError", None, None)]


def test_replies_go_before_digests_and_one_to_a_chat_at_a_time(database: Database, now: datetime) -> None:
    """Urgent kinds first; within a chat the order stays."""
    with database.write() as connection:
        _put(connection, now, (1, "digest", "digest"), (1, "first", "reply"), (2, "alert", "alert"), (1, "second", "reply"))
        letters = mailbox.claim(connection, now, 10, [])
        assert _texts(letters) == ["first", "alert"]
        assert mailbox.claim(connection, now, 10, [1, 2]) == []
        mailbox.settle(connection, letters[0], "sent", now, message_id=5)
        assert _texts(mailbox.claim(connection, now, 10, [2])) == ["second"]


def test_a_postponed_letter_holds_back_its_chat_alone(database: Database, now: datetime) -> None:
    """Nothing overtakes a letter that has to wait, and other chats don't wait with it."""
    with database.write() as connection:
        _put(connection, now, (1, "first", "reply"), (1, "second", "reply"), (2, "other", "reply"))
        first = next(letter for letter in mailbox.claim(connection, now, 10, []) if letter.chat_id == 1)
        mailbox.postpone(connection, first, now + timedelta(hours=1), "slow down")
        assert mailbox.claim(connection, now, 10, []) == []
        (again,) = mailbox.claim(connection, now + timedelta(hours=2), 10, [])
        assert (again.payload["text"], again.attempts) == ("first", 1)


def test_what_was_being_sent_when_the_program_died(database: Database, now: datetime) -> None:
    """It is found in its order, and what is put back is given out again."""
    with database.write() as connection:
        _put(connection, now, (1, "reply", "reply"), (2, "digest", "digest"), (3, "alert", "alert"))
        mailbox.claim(connection, now, 2, [])
        letters = mailbox.cut_off(connection)
        assert _texts(letters) == ["reply", "alert"]
        mailbox.put_back(connection, letters[0])
        assert _states(connection) == ["pending", "pending", "sending"]
        assert _texts(mailbox.claim(connection, now, 1, [])) == ["reply"]


def test_a_letter_written_by_a_clock_that_went_ahead(database: Database, now: datetime) -> None:
    """It goes at once, and one that was told to wait waits no longer than it was told."""
    ahead = now + timedelta(days=30)
    with database.write() as connection:
        _put(connection, ahead, (1, "one", "reply"), (2, "two", "reply"))
        letters = mailbox.claim(connection, now, 10, [])
        assert _texts(letters) == ["one", "two"]
        mailbox.postpone(connection, letters[0], ahead + timedelta(minutes=1), "slow down")
        mailbox.set_back(connection, ahead - now)
        assert mailbox.next_moment(connection, now) == now + timedelta(minutes=1)


def test_what_a_new_run_should_remember(database: Database, now: datetime) -> None:
    """Whom something was sent to in the last minute, and who was told to wait."""
    with database.write() as connection:
        _put(connection, now, (1, "one", "reply"), (2, "two", "reply"), (3, "three", "reply"))
        one, two, three = mailbox.claim(connection, now, 10, [])
        mailbox.settle(connection, one, "sent", now, message_id=1)
        mailbox.settle(connection, two, "sent", now - timedelta(minutes=2), message_id=1)
        mailbox.postpone(connection, three, now + timedelta(hours=12), "slow down")
        assert mailbox.sent_after(connection, now - timedelta(minutes=1)) == [(1, now)]
        assert mailbox.resting(connection, now) == {3: now + timedelta(hours=12)}


@pytest.mark.parametrize("state", ["sent", "rejected", "unknown"])
def test_texts_are_erased_when_settled(database: Database, now: datetime, state: str) -> None:
    """What was said isn't kept; a farewell leaves no row at all."""
    with database.write() as connection:
        _put(connection, now, (1, "text", "reply"), (2, "bye", "farewell"))
        for letter in mailbox.claim(connection, now, 10, []):
            mailbox.settle(connection, letter, state, now, error="why")
        row = connection.execute(select(table(Outbox))).one()
    assert (row.chat_id, row.state, row.payload, row.error) == (1, state, None, "why")


def test_a_gone_chat_is_given_up(database: Database, now: datetime) -> None:
    """Nothing more is sent to a chat that is gone."""
    with database.write() as connection:
        _put(connection, now, (1, "one", "reply"), (1, "two", "digest"), (2, "other", "reply"))
        assert mailbox.drop_waiting(connection, 1, now) == 2
        assert _texts(mailbox.claim(connection, now, 10, [])) == ["other"]
        assert mailbox.backlog(connection) == {"gone": 2, "sending": 1}


def test_when_there_is_something_to_do(database: Database, now: datetime) -> None:
    """The sender can sleep until the next letter may go."""
    with database.write() as connection:
        assert mailbox.next_moment(connection, now) is None
        assert not mailbox.anything_waiting(connection, now)
        _put(connection, now, (1, "later", "reply"))
        (letter,) = mailbox.claim(connection, now, 1, [])
        mailbox.postpone(connection, letter, now + timedelta(hours=1), "slow down")
        assert mailbox.next_moment(connection, now) == now + timedelta(hours=1)
        assert not mailbox.anything_waiting(connection, now)
        assert mailbox.anything_waiting(connection, now + timedelta(hours=1))


def test_readdressed_and_swept(database: Database, now: datetime) -> None:
    """A letter follows its chat to a new id; settled rows leave after their days."""
    with database.write() as connection:
        _put(connection, now, (-5, "text", "reply"))
        (letter,) = mailbox.claim(connection, now, 1, [])
        mailbox.readdress(connection, letter, -1005)
        (moved,) = mailbox.claim(connection, now, 1, [])
        assert (moved.chat_id, moved.payload["chat_id"]) == (-1005, -1005)
        mailbox.settle(connection, moved, "sent", now)
        assert mailbox.sweep(connection, now) == 0
        assert mailbox.sweep(connection, now + timedelta(days=1)) == 1


def test_a_number_is_never_given_again(database: Database, now: datetime) -> None:
    """A letter under way when its chat was forgotten can't end another that came after it."""
    with database.write() as connection:
        _put(connection, now, (1, "under way", "reply"))
        (letter,) = mailbox.claim(connection, now, 1, [])
        forgetting.forget(connection, 1)
        _put(connection, now, (1, "farewell", "farewell"))
        mailbox.settle(connection, letter, "sent", now)
        (last,) = mailbox.claim(connection, now, 1, [])
        assert last.payload["text"] == "farewell"
        mailbox.settle(connection, last, "sent", now)
        assert forgetting.remaining(connection, 1) == 0


def test_a_farewell_to_a_gone_chat_leaves_no_row(database: Database, now: datetime) -> None:
    """Who forgets everything and blocks the bot at once is forgotten; other given-up letters are swept in time."""
    with database.write() as connection:
        _put(connection, now, (1, "bye", "farewell"), (1, "text", "reply"))
        mailbox.drop_waiting(connection, 1, now)
        assert mailbox.backlog(connection) == {"gone": 1}
        assert mailbox.sweep(connection, now + timedelta(days=1)) == 1


def test_busy_chats_dont_count(database: Database, now: datetime) -> None:
    """What waits behind a letter under way is no reason to look again."""
    with database.write() as connection:
        _put(connection, now, (1, "text", "reply"))
        assert mailbox.next_moment(connection, now, [1]) is None
        assert mailbox.next_moment(connection, now, [2]) == now


def test_pictures_wait_until_one_can_be_drawn(database: Database, now: datetime) -> None:
    """So many as are asked for, none where none can be begun; what else there is isn't held up, except behind one in its own chat."""
    with database.write() as connection:
        pictures = [Outgoing(chat, mailbox.PICTURE, {"text": f"picture {chat}"}) for chat in (1, 2)]
        mailbox.put_out(connection, pictures, now)
        _put(connection, now, (1, "behind", "reply"))
        assert mailbox.next_moment(connection, now, pictures=0) is None
        assert mailbox.claim(connection, now, 9, [], pictures=0) == []
        _put(connection, now, (3, "other", "digest"))
        assert mailbox.next_moment(connection, now, pictures=0) == now
        assert _texts(mailbox.claim(connection, now, 9, [], pictures=1)) == ["picture 1", "other"]
        assert _texts(mailbox.claim(connection, now, 9, [1, 3], pictures=1)) == ["picture 2"]


def test_half_a_character_is_no_obstacle(database: Database, now: datetime) -> None:
    """What strangers send may hold one; other words are stored as they are."""
    with database.write() as connection:
        mailbox.take_in(connection, [Incoming(1, 1, {"text": "\ud83d"}), Incoming(2, 1, {"text": "Путь"})], now)
        assert [one.body["text"] for one in mailbox.waiting(connection)] == ["\ud83d", "Путь"]
        stored = connection.exec_driver_sql("SELECT body FROM inbox WHERE update_id = 2").scalar()
    assert "Путь" in str(stored)


def _put_alike(connection: Connection, now: datetime, *chats: int) -> None:
    said = mailbox.alike({"text": "news", "parse_mode": "HTML"})
    mailbox.put_out(connection, [Outgoing(chat, "sendMessage", {"chat_id": chat}, "digest", alike=said) for chat in chats], now)


def _circulars(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(table(Circular))) or 0


def test_what_letters_say_alike_is_stored_once(database: Database, now: datetime) -> None:
    """Each letter comes out whole, in whichever transaction it was written, and also after its chat has moved."""
    with database.write() as connection:
        _put_alike(connection, now, 1, 2)
    with database.write() as connection:
        _put_alike(connection, now + timedelta(minutes=1), 3)
        assert _circulars(connection) == 1
        letters = mailbox.claim(connection, now + timedelta(minutes=1), 10, [])
        assert [dict(letter.payload) for letter in letters] == [{"chat_id": n, "text": "news", "parse_mode": "HTML"} for n in (1, 2, 3)]
        assert mailbox.cut_off(connection) == mailbox.unsettled(connection) == letters
        mailbox.readdress(connection, letters[0], 10)
        (moved,) = mailbox.claim(connection, now + timedelta(minutes=1), 10, [])
        assert moved.payload == {"chat_id": 10, "text": "news", "parse_mode": "HTML"}


def test_a_letter_that_is_settled_has_nothing_to_say(database: Database, now: datetime) -> None:
    """Nor does one to a chat that is gone: which circular it was can't be told any more."""
    with database.write() as connection:
        _put_alike(connection, now, 1, 2)
        mailbox.settle(connection, mailbox.claim(connection, now, 1, [])[0], "sent", now, message_id=5)
        mailbox.drop_waiting(connection, 2, now)
        assert connection.execute(select(table(Outbox).c.payload, table(Outbox).c.circular_id)).all() == [(None, None)] * 2


def test_a_circular_stays_while_a_letter_needs_it(database: Database, now: datetime) -> None:
    """It goes a day after it was written last, once nothing waits that says it; and what says it later writes it again."""
    day = timedelta(days=1)
    with database.write() as connection:
        _put_alike(connection, now, 1)
        assert mailbox.sweep_circulars(connection, now + 2 * day) == 0
        mailbox.drop_waiting(connection, 1, now)
        assert mailbox.sweep_circulars(connection, now + day) == 0
        _put_alike(connection, now + day, 2)
        mailbox.drop_waiting(connection, 2, now + day)
        assert mailbox.sweep_circulars(connection, now + 2 * day) == 0
        assert mailbox.sweep_circulars(connection, now + 2 * day + timedelta(seconds=1)) == 1
        _put_alike(connection, now + 3 * day, 3)
        assert mailbox.claim(connection, now + 3 * day, 1, [])[0].payload["text"] == "news"
