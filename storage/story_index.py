"""What stories are found by, recent ones and for a while past ones: rare terms and profiles; and how many articles have each term.

Not here: terms, profiles and decisions (``feeds/sameness``), stories as they are told (``stories.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from storage.batches import BATCH, look_up, run_many, run_rows
from storage.kinds import Insert, Kind, kind_of
from storage.tables import PastProfile, PastTerm, StoryProfile, StoryTerm, TermCount, table

TOTAL = ""  # the term under which articles are counted


def term_counts(connection: Connection, terms: Collection[str]) -> dict[str, float]:
    """How many articles have each of these terms, with that of all articles under TOTAL; terms that none has aren't in it."""
    return dict(look_up(connection, _counts(), [TOTAL, *terms]))


def count_terms(connection: Connection, counted: Mapping[str, int]) -> None:
    """Count these terms so many times more."""
    run_rows(connection, _counting(kind_of(connection)), ("term", "count"), list(counted.items()))


def fade(connection: Connection, share: float) -> None:
    """Let counts grow old: each keeps that share, and what is hardly ever met is forgotten."""
    counts = table(TermCount)
    connection.execute(update(counts).values(count=counts.c["count"] * share))
    connection.execute(delete(counts).where(counts.c["count"] < share**2, counts.c.term != TOTAL))


def stories_with(connection: Connection, terms: Collection[str], *, past: bool = False) -> dict[str, list[int]]:
    """The recent stories, or the past ones, that have each of these terms."""
    found: dict[str, list[int]] = {}
    for term, story_id in look_up(connection, _having(PastTerm if past else StoryTerm), terms):
        found.setdefault(term, []).append(story_id)
    return found


def profiles(connection: Connection, story_ids: Collection[int], *, past: bool = False) -> dict[int, bytes]:
    """The profiles of those of these stories, recent or past, that have one."""
    return dict(look_up(connection, _profiled(PastProfile if past else StoryProfile), story_ids))


def keep(connection: Connection, story_profiles: Mapping[int, tuple[bytes, datetime]], terms: Mapping[int, Iterable[str]]) -> None:
    """Store profiles of stories with the time of their last article, and add terms that they are found by."""
    rows = [{"story_id": story, "profile": profile, "last_seen_at": last} for story, (profile, last) in story_profiles.items()]
    run_many(connection, _keeping(kind_of(connection)), rows)
    postings = [(term, story) for story, found in terms.items() for term in found]
    run_rows(connection, _posting(kind_of(connection)), ("term", "story_id"), postings)


def drop(connection: Connection, story_ids: Collection[int]) -> None:
    """Forget what these stories, recent or past, were found by."""
    for row in (StoryTerm, StoryProfile, PastTerm, PastProfile):
        connection.execute(delete(table(row)).where(table(row).c.story_id.in_(list(story_ids))))


def sweep(connection: Connection, over: datetime, forgotten: datetime) -> int:
    """Make past ones of the stories whose last article was seen before ``over``, and forget past ones whose was before ``forgotten``.

    Both a batch at a time; returns how many stories became past.
    """
    recent, past = table(StoryProfile), table(PastProfile)
    ended = list(connection.scalars(select(recent.c.story_id).where(recent.c.last_seen_at < over).limit(BATCH)))
    gone = list(connection.scalars(select(past.c.story_id).where(past.c.last_seen_at < forgotten).limit(BATCH)))
    # Nearly always there is nothing to do, and an import asks with every batch.
    if gone:
        drop(connection, gone)
    for kept, into in ((table(StoryTerm), table(PastTerm)), (recent, past)) if ended else ():
        rows = select(kept).where(kept.c.story_id.in_(ended))
        connection.execute(kind_of(connection).insert(into).from_select(list(kept.c.keys()), rows).on_conflict_do_nothing())
        connection.execute(delete(kept).where(kept.c.story_id.in_(ended)))
    return len(ended)


# These are asked for every batch, and SQLAlchemy answers a statement that it has seen sooner than one that is only like it.
@cache
def _counts() -> Select[Any]:
    counts = table(TermCount)
    return select(counts.c.term, counts.c.count).where(counts.c.term.in_(bindparam("wanted", expanding=True)))


@cache
def _having(row: type[PastTerm | StoryTerm]) -> Select[Any]:
    kept = table(row)
    return select(kept.c.term, kept.c.story_id).where(kept.c.term.in_(bindparam("wanted", expanding=True)))


@cache
def _profiled(row: type[PastProfile | StoryProfile]) -> Select[Any]:
    kept = table(row)
    return select(kept.c.story_id, kept.c.profile).where(kept.c.story_id.in_(bindparam("wanted", expanding=True)))


@cache
def _counting(kind: Kind) -> Insert:
    counts = table(TermCount)
    added = kind.insert(counts)
    total = counts.c["count"] + added.excluded["count"]
    return added.on_conflict_do_update(index_elements=["term"], set_={"count": total})


@cache
def _keeping(kind: Kind) -> Insert:
    added = kind.insert(table(StoryProfile))
    values = {"profile": added.excluded.profile, "last_seen_at": added.excluded.last_seen_at}
    return added.on_conflict_do_update(index_elements=["story_id"], set_=values)


@cache
def _posting(kind: Kind) -> Insert:
    return kind.insert(table(StoryTerm)).on_conflict_do_nothing()
