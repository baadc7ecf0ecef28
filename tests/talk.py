"""Talking to the bot's desk without a network: updates as the Bot API gives them, and the calls that it would make in answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select, update

from bot import updates
from bot.authority import Ruling
from bot.dispatch import Desk
from bot.localchat import entities
from bot.lookout import Watched
from storage import inbox, subscribers
from storage.database import Database
from storage.subscribers import Chat
from storage.tables import Outbox, table

BOT = "homefront_bot"
YOU = 1001


@dataclass
class Talk:
    """A conversation of one person, in private unless another chat is named.

    ``decides``: whether they run the groups and channels, None where Telegram doesn't tell; ``named``: the chat that any "@name" is of.
    """

    database: Database
    watched: Watched
    now: datetime
    language: str = "en"
    allowed: frozenset[int] | None = None
    operators: frozenset[int] = frozenset()
    decides: bool | None = True
    named: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    def write(self, text: str, sender_chat: Any = None, **chat: Any) -> list[dict[str, Any]]:
        """Send a text and return the payloads of the calls in answer, with "method"."""
        found = entities.plain(text).entities
        message = {
            "message_id": next(self._numbers),
            "date": 1795314740,
            "text": text,
            "entities": found,
            "chat": self._chat(chat),
            **self._from(),
            **({"sender_chat": sender_chat} if sender_chat else {}),
        }
        return self.take({"update_id": next(self._numbers), "message": message})

    def press(self, data: str, quoted: str = "", **chat: Any) -> list[dict[str, Any]]:
        """Press a button under a message of the bot, which shows ``quoted`` in code."""
        code = [{"type": "code", "offset": 0, "length": len(quoted)}] if quoted else []
        message = {"message_id": 77, "date": 1795314740, "text": quoted or "text", "entities": code, "chat": self._chat(chat)}
        query = {"id": "q1", "chat_instance": "1", "data": data, "message": message, **self._from()}
        return self.take({"update_id": next(self._numbers), "callback_query": query})

    def member(self, status: str, before: str = "left", rights: Mapping[str, bool] | None = None, **chat: Any) -> list[dict[str, Any]]:
        """Let the bot into a chat, or put it out, or change what it may do there."""
        bot, given = {"id": 1, "is_bot": True, "first_name": "homefront"}, rights or {}
        states = {
            "old_chat_member": {"user": bot, "status": before, **given},
            "new_chat_member": {"user": bot, "status": status, "until_date": 0, **given},
        }
        change = {"chat": self._chat(chat), "date": 1795314740, **self._from(), **states}
        return self.take({"update_id": next(self._numbers), "my_chat_member": change})

    def take(self, raw: dict[str, Any]) -> list[dict[str, Any]]:
        """Handle an update as the program does, and return the calls in answer."""
        incoming = updates.strip(raw)
        desk = Desk(lambda: self.watched, BOT, self.allowed, self.operators)
        with self.database.write() as connection:
            connection.execute(update(table(Outbox)).values(state="sent"))
            inbox.take_in(connection, [incoming], self.now)
            unknown = desk.handle(connection, incoming, self.now)
            if unknown is not None:
                assert unknown.person_id == YOU
                place = unknown.place if isinstance(unknown.place, int) else self.named
                assert desk.handle(connection, incoming, self.now, Ruling(place, self.decides, is_channel=place == self.named)) is None
            rows = connection.execute(select(table(Outbox)).where(table(Outbox).c.state == "pending").order_by(table(Outbox).c.id)).all()
        return [{"method": row.method, "kind": row.kind, **row.payload} for row in rows]

    def chat(self) -> Chat:
        """The subscriber."""
        with self.database.read() as connection:
            found = subscribers.find(connection, YOU)
        assert found is not None
        return found

    def _from(self) -> dict[str, Any]:
        person = {
            "id": YOU,
            "is_bot": False,
            "first_name": "Name",
            "last_name": "Surname",
            "username": "nickname",
            "language_code": self.language,
        }
        return {"from": person}

    @staticmethod
    def _chat(chat: dict[str, Any]) -> dict[str, Any]:
        return {"id": YOU, "type": "private", "first_name": "Name", "username": "nickname", **chat}


def said(calls: list[dict[str, Any]]) -> str:
    """All that was said, in one text."""
    return "\n".join(call.get("text", "") for call in calls)


def buttons(calls: list[dict[str, Any]]) -> list[str]:
    """The data of every button that has some."""
    rows = [row for call in calls for row in call.get("reply_markup", {}).get("inline_keyboard", [])]
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
