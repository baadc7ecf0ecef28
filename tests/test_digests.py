"""The digests that subscribers had."""

from __future__ import annotations

from datetime import date

from storage import digests
from storage.database import Database
from tests.building import newcomer


def test_a_slot_has_one_digest(database: Database) -> None:
    """The same date and slot is recorded once for a subscriber."""
    with database.write() as connection:
        chat, day = newcomer(connection), date(2026, 11, 22)
        first = digests.record(connection, chat.id, day, "08:00", from_seq=0, to_seq=9, stories=[])
        assert first is not None
        assert digests.record(connection, chat.id, day, "08:00", from_seq=9, to_seq=12, stories=[]) is None
        assert digests.record(connection, chat.id, day, "20:00", from_seq=9, to_seq=12, stories=[]) is not None
        window = digests.window(connection, first)
    assert window is not None
    assert (window.from_seq, window.to_seq) == (0, 9)
