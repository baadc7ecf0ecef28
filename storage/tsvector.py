"""The full-text index in PostgreSQL: a tsvector of our own stems with their places, in a GIN index.

The stems of a title stand there twice, the second time behind a “^”, so that the index alone knows what is in a title. Between title and
text a place is left free, so that no phrase runs from one into the other. A tsvector keeps places up to 16,383 and 255 of one word: a text
with more has its pairs of neighbours as words as well (https://www.postgresql.org/docs/current/textsearch-limitations.html), by which its
phrases are found; of three words and more, also where each two of them stand together but not all three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

from sqlalchemy import text

from storage.full_text import FullText, Syntax

_LAST_PLACE = 16_383
_MOST_PLACES = 255
_MOST_BYTES = 1_000_000  # of 1,048,575
_LONGEST_WORD = 1_000  # bytes, of 2,046; only the name of an outlet could be longer
_TITLE = "^"
# A word of which one article in a hundred has one is found there ten times; of a rarer one the index has few. Which of the two ways is the
# shorter the server can only guess, and what it guesses of a rare word or of a phrase cost it 200 ms in an archive of 100,000.
_NEAR = 1_000


def _term(stems: Sequence[str], prefix: bool, title: bool) -> str:  # noqa: FBT001 - as Syntax has it
    mark, end = _TITLE if title else "", ":*" if prefix else ""
    side_by_side = " <-> ".join(f"'{mark}{_bounded(stem)}'" for stem in stems)
    if len(stems) == 1:
        return f"{side_by_side}{end}"
    pairs = " & ".join(f"'{mark}{one} {other}'" for one, other in pairwise(stems))
    return f"(({side_by_side}{end}) | ({pairs}{end}))"


def _row(number: int, tags: Sequence[str], title: Sequence[str], body: Sequence[str]) -> Mapping[str, int | str]:
    places: dict[str, list[int]] = {tag: [] for tag in map(_bounded, tags)}
    for place, word in enumerate(title, start=1):
        places.setdefault(word, []).append(place)
        places.setdefault(f"{_TITLE}{word}", []).append(place)
    for place, word in enumerate(body, start=len(title) + 2):
        places.setdefault(word, []).append(place)
    written = " ".join(_written(word, at) for word, at in places.items())
    if len(title) + len(body) + 1 > _LAST_PLACE or any(len(at) > _MOST_PLACES for at in places.values()):
        pairs = " ".join(f"'{pair}'" for pair in dict.fromkeys(_pairs(title, body)))
        if len(written.encode()) + len(pairs.encode()) < _MOST_BYTES:
            written = f"{written} {pairs}"
    return {"id": number, "words": written}


def _pairs(title: Sequence[str], body: Sequence[str]) -> Iterator[str]:
    marked = (f"{_TITLE}{one} {other}" for one, other in pairwise(title))
    return chain(marked, (f"{one} {other}" for words in (title, body) for one, other in pairwise(words)))


def _written(word: str, places: Sequence[int]) -> str:
    kept = [str(place) for place in places[:_MOST_PLACES] if place <= _LAST_PLACE]
    return f"'{word}':{','.join(kept)}" if kept else f"'{word}'"


def _bounded(word: str) -> str:
    """A word as it may stand between quotes, and no longer than the index takes: of a longer one, a hash."""
    encoded = word.encode()
    return (
        word.replace("\\", "").replace("'", "''")
        if len(encoded) <= _LONGEST_WORD
        else f"_{hashlib.blake2b(encoded, digest_size=16).hexdigest()}"
    )


INDEX = FullText(
    syntax=Syntax(_term, both=" & ", either=" | ", without=" & !"),
    insert=text("INSERT INTO search_index(rowid, words) VALUES (:id, CAST(:words AS tsvector))"),
    delete=text("DELETE FROM search_index WHERE rowid = :id"),
    clear=text("TRUNCATE search_index"),
    matches="words @@ CAST(:match AS tsquery)",
    row=_row,
    near=_NEAR,
)
