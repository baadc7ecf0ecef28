"""Button presses and inline queries that the bot may still answer, and inline answers that are kept for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.localchat.errors import bad_request

CALLBACK_SECONDS = 150
INLINE_SECONDS = 30
_KEPT = 1_000


@dataclass
class Query:
    """One press (`chat_id`, `message_id` or `inline_message_id`) or one inline query (`text`, `offset`)."""

    id: str
    kind: str
    person_id: int
    asked: datetime
    chat_id: int
    message_id: int = 0
    text: str = ""
    offset: str = ""
    answer: dict[str, Any] | None = None


@dataclass
class _Kept:
    until: datetime
    answer: dict[str, Any] = field(default_factory=dict)


class Queries:
    """Ages of queries are measured by the server's clock, as are those of kept inline answers."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._numbers = count(1)
        self._queries: dict[str, Query] = {}
        self._kept: dict[tuple[str, str, int], _Kept] = {}

    def ask(self, kind: str, person_id: int, chat_id: int, *, message_id: int = 0, text: str = "", offset: str = "") -> Query:
        """Open a query."""
        query = Query(f"{next(self._numbers)}{person_id:010d}", kind, person_id, self._now(), chat_id, message_id, text, offset)
        self._queries[query.id] = query
        if len(self._queries) > _KEPT:
            del self._queries[next(iter(self._queries))]
        return query

    def get(self, query_id: str) -> Query | None:
        """Return a query, answered or not."""
        return self._queries.get(query_id)

    def open(self, query_id: str, kind: str) -> Query:
        """Return a query that may still be answered; Telegram says the same of unknown, old and answered ones."""
        query = self._queries.get(query_id)
        lives = timedelta(seconds=CALLBACK_SECONDS if kind == "callback" else INLINE_SECONDS)
        if query is None or query.kind != kind or query.answer is not None or self._now() - query.asked > lives:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def keep(self, query: Query, answer: dict[str, Any], seconds: int, *, personal: bool) -> None:
        """Answer an inline query, and the same one asked again within that many seconds."""
        query.answer = answer
        if seconds > 0:
            key = (query.text, query.offset, query.person_id if personal else 0)
            self._kept[key] = _Kept(self._now() + timedelta(seconds=seconds), answer)

    def kept(self, text: str, offset: str, person_id: int) -> dict[str, Any] | None:
        """Return the kept answer to an inline query."""
        for key in ((text, offset, person_id), (text, offset, 0)):
            found = self._kept.get(key)
            if found and found.until > self._now():
                return found.answer
        return None

    def clear(self) -> None:
        """Forget all queries and answers; their ids aren't used again."""
        self._queries.clear()
        self._kept.clear()
