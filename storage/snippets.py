"""Where in a text the words of a query were really found, and the part of the text around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from storage.query import Term
from storage.words import Word, words

_SNIPPET = 160
_LONGEST_READ = 20_000  # characters; of a longer text only the beginning is looked through
_ONE_LINE = str.maketrans("\n\r\t", "   ")

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the places (start, end) of the words that were found."""

    text: str
    marks: tuple[Place, ...]


def marked(whole: str, terms: Sequence[Term], others: Iterable[Place] = ()) -> Marked:
    """A text with what the query asked for marked, and ``others``: where a topic was recognised in it."""
    return Marked(whole, tuple(_places(whole, terms, others)))


def snippet(whole: str, terms: Sequence[Term], others: Iterable[Place] = ()) -> Marked:
    """The part of a text around the first place that was found, cut between words, on one line."""
    found = _places(whole, terms, others)
    start = max(0, found[0][0] - _SNIPPET // 3) if found else 0
    start = whole.rfind(" ", 0, start + 1) + 1
    end = len(whole) if len(whole) <= start + _SNIPPET else max(whole.rfind(" ", start, start + _SNIPPET), start + 1)
    before, after = ("… " if start else ""), (" …" if end < len(whole) else "")
    shift = len(before) - start
    marks = tuple((first + shift, last + shift) for first, last in found if start <= first and last <= end)
    return Marked(before + one_line(whole[start:end]) + after, marks)


def one_line(text: str) -> str:
    """A text on one line; places in it stay where they are."""
    return text.translate(_ONE_LINE)


def _places(whole: str, terms: Sequence[Term], others: Iterable[Place]) -> list[Place]:
    """The places of words, phrases and mentions, in order; those that overlap are one."""
    found = list(words(whole[:_LONGEST_READ])) if terms else []
    places = [place for term in terms for place in _of_term(found, term)]
    places += [(start, end) for start, end in others if 0 <= start < end <= len(whole)]
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _of_term(found: Sequence[Word], term: Term) -> Iterable[Place]:
    stems, length = term.stems, len(term.stems)
    for at, word in enumerate(found[: len(found) - length + 1]):
        if word.stem != stems[0] and not (length == 1 and term.prefix):
            continue
        last = found[at + length - 1]
        exact = stems if not term.prefix else stems[:-1]
        if all(each.stem == stem for each, stem in zip(found[at : at + length], exact, strict=False)) and (
            not term.prefix or last.stem.startswith(stems[-1])
        ):
            yield word.start, last.end
