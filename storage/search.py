"""Searching the archive: the query as typed, pages newest first, and the words that were found.

A query is words (all must occur, in any inflected form), "phrases", prefix* and -excluded words. Not here: the index (``search_index.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from storage.batches import batches
from storage.records import QueryError
from storage.search_index import MATCHED
from storage.tables import Article, SourceRow, table
from storage.words import Word, stems, words

LONGEST_QUERY = 1_000
_MOST_TERMS = 30
_SNIPPET = 160
_ONE_LINE = str.maketrans("\n\r\t", "   ")
# Telegram's keyboards turn straight quotation marks into these.
_QUOTES = str.maketrans("«»“”„‟", '""""""')
_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)(?P<closed>")?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read: each term is the stems of a word or phrase, in order; a prefix is a term of one."""

    terms: tuple[tuple[str, ...], ...]
    prefixes: tuple[str, ...]
    excluded: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the places (start, end) of the words that were found."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    id: int
    story_id: int | None
    title: Marked
    snippet: Marked
    url: str
    language: str
    outlet: str
    standing: str
    first_seen_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """An article with one of the words that were looked for."""

    id: int
    title: str
    text: str
    url: str
    outlet: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of hits, newest first. ``more``: give the id of its last hit as ``before`` to get the next page."""

    hits: tuple[Hit, ...]
    more: bool


def parse(typed: str) -> Query:
    """Read a query as typed, or raise QueryError with the place that can't be read."""
    if len(typed) > LONGEST_QUERY:
        raise QueryError(f"A search has at most {LONGEST_QUERY:,} characters.", LONGEST_QUERY, "too long", LONGEST_QUERY)
    terms, prefixes, excluded = [], [], []
    for match in _TERM.finditer(typed.translate(_QUOTES)):
        if match["phrase"] is not None and not match["closed"]:
            raise QueryError("This quotation mark is never closed.", match.start(), "open quotation")
        written = match["word"] or match["phrase"] or ""
        found = tuple(stems(written))
        if not found:
            continue
        if match["minus"]:
            excluded.append(found)
        elif written.endswith("*") and len(found) == 1:
            prefixes.append(_prefix(written))
        else:
            terms.append(found)
    if not terms and not prefixes:
        raise QueryError("Say at least one word to look for.", 0, "empty")
    if len(terms) + len(prefixes) + len(excluded) > _MOST_TERMS:
        raise QueryError(f"A search has at most {_MOST_TERMS} words and phrases.", len(typed), "too many", _MOST_TERMS)
    return Query(tuple(terms), tuple(prefixes), tuple(excluded))


def search(connection: Connection, query: Query, *, before: int | None = None, limit: int = 5, unmatched: bool = False) -> Page:
    """One page of the articles that fit; ``unmatched`` looks also among articles about none of the topics."""
    statement = text(
        "SELECT rowid FROM search_index WHERE search_index MATCH :expression AND rowid < :before ORDER BY rowid DESC LIMIT :limit"
    )
    expression = _expression(query, unmatched=unmatched)
    ids = list(connection.scalars(statement, {"expression": expression, "before": before or 2**62, "limit": limit + 1}))
    return Page(_hits(connection, ids[:limit], query), more=len(ids) > limit)


def newest_with(connection: Connection, wanted: Sequence[tuple[str, bool]], *, after: int, limit: int) -> list[Found]:
    """The newest articles, matched or not, with a number after ``after`` that have one of the words or phrases, in any inflected form.

    Each of ``wanted`` is a text and whether it is only the beginning of a word.
    """
    expression = " OR ".join(term for term in (_term(written, prefix=prefix) for written, prefix in wanted) if term)
    if not expression:
        return []
    statement = text(
        "SELECT rowid FROM search_index WHERE search_index MATCH :expression AND rowid > :after ORDER BY rowid DESC LIMIT :limit"
    )
    ids = list(connection.scalars(statement, {"expression": f"{{title text}} : ({expression})", "after": after, "limit": limit}))
    articles, sources = table(Article), table(SourceRow)
    found = list[Found]()
    for chosen in batches(ids):
        rows = connection.execute(
            select(
                articles.c.id,
                articles.c.title,
                articles.c.text,
                articles.c.url,
                articles.c.outlet,
                sources.c.name,
                articles.c.first_seen_at,
            )
            .join(sources, sources.c.id == articles.c.source_id)
            .where(articles.c.id.in_(bindparam("ids", expanding=True)))
            .order_by(articles.c.id.desc()),
            {"ids": chosen},
        )
        found += [Found(row.id, row.title, row.text, row.url, row.outlet or row.name, row.first_seen_at) for row in rows]
    return found


def _term(written: str, *, prefix: bool) -> str:
    found = stems(written)
    if prefix and len(found) == 1:
        return f'"{_prefix(written)}" *'
    return f'"{" ".join(found)}"' if found else ""


def _expression(query: Query, *, unmatched: bool) -> str:
    # Stems and tags are letters, digits and underscores only, so a quoted one can't end its own quotation.
    wanted = [f'{{title text}} : "{" ".join(term)}"' for term in query.terms]
    wanted += [f'{{title text}} : "{prefix}" *' for prefix in query.prefixes]
    wanted += [] if unmatched else [f'tags : "{MATCHED}"']
    expression = " AND ".join(f"({term})" for term in wanted)
    for term in query.excluded:
        expression = f'({expression}) NOT {{title text}} : "{" ".join(term)}"'
    return expression


def _prefix(written: str) -> str:
    bare = next(iter(words(written)))
    folded = written.rstrip("*")[bare.start : bare.end].lower()
    # «мобилизаци*» must meet the stem «мобилизац»: where stemming only shortens the word, the stem is the better prefix.
    return bare.stem if folded.startswith(bare.stem) else folded


def _hits(connection: Connection, ids: list[int], query: Query) -> tuple[Hit, ...]:
    articles, sources = table(Article), table(SourceRow)
    rows = connection.execute(
        select(articles, sources.c.name, sources.c.standing)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(articles.c.id.desc()),
        {"ids": ids},
    )
    return tuple(
        Hit(
            id=row.id,
            story_id=row.story_id,
            title=marked(row.title, query),
            snippet=snippet(row.text, query),
            url=row.url,
            language=row.language,
            outlet=row.outlet or row.name,
            standing=row.standing,
            first_seen_at=row.first_seen_at,
            published_at=row.published_at,
        )
        for row in rows
    )


def marked(whole: str, query: Query) -> Marked:
    """A text with every word marked that the query asked for."""
    return Marked(whole, tuple((word.start, word.end) for word in _found(whole, query)))


def snippet(whole: str, query: Query) -> Marked:
    """The part of a text around the first word that was found, cut between words, on one line."""
    found = _found(whole, query)
    start = max(0, found[0].start - _SNIPPET // 3) if found else 0
    start = whole.rfind(" ", 0, start + 1) + 1
    end = len(whole) if len(whole) <= start + _SNIPPET else max(whole.rfind(" ", start, start + _SNIPPET), start + 1)
    before, after = ("… " if start else ""), (" …" if end < len(whole) else "")
    shift = len(before) - start
    marks = tuple((word.start + shift, word.end + shift) for word in found if start <= word.start and word.end <= end)
    return Marked(before + one_line(whole[start:end]) + after, marks)


def one_line(text: str) -> str:
    """A text on one line; places in it stay where they are."""
    return text.translate(_ONE_LINE)


def _found(whole: str, query: Query) -> list[Word]:
    wanted = {each for term in query.terms for each in term}
    return [word for word in words(whole) if word.stem in wanted or (query.prefixes and word.stem.startswith(query.prefixes))]
