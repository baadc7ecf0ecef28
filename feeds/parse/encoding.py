"""Bytes to text: what the bytes show goes before what the server and the document claim.

Text that is valid UTF-8 and has letters outside ASCII is UTF-8, whatever is declared: no other encoding looks like it by chance.
Not here: text that was encoded twice (``mojibake.py``).
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE
)
_CYRILLIC = ("cp1251", "koi8-u", "cp866", "iso8859-5")
_LATIN = {"ascii", "latin-1", "iso8859-1", "iso8859-15", "cp1252", "utf-8"}
_NOT_TEXT = {
    "base64",
    "bz2",
    "hex",
    "quopri",
    "rot13",
    "uu",
    "zlib",
    "punycode",
    "idna",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
}
_LETTERS = re.compile(rb"[\x80-\xff]+")
_WORD = 3  # high bytes in a row that make a word of another alphabet, not an accent
_SAMPLE = 20_000
_COMMON = frozenset("оеаинтсрвлкмдпуіяї")


def decode(body: bytes, charset: str | None) -> str:
    """Return the text of ``body``; ``charset`` is what the server declares. What can't be read becomes U+FFFD."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    wide = _wide(body[:400])
    if wide:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_not_utf8(body, charset), "replace")


def _wide(start: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark by where its zeros are."""
    half = len(start) // 4
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > half and odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > half and even > 8 * odd else None


def _not_utf8(body: bytes, charset: str | None) -> str:
    """Choose the encoding of bytes that aren't all UTF-8: damaged UTF-8, an Eastern encoding as declared, Cyrillic, or Western."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(map(text.count, _COMMON)) > bad:
        return "utf-8"
    declared = [name for name in (_known(charset), _known(_declaration(body))) if name]
    sample = b" ".join(_LETTERS.findall(body)[:_SAMPLE])
    runs = sample.split()
    in_words = sum(len(run) for run in runs if len(run) >= _WORD)
    if 2 * in_words < sum(map(len, runs)):
        return next((name for name in declared if name not in {"utf-8", "ascii"}), "cp1252")
    eastern = [name for name in declared if name not in _LATIN and name not in _CYRILLIC and _decodes(body, name)]
    if eastern:
        return eastern[0]
    candidates = [name for name in declared if name in _CYRILLIC] + list(_CYRILLIC)
    return max(candidates, key=lambda name: _likeness(sample[:_SAMPLE].decode(name, "replace")))


def _declaration(body: bytes) -> str | None:
    found = _DECLARED.search(body[:4096])
    return (found[1] or found[2]).decode("ascii") if found else None


def _known(name: str | None) -> str | None:
    """Return Python's name of a text encoding, or None."""
    try:
        info = codecs.lookup((name or "").strip())
    except LookupError:
        return None
    name = info.name
    return {"koi8-r": "koi8-u"}.get(name, name) if name not in _NOT_TEXT else None


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(text: str) -> int:
    """Score how much a text looks like Russian or Ukrainian: mostly small letters, mostly the common ones."""
    small = sum("а" <= letter <= "я" or letter in "ёіїєґ" for letter in text)
    common = sum(letter in _COMMON for letter in text)
    return 2 * small + common - 2 * text.count("\ufffd")
