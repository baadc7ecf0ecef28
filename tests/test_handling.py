"""Handling what was written down: once, each chat in order, and a bad update is set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection as Transaction, select

from bot.authority import Question, Ruling
from bot.clock import SystemClock
from bot.dispatch import Desk
from bot.handling import Handling
from bot.lookout import Watched
from storage import inbox
from storage.database import Database
from storage.inbox import Incoming
from storage.records import StorageError
from storage.tables import Inbox, Outbox, table
from tests.connection import running, until

YOU = 1001


async def nobody_decides(question: Question) -> Ruling:
    """Telegram, as far as it tells who runs a chat."""
    return Ruling(int(question.place), decides=False)


def handling(database: Database, watched: Watched, desk: Desk | None = None) -> Handling:
    """What handles updates in tests; nobody is woken by it."""
    return Handling(database, desk or Desk(lambda: watched, "homefront_bot"), SystemClock(), nobody_decides, lambda: None)


def message(update_id: int, text: str = "/help", chat_id: int = YOU) -> dict[str, Any]:
    """An update: somebody wrote in their private chat."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Name"}
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": 1, "date": 1, "chat": chat, "text": text, "from": person}}


def rows(database: Database, what: Any) -> list[Any]:
    """All rows of a table, in the order of their numbers."""
    with database.read() as reading:
        return list(reading.execute(select(table(what)).order_by(*table(what).primary_key)).all())


async def handle_all(handler: Handling) -> None:
    """Let it run until all that is written down is handled."""
    async with running(handler.run()):
        await until(lambda: all(row.state != "new" for row in rows(handler.database, Inbox)))
        await handler.drain()


async def test_what_an_earlier_run_left_is_handled(database: Database, watched: Watched) -> None:
    """An update that was written down when the program died is answered by the next one."""
    handling(database, watched).write_down([message(5)])
    await handle_all(handling(database, watched))
    assert len(rows(database, Outbox)) == 1
    assert [(row.state, row.body) for row in rows(database, Inbox)] == [("done", None)]


async def test_an_update_that_cant_be_read_blocks_nothing(database: Database, watched: Watched) -> None:
    """It is set aside with its reason, and the next one is answered."""
    handler = handling(database, watched)
    handler.write_down([{"update_id": 5, "callback_query": {"id": "1", "data": "x"}}, message(6)])
    await handle_all(handler)
    assert [(row.state, row.reason) for row in rows(database, Inbox)] == [("bad", "TypeError"), ("done", None)]
    assert len(rows(database, Outbox)) == 1


@dataclass(frozen=True, slots=True)
class Noting(Desk):
    """A desk that notes whom it handled."""

    handled: list[tuple[int | None, int]] = field(default_factory=list)

    def handle(self, connection: Transaction, incoming: Incoming, now: datetime, _ruling: Ruling | None = None) -> Question | None:
        """Note who was handled."""
        assert now.tzinfo
        self.handled.append((incoming.chat_id, incoming.update_id))
        inbox.finish(connection, incoming.update_id)
        return None


async def test_each_chat_in_order(database: Database, watched: Watched) -> None:
    """What a chat says is handled in the order it was said."""
    desk = Noting(lambda: watched, "homefront_bot")
    handler = handling(database, watched, desk)
    handler.write_down([message(number, chat_id=number % 3 + 1) for number in range(30)])
    await handle_all(handler)
    assert len(desk.handled) == 30
    for chat in (1, 2, 3):
        mine = [number for each, number in desk.handled if each == chat]
        assert mine == sorted(mine)


@dataclass(frozen=True, slots=True)
class Full(Desk):
    """A desk whose disk is full for a while."""

    failures: list[int] = field(default_factory=lambda: [1, 2])

    def handle(self, connection: Transaction, incoming: Incoming, now: datetime, _ruling: Ruling | None = None) -> Question | None:
        """Fail as often as there are failures left."""
        assert now.tzinfo
        if self.failures:
            self.failures.pop()
            raise StorageError("database or disk is full")
        inbox.finish(connection, incoming.update_id)
        return None


async def test_a_full_disk_is_no_fault_of_the_update(database: Database, watched: Watched) -> None:
    """It is handled when there is room again, and not set aside."""
    handler = handling(database, watched, Full(lambda: watched, "homefront_bot"))
    handler.write_down([message(5)])
    await handle_all(handler)
    assert [row.state for row in rows(database, Inbox)] == ["done"]


def _answered(database: Database, number: int) -> bool:
    return len(rows(database, Outbox)) == number


async def test_what_comes_while_it_runs(database: Database, watched: Watched) -> None:
    """It looks again when it is told that something came."""
    handler = handling(database, watched)
    async with running(handler.run()):
        for number in range(1, 4):
            handler.write_down([message(number)])
            handler.came()
            await until(partial(_answered, database, number))
