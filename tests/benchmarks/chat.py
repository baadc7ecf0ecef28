"""How long a person waits for each command's answer in the local chat, on an archive of 100,000 articles.

``python -m tests.benchmarks.chat [ARTICLES]``. Wall milliseconds from the words to the message that answers them, of the whole program in a
process of its own; beside them a bare call to the local chat in the same run.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import text

from storage.database import Database
from tests.benchmarks.big_archive import archive_of
from tests.benchmarks.running import BETWEEN_ANSWERS, answer_time, call_time
from tests.world import YOU, Program, program, source_list

ARTICLES = 100_000
ROUNDS = 5
TEXT_MS, PICTURE_MS = 300, 1_500
_TEXTS = (
    "/start",
    "/help",
    "/topics",
    "/subscribe Way Home",
    "/schedule 8 20:30",
    "/timezone Samara",
    "/digest",
    "/digest week",
    "/alerts Way Home",
    "/search topic:way-home",
    "/search standing:state after:2024",
    "/story 40000",
    "/watch mobilised NEAR/5 Samara",
    "/why Way Home",
    "/sources",
    "/status",
    "/privacy",
    "/serach nothing",
)
_PICTURES = ("/trend Way Home", "/trend families 3y", "/timeline Way Home 2024", "/health")
_FILES = ("/export topic:way-home",)
_STORIES = text(
    "INSERT INTO stories (id, first_seen_at, last_seen_at, articles, publishers, languages, headline_article_id, changed_seq)"
    " SELECT story_id, min(first_seen_at), max(first_seen_at), count(*), count(DISTINCT source_id), min(language), min(id), max(id)"
    " FROM articles WHERE story_id IS NOT NULL GROUP BY story_id"
)


def main(size: int = ARTICLES) -> None:
    """Print how long each command's answer takes."""
    archive = archive_of(size)
    archive.close()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copy(archive.path, folder))
        _tell_stories(copied)
        listed = source_list(Path(folder) / "sources.toml", {"name": "None", "url": "http://127.0.0.1:9/"})
        address = f"sqlite:///{copied}"
        with program(Path(folder) / "data", listed, HOMEFRONT_DATABASE_URL=address, HOMEFRONT_OPERATORS=str(YOU)) as running:
            call = median(call_time(running) for _ in range(ROUNDS)) * 1000
            print(f"chat over {size:,} articles; wall ms of {ROUNDS} answers: median / longest (a bare call {call:.0f})")
            _report(running, "text", _TEXTS, TEXT_MS)
            _report(running, "picture", _PICTURES, PICTURE_MS)
            _report(running, "file", _FILES, PICTURE_MS)


def _tell_stories(path: Path) -> None:
    database = Database(path)
    with database.write() as connection:
        connection.execute(_STORIES)
    database.close()


def _report(running: Program, kind: str, commands: tuple[str, ...], target: int) -> None:
    worst = 0.0
    for typed in commands:
        times = [_answer_time(running, typed) * 1000 for _ in range(ROUNDS)]
        worst = max(worst, *times)
        print(f"  {typed:40} {median(times):6.0f} / {max(times):.0f}", flush=True)
    print(f"  the longest {kind}: {worst:.0f} ms (target {target})", flush=True)


def _answer_time(running: Program, typed: str) -> float:
    """Seconds from the words to the bot's answer. A chat gets one message a second, so it waits before it asks."""
    time.sleep(BETWEEN_ANSWERS)
    return answer_time(running, typed)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
