"""By which words a rule holds: the company that a name was found in, to be told to people. Pure.

Not here: whether a rule holds (``evaluate.py``), which rules are asked (``judge.py``).
"""

from __future__ import annotations

from feeds.evaluate import Lookup, Span, evaluate
from feeds.reading import Reading
from feeds.rules import THIS, Both, Either, Named, Near, Node, Term


def company(node: Node, reading: Reading, lookup: Lookup) -> list[Span]:
    """One stretch for each word that ``node``, which holds, needed. Neither THIS is among them nor what had to be absent."""
    if isinstance(node, Term | Named):
        return [] if node == THIS else lookup(node)[:1]
    if isinstance(node, Either):
        held = next((operand for operand in node.operands if evaluate(operand, reading, lookup)), None)
        return company(held, reading, lookup) if held is not None else []
    if isinstance(node, Both):
        return [span for operand in node.operands for span in company(operand, reading, lookup)]
    if isinstance(node, Near):
        return _neighbours(node, reading, lookup)
    return []


def _neighbours(node: Near, reading: Reading, lookup: Lookup) -> list[Span]:
    """The words that met, and not others of the same lists that stand elsewhere."""
    if node.absent:
        return company(node.left, reading, lookup)
    met = evaluate(node, reading, lookup)
    if not met:
        return []
    start, end = met[0]

    def within(term: Term | Named) -> list[Span]:
        return [span for span in lookup(term) if start <= span[0] and span[1] <= end]

    return [*company(node.left, reading, within), *company(node.right, reading, within)]
