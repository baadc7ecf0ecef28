"""Words that stories are compared by, from ``story_words.toml``: what says nothing, what is common, and what means the same. Pure.

The rarity of all other words is learnt from the archive; these lists are what is known before there is one. English words stand for the
Russian words of their meaning, and so do Ukrainian ones that aren't cognates; cognates meet by themselves (``storage/words.py``). Russian
words of one family stand for the first of them. Not here: expressions of several words (``phrases.py``).
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
    """Stems that most items of the subject have, and what they stand for."""
    stems = _stems(story_words()["subject"]["words"])
    return stems | {meanings()[one] for one in stems if one in meanings()}


@cache
def usual_stems() -> frozenset[str]:
    """Stems that are common in news of the subject, though not in every other item, in all languages; and those of officials."""
    standing = {families().get(one, one) for one in _stems(story_words()["usual"]["words"])}
    others = {one for one, meaning in meanings().items() if meaning in standing}
    return _stems(story_words()["names"]["officials"]) | standing | others


@cache
def families() -> dict[str, str]:
    """From the stem of a Russian word to the stem that stands for its family."""
    return {one: stem(fold(first).text) for first, words in story_words()["families"].items() for one in _stems(words)}


@cache
def meanings() -> dict[str, str]:
    """From an English stem, or the stem of a Ukrainian word, to the Russian stem that stands for the meaning; families included.

    Not for Russian texts: Ukrainian лист, a letter, is a Russian leaf.
    """
    listed = {one: stem(fold(russian).text) for russian, words in story_words()["meanings"].items() for one in _stems(words)}
    return families() | listed


@cache
def known_meanings() -> frozenset[str]:
    """The Russian stems that have a counterpart in another language."""
    return frozenset(meanings().values())


@cache
def plain_stems() -> frozenset[str]:
    """Stems of words that are no names, even where they have a capital letter: what they mean is listed, or they mean nothing."""
    return frozenset(meanings()) | known_meanings() | empty_stems() | subject_stems() | _stems(story_words()["plain"]["words"])


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, fold(words).text.replace("'", "").split()))
