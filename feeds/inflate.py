"""Undo gzip and deflate while a document streams in, never past a limit (a bomb of 10 kB can hold 10 GB).

Not here: the network (``fetch.py``).
"""

from __future__ import annotations

import zlib
from typing import Protocol

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
_MAX_STEP = 64 * 1024  # bytes that one call may produce, so that the limit is seen in time


class TooLargeError(Exception):
    """The document is larger than the limit, before or after decompression."""


class _Decompressor(Protocol):
    """What zlib's decompression objects have, whose own type can't be named at run time."""

    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Inflater:
    """Collects the chunks of one document and decompresses them; ``limit``, in bytes, holds for what comes out.

    ``label`` is the Content-Encoding. What is labelled as compressed but isn't is taken as it is, and so is what came out before the
    first damaged byte: a document that stops early still has complete entries.
    """

    def __init__(self, label: str, limit: int) -> None:
        self._label = label.strip().lower()
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._held = b""
        self._begun = False
        self._damaged = False
        self._decompressor: _Decompressor | None = None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came. Raises TooLargeError."""
        if self._begun:
            self._keep(chunk)
            return
        self._held += chunk
        if len(self._held) >= len(GZIP_MAGIC):
            self._begin()

    def finish(self) -> bytes:
        """Return the whole document. Raises TooLargeError."""
        if not self._begun:
            self._begin()
        body = b"".join(self._parts)
        if self._decompressor is None or body[:2] != GZIP_MAGIC:
            return body
        inner = Inflater("", self._limit)  # a .gz file that was compressed once more on its way
        inner.feed(body)
        return b"".join(inner._parts)

    def _begin(self) -> None:
        self._begun = True
        self._decompressor = _decompressor_for(self._held, self._label)
        self._keep(self._held)
        self._held = b""

    def _keep(self, chunk: bytes) -> None:
        if self._decompressor is None:
            self._append(chunk)
            return
        while chunk and not self._damaged:
            chunk = self._step(self._decompressor, chunk)

    def _step(self, decompressor: _Decompressor, chunk: bytes) -> bytes:
        """Decompress a bounded piece; return what is still to be decompressed."""
        try:
            self._append(decompressor.decompress(chunk, _MAX_STEP))
        except zlib.error:
            self._damaged = True
            return b""
        rest = decompressor.unused_data
        if rest[:2] == GZIP_MAGIC:  # some servers send several members in a row
            self._decompressor = zlib.decompressobj(_GZIP_OR_ZLIB)
            return rest
        return decompressor.unconsumed_tail

    def _append(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise TooLargeError
        self._parts.append(data)


def _decompressor_for(start: bytes, label: str) -> _Decompressor | None:
    """Choose by the first bytes; the label only decides about raw deflate, which has no mark of its own."""
    if start[:2] == GZIP_MAGIC:
        return zlib.decompressobj(_GZIP_OR_ZLIB)
    if label != "deflate":
        return None
    for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        try:
            zlib.decompressobj(window).decompress(start, 1)
        except zlib.error:
            continue
        return zlib.decompressobj(window)
    return None
