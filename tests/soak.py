"""``make soak``: the program is killed 300 times under load, and the figures are printed. Takes about twenty minutes."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.soaking import soaking

KILLS, PEOPLE, FEEDS = 300, 200, 50


def main(kills: int = KILLS, people: int = PEOPLE, feeds: int = FEEDS) -> int:
    """Print what came of it; 1 where anything was lost or doubled."""
    seed = int(time.time())
    with tempfile.TemporaryDirectory() as folder, soaking(Path(folder) / "soak", people=people, feeds=feeds, seed=seed) as soak:
        for number in range(kills):
            soak.live(soak.chance.uniform(0.1, 4.0))
            if number % 20 == 19:
                print(f"{number + 1} kills", file=sys.stderr)
        soak.come_to_rest(patience=900)
        found = soak.verdict()
    print(f"seed {seed}: {found}")
    for each in (*found.lost[:20], *found.doubled[:20]):
        print(f"  {each}")
    return 1 if found.lost or found.doubled else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
