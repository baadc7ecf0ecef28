"""Furniture: sentences that a publisher puts around its articles, such as appeals for support. They must not make two articles copies.

Pure: what counts as furniture is learnt by counting, and the counts are kept by the caller. For each publisher and each key of
``countable_keys`` count *groups of copies*, not articles: an article counts when it opens a group, or when it is its publisher's first of
a group. So a report that twenty outlets carry counts once for each of them, and isn't taken for furniture of any.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from xxhash import xxh3_64_intdigest

from storage.folding import Folded, fold

# Three groups are enough to tell an appeal from a quotation that a publisher repeats once.
GROUPS_THAT_MAKE_FURNITURE = 3
_GROUPS_OF_A_NEW_PUBLISHER = 2
# A publisher of whom this many groups are known has had the time to show its furniture.
GROUPS_TO_LEARN_FROM = GROUPS_THAT_MAKE_FURNITURE
# Furniture stands at the edges; the middle of long articles isn't counted, so that the counts stay few.
FIRST_COUNTED, LAST_COUNTED = 4, 8
_SHORTEST_SENTENCE = 12  # characters; shorter ones ("Read also:") can't make up four words in a row that matter

_SENTENCE_BREAK = re.compile(r"[.!?]\s+|\n\s*")
# Appeals that say what they are: furniture from the first time, so that a publisher's first articles aren't hidden behind them.
_APPEAL = re.compile(
    r"\b(?:subscribe to|sign up (?:for|to)|donate|support (?:us|our|the work)|support \w+ from|follow us|read (?:also|more|us)"
    r"|you are reading|gifts? of (?:its|our) readers"
    r"|подпи(?:шитесь|сывайтесь|саться) на|поддержите|поддержать (?:нас|редакцию|издание)|читайте (?:нас|также|еще)"
    r"|пожертвовани\w+ читателей|вы читаете|установите (?:наше )?приложение|оформите донат"
    r"|підпи(?:шіться|суйтеся|суйтесь|сатися) на|підтрима(?:йте|ти) (?:нас|редакцію|видання|\w+ від)|внески читачів|ви читаєте"
    r"|встановіть (?:наш )?застосунок)"
)
# Every appeal has one of these: looked for first, since a text is searched for a plain word a hundred times faster.
_ENGLISH_SIGNS = (
    "subscribe",
    "sign up",
    "donat",
    "support",
    "follow us",
    "read also",
    "read more",
    "read us",
    "you are reading",
    " readers",
)
_OTHER_SIGNS = (
    "подпи", "підпи", "поддерж", "підтрим", "читайте", "вы читаете", "ви читаєте", "пожертвов", "установите", "донат", "внески",
    "встановіть",
)  # fmt: skip
_LONGEST_APPEAL = 300  # characters
_NUMBER = re.compile(r"\d+")
_KEY_MASK = (1 << 63) - 1  # a database's integers have a sign


def countable_keys(text: str) -> list[int]:
    """The keys of the sentences of ``text`` that are counted: of its first four and its last eight, each once. 63 bits each."""
    folded = fold(text).text
    spans = list(_sentences(folded))
    edges = spans if len(spans) <= FIRST_COUNTED + LAST_COUNTED else [*spans[:FIRST_COUNTED], *spans[-LAST_COUNTED:]]
    return list(dict.fromkeys(_key(folded[start:end]) for start, end in edges))


def is_furniture(groups: int, of: int) -> bool:
    """Whether a sentence that stood in so many groups of copies, ``of`` all that are known of its publisher, is its furniture.

    Two are enough while that is half of them: different articles of a new publisher hardly ever share a whole sentence by chance.
    """
    return groups >= GROUPS_THAT_MAKE_FURNITURE or (groups >= _GROUPS_OF_A_NEW_PUBLISHER and 2 * groups >= of)


def is_learnt(groups: int) -> bool:
    """Whether a publisher of whom this many groups of copies are known has shown its furniture; before that copies are held to more."""
    return groups >= GROUPS_TO_LEARN_FROM


def without_furniture(folded: Folded, text: str, known: Collection[int]) -> tuple[str, str]:
    """The folded text and ``text``, which it was folded from, both without appeals and without the sentences whose keys are ``known``.

    A text that is nothing but furniture is left as it is: hiding all of it would make it equal to every other one.
    """
    signs = _ENGLISH_SIGNS if folded.text.isascii() or " the " in folded.text else _OTHER_SIGNS
    appealing = _has_one(folded.text, signs)
    if not known and not appealing:
        return folded.text, text
    out = [span for span in _sentences(folded.text) if _is_out(folded.text[slice(*span)], known, appealing=appealing)]
    if not out:
        return folded.text, text
    kept = list(_gaps(out, len(folded.text)))
    left = "\n".join(folded.text[start:end] for start, end in kept)
    if not any(map(str.isalnum, left)):
        return folded.text, text
    return left, "\n".join(text[slice(*folded.original(start, end))] for start, end in kept if end > start)


def _is_out(sentence: str, known: Collection[int], *, appealing: bool) -> bool:
    if known and _key(sentence) in known:
        return True
    if not appealing or len(sentence) > _LONGEST_APPEAL or not _has_one(sentence, _ENGLISH_SIGNS + _OTHER_SIGNS):
        return False
    return _APPEAL.search(sentence) is not None


def _has_one(text: str, signs: Sequence[str]) -> bool:
    return any(map(text.__contains__, signs))


def _key(sentence: str) -> int:
    """The key of a folded sentence; digits don't matter."""
    return xxh3_64_intdigest(_NUMBER.sub("0", sentence).encode("utf-8", "surrogatepass")) & _KEY_MASK


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    """Where the sentences are that are long enough to be furniture."""
    start = 0
    for found in _SENTENCE_BREAK.finditer(folded):
        end = found.start() + (folded[found.start()] != "\n")
        if end - start >= _SHORTEST_SENTENCE:
            yield start, end
        start = found.end()
    if len(folded) - start >= _SHORTEST_SENTENCE:
        yield start, len(folded)


def _gaps(out: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in out:
        if start > position:
            yield position, start
        position = end
    if position < length:
        yield position, length
