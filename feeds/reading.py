"""An item made ready for the automaton: one byte a character, one space between words, and the way back to the original.

Words keep letters and digits only, apostrophes vanish (``soldiers'`` and ``soldiers`` are one), sentence ends become the word ``.`` and
other breaks the word ``,`` so that no phrase reaches across them. Not here: what is looked for (``vocabulary.py``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from storage.folding import Folded, fold

LONGEST_TEXT = 200_000  # characters; a longer item is decided by its beginning
CODEC = "cp1251"  # every Latin and Cyrillic letter that folding leaves is one byte
_OTHER_LETTER = "ћ"  # stands for a letter of another alphabet, so that it doesn't end a word
_ENDS, _BREAKS = b".!?", b",;:()[]{}|<>=\\"
_NEITHER = re.compile("[^\\x00-\\x7f\u00ab\u00b0\u00b1\u00b5-\u00b7\u00bb\u0401-\u045f\u0490\u0491\u2013-\u2022\u2026№™]")
_TOKEN = re.compile(rb"[.,]|[^ .,'](?:[^ .,]*[^ .,'])?")
# Words after which a full stop doesn't end the sentence.
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr st gen col lt sgt capt prof sen rep gov no vs etc jan feb mar apr jun jul aug sept sep oct nov dec "
        "г гг ул им т д е п стр тыс млн млрд руб обл р н пос проф акад ген полк св см ст др пр ред род м"
    )
    .encode(CODEC)
    .split()
)
BOUNDARY = b"|"
_STOPS = (b".", b",")
_FEW = 20  # tokens of a text that show whether it has a word
_ENOUGH = 4000  # characters that tell the alphabet
_ASCII = 128
_LETTERS = bytes(ord("C") if code >= _ASCII else ord("L") if chr(code).isalpha() else ord(" ") for code in range(256))


def _table() -> bytes:
    flat = bytearray(b" " * 256)
    for code in range(256):
        character = bytes([code]).decode(CODEC, "replace")
        if character.isalnum() or character in "_'":
            flat[code] = code
    for code in _ENDS:
        flat[code] = ord(".")
    for code in _BREAKS:
        flat[code] = ord(",")
    return bytes(flat)


_TABLE = _table()


def flatten(text: str) -> bytes:
    """A name or word as the automaton sees it: folded words with one space between, none around."""
    return flatten_folded(fold(text).text)


def flatten_folded(folded: str) -> bytes:
    """The same for what is folded already."""
    return b" ".join(_spaced(_marked(folded)))


def _marked(folded: str) -> bytes:
    """One byte for each folded character: a letter, digit or apostrophe, a space, a full stop or a comma."""
    try:
        single = folded.encode(CODEC)
    except UnicodeEncodeError:
        single = _NEITHER.sub(_stand_in, folded).encode(CODEC, "replace")
    return single.replace(b" - ", b" , ").translate(_TABLE)


def _stand_in(match: re.Match[str]) -> str:
    return _OTHER_LETTER if match.group().isalnum() else " "


def _spaced(marked: bytes) -> list[bytes]:
    return marked.translate(None, b"'").replace(b".", b" . ").replace(b",", b" , ").split()


@dataclass
class Reading:
    """One item as it is read by rules. Made by ``read``.

    ``tokens`` are the words of the title, ``.``, ``|``, then those of the text; ``flat`` is the same in one piece. Positions in rules are
    indexes of ``tokens``.
    """

    title: str
    text: str
    tokens: list[bytes]
    boundary: int
    flat: bytes
    _fields: tuple[tuple[Folded, bytes], tuple[Folded, bytes]]
    _nothing: ClassVar[tuple[str, int, int]] = ("title", 0, 0)

    @cached_property
    def is_bare(self) -> bool:
        """Whether there is nothing but a title: some feeds give no more."""
        return all(token in _STOPS for token in self.tokens[self.boundary + 1 : self.boundary + _FEW])

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Indexes of the tokens that end a sentence, or the title."""
        tokens, last = self.tokens, len(self.tokens) - 1
        ends = []
        for index, token in enumerate(tokens):
            if token == BOUNDARY or (token == b"." and not (0 < index < last and _abbreviates(tokens[index - 1], tokens[index + 1]))):
                ends.append(index)
        return ends

    def sentence(self, token: int) -> int:
        """The number of the sentence that a token stands in."""
        return bisect_right(self.sentence_ends, token)

    @cached_property
    def is_latin(self) -> bool:
        """Whether more letters are Latin than Cyrillic; true without any."""
        letters = self.flat[:_ENOUGH].translate(_LETTERS)
        return letters.count(b"C") <= letters.count(b"L")

    @cached_property
    def _title_spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _TOKEN.finditer(self._fields[0][1])]

    @cached_property
    def _text_spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _TOKEN.finditer(self._fields[1][1])]

    def place(self, start: int, end: int) -> tuple[str, int, int]:
        """The field, and the characters of it, that tokens ``start`` to ``end`` (exclusive) stand at."""
        if start < self.boundary:
            field, folded, spans, offset, end = "title", self._fields[0][0], self._title_spans, 0, min(end, self.boundary - 1)
        else:
            field, folded, spans, offset = "text", self._fields[1][0], self._text_spans, self.boundary + 1
        if not spans or end <= start:
            return self._nothing
        first, last = folded.original(spans[start - offset][0], spans[end - 1 - offset][1])
        return field, first, last


def _abbreviates(before: bytes, after: bytes) -> bool:
    return before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()) or (before.isdigit() and after.isdigit())


def read(title: str, text: str) -> Reading:
    """Title and text, each cut to LONGEST_TEXT characters, ready to be matched. Takes linear time."""
    title, text = title[:LONGEST_TEXT], text[:LONGEST_TEXT]
    folded_title, folded_text = fold(title), fold(text)
    marked_title, marked_text = _marked(folded_title.text), _marked(folded_text.text)
    tokens = _spaced(marked_title)
    tokens += [b".", BOUNDARY]
    boundary = len(tokens) - 1
    tokens += _spaced(marked_text)
    return Reading(
        title, text, tokens, boundary, b" " + b" ".join(tokens) + b" ", ((folded_title, marked_title), (folded_text, marked_text))
    )
