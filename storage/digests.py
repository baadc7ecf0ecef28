"""The digests that subscribers had: for which date and slot, what each covers, and the stories that it told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from storage.batches import batches
from storage.tables import Digest, insert_rows, table


class Written(NamedTuple):
    """A digest that was written: whose, for which local date and slot, and what it covers and tells (see ``Window``)."""

    subscriber_id: int
    local_date: date
    slot: str
    from_seq: int
    to_seq: int
    stories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A digest as recorded: what it covers, after ``from_seq`` up to ``to_seq``, and the stories that it told in their order."""

    id: int
    subscriber_id: int
    from_seq: int
    to_seq: int
    stories: tuple[int, ...]


def record(
    connection: Connection, subscriber_id: int, local_date: date, slot: str, *, from_seq: int, to_seq: int, stories: Sequence[int]
) -> int | None:
    """Note that a digest was written and return its id; None where that date and slot has had its own."""
    written = Written(subscriber_id, local_date, slot, from_seq, to_seq, tuple(stories))
    return record_all(connection, [written]).get(subscriber_id)


def record_all(connection: Connection, written: Sequence[Written]) -> dict[int, int]:
    """Note that digests were written, at most one of each subscriber, and return their numbers by subscriber.

    A subscriber who had one of that date and slot isn't in what is returned.
    """
    before = _numbers(connection, written)
    rows = [
        {
            "subscriber_id": each.subscriber_id,
            "local_date": each.local_date,
            "slot": each.slot,
            "from_seq": each.from_seq,
            "to_seq": each.to_seq,
            "stories": each.stories,
        }
        for each in written
        if each.subscriber_id not in before
    ]
    insert_rows(connection, Digest, rows)
    return {subscriber: number for subscriber, number in _numbers(connection, written).items() if subscriber not in before}


def _numbers(connection: Connection, written: Sequence[Written]) -> dict[int, int]:
    digests, found = table(Digest), dict[int, int]()
    wanted = {(each.local_date, each.slot): list[int]() for each in written}
    for each in written:
        wanted[each.local_date, each.slot].append(each.subscriber_id)
    statement = select(digests.c.subscriber_id, digests.c.id).where(
        digests.c.subscriber_id.in_(bindparam("ids", expanding=True)),
        digests.c.local_date == bindparam("day"),
        digests.c.slot == bindparam("at"),
    )
    for (day, slot), ids in wanted.items():
        for batch in batches(ids):
            found |= {row[0]: row[1] for row in connection.execute(statement, {"ids": batch, "day": day, "at": slot})}
    return found


def window(connection: Connection, digest_id: int) -> Window | None:
    """A digest as recorded."""
    digests = table(Digest)
    row = connection.execute(
        select(digests.c.id, digests.c.subscriber_id, digests.c.from_seq, digests.c.to_seq, digests.c.stories).where(
            digests.c.id == digest_id
        )
    ).one_or_none()
    return None if row is None else Window(row.id, row.subscriber_id, row.from_seq, row.to_seq, tuple(row.stories))


def last_window(connection: Connection, subscriber_id: int) -> Window | None:
    """The last digest that was written for a subscriber."""
    digests = table(Digest)
    last = connection.scalar(select(func.max(digests.c.id)).where(digests.c.subscriber_id == subscriber_id))
    return None if last is None else window(connection, last)
