"""Why an item matched, and why a look-alike didn't: each mention in its sentence, with what counted. Pure.

Not here: how it is shown (``bot/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feeds.verdict import Verdict
from storage.records import Sentence

LONGEST_SENTENCE = 300  # characters that are shown around a mention
_SENTENCE_END = re.compile(r"[.!?…]+[\"'»”’)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One mention or look-alike of ``topic``.

    ``alias`` is the name or rule that was found, ``quote`` the words of ``field`` that it was found in, ``sentence`` what they stand in;
    ``start`` and ``end`` are the quote's characters within ``sentence``. ``counted`` says whether it speaks for the topic, and ``reason``
    what counted beside the words, or what was against it.
    """

    topic: str
    alias: str
    field: str
    quote: str
    sentence: str
    start: int
    end: int
    counted: bool
    reason: Sentence | None


def explain(verdict: Verdict, title: str, text: str) -> Iterator[Explanation]:
    """Everything that spoke for the topics of ``verdict``, then everything that was turned down. Title and text are those matched."""
    fields = {"title": title, "text": text}
    for topic in verdict.topics:
        for mention, reason in zip(topic.mentions, topic.reasons, strict=True):
            place = mention.field, mention.start, mention.end
            yield _explanation(fields, topic.id, mention.alias, place, counted=True, reason=reason)
    for refused in verdict.turned_down:
        place = refused.field, refused.start, refused.end
        yield _explanation(fields, refused.topic, refused.alias, place, counted=False, reason=refused.reason)


def _explanation(
    fields: dict[str, str], topic: str, alias: str, place: tuple[str, int, int], *, counted: bool, reason: Sentence | None
) -> Explanation:
    field, start, end = place
    original = fields[field]
    first, last = sentence_around(original, start, end)
    return Explanation(
        topic, alias, field, original[start:end], original[first:last], start - first, end - first, counted=counted, reason=reason
    )


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The first character of the sentence that ``start`` to ``end`` stands in, and the one after its last; cut where it is very long."""
    room = max(0, LONGEST_SENTENCE - (end - start)) // 2
    earliest, latest = max(0, start - room), min(len(text), end + room)
    first = max((match.end() for match in _SENTENCE_END.finditer(text, earliest, start)), default=earliest)
    after = _SENTENCE_END.search(text, end, latest)
    return first, (end + len(text[end : after.end()].rstrip()) if after else latest)
