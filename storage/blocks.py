"""Numbers of articles in blocks, small ones in larger ones, by which an index can be asked for one span of numbers after another. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

# How many blocks make one of the next level, as the power of two.
_STEP = 3


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers between two, both left out, to be gone through from the highest on or (``rising``) from the lowest."""

    above: int
    below: int
    rising: bool = False

    def within(self, above: int, below: int) -> Between:
        """Those of them that are also between two others."""
        return replace(self, above=max(self.above, above), below=min(self.below, below))

    def __bool__(self) -> bool:
        return self.below - self.above > 1


@dataclass(frozen=True, slots=True)
class Levels:
    """Blocks of so many sizes: the smallest is of 2**``bits`` numbers, each larger one is of eight of those before it.

    A block's name is its place among those of its size, times 8, plus its level; so there may be 8 levels.
    """

    bits: int
    levels: int

    @property
    def of_row(self) -> str:
        """As SQL: the names of the blocks that a row stands in."""
        smallest, *larger = (f"(rowid >> {self.bits + _STEP * level}) * 8" for level in range(self.levels))
        return f"ARRAY[{', '.join([smallest, *(f'{name} + {level}' for level, name in enumerate(larger, start=1))])}]"

    def spans(self, between: Between) -> list[list[int]]:
        """The names of the blocks that together have every number, in spans, each about twice as long as that before it.

        Most words are about as frequent everywhere, so that what is gathered span by span is never much more than what is needed.
        """
        found, span, size, enough = list[list[int]](), list[int](), 0, 1
        # Going down is going up among the numbers below zero: ~n is -1 - n.
        first, last = (between.above + 1, between.below - 1) if between.rising else (~(between.below - 1), ~(between.above + 1))
        at, end = first >> self.bits, last >> self.bits
        while between and at <= end:
            level = self._largest(at, min(end - at + 1, enough))
            place = at >> _STEP * level
            span.append((place if between.rising else ~place) * 8 + level)
            at, size = at + (1 << _STEP * level), size + (1 << _STEP * level)
            if size >= enough or at > end:
                found.append(span)
                span, size, enough = [], 0, enough * 2
        return found

    def _largest(self, at: int, most: int) -> int:
        """The level of the largest block that begins at the place of a smallest one, and has ``most`` of those at most."""
        return max(level for level in range(self.levels) if at % (1 << _STEP * level) == 0 and 1 << _STEP * level <= most)
