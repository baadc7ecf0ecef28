"""The topics as subscribers see them: in the watchlist's order, by their names in each language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from storage.folding import fold


@dataclass(frozen=True, slots=True)
class Subjects:
    """``names``: topic id -> language -> name, in the order of the watchlist."""

    names: Mapping[str, Mapping[str, str]]

    def ordered(self, chosen: Collection[str]) -> list[str]:
        """Those of the chosen ids that the watchlist has, in its order."""
        return [topic for topic in self.names if topic in chosen]

    def in_language(self, language: str) -> dict[str, str]:
        """The name of every topic in a language, in English where it has none in that."""
        return {topic: names.get(language) or names.get("en") or topic for topic, names in self.names.items()}

    def find(self, typed: str) -> str | None:
        """The topic with that id or name in any language, however it is cased."""
        wanted = _plain(typed)
        for topic, names in self.names.items():
            if wanted in {_plain(topic), *map(_plain, names.values())}:
                return topic
        return None


def _plain(name: str) -> str:
    """A name as it is compared: however it is cased and quoted, with or without "The"."""
    words = re.findall(r"\w+", fold(name).text)
    return " ".join(words[1:] if words[:1] == ["the"] else words)
