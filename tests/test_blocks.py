"""Spans of blocks: together they have every number, nearest first, and never many."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies

from storage.blocks import Between, Levels

BOUNDS = strategies.integers(-(10**8), 10**9)
LEVELS = strategies.builds(Levels, bits=strategies.integers(1, 14), levels=strategies.integers(1, 8))


def _numbers(levels: Levels, block: int) -> tuple[int, int]:
    """The first and the last number of a block."""
    size = 1 << levels.bits + 3 * (block % 8)
    return block // 8 * size, (block // 8 + 1) * size - 1


@given(levels=LEVELS.filter(lambda levels: levels.bits + 3 * levels.levels > 22), one=BOUNDS, other=BOUNDS, rising=strategies.booleans())
def test_every_number_is_in_one_block(levels: Levels, one: int, other: int, rising: bool) -> None:  # noqa: FBT001 - Hypothesis calls it so
    """Blocks follow each other without gaps from one end to the other, and at neither end by more than the smallest of them too far."""
    between = Between(min(one, other), max(one, other), rising)
    found = [_numbers(levels, block) for span in levels.spans(between) for block in span]
    in_order = found if rising else found[::-1]
    if not between:
        assert not found
        return
    assert all(end + 1 == begin for (_, end), (begin, _) in pairwise(in_order))
    smallest = 1 << levels.bits
    assert in_order[0][0] <= between.above + 1 < in_order[0][0] + smallest
    assert in_order[-1][1] - smallest < between.below - 1 <= in_order[-1][1]


def test_spans_grow() -> None:
    """The nearest is one small block; of thirty million numbers there are few spans, and few blocks in all."""
    levels = Levels(bits=13, levels=5)
    for rising in (False, True):
        spans = levels.spans(Between(-1_000_000, 33_000_000, rising))
        assert len(spans[0]) == 1
        assert len(spans) < 20
        assert sum(map(len, spans)) < 60


def test_within() -> None:
    """What is between two numbers and also between two others."""
    assert Between(0, 10).within(5, 20) == Between(5, 10)
    assert not Between(0, 10).within(9, 20)
    assert not Between(0, 10).within(12, 20)
