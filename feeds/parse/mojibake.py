"""Repair text that was encoded as UTF-8, read as something else and encoded again: "РїСѓС‚СЊ" and "Ð¿ÑƒÑ‚ÑŒ" are "путь"."""

from __future__ import annotations

import re
from functools import cache, partial

# The commonest small letters of Russian and Ukrainian, as they look after the accident. In sound text these pairs don't occur:
# the second character is a sign, or a letter of another alphabet.
_SIGNS = {
    "cp1251": ("Рѕ", "Рµ", "Р°", "Рё", "РЅ", "С‚", "СЃ", "С–", "Рє"),
    "cp1252": ("Ð¾", "Ðµ", "Ð°", "Ð¸", "Ð½", "Ñ‚", "Ñ\u0081", "Ñ€", "Ñ–"),
}
_FEWEST_SIGNS = 3
_RUN = re.compile(r"[^\x00-\x7f]+")
_C1_END = 0xA0


def repaired(text: str) -> str:
    """Return ``text`` with its doubly encoded Cyrillic read correctly; sound text is returned as it is."""
    for encoding, signs in _SIGNS.items():
        # One character is found much faster than two are counted.
        if not text.isascii() and sum(text.count(sign) for sign in signs if sign[1] in text) >= _FEWEST_SIGNS:
            text = _RUN.sub(partial(_reread, _bytes_of(encoding)), text)
    return text


def _reread(table: dict[str, int], run: re.Match[str]) -> str:
    """Undo the accident for one run of characters, if its bytes are UTF-8; else leave it."""
    try:
        return bytes(table[character] for character in run[0]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return run[0]


@cache
def _bytes_of(encoding: str) -> dict[str, int]:
    """Map each character to the byte that it was read from; bytes that the encoding leaves free are C1 controls, as in browsers."""
    table = {chr(byte): byte for byte in range(0x80, _C1_END)}
    for byte in range(0x80, 0x100):
        character = bytes([byte]).decode(encoding, "replace")
        if character != "\ufffd":
            table[character] = byte
    return table
