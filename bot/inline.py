"""Searching from any chat: “@bot query” is answered with results, one of which the person may send there.

The answer is the same for everybody, so that Telegram may keep it for all: no language, no time zone, nothing of who asked. Incomplete
queries are usual here, as people type; what was probably meant is searched for instead.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.render import italic, link, shorten
from bot.subjects import Subjects
from bot.updates import Looked
from bot.voice import voice
from storage import search
from storage.hits import Hit
from storage.mailbox import Outgoing
from storage.nearest import nearest
from storage.query import Both, Query, parse
from storage.records import QueryError
from storage.search import Page, cursor_of

RESULTS = 15
KEPT_SECONDS = 60
_LONGEST_TITLE, _LONGEST_DESCRIPTION, _LONGEST_OUTLET = 120, 160, 60
_EVERYTHING = Query(Both(()), best=False, typed="")


def inline_answer(connection: Connection, subjects: Subjects, asked: Looked, *, allowed: bool = True) -> Outgoing:
    """The results for an inline query, or a button that leads to the bot; those who may not use the bot get neither."""
    page = _page(connection, subjects, asked) if allowed else None
    results = [_result(hit) for hit in page.hits] if page else []
    answer: dict[str, Any] = {"inline_query_id": asked.query_id, "results": results, "cache_time": KEPT_SECONDS, "is_personal": not results}
    if page and page.older:
        answer["next_offset"] = str(page.older)
    if not results and allowed and not asked.offset:
        answer["button"] = {"text": voice(asked.language)("Nothing found. Ask me in chat"), "start_parameter": "search"}
    return Outgoing(None, "answerInlineQuery", answer)


def _page(connection: Connection, subjects: Subjects, asked: Looked) -> Page | None:
    """A page of what was asked for, or of the nearest that can be read and finds something; of everything where nothing was asked."""
    cursor = cursor_of(asked.offset)
    typed = asked.text
    for _ in range(2):
        try:
            query = parse(typed) if typed else _EVERYTHING
            page = search.search(connection, query, topics=subjects.sought, cursor=cursor, limit=RESULTS)
        except QueryError as error:
            typed = error.meant
        else:
            near = None if page.hits or cursor else nearest(connection, query, topics=subjects.sought)
            typed = near.typed if near else ""
            if page.hits or not typed:
                return page
        if not typed:
            return None
    return None


def _result(hit: Hit) -> dict[str, Any]:
    title = shorten(hit.title.text or hit.snippet.text, _LONGEST_TITLE) or hit.outlet
    origin = f"{shorten(hit.outlet, _LONGEST_OUTLET)} · {hit.first_seen_at:%Y-%m-%d}"
    return {
        "type": "article",
        "id": str(hit.id),
        "title": title,
        "description": shorten(f"{origin} · {hit.snippet.text}", _LONGEST_DESCRIPTION),
        "input_message_content": {
            "message_text": f"{link(title, hit.url)}\n{italic(origin)}",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }
