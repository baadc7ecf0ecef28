"""Decompression while streaming, within a limit."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, strategies as st

from feeds.inflate import Inflater, TooLargeError

TEXT = b"Sample: the relatives wrote a letter. " * 50


def inflate(packed: bytes, label: str, step: int = 7, limit: int = 1_000_000) -> bytes:
    """Unpack bytes that arrive in small chunks."""
    inflater = Inflater(label, limit)
    for start in range(0, len(packed), step):
        inflater.feed(packed[start : start + step])
    return inflater.finish()


@given(st.binary(max_size=3000), st.integers(1, 50))
def test_any_chunks_give_the_document(body: bytes, step: int) -> None:
    """Where the chunks end makes no difference."""
    assert inflate(gzip.compress(body), "gzip", step)[: len(body)] == body or body[:2] == b"\x1f\x8b"
    assert inflate(zlib.compress(body), "deflate", step) == body or body[:2] == b"\x1f\x8b"


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate", "x-gzip", "identity"]), st.integers(1, 50))
def test_any_bytes_give_something(body: bytes, label: str, step: int) -> None:
    """Whatever comes under whatever label never raises anything but the limit's error."""
    inflate(body, label, step)


def test_what_came_before_the_damage_is_kept() -> None:
    """A damaged or cut stream gives its beginning."""
    packed = gzip.compress(TEXT, compresslevel=0)
    assert inflate(packed[:-30], "gzip").startswith(TEXT[:100])
    assert TEXT.startswith(inflate(packed[:500] + b"\xff" * 50, "gzip")[:300])


def test_single_byte_and_nothing() -> None:
    """Documents shorter than gzip's mark pass."""
    assert inflate(b"", "gzip") == b""
    assert inflate(b"x", "gzip") == b"x"


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"\0" * 2_000_000), gzip.compress(gzip.compress(b"\0" * 2_000_000)), b"\0" * 1_000_001],
    ids=["packed", "packed twice", "plain"],
)
def test_the_limit_holds_for_what_comes_out(body: bytes) -> None:
    """Bombs, bombs in bombs, and plain bytes stop at the limit."""
    with pytest.raises(TooLargeError):
        inflate(body, "gzip", step=64 * 1024)
