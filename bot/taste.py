"""Which reports and stories a subscriber doesn't want: muted outlets, topics and stories, and languages they don't read. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from storage.choices import Choices
from storage.stories import Telling


def wanted(told: Sequence[Telling], choices: Choices) -> Sequence[Telling]:
    """The reports of a story that a subscriber wants; none where its story or one of its topics is muted."""
    if any(telling.story_id in choices.muted_stories or not set(choices.muted_topics).isdisjoint(telling.topics) for telling in told):
        return ()
    return readable(told, choices)


def readable(told: Sequence[Telling], choices: Choices) -> Sequence[Telling]:
    """The reports by outlets that aren't muted, in languages that are read."""
    if not choices.unread and not choices.muted_outlets:
        return told
    return [telling for telling in told if telling.language not in choices.unread and telling.outlet not in choices.muted_outlets]
