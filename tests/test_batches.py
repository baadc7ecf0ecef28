"""Values for a statement, in batches."""

from __future__ import annotations

from hypothesis import given, strategies

from storage.batches import BATCH, batches


@given(values=strategies.lists(strategies.integers(0, 3 * BATCH), max_size=2 * BATCH), more=strategies.integers(0, 2 * BATCH))
def test_every_value_comes_once_and_no_batch_is_too_large(values: list[int], more: int) -> None:
    """In the order in which they came first; no batch is empty."""
    values += range(more)
    found = list(batches(values))
    assert [value for batch in found for value in batch] == list(dict.fromkeys(values))
    assert all(0 < len(batch) <= BATCH for batch in found)
