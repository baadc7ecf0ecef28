"""Labelled samples, and how well a matcher does on them: precision, recall and F1, micro-averaged over items."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from feeds.match import Matcher

SAMPLES = Path(__file__).parent / "samples" / "labelled"
_THEMES = {"mobilisation", "demobilisation", "protest", "appeal", "losses", "crackdown"}


@dataclass
class Counts:
    """Right, wrongly found and missed, of one kind of answer."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[str], wanted: set[str]) -> None:
        """Count one item's answer."""
        self.right += len(found & wanted)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is right that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both (micro-averaged over items)."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass
class Quality:
    """What was measured on one set of labelled items."""

    relevant: Counts = field(default_factory=Counts)
    groups: Counts = field(default_factory=Counts)
    themes: Counts = field(default_factory=Counts)


def labelled(path: Path) -> list[dict[str, Any]]:
    """The items of a labelled file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def claimed_date(value: str | None) -> date | None:
    """The day that a label's ``published`` begins: a year, month or day."""
    parts = [int(part) for part in value.split("-")] if value else []
    year, month, day = (*parts, 1, 1)[:3] if parts else (0, 0, 0)
    return date(year, month, day) if year else None


def quality(matcher: Matcher, items: Sequence[dict[str, Any]], *, titles_only: bool = False) -> Quality:
    """Precision, recall and F1 of ``matcher`` on labelled items."""
    measured = Quality()
    for item in items:
        text = "" if titles_only else item["text"]
        verdict = matcher.match(item["title"], text, published=claimed_date(item["published"]))
        found = {topic.id for topic in verdict.topics}
        themes = {name for name in found if name in _THEMES}
        measured.relevant.add({"yes"} if verdict.relevant else set(), {"yes"} if item["relevant"] else set())
        measured.groups.add(found - _THEMES - {"families"}, set(item["groups"]))
        measured.themes.add(themes, set(item["themes"]))
    return measured
