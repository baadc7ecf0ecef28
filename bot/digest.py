"""What a subscriber hasn't had yet: stories that are new to them or grew since their cursor, best first, by topic.

Reading the archive is at the top, the decisions below are pure. Not here: words and layout (``digest_page.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from feeds.publishers import House, house_of
from storage import cursors, stories
from storage.stories import Telling

# A digest looks at no more stories than this; a reader who was away for a year is shown the latest.
MOST_STORIES = 500
_A_LINE = 80  # characters of a text that says more than its headline

Choose: TypeAlias = Callable[[Sequence[Telling]], Sequence[Telling]]


@dataclass(frozen=True, slots=True)
class News:
    """A story as one subscriber gets it. ``topic`` is the one it is shown under, or ``watch:`` and the number of their watch.

    ``added``: articles they haven't had; it equals the length of ``tellings`` where the story is new to them. ``headline`` is one of
    ``tellings``, which are earliest first.
    """

    story_id: int
    topic: str
    headline: Telling
    tellings: tuple[Telling, ...]
    added: int

    @property
    def new(self) -> bool:
        """Whether the subscriber has had nothing of it."""
        return self.added == len(self.tellings)

    @property
    def publishers(self) -> int:
        """How many independent publishers tell it: those of one house are one, an agency's reprints are the agency."""
        return len(houses(self.tellings))

    @property
    def state_publishers(self) -> int:
        """How many of them are state media."""
        return sum(house.standing == "state" for house in houses(self.tellings))


def houses(told: Iterable[Telling]) -> list[House]:
    """Whose word it is: the houses of the publishers, or of the agencies that they took it from, each once."""
    found = [house_of(telling.wire or telling.publisher, "wire" if telling.wire else telling.standing) for telling in told]
    return list({house.name: house for house in found}.values())


def everything(told: Sequence[Telling]) -> Sequence[Telling]:
    """All reports of a story, for those who want them all."""
    return told


def watch_topic(number: int) -> str:
    """What a story is shown under that only a subscriber's own rule found."""
    return f"watch:{number}"


def news(
    connection: Connection,
    topics: Sequence[str],
    language: str,
    *,
    after: int,
    up_to: int,
    watches: Sequence[int] = (),
    choose: Choose = everything,
) -> list[News]:
    """The stories that changed after one number of the sequence and up to another, in the order they should be shown.

    ``topics`` and ``watches``: the subscriber's, the most telling first; what fits a topic is shown under that. ``language``: theirs; a
    story's headline is in it where some outlet's is. ``choose`` leaves the reports of a story that they want.
    """
    ids = cursors.changed(connection, topics, after, up_to, watches)[:MOST_STORIES]
    wanted = [*topics, *map(watch_topic, watches)]
    found = news_of(connection, ids, topics, language, after=after, up_to=up_to, watches=watches, choose=choose)
    # What grew only by reports that aren't wanted is no news.
    return sorted((each for each in found.values() if each.added), key=lambda each: _rank(each, wanted))


def news_of(
    connection: Connection,
    story_ids: Sequence[int],
    topics: Sequence[str],
    language: str,
    *,
    after: int,
    up_to: int,
    watches: Sequence[int] = (),
    choose: Choose = everything,
) -> dict[int, News]:
    """These stories as the subscriber gets them, without those that say nothing on the topics and watches, or nothing that they want."""
    told = stories.tellings(connection, story_ids, watches)
    wanted = [*topics, *map(watch_topic, watches)]
    found = {story_id: of_tellings(choose(told[story_id]), wanted, language, after=after, up_to=up_to) for story_id in story_ids}
    return {story_id: each for story_id, each in found.items() if each is not None}


def of_tellings(told: Sequence[Telling], topics: Sequence[str], language: str, *, after: int, up_to: int) -> News | None:
    """A story from its reports; None where none of them is about the topics."""
    tellings = tuple(telling for telling in told if telling.article_id <= up_to)
    about = {topic for telling in tellings for topic in (*telling.topics, *map(watch_topic, telling.watches))}
    topic = next((topic for topic in topics if topic in about), None)
    if topic is None:
        return None
    return News(
        story_id=tellings[0].story_id,
        topic=topic,
        headline=headline(tellings, language),
        tellings=tellings,
        added=sum(telling.article_id > after for telling in tellings),
    )


def headline(tellings: Sequence[Telling], language: str) -> Telling:
    """The article to show.

    In the reader's language where there is one; not one that was taken away, not a copy, not of state media; one with more than a line of
    text; and the earliest of those.
    """

    def doubts(telling: Telling) -> tuple[bool, bool, bool, bool, bool, int]:
        withdrawn, copied, state = telling.withdrawn_at is not None, telling.copy_of is not None, telling.standing == "state"
        return telling.language != language, withdrawn, copied, state, len(telling.text) < _A_LINE, telling.article_id

    return min(tellings, key=doubts)


def _rank(each: News, topics: Sequence[str]) -> tuple[int, int, bool, int]:
    """Topics in the watchlist's order; within one more publishers first, then new before grown, then the latest."""
    return topics.index(each.topic), -each.publishers, not each.new, -each.tellings[-1].article_id
