"""``make soak-fleet``: machines that share one PostgreSQL are killed at random for ten minutes, and the figures are printed."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.fleet import fleet
from tests.postgres import server

MINUTES, PEOPLE, FEEDS, RUNS, WORKERS = 10.0, 40, 500, 2, 3


def main(minutes: float = MINUTES, people: int = PEOPLE, feeds: int = FEEDS) -> int:
    """Print what came of it; 1 where anything was lost or doubled."""
    seed = int(time.time())
    with (
        tempfile.TemporaryDirectory() as folder,
        server() as postgres,
        postgres.made() as address,
        fleet(Path(folder) / "soak", people=people, feeds=feeds, seed=seed, address=address) as world,
        world.sailing(RUNS, WORKERS),
    ):
        world.harass(minutes * 60, kill_every=6.0)
        world.come_to_rest(patience=900)
        found = world.verdict()
    print(f"seed {seed}, {WORKERS} workers, {RUNS} runs, {feeds} sources, {world.losses} times all connections lost: {found}")
    print(f"another led {len(world.takeovers)} times, after {max(world.takeovers, default=0.0):.1f} s at most")
    for each in (*found.lost[:20], *found.doubled[:20]):
        print(f"  {each}")
    return 1 if found.lost or found.doubled else 0


if __name__ == "__main__":
    sys.exit(main(*(float(each) if place == 0 else int(each) for place, each in enumerate(sys.argv[1:]))))  # type: ignore[arg-type] # minutes first
