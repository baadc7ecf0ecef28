"""How many articles of a corpus are imported in a CPU second, with a tenth on the subject and with all of them placed; and the memory.

The corpus is made up as that of ``admission.py`` is: nouns that don't exist, with beginnings of headlines on the subject. Each import is a
process of its own, so that its memory is its own; the peer is ``json.loads`` of every line, below which no import can be.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.matching import made_up_words
from tests.world import source_list

SIZES = (10_000, 50_000)
_ON_SUBJECT = 10  # one article in so many
_OUTLETS = 50
_BEGINNING, _SPAN = datetime(2023, 1, 1, tzinfo=UTC), timedelta(days=1_000)
_HEADS = ("Жёны мобилизованных вышли на пикет у Минобороны в Москве.", "«Путь домой» провёл акцию у Вечного огня.")
# Runs the import and prints its counts, with CPU seconds from the time on when everything is loaded, and the most memory in MB.
_MEASURED = """
import gc, resource, sys, time
from bot import lookout
from bot.cli.main import COLLECTED_AFTER
from bot.settings import read_settings
lookout.matcher_of(read_settings())
from bot.cli.main import cli
gc.set_threshold(*COLLECTED_AFTER)  # as the program does
begun = time.process_time()
cli(sys.argv[1:], standalone_mode=False)
print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def corpus(count: int) -> Iterator[dict[str, Any]]:
    """So many articles of about 500 characters, over a thousand days."""
    chance = random.Random(count)  # noqa: S311 - made-up news needs no secrecy
    common, rare = made_up_words("ru", 3_000, 5), made_up_words("ru", 30_000, 6)
    for number in range(count):
        own = chance.choices(rare, k=12)
        sentences = (" ".join([*chance.choices(common, k=6), chance.choice(own)]).capitalize() for _ in range(6))
        head = f"{chance.choice(_HEADS)} " if number % _ON_SUBJECT == 0 else ""
        yield {
            "id": number,
            "source": f"Outlet {number % _OUTLETS}",
            "url": f"https://outlet{number % _OUTLETS}.example.org/{number}",
            "title": " ".join([*own[:3], *chance.choices(common, k=4)]).capitalize(),
            "text": f"{head}{'. '.join(sentences)}.",
            "published": (_BEGINNING + _SPAN * (number / count)).isoformat(),
        }


def imported(file: Path, folder: Path, *options: str) -> tuple[float, float, int]:
    """CPU seconds, MB of memory and MB of database that importing a file into an empty archive takes."""
    folder.mkdir()
    listed = source_list(folder / "sources.toml", {"name": "None", "url": "http://127.0.0.1:9/"})
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "import", str(file), "--json", *options],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOMEFRONT_DATA_DIR": str(folder), "HOMEFRONT_SOURCES": str(listed)},
    )
    seconds, memory = map(float, done.stdout.splitlines()[-1].split())
    return seconds, memory, sum(each.stat().st_size for each in folder.glob("homefront.sqlite*")) // 1_000_000


def main(*sizes: int) -> None:
    """Print everything."""
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "corpus.jsonl"
            with file.open("w", encoding="utf-8") as written:
                written.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in corpus(size))
            begun = time.process_time()
            for line in file.read_bytes().splitlines():
                json.loads(line)
            parsed = size / (time.process_time() - begun)
            subject, less, small = imported(file, Path(name) / "subject", "--subject-only")
            everything, more, large = imported(file, Path(name) / "all")
        print(f"import of {size:,} articles, a CPU second (json.loads alone: {parsed:,.0f}):")
        print(f"  a tenth on the subject {size / subject:8,.0f} (target 3,000), memory {less:.0f} MB, database {small} MB")
        print(f"  all of them placed {size / everything:12,.0f} (target 1,000), memory {more:.0f} MB, database {large} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
