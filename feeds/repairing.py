"""Repairing the stories of the last days: ``python -m feeds.repairing GROUP …``, in a process of its own.

Articles join stories as they come; seen together, some stories are one and some articles stand in the wrong one. Clustering a window of
20,000 articles takes seconds in which a bot couldn't answer, so it is done elsewhere, and each change is a transaction of its own. What is
imported is put right while it is: its days are over when it is there.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from types import MappingProxyType

from sqlalchemy import Connection

from feeds.recent import features_of
from feeds.sameness import profiles
from feeds.sameness.features import Terms
from feeds.sameness.repair import Member, Merge, Move, repair
from feeds.sameness.story import LONGEST_SILENCE_HOURS, merged, profile
from storage import articles, story_changes, story_index
from storage.database import Database, open_database
from storage.records import StorageError

WINDOW = timedelta(hours=LONGEST_SILENCE_HOURS)
# A story is compared by no more than this many of its articles, the latest.
MOST_MEMBERS = 60
# Of an import so many articles at the most are clustered at once, and never before so many have come.
MOST_IMPORTED, FEWEST_IMPORTED = 20_000, 2_000


@dataclass(slots=True)
class Trail:
    """The last articles that an import has placed, each with its time, oldest first; ``fresh``: so many since the last repair.

    ``terms``: what was read of those of them that are no copies, so that a repair needn't read them again.
    """

    placed: deque[tuple[datetime, int]] = field(default_factory=deque)
    terms: dict[int, Terms] = field(default_factory=dict)
    fresh: int = 0

    def add(self, placed: Iterable[tuple[datetime, int]], terms: Mapping[int, Terms] = MappingProxyType({})) -> None:
        """Go on with articles."""
        known = list(placed)
        self.placed.extend(known)
        self.terms.update(terms)
        self.fresh += len(known)
        while len(self.placed) > MOST_IMPORTED:
            self._let_go()

    def reread(self, article_ids: Iterable[int]) -> None:
        """These articles have got other words."""
        for number in article_ids:
            self.terms.pop(number, None)

    def is_due(self) -> bool:
        """Whether a repair is worth its while: each article is then part of about two, however many share a day."""
        return self.fresh >= max(FEWEST_IMPORTED, len(self.placed) // 2)

    def articles(self) -> list[int]:
        """The articles to repair the stories of."""
        return [number for _, number in self.placed]

    def go_on(self) -> None:
        """They are repaired: let go of those that no later one can join a story with."""
        while self.placed and self.placed[0][0] < self.placed[-1][0] - WINDOW:
            self._let_go()
        self.fresh = 0

    def _let_go(self) -> None:
        _, number = self.placed.popleft()
        self.terms.pop(number, None)


def repair_stories(database: Database, groups: Collection[str], now: datetime) -> tuple[int, int]:
    """Put the stories of the window right, and return how many articles were moved and how many stories merged."""
    with database.read() as connection:
        recent = articles.originals_since(connection, now - WINDOW)
    return repair_stories_of(database, recent, groups, now)


def repair_stories_of(
    database: Database,
    article_ids: Sequence[int],
    groups: Collection[str],
    now: datetime,
    read: Mapping[int, Terms] = MappingProxyType({}),
) -> tuple[int, int]:
    """The same for the stories of these articles, of which copies are left out. ``read``: the terms of those that were read before."""
    with database.read() as connection:
        tellers = [each for each in articles.tellers(connection, article_ids) if each.copy_of is None]
        weighed = features_of(connection, tellers, groups, read)
    members = [
        Member(each.id, each.story_id, each.first_seen_at, weighed[each.id], each.placed_by_hand)
        for each in tellers
        if each.story_id is not None
    ]
    decided = repair(members)
    moved = sum(_apply(database, move, groups, now) for move in decided.moves)
    return moved, sum(_apply(database, merge, groups, now) for merge in decided.merges)


def renew(connection: Connection, story_ids: Iterable[int], groups: Collection[str]) -> None:
    """Work out anew what stories are found by, after their articles have changed."""
    wanted = list(dict.fromkeys(story_ids))
    story_index.drop(connection, wanted)
    for story_id in wanted:
        tellers = articles.tellers(connection, articles.originals_of(connection, story_id, MOST_MEMBERS))
        if tellers:
            weighed = features_of(connection, tellers, groups)
            whole = reduce(merged, (profile(weighed[each.id], each.first_seen_at) for each in tellers))
            terms = {term for features in weighed.values() for term in features.postings}
            story_index.keep(connection, {story_id: (profiles.dump(whole), whole.last_at)}, {story_id: terms})


def _apply(database: Database, change: Move | Merge, groups: Collection[str], now: datetime) -> bool:
    """Make one change; False where something else changed those stories meanwhile."""
    with database.write() as connection:
        try:
            if isinstance(change, Merge):
                if story_changes.kept_apart(connection, change.source, change.target):
                    return False
                story_changes.merge(connection, change.source, change.target, reason=change.reason, by_hand=False, now=now)
                renew(connection, [change.source, change.target], groups)
                return True
            (teller,) = articles.tellers(connection, [change.article])
            if teller.story_id != change.source or teller.placed_by_hand:
                return False
            target = None if change.target == change.article else change.target
            story = story_changes.move(connection, [change.article], target, reason=change.reason, by_hand=False, now=now)
            renew(connection, [change.source, story], groups)
        except (StorageError, ValueError):
            return False
    return True


def main(groups: list[str]) -> int:
    """Repair the stories of the database whose address is given on standard input; ``groups``: the topics that are groups of people."""
    database = open_database(sys.stdin.read())
    try:
        moved, joined = repair_stories(database, groups, datetime.now(UTC))
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        database.close()
    sys.stdout.write(f"{moved} {joined}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
