"""Words that stories are compared by, from ``story_words.toml``: what says nothing, what is common, and what means the same. Pure.

The rarity of all other words is learnt from the archive; these lists are what is known before there is one. English words stand for the
Russian words of their meaning, and so do Ukrainian ones that aren't cognates; cognates meet by themselves (``storage/words.py``).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from storage.folding import fold
from storage.words import stem

SHIPPED = Path(__file__).with_name("story_words.toml")


@cache
def story_words() -> dict[str, dict[str, Any]]:
    """The tables of the file."""
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


@cache
def empty_stems() -> frozenset[str]:
    """Stems that say nothing."""
    return _stems(story_words()["empty"]["words"])


@cache
def subject_stems() -> frozenset[str]:
    """Stems that most items of the subject have."""
    return _stems(story_words()["subject"]["words"])


@cache
def meanings() -> dict[str, str]:
    """From an English stem, or the stem of a Ukrainian word, to the Russian stem that stands for the meaning."""
    return {one: stem(russian) for russian, words in story_words()["meanings"].items() for one in _stems(words)}


@cache
def known_meanings() -> frozenset[str]:
    """The Russian stems that have a counterpart in another language."""
    return frozenset(meanings().values())


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, fold(words).text.split()))
