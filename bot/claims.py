"""Claiming the sources that are due, as one of perhaps many processes that do: each is one's own until it is stored, or its lease ends.

Where the database is shared, a lease is short and renewed while the process lives, so that what a killed one had claimed is soon polled
by another. Not here: which are due and how they are locked (``storage/sources.py``), polling them (``feeds/poll.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.storing import stored
from feeds import pace
from feeds.poll import Poller, Polling, Report
from storage import claiming
from storage.database import Database
from storage.polled import Polled

# Of a shared database. A process that waits longer than this for a turn to write has lost nothing: entries that are stored twice are one.
SHORT_LEASE = timedelta(seconds=60)
_RENEWED = 15.0  # seconds


@dataclass(slots=True)
class Claims:
    """The sources that this process has claimed."""

    database: Database
    now: Callable[[], datetime]
    _mine: set[int] = field(default_factory=set)

    def due(self, limit: int, spacing: timedelta = pace.PUBLISHER_SPACING) -> list[Polled]:
        """Claim up to so many that are due, at most one of a publisher and none of one that anybody has just asked."""
        lease = SHORT_LEASE if self.database.shared else claiming.LEASE
        with self.database.claim() as connection:
            return claiming.claim_due(connection, self.now(), limit, spacing, lease)

    async def poll(self, poller: Poller, claimed: Sequence[Polled], done: Callable[[Polling], None] = lambda _: None) -> Report:
        """Poll what was claimed, and keep it for as long as that takes."""
        mine = {polled.id for polled in claimed}
        self._mine |= mine
        try:
            return await poller.poll(claimed, done)
        finally:
            self._mine -= mine

    async def keep(self) -> None:
        """Renew the leases until cancelled, where others would take the sources for left."""
        while self.database.shared:
            await asyncio.sleep(_RENEWED)
            if self._mine:
                await stored(self._renew)

    def _renew(self) -> None:
        with self.database.claim() as connection:
            claiming.renew(connection, sorted(self._mine), self.now() + SHORT_LEASE)
