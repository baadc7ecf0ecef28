"""The same poll by the library ``reader``, as a process: ``python -m tests.benchmarks.reader_peer DATABASE FILE-OF-ADDRESSES``."""

from __future__ import annotations

import sys
from pathlib import Path

from reader import make_reader

WORKERS = 10


def main(database: str, addresses: str) -> None:
    """Update every feed, with reader's own storage."""
    with make_reader(database) as reader:
        for address in Path(addresses).read_text(encoding="ascii").split():
            reader.add_feed(address, exist_ok=True)
        reader.update_feeds(workers=WORKERS, scheduled=False)
        counts = reader.get_entry_counts()
    print(counts.total)


if __name__ == "__main__":
    main(*sys.argv[1:])
