"""The topics as subscribers see them: in the watchlist's order, by their names in each language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from feeds.topic_names import LONGEST_NAME, TopicNames
from storage.meaning import Topics
from storage.words import stems


@dataclass(frozen=True, slots=True)
class Subjects:
    """``names``: topic id -> language -> name, in the order of the watchlist. ``called``: all that a search may call them."""

    names: Mapping[str, Mapping[str, str]]
    called: TopicNames = field(default_factory=TopicNames)

    @property
    def sought(self) -> Topics:
        """The topics as a search knows them."""
        return Topics(tuple(self.names), self.called, LONGEST_NAME)

    def ordered(self, chosen: Collection[str]) -> list[str]:
        """Those of the chosen ids that the watchlist has, in its order."""
        return [topic for topic in self.names if topic in chosen]

    def in_language(self, language: str) -> dict[str, str]:
        """The name of every topic in a language, in English where it has none in that."""
        return {topic: names.get(language) or names.get("en") or topic for topic, names in self.names.items()}

    def find(self, typed: str) -> str | None:
        """The topic with that id or name in any language and case ending, or the only one whose name has all of these words."""
        wanted = _words(typed)
        named = {topic: [_words(name) for name in (topic, *names.values())] for topic, names in self.names.items()}
        exact = [topic for topic, names in named.items() if wanted in names]
        partly = [topic for topic, names in named.items() if wanted and any(set(wanted) <= set(name) for name in names)]
        return next(iter(exact), partly[0] if len(partly) == 1 else None)


def _words(name: str) -> list[str]:
    """The stems of a name, without "The"."""
    found = stems(name)
    return found[1:] if found[:1] == ["the"] else found
