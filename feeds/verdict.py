"""What matching says about an item, and how it is written down for ``homefront match``. Not here: how it comes about (``match.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.records import Mention, Sentence


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that an item is about. ``reasons`` says for each of ``mentions`` what counted; None where nothing but the words did."""

    id: str
    mentions: tuple[Mention, ...]
    reasons: tuple[Sentence | None, ...]


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A look-alike: ``alias`` of ``topic`` stands at characters ``start`` to ``end`` of ``field``, and doesn't count for ``reason``."""

    topic: str
    alias: str
    field: str
    start: int
    end: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one item. ``topics`` is empty unless the item is relevant."""

    language: str
    relevant: bool
    topics: tuple[TopicMatch, ...]
    turned_down: tuple[TurnedDown, ...]


def verdict_as_json(item: str, verdict: Verdict, title: str, text: str) -> dict[str, Any]:
    """The line that ``homefront match`` writes: {id, lang, relevant, topics: [{id, mentions: [{alias, field, start, end, quote}]}]}.

    ``title`` and ``text`` are the ones that were matched.
    """
    fields = {"title": title, "text": text}
    return {
        "id": item,
        "lang": verdict.language,
        "relevant": verdict.relevant,
        "topics": [
            {"id": topic.id, "mentions": [_mention_as_json(mention, fields) for mention in topic.mentions]} for topic in verdict.topics
        ],
    }


def _mention_as_json(mention: Mention, fields: dict[str, str]) -> dict[str, Any]:
    return {
        "alias": mention.alias,
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "quote": fields[mention.field][mention.start : mention.end],
    }
