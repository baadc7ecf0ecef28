"""What of an article is compared to find its copies: the words of its text in groups of four, hashed. Pure.

How a text is spelt never decides: case, ё/е, apostrophes, quotes, British or American spelling, dateline, "UPDATE 2-", the outlet's name
behind the title, hashtags, addresses, and its publisher's furniture. Not here: whether two articles are copies (``copies.py``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from feeds.sameness.furniture import without_furniture
from feeds.sameness.wire import dateline_end
from storage.folding import fold
from storage.words import stems

LONGEST_TEXT = 20_000  # characters; a longer text is recognised by its beginning
SHINGLE_WORDS = 4
# Eight smallest hashes of the first 60 words and eight of the rest: found 5,613 of 5,613 re-publications with two in common.
HEAD_WORDS = 60
SMALLEST = 8
# Two hashes in common make a candidate; or the title's key alone. A hash that more articles have than this tells nothing.
SHARED_TO_BE_CANDIDATE = 2
MOST_ARTICLES_OF_A_HASH = 200
ALIGNED_WORDS = 80  # two articles are held side by side over so many words (see editions.py)
OPENING_CHARS = 900  # enough for so many words
_FEWEST_TEXT_WORDS = 12  # under these the title is part of what is compared
_FEWEST_TITLE_WORDS = 4

_SINGLE_BYTE = "cp1251"  # as in storage/folding.py: reading bytes is several times faster
_WORD = re.compile(r"[^\W_]+")
_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S+|[#@]\w+")
_UPDATE = re.compile(
    r"(?:(?:update|wrapup|refile|corrected|upd|обновление|обновлено|оновлення|оновлено)(?: ?\d{1,2})? ?[-:.] ?"
    r"|(?:breaking|urgent|exclusive|срочно|молния|терміново|дополнено|доповнено)(?: news)? ?[-:!.] ?)+"
)
_SUFFIX = re.compile(r"\s[-|]\s(?!.*\s[-|]\s)(?=(.{2,40})$)")
# One spelling for British and American ones; applied to both sides, so that it needn't be English, only the same.
_SPELLINGS = [
    pair.split(b">")
    for pair in (
        b"z>s bour>bor vour>vor lour>lor mour>mor nour>nor iour>ior fence>fense cence>cense lled>led lling>ling ller>ler "
        b"entre>enter eatre>eater metre>meter litre>liter ogramme>ogram alogue>alog grey>gray lment>llment towards>toward sceptic>skeptic "
        b"judgement>judgment ageing>aging whilst>while learnt>learned cheque>check"
    ).split()
]


def _word_bytes() -> bytes:
    characters = bytes(range(256)).decode(_SINGLE_BYTE, "replace")
    return bytes(code if character.isalnum() else ord(" ") for code, character in enumerate(characters))


_WORD_BYTES = _word_bytes()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two articles are compared by.

    ``title`` has neither "UPDATE 2-" nor the outlet's name, ``title_stems`` has its stems. ``opening``: the first characters of the text
    that are no furniture, as they stand; ``words``: its first eighty, in the spelling that is compared. ``shingles``: 32-bit hashes of
    every four words in a row. ``sketch``: at most sixteen 48-bit hashes to look candidates up by.
    ``title_key``: a 48-bit hash of the title to look candidates up by, None where the title has under four words.
    """

    title: str
    title_stems: frozenset[str]
    opening: str
    words: tuple[str, ...]
    shingles: frozenset[int]
    sketch: tuple[int, ...]
    title_key: int | None


def likeness(title: str, text: str, *, outlet: str = "", furniture: Collection[int] = ()) -> Likeness:
    """The likeness of an article. ``furniture`` has the keys of its publisher's known furniture (see ``furniture.py``)."""
    bare = bare_title(title, outlet)
    body = text[:LONGEST_TEXT]
    body = body[dateline_end(body) :]
    folded = fold(body)
    plain, opening = without_furniture(folded, body, furniture)
    words, title_words = _encoded_words(plain), _encoded_words(fold(bare).text)
    hashes = shingle_hashes(words if len(words) >= _FEWEST_TEXT_WORDS else title_words + words)
    return Likeness(
        title=bare,
        title_stems=frozenset(stems(bare)),
        words=tuple(_decoded(words[:ALIGNED_WORDS])),
        opening=opening[:OPENING_CHARS],
        shingles=frozenset([hashed & 0xFFFFFFFF for hashed in hashes]),
        sketch=_sketch(hashes),
        title_key=xxh3_64_intdigest(b"title " + b" ".join(title_words)) >> 16 if len(title_words) >= _FEWEST_TITLE_WORDS else None,
    )


def bare_title(title: str, outlet: str = "") -> str:
    """A title without "UPDATE 2-" and the like before it and without the name of its outlet behind it."""
    title = title[:LONGEST_TEXT].strip()
    folded = fold(title)
    start = _UPDATE.match(folded.text)
    end = len(folded.text)
    if outlet:
        suffix = _SUFFIX.search(folded.text, max(0, end - 60))
        end = suffix.start() if suffix and _same_name(suffix[1], fold(outlet).text) else end
    if (start is None or start.end() >= end) and end == len(folded.text):
        return title
    return title[slice(*folded.original(start.end() if start and start.end() < end else 0, end))]


def compared_words(folded: str, *, english: bool = False) -> list[str]:
    """The words of a folded text in the spelling that is compared; ``english`` where a text is too short to show it."""
    return _decoded(_encoded_words(folded, english=english))


def shingle_hashes(words: Sequence[bytes]) -> list[int]:
    """64-bit hashes of every four ``words`` in a row, in order; of all of them where they are fewer."""
    if len(words) <= SHINGLE_WORDS:
        return [xxh3_64_intdigest(b" ".join(words))] if words else []
    rows = zip(*(words[offset:] for offset in range(SHINGLE_WORDS)), strict=False)
    return list(map(xxh3_64_intdigest, map(b" ".join, rows)))


def _encoded_words(folded: str, *, english: bool = False) -> list[bytes]:
    """The words as they are hashed: a byte for each Latin or Cyrillic letter, a number in signs for each other one."""
    if "#" in folded or "@" in folded or "http" in folded or "www." in folded:
        folded = _NOT_WORDS.sub(" ", folded)
    try:
        single = folded.encode(_SINGLE_BYTE)
    except UnicodeEncodeError:
        plain = " ".join(_WORD.findall(folded.replace("'", "")))
        return _respelt(plain.encode(_SINGLE_BYTE, "xmlcharrefreplace"), english=english).split()
    return _respelt(single.translate(_WORD_BYTES, b"'"), english=english).split()


def _decoded(words: Sequence[bytes]) -> list[str]:
    return b" ".join(words).decode(_SINGLE_BYTE).split(" ") if words else []


def _respelt(words: bytes, *, english: bool) -> bytes:
    if english or b" the " in words:
        for written, compared in _SPELLINGS:
            words = words.replace(written, compared)
    return words


def _sketch(hashes: Sequence[int]) -> tuple[int, ...]:
    head = HEAD_WORDS - SHINGLE_WORDS + 1
    smallest = _smallest(hashes[:head]) + _smallest(hashes[head:])
    return tuple(dict.fromkeys([hashed >> 16 for hashed in smallest]))


def _smallest(hashes: Sequence[int]) -> list[int]:
    """The smallest of ``hashes``, each once. Sorting the few under a limit is faster than sorting all."""
    limit = (1 << 64) // max(1, len(hashes)) * 3 * SMALLEST
    few = sorted({hashed for hashed in hashes if hashed < limit})
    return (few if len(few) >= SMALLEST else sorted(set(hashes)))[:SMALLEST]


def _same_name(suffix: str, outlet: str) -> bool:
    """Whether what stands behind a title is the outlet's name, or its address."""
    one, other = ("".join(_WORD.findall(name)) for name in (suffix, outlet))
    return bool(one) and (one == other or one.startswith(other) or other.startswith(one))
