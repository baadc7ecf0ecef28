"""Folding: two spellings that a reader takes for the same become the same characters.

Case, compatibility and full-width forms, accents, ё/е, apostrophes, quotes, dashes, spaces, soft hyphens, zero-width characters and
look-alike letters of the other alphabet never decide whether a word is found. Й and ї are letters, not accented и and і.
Not here: words and stems (``words.py``), flattening for the automaton (``feeds/reading.py``).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

_SINGLE_BYTE = "cp1251"  # Holds Latin, Cyrillic and typographic marks: one byte a character makes folding a table look-up.
_APOSTROPHES = "'`´ʹʺʻʼʽˈˊʾʿ‘’‚‛′‵ꞌ＇"
_QUOTES = '"«»“”„‟‹›″〃「」『』＂'
_DASHES = "-‐‑‒–—―−﹘﹣－⁃"
_DROPPED = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_LETTERS_WITH_MARKS = {"и\u0306": "й", "і\u0308": "ї", "у\u0306": "ў"}
_KEPT = frozenset("йїў№™")
# Letters that Unicode doesn't take apart, with the letter that readers of English, Russian or Ukrainian use instead.
_REPLACED = {
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_DROPPED, ""),
    "\u2028": "\n",
    "\u2029": "\n",
    "…": ".",
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ә": "а",
    "ө": "о",
    "ү": "у",
    "ұ": "у",
    "һ": "х",
    "җ": "ж",
    "қ": "к",
    "ҡ": "к",
    "ң": "н",
    "ғ": "г",
    "ҙ": "з",
    "ҫ": "с",
    "ӏ": "",
}
_LATIN_TO_CYRILLIC = str.maketrans("aceiopxykmthbvz", "асеіорхукмтнввз")  # V and Z are the war's own signs: «Vерните мужа»
_CYRILLIC_TO_LATIN = str.maketrans("асеіорхукмтнв", "aceiopxykmthb")
_ONLY_CYRILLIC = re.compile("[бгґдєжзийїлпфцчшщъыьэюяў]")
_ONLY_LATIN = re.compile("[dfgjlnqrsuw]")
_CYRILLIC = "\u0430-\u045f\u0491"
_WORD = re.compile(f"[a-z{_CYRILLIC}]+")
_IN_A_WORD = re.compile(r"\w+")
_PIECE = re.compile("[\\t\\n\\r -_a-~\u0410-\u044fЁёІіЇїЄєҐґ«»—–“”’„№\u00a0]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and the way back to the characters it came from.

    ``text`` has no upper case, no accents and no invisible characters. ``_starts`` is None where folded and original characters are
    one to one; otherwise it gives the original index of each folded character, and at the end the original's length.
    """

    text: str
    _starts: array[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original text that folded characters ``start`` to ``end`` came from.

        Invisible characters and accents that follow the last one belong to it. Raises IndexError outside of the text.
        """
        if self._starts is None:
            return start, end
        first = self._starts[start]
        if end <= start:
            return first, first
        return first, max(self._starts[end], self._starts[end - 1] + 1)


def fold(text: str) -> Folded:
    """``text`` folded. Takes linear time, whatever the text; a lone surrogate becomes U+FFFD."""
    plain = _fold_single_bytes(text)
    if plain is not None:
        return Folded(plain)
    parts: list[str] = []
    starts = array("I")
    for piece in _PIECE.finditer(text):
        characters = piece.group()
        plain = _fold_single_bytes(characters) if len(characters) > 1 else None
        if plain is None:
            _append_odd(characters, piece.start(), parts, starts)
        else:
            parts.append(plain)
            starts.extend(range(piece.start(), piece.end()))
    starts.append(len(text))
    folded = "".join(parts)
    return Folded(_settle_scripts(folded, folded.encode(_SINGLE_BYTE, "replace")), starts)


def plain_words(folded: str) -> list[str]:
    """What a regular expression finds in a folded text as words (letters, digits and underscores), in half its time."""
    try:
        single = folded.encode(_SINGLE_BYTE)
    except UnicodeEncodeError:
        return _IN_A_WORD.findall(folded)
    return single.translate(_WORDS_TABLE).decode(_SINGLE_BYTE).split()


def _append_odd(character: str, position: int, parts: list[str], starts: array[int]) -> None:
    joined = _LETTERS_WITH_MARKS.get(parts[-1][-1:] + character) if parts else None
    if joined is not None:
        parts[-1] = parts[-1][:-1] + joined
        return
    folded = fold_character(character)
    if folded:
        parts.append(folded)
        starts.extend([position] * len(folded))


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character folded: usually one character, none where it is dropped, several for a ligature."""
    folded = []
    for letter in (
        unicodedata.normalize("NFKC", character).casefold() if character not in _REPLACED and character not in _KEPT else character
    ):
        if letter in _KEPT:
            folded.append(letter)
        elif letter in _REPLACED:
            folded.append(_REPLACED[letter])
        else:
            folded.extend(_without_marks(letter))
    return "".join(folded)


def _without_marks(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return "\ufffd"
    if kind == "Zs":
        return " "
    return "".join(part for part in unicodedata.normalize("NFD", letter) if unicodedata.category(part) not in {"Mn", "Me"})


def _single_byte_tables() -> tuple[bytes, bytes]:
    folded = bytearray(range(256))
    scripts = bytearray(b" " * 256)
    for code in range(256):
        character = bytes([code]).decode(_SINGLE_BYTE, "replace")
        result = fold_character(character)
        if len(result) != 1:
            continue
        folded[code] = result.encode(_SINGLE_BYTE, "replace")[0]
        if result.isalpha():
            scripts[code] = ord("L") if result.isascii() else ord("C")
    return bytes(folded), bytes(scripts)


_FOLD_TABLE, _SCRIPT_TABLE = _single_byte_tables()
_WORDS_TABLE = bytes(code if _IN_A_WORD.match(bytes([code]).decode(_SINGLE_BYTE, "replace")) else ord(" ") for code in range(256))
_NOT_LATIN = bytes(code for code in range(256) if _SCRIPT_TABLE[code] != ord("L"))


def _fold_single_bytes(text: str) -> str | None:
    """The fast path: ``text`` folded where every character is one byte and folds to one, else None."""
    try:
        single = text.encode(_SINGLE_BYTE)
    except UnicodeEncodeError:
        return None
    if b"\xad" in single:
        return None
    return _settle_scripts(single.translate(_FOLD_TABLE).decode(_SINGLE_BYTE), single)


def _settle_scripts(folded: str, single: bytes) -> str:
    """The same text, each word that mixes Latin and Cyrillic letters written in the alphabet that it belongs to."""
    if folded.isascii() or not single.translate(None, _NOT_LATIN):
        return folded
    scripts = single.translate(_SCRIPT_TABLE)
    mixed = b"LC" in scripts or b"CL" in scripts
    return _WORD.sub(_settle_word, folded) if mixed else folded


def _settle_word(match: re.Match[str]) -> str:
    word = match.group()
    latin = sum(map(str.isascii, word))
    if latin in (0, len(word)):
        return word
    cyrillic_only, latin_only = bool(_ONLY_CYRILLIC.search(word)), bool(_ONLY_LATIN.search(word))
    is_cyrillic = cyrillic_only if cyrillic_only != latin_only else 2 * latin <= len(word)
    return word.translate(_LATIN_TO_CYRILLIC if is_cyrillic else _CYRILLIC_TO_LATIN)
