"""What people call the topics when they search: names and aliases in every language, inflection and romanisation. Pure.

Only what means the topic by itself: an alias that needs company («Дорога домой») is ordinary words in a search, and a person isn't a group.
Not here: recognising topics in articles (``match.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from feeds.romanise import skeleton, skeletons
from feeds.watchlist import Aliases, Topic, Watchlist
from storage.folding import fold
from storage.words import stems

LONGEST_NAME = 8  # words
_CYRILLIC = re.compile("[а-яіїєґ]")
_LATIN_WORD = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class TopicNames:
    """The topics by the stems of their names, and by the skeletons (see ``romanise.py``) of those that are written in Latin letters."""

    stems: dict[tuple[str, ...], str] = field(default_factory=dict)
    skeletons: dict[bytes, str] = field(default_factory=dict)

    def __call__(self, words: str) -> str | None:
        """The id of the topic that these words, and nothing more, name."""
        return self.stems.get(_without_the(stems(words))) or self.skeletons.get(skeleton(_flat(words)))


def topic_names(watchlist: Watchlist) -> TopicNames:
    """All names of a watchlist's topics. A name that several have is the first's."""
    found = TopicNames()
    for topic in watchlist.topics:
        for name in (topic.id, *topic.names.values(), *(channel.replace("_", " ") for channel in topic.channels)):
            found.stems.setdefault(_without_the(stems(name)), topic.id)
        for aliases, alias in _aliases(topic):
            if aliases.cyrillic:
                found.stems.setdefault(_without_the(stems(alias)), topic.id)
            if aliases.romanise and _CYRILLIC.search(fold(alias).text):
                for spelling in skeletons(alias):
                    found.skeletons.setdefault(spelling, topic.id)
    return found


def _aliases(topic: Topic) -> Iterator[tuple[Aliases, str]]:
    people = [set(stems(person)) for person in topic.people]
    for aliases in topic.aliases:
        for names in aliases.words.values() if aliases.needs is None else ():
            for alias in (name.removeprefix("=") for name in names):
                if not alias.endswith("*") and not any(set(stems(alias)) <= person for person in people):
                    yield aliases, alias


def _without_the(found: list[str]) -> tuple[str, ...]:
    return tuple(found[1:] if found[:1] == ["the"] and len(found) > 1 else found)


def _flat(words: str) -> bytes:
    return b" ".join(word.encode() for word in _LATIN_WORD.findall(fold(words).text.replace("'", "")))
