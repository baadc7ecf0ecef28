"""What a sample feed carries at a given time (pure). Not here: how that is written down (``documents.py``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.samples import Feed, Sample

FIRST_POST = 101  # of a channel
_POSTS_APART = 3  # ids of real channels have gaps


@dataclass(frozen=True, slots=True)
class Item:
    """A sample as it stands at a given time. ``slug`` is the last part of its address; ``changed`` is ``published`` until it changes."""

    slug: str
    language: str
    title: str
    text: str
    published: datetime
    changed: datetime


def items_due(feed: Feed, samples: Iterable[Sample], started: datetime, now: datetime) -> tuple[Item, ...]:
    """Return the items that ``feed`` carries at ``now``, oldest first, for a program started at ``started``."""
    planned = sorted((sample for sample in samples if feed.id in sample.feeds), key=lambda sample: _published(sample, started))
    return tuple(
        _item(sample, _slug(feed, sample, place), started, now)
        for place, sample in enumerate(planned)
        if started + timedelta(seconds=sample.delay) <= now
    )


def last_change(items: Iterable[Item], started: datetime) -> datetime:
    """Return when a document with ``items`` became what it is."""
    return max((item.changed for item in items), default=started)


def _published(sample: Sample, started: datetime) -> datetime:
    return started + timedelta(seconds=sample.delay) - timedelta(minutes=sample.age)


def _slug(feed: Feed, sample: Sample, place: int) -> str:
    return str(FIRST_POST + place * _POSTS_APART) if feed.format == "telegram" else sample.id


def _item(sample: Sample, slug: str, started: datetime, now: datetime) -> Item:
    published, change = _published(sample, started), sample.change
    changed_at = published + timedelta(seconds=change.after) if change else published
    if change is None or now < changed_at:
        return Item(slug, sample.language, sample.title, sample.text, published, published)
    return Item(slug, sample.language, change.title, change.text, published, changed_at)
