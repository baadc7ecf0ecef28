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

from storage.blocks import Levels
from storage.full_text import FullText, Syntax

_LAST_PLACE = 16_383
_MOST_PLACES = 255
_MOST_BYTES = 1_000_000  # of 1,048,575
_LONGEST_WORD = 1_000  # bytes, of 2,046; only the name of an outlet could be longer
_TITLE = "^"
# Of a frequent word one block has some thousand rows, which are read and put in order within 5 ms; a million articles have 122 of them.
_LEVELS = Levels(bits=13, levels=5)
_NAME, _OLD_NAME = "ix_search_index_blocks", "ix_search_index_words"
# Without a list of what is still to be put in, which every search would have to read. Blocks first, by which the others' lists are skipped.
_INDEX = f"{_NAME} ON search_index USING gin (({_LEVELS.of_row}), words) WITH (fastupdate = off)"
_VALID = f"(SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{_NAME}'))"  # noqa: S608 - a name of ours


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
    return {"rowid": number, "words": written}


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
    insert=text("INSERT INTO search_index(rowid, words) VALUES (:rowid, CAST(:words AS tsvector))"),
    delete=text("DELETE FROM search_index WHERE rowid = :rowid"),
    # Putting rows into a GIN index one by one takes ten times as long as making it of all of them.
    clear=[text(f"DROP INDEX IF EXISTS {_NAME}, {_OLD_NAME}"), text("TRUNCATE search_index")],
    finish=[text("SET LOCAL maintenance_work_mem = '256MB'"), text(f"CREATE INDEX IF NOT EXISTS {_INDEX}")],
    ready=text(f"SELECT {_VALID}"),
    build=[
        "SET maintenance_work_mem = '256MB'",
        # What is left of one that was broken off.
        f"DO $$ BEGIN IF NOT {_VALID} THEN DROP INDEX {_NAME}; END IF; END $$",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {_INDEX}",
        f"DROP INDEX CONCURRENTLY IF EXISTS {_OLD_NAME}",
    ],
    matches="words @@ CAST(:match AS tsquery)",
    row=_row,
    blocks=_LEVELS,
)
