"""What a rule finds in an item: stretches of its tokens. Pure, and linear in the number of words found.

Not here: the language (``rules.py``), where words are found (``vocabulary.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import chain
from typing import TypeAlias

from feeds.reading import Reading
from feeds.rules import THIS, Both, Either, Named, Near, Node, Not, Term

Span: TypeAlias = tuple[int, int]  # first token, one after the last
Lookup: TypeAlias = Callable[[Term | Named], list[Span]]
_WORDS = (Term, Named)  # made once: this is asked a hundred times an item


def evaluate(node: Node, reading: Reading, lookup: Lookup) -> list[Span]:
    """The stretches that ``node`` finds, in order; none where it doesn't hold.

    ``lookup`` gives the sorted stretches of a word or list. AND shows what its first operand found, NEAR and SAME SENTENCE what stands
    between the two words that met, each left word with the nearest right one.
    """
    if isinstance(node, _WORDS):
        return lookup(node)
    if isinstance(node, Near):
        return _near(node, reading, lookup)
    if isinstance(node, Either):
        found = [
            spans
            for operand in node.operands
            if (spans := lookup(operand) if isinstance(operand, _WORDS) else evaluate(operand, reading, lookup))
        ]
        return sorted(set(chain.from_iterable(found))) if len(found) > 1 else found[0] if found else []
    if isinstance(node, Both):
        return _both(node, reading, lookup)
    return [] if evaluate(node.operand, reading, lookup) else [(0, 0)]


def _both(node: Both, reading: Reading, lookup: Lookup) -> list[Span]:
    found: list[Span] = []
    for operand in node.operands:
        spans = evaluate(operand, reading, lookup)
        if not spans:
            return []
        if not found and not isinstance(operand, Not):
            found = spans
    return found


def _near(node: Near, reading: Reading, lookup: Lookup) -> list[Span]:
    left = evaluate(node.left, reading, lookup)
    if not left:
        return []
    right = evaluate(node.right, reading, lookup)
    if not right:
        return left if node.absent else []
    starts = [span[0] for span in right]
    met = [(span, _meet(span, right, starts, node, reading)) for span in left]
    if node.absent:
        return [span for span, joined in met if joined is None]
    return sorted({joined for _, joined in met if joined is not None})


def _meet(span: Span, others: list[Span], starts: list[int], node: Near, reading: Reading) -> Span | None:
    """``span`` joined with the nearest of ``others``; None where that is too far away or in another sentence.

    A word isn't its own company, but what stands inside of THIS, which may be long, is.
    """
    position = bisect_left(starts, span[1] if node.ordered else span[0])
    near = others[position : position + 1] if node.ordered else others[max(0, position - 2) : position + 2]
    candidates = [other for other in near if node.left == THIS or not (span[0] <= other[0] and other[1] <= span[1])]
    if not candidates:
        return None
    sentence = reading.sentence(span[0])
    # Not the nearest of all: one in the next sentence mustn't hide one that stands farther off in this.
    together = [other for other in candidates if reading.sentence(other[0]) == sentence]
    nearest = min(together, key=lambda other: _gap(span, other), default=None)
    if nearest is None or (node.words is not None and _gap(span, nearest) > node.words):
        return None
    return min(span[0], nearest[0]), max(span[1], nearest[1])


def _gap(one: Span, other: Span) -> int:
    """The number of words between two stretches; 0 where they touch or overlap."""
    return max(0, other[0] - one[1], one[0] - other[1])
