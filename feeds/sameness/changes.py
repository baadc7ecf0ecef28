"""What a revision of an article changed: whether it matters, and a difference that people can read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from feeds.sameness.shingles import Likeness
from storage.folding import fold

Kind = Literal["same", "removed", "added"]
# Copies and story of a revised article are looked at again when this share of its shingles changed, or its title's stems did.
CHANGED_SHARE = 0.3
MOST_FIGURES = 20  # revisions, after which other figures alone make none
LONGEST_TEXT = 100_000  # characters that decide whether a change is trivial: as many as are stored
LONGEST_DIFFERENCE = 40_000  # characters of either text that are compared
# difflib's time grows with the product of the lengths: larger pieces are compared by sentences, still larger ones not at all.
_MOST_PAIRS = 60_000

_TIME = r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?"
_DAY = r"(?:\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|\d{1,2} [^\W\d_]{3,9}(?: \d{4})?|[^\W\d_]{3,9} \d{1,2}(?:, \d{4})?)"
_NOISE = re.compile(
    rf"\b(?:last )?(?:updated|modified|upd|обновлено|обновлена|оновлено|изменено|змінено)"
    rf"(?:[ ,:]{{1,3}}(?:{_TIME}|{_DAY}|gmt|utc|msk|мск|at|on|в|о|\d{{1,4}} [^\W\d_]{{2,8}} (?:ago|назад|тому))){{1,6}}"
    r"|\b\d[\d ,.]{0,12}[kк]? ?(?:views?|comments?|shares?|likes?|reads?|просмотр\w*|комментари\w*|перегляд\w*|коментар\w*|лайк\w*)\b"
    r"|\b(?:views?|comments?|shares?|likes?|reads?|просмотр\w*|комментари\w*|перегляд\w*|коментар\w*|лайк\w*): ?\d[\d ,.]{0,12}"
    r"|\b\d{1,4} (?:minutes?|hours?|min|мин\w*|час\w*|хв\w*|годин\w*) (?:ago|назад|тому|read)\b"
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+(?: \d+)*")
_PIECE = re.compile(r"\S+\s*|\s+")
_SENTENCE = re.compile(r"[^\n.!?]*+[\n.!?]*+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that two texts share (same), or that only the older (removed) or the newer has (added)."""

    kind: Kind
    text: str


def is_trivial(old_title: str, old_text: str, new_title: str, new_text: str, revised: int = 0) -> bool:
    """Whether only spaces, signs, counters or the time of the last update changed between two states of an article.

    ``revised``: how many revisions it has. Figures grow, the dead and the detained; where they do so again and again, they count readers.
    """
    states = [(" ".join(_substance(title)), " ".join(_substance(text))) for title, text in ((old_title, old_text), (new_title, new_text))]
    if revised >= MOST_FIGURES and states[0] != states[1]:
        states = [(_DIGITS.sub("0", title), _DIGITS.sub("0", text)) for title, text in states]
    return states[0] == states[1]


def needs_another_look(old: Likeness, new: Likeness) -> bool:
    """Whether so much changed that copies and story have to be decided anew."""
    if old.title_stems != new.title_stems:
        return True
    every = old.shingles | new.shingles
    return len(old.shingles ^ new.shingles) > CHANGED_SHARE * len(every)


def difference(old: str, new: str) -> list[Segment]:
    """How ``old`` became ``new``, by words. Bounded: what is too large to be compared by words is compared by sentences, or as a whole."""
    one, other = (_PIECE.findall(text[:LONGEST_DIFFERENCE]) for text in (old, new))
    return list(_joined(_compared(one, other)))


def _substance(text: str) -> list[str]:
    return _WORD.findall(_NOISE.sub(" ", fold(text[:LONGEST_TEXT]).text))


def _compared(one: Sequence[str], other: Sequence[str]) -> Iterator[Segment]:
    start = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    longest = min(len(one), len(other)) - start
    end = next((index for index in range(longest) if one[-1 - index] != other[-1 - index]), longest)
    yield Segment("same", "".join(one[:start]))
    yield from _middle(one[start : len(one) - end], other[start : len(other) - end])
    yield Segment("same", "".join(one[len(one) - end :]))


def _middle(one: Sequence[str], other: Sequence[str]) -> Iterator[Segment]:
    if len(one) * len(other) <= _MOST_PAIRS:
        yield from _matched(one, other)
        return
    before, after = ([found for found in _SENTENCE.findall("".join(words)) if found] for words in (one, other))
    if len(before) * len(after) <= _MOST_PAIRS:
        yield from _matched(before, after)
        return
    yield Segment("removed", "".join(one))
    yield Segment("added", "".join(other))


def _matched(one: Sequence[str], other: Sequence[str]) -> Iterator[Segment]:
    """What a comparison by words or by sentences finds; where spaces alone differ, the newer ones stand."""
    bare, newer = [piece.strip() for piece in one], [piece.strip() for piece in other]
    for tag, first, last, start, end in SequenceMatcher(None, bare, newer, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Segment("same", "".join(other[start:end]))
            continue
        yield Segment("removed", "".join(one[first:last]))
        yield Segment("added", "".join(other[start:end]))


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """The same segments, neighbours of one kind in one, without empty ones."""
    last: Segment | None = None
    for segment in segments:
        if not segment.text:
            continue
        if last is not None and last.kind == segment.kind:
            last = Segment(last.kind, last.text + segment.text)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last
