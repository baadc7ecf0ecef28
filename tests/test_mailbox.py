"""Letters are written down whole, once where many say the same, and given up with their chats."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage import mailbox, outbox
from storage.database import Database
from storage.mailbox import Outgoing
from storage.tables import Circular, Outbox, table
from tests.letters import put, states, texts


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
        letters = outbox.claim(connection, now + timedelta(minutes=1), 10, [])
        assert [dict(letter.payload) for letter in letters] == [{"chat_id": n, "text": "news", "parse_mode": "HTML"} for n in (1, 2, 3)]
        assert outbox.cut_off(connection) == outbox.unsettled(connection) == letters
        outbox.readdress(connection, letters[0], 10)
        (moved,) = outbox.claim(connection, now + timedelta(minutes=1), 10, [])
        assert moved.payload == {"chat_id": 10, "text": "news", "parse_mode": "HTML"}


def test_a_letter_that_is_settled_has_nothing_to_say(database: Database, now: datetime) -> None:
    """Nor does one to a chat that is gone: which circular it was can't be told any more."""
    with database.write() as connection:
        _put_alike(connection, now, 1, 2)
        outbox.settle(connection, outbox.claim(connection, now, 1, [])[0], "sent", now, message_id=5)
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
        assert outbox.claim(connection, now + 3 * day, 1, [])[0].payload["text"] == "news"


def test_a_gone_chat_is_given_up(database: Database, now: datetime) -> None:
    """Nothing more is sent to a chat that is gone."""
    with database.write() as connection:
        put(connection, now, (1, "one", "reply"), (1, "two", "digest"), (2, "other", "reply"))
        assert mailbox.drop_waiting(connection, 1, now) == 2
        assert texts(outbox.claim(connection, now, 10, [])) == ["other"]
        assert sorted(states(connection)) == ["gone", "gone", "sending"]


def test_a_farewell_to_a_gone_chat_leaves_no_row(database: Database, now: datetime) -> None:
    """Who forgets everything and blocks the bot at once is forgotten; other given-up letters are swept in time."""
    with database.write() as connection:
        put(connection, now, (1, "bye", "farewell"), (1, "text", "reply"))
        mailbox.drop_waiting(connection, 1, now)
        assert states(connection) == ["gone"]
        assert outbox.sweep(connection, now + timedelta(days=1)) == 1
