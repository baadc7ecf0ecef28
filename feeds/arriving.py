"""All that is decided about an entry before the archive is asked: what it is about, its keys, whose words they are."""

from __future__ import annotations

from feeds.canonical import canonical
from feeds.fingerprint import fingerprint
from feeds.recogniser import Recogniser
from feeds.sameness.wire import wire_credit
from storage.archive import Arrival, Past
from storage.records import Entry


def arrive(
    recogniser: Recogniser,
    source_id: int,
    owner: str,
    entry: Entry,
    *,
    language: str | None = None,
    credited: bool = False,
    past: Past | None = None,
) -> Arrival:
    """An entry of a source with all that is decided about it. ``owner``: a name that stays, of whoever gave the entry its guid.

    ``language``: en, ru or uk where that is known for certain. ``credited``: look for the agency it came from also where nobody wants it.
    """
    recognised = recogniser.recognise(entry.title, entry.text, entry.published, language)
    verdict = recognised.verdict
    address = canonical(entry.url) if entry.url else ""
    keys = fingerprint(owner, entry, address)
    credited = credited or verdict.relevant or bool(recognised.watches)
    return Arrival(
        source_id=source_id,
        entry=entry,
        address=address,
        language=verdict.language,
        wire=wire_credit(entry.title, entry.text, entry.outlet or "") if credited else None,
        identity=keys.identity,
        text_key=keys.text,
        content_key=keys.content,
        telling=keys.telling,
        topics=tuple(topic.id for topic in verdict.topics) if verdict.relevant else (),
        mentions=tuple(mention for topic in verdict.topics for mention in topic.mentions) if verdict.relevant else (),
        watches=recognised.watches,
        past=past,
    )
