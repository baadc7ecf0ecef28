"""Working out the forms of the watchlist's names in a process of its own: ``python -m feeds.prepare CACHE [WATCHLIST]``.

The dictionaries take 25 MB, which a bot that runs for months would keep for a second's work.
"""

from __future__ import annotations

import sys
from pathlib import Path

from feeds import watchlist
from feeds.match import Matcher


def main(arguments: list[str]) -> int:
    """Fill the cache that is named with the forms of the shipped watchlist, or of another."""
    cache, *others = map(Path, arguments)
    Matcher(watchlist.load(others[0] if others else None), cache)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
