"""Putting stories right: the recent window is clustered anew by average link, from what the stories are now. Pure.

Articles join stories as they come, in whatever order; seen together, some stories are one, and some articles stand in the wrong one. Never
by connected components: one chain would eat the day. What a person decided stays. Time is bounded by looking only at candidates that share
rare terms: 20,000 articles take under five seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from heapq import heapify, heappop, heappush, nlargest

from feeds.sameness.features import Features
from feeds.sameness.story import Fit, Profile, fit, merged, profile, spread_of

# Two stories become one, or an article leaves its story, only by more than what made it so: otherwise repairs would go back and forth.
MERGE_MARGIN, MERGE_MARGIN_OF_SEVERAL = 1.0, 1.2  # the second where both stories have several articles
LEAVE_MARGIN = 0.7
BETTER_BY = 1.25
# A term that more stories of the window have is no sign; and so many candidates are compared with each story.
MOST_STORIES_OF_A_TERM, MOST_CANDIDATES = 40, 8
_TERMS_OF_A_STORY = 24


@dataclass(frozen=True, slots=True)
class Member:
    """An article of the window in its story. ``fixed``: a person put it there."""

    article: int
    story: int
    at: datetime
    features: Features
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """An article goes from a story to another, or to one of its own, whose number is the article's, for ``reason``."""

    article: int
    source: int
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """All of ``source`` goes to ``target``, which is the older, for ``reason``."""

    source: int
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What to change: first the moves, then the merges, one after the other. Nothing that a person decided is among it."""

    moves: tuple[Move, ...]
    merges: tuple[Merge, ...]


def repair(window: Sequence[Member]) -> Repair:
    """Cluster a window anew. The same members in another order give the same repair; repaired, they give none of note."""
    members = sorted(window, key=lambda member: member.article)
    moves = list(_moves(members))  # first: a misfit would draw its own kind into the story that it has to leave
    target = {move.article: move.target for move in moves}
    moved = [replace(member, story=target[member.article]) if member.article in target else member for member in members]
    return Repair(tuple(moves), tuple(_merge(moved)))


def united(members: Sequence[Member]) -> Profile:
    """The profile of a story of these members."""
    return reduce(merged, (profile(member.features, member.at) for member in members))


class _Stories:
    """The stories of the window by number, with the terms that they are looked up by."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.profiles: dict[int, Profile] = {}
        self.fixed = {member.story for member in members if member.fixed}
        self.postings: dict[int, Counter[str]] = defaultdict(Counter)
        self.stories_of: dict[str, set[int]] = defaultdict(set)
        for member in members:
            alone = profile(member.features, member.at)
            known = self.profiles.get(member.story)
            self.profiles[member.story] = alone if known is None else merged(known, alone)
            self.postings[member.story].update(member.features.postings)
        for story, terms in self.postings.items():
            for term in _leading(terms):
                self.stories_of[term].add(story)

    def candidates(self, terms: Counter[str], but: int) -> list[int]:
        """The stories that share most of ``terms``, but for one."""
        shared: Counter[int] = Counter()
        for term in _leading(terms):
            stories = self.stories_of.get(term, ())
            if len(stories) <= MOST_STORIES_OF_A_TERM:
                shared.update(stories)
        shared.pop(but, None)
        return [-negative for _, negative in nlargest(MOST_CANDIDATES, ((count, -story) for story, count in shared.items()))]

    def absorb(self, source: int, target: int) -> None:
        """Make two stories one."""
        self.profiles[target] = merged(self.profiles[target], self.profiles.pop(source))
        for term in self.postings[source]:  # all: it led by others before it grew
            self.stories_of[term].discard(source)
        self.postings[target].update(self.postings.pop(source))
        for term in _leading(self.postings[target]):
            self.stories_of[term].add(target)
        self.fixed |= {target} if source in self.fixed else set()


def _leading(terms: Counter[str]) -> list[str]:
    return list(terms) if len(terms) <= _TERMS_OF_A_STORY else [term for term, _ in terms.most_common(_TERMS_OF_A_STORY)]


def _merge(members: Sequence[Member]) -> list[Merge]:
    """Merge the two stories that fit best, then the next, until no two fit; fits are computed again for what has grown."""
    stories = _Stories(members)
    heap = [pair for story in stories.profiles for pair in _fits(stories, story, later_only=True)]
    heapify(heap)
    merges: list[Merge] = []
    while heap:
        _, target, source, counts, reason = heappop(heap)
        if target not in stories.profiles or source not in stories.profiles or (target in stories.fixed and source in stories.fixed):
            continue
        if counts != (stories.profiles[target].count, stories.profiles[source].count):
            continue  # one of them has grown since; its fits were computed again then
        merges.append(Merge(source, target, reason))
        stories.absorb(source, target)
        for pair in _fits(stories, target, later_only=False):
            heappush(heap, pair)
    return merges


def _fits(stories: _Stories, story: int, *, later_only: bool) -> Iterator[tuple[float, int, int, tuple[int, int], str]]:
    """The pairs of a story with its candidates that fit, best first in a heap, older story first in a pair."""
    this, others = stories.profiles[story], stories.candidates(stories.postings[story], story)
    spread = spread_of(this, [this, *(stories.profiles[other] for other in others)]) if this.count > 1 else {}
    for other in others:
        if later_only and other < story:
            continue
        found = fit(this, stories.profiles[other], spread if stories.profiles[other].count > 1 else {})
        older, newer = min(story, other), max(story, other)
        counts = stories.profiles[older].count, stories.profiles[newer].count
        if found.margin >= (MERGE_MARGIN if 1 in counts else MERGE_MARGIN_OF_SEVERAL):
            yield -found.margin, older, newer, counts, found.reason


def _moves(members: Sequence[Member]) -> Iterator[Move]:
    """Misfits: articles that are too unlike the others of their story; to a story that they fit far better, or to one of their own."""
    stories: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        stories[member.story].append(member)
    misfits = [found for together in stories.values() for found in _misfits(together)]
    if not misfits:
        return
    known = _Stories(members)
    for member, here in misfits:
        alone = profile(member.features, member.at)
        fits = [(fit(alone, known.profiles[other]), other) for other in known.candidates(Counter(member.features.postings), member.story)]
        best = max(fits, key=lambda one: (one[0].margin, -one[1]), default=None)
        if best is not None and best[0].margin >= max(1.0, BETTER_BY * here.margin):
            yield Move(member.article, member.story, best[1], best[0].reason)
        elif here.margin < LEAVE_MARGIN:
            yield Move(member.article, member.story, member.article, here.reason)


def _misfits(members: Sequence[Member]) -> Iterator[tuple[Member, Fit]]:
    """The members, but for the first and the fixed, that don't fit the others."""
    for member in members[1:] if len(members) > 1 else ():
        if not member.fixed:
            others = united([other for other in members if other is not member][:_TERMS_OF_A_STORY])
            found = fit(profile(member.features, member.at), others)
            if found.margin < 1:
                yield member, found
