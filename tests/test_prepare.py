"""Preparing the forms of names in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from feeds import watchlist
from feeds.match import Matcher


def test_the_cache_is_filled(tmp_path: Path) -> None:
    """Afterwards a matcher finds every form in the cache, and adds nothing to it."""
    cache = tmp_path / "forms.json"
    subprocess.run([sys.executable, "-m", "feeds.prepare", str(cache)], check=True)
    before = cache.read_bytes()
    matcher = Matcher(watchlist.load(), cache)
    assert cache.read_bytes() == before
    assert matcher.match("Пути домой", "Жёны мобилизованных россиян просят вернуть мужей.").relevant
