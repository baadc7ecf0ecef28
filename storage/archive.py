"""Admitting entries to the archive: seen, revised, copied or new, each settled by keys inside one transaction.

Not here: how keys are made (``feeds/fingerprint.py``), reading the archive (``search.py``, ``stories.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from storage import search_index, stories, watches
from storage.batches import batches, look_up
from storage.records import Entry, Mention
from storage.retag import mention_rows
from storage.search_index import Indexed
from storage.tables import Article, ArticleTopic, Counter, MentionRow, Revision, SeenKey, insert_rows, table

_Own: TypeAlias = tuple[int, int]  # an article, and the source that an arrival for it comes from


# Of an old title, an old text, a new title, a new text and the number of revisions so far: whether nothing of note has changed.
Trivial: TypeAlias = Callable[[str, str, str, str, int], bool]


def never_trivial(_old_title: str, _old_text: str, _new_title: str, _new_text: str, _revised: int) -> bool:
    """Every change is of note."""
    return False


@dataclass(frozen=True, slots=True)
class Past:
    """What makes an arrival one of an import: the number that is kept for it, when it counts as first seen, and the id it came with."""

    number: int
    seen_at: datetime
    given_id: str | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry with all that was decided about it.

    ``identity``: keys of 16 bytes, any of which makes it an entry that is known. ``text_key``: of its words within its source, so that
    an entry is known that comes again under another identity. ``content_key``: of its words alone, so that a changed entry is told from
    an unchanged one; ``telling`` says that there are enough of them to call two articles with the same key copies. ``topics`` is empty
    where the entry isn't relevant; ``watches`` are the numbers of subscribers' rules that hold for it. ``past``: it is imported, and
    never becomes news.
    """

    source_id: int
    entry: Entry
    address: str
    language: str
    wire: str | None
    identity: tuple[bytes, ...]
    text_key: bytes
    content_key: bytes
    telling: bool
    topics: tuple[str, ...]
    mentions: tuple[Mention, ...]
    watches: tuple[int, ...] = ()
    past: Past | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody may be told of it."""
        return bool(self.topics or self.watches)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An article that got other words, and those it had before."""

    article_id: int
    title: str
    text: str


@dataclass(slots=True)
class Admitted:
    """What became of a document.

    ``new`` has the ids of its new articles, ``wanted`` those of them that somebody wants and that are now to be placed; ``matched`` counts
    those about a topic, ``copies`` those that placing found to be copies. ``rewritten`` are those that have a story and got other words.

    A known entry that became news counts as known and as revised, and has a new article.
    """

    new: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    matched: int = 0
    known: int = 0
    copies: int = 0
    revised: int = 0
    rewritten: list[Rewritten] = field(default_factory=list)

    def note(self, number: int, arrival: Arrival) -> None:
        """Count an arrival that is stored as a new article."""
        self.new.append(number)
        if arrival.wanted:
            self.wanted.append(number)
        self.matched += bool(arrival.topics)


def admit_all(
    connection: Connection, documents: Sequence[Sequence[Arrival]], now: datetime, trivial: Trivial = never_trivial
) -> list[Admitted]:
    """Store what is new among the arrivals of several documents, each of another source, and say what became of each document.

    Arrivals are stored in their order; ``now`` is the first-seen time of those that aren't imported. Where several of a document are one
    article, as the items of a live page are, the first speaks for it: the others revise nothing. All documents together take as many
    statements as one would.
    ``trivial`` says of an old title and text and the new ones whether nothing of note has changed, as where a page counts its readers:
    that makes no revision.
    """
    outcomes = [Admitted() for _ in documents]
    arrivals = [(arrival, outcome) for document, outcome in zip(documents, outcomes, strict=True) for arrival in document]
    if not arrivals:
        return outcomes
    seen = _look_up(connection, (key for arrival, _ in arrivals for key in (*arrival.identity, arrival.text_key)))
    number = allocate(connection, 0)
    fresh, again, keys = dict[int, Arrival](), dict[_Own, tuple[Arrival, Admitted]](), dict[bytes, int]()
    taken = 0
    for arrival, admitted in arrivals:
        known = _known(seen, arrival)
        if known is None:
            known = arrival.past.number if arrival.past else number + taken
            taken += arrival.past is None
            fresh[known] = arrival
            admitted.note(known, arrival)
        else:
            admitted.known += 1
            if known not in fresh and any(key in seen for key in arrival.identity):
                again.setdefault((known, arrival.source_id), (arrival, admitted))
        mine = {key: known for key in (*arrival.identity, arrival.text_key) if key not in seen}
        seen |= mine
        keys |= mine
    allocate(connection, taken)
    insert_rows(connection, SeenKey, [{"key": key, "article_id": article} for key, article in keys.items()])
    _store(connection, list(fresh.items()), now)
    for own in _changed(connection, {own: arrival.content_key for own, (arrival, _) in again.items()}):
        arrival, admitted = again[own]
        if _is_trivial(connection, own[0], arrival, trivial):
            # So that the same words aren't looked at again each time they come.
            connection.execute(update(table(Article)).where(table(Article).c.id == own[0]).values(content_key=arrival.content_key))
        else:
            _revise(connection, own[0], arrival, admitted, now)
    return outcomes


def knows(connection: Connection, keys: Iterable[bytes]) -> bool:
    """Whether any of these keys belongs to an entry that is known."""
    return bool(_look_up(connection, keys))


def allocate(connection: Connection, count: int) -> int:
    """Take ``count`` numbers of the one growing sequence and return the first. Others who want numbers wait for this transaction."""
    counters = table(Counter)
    last = connection.scalar(
        update(counters).where(counters.c.name == "seq").values(value=counters.c.value + count).returning(counters.c.value)
    )
    return int(last or 0) - count + 1


def latest(connection: Connection) -> int:
    """The last number of the sequence that was given out."""
    counters = table(Counter)
    return int(connection.scalar(select(counters.c.value).where(counters.c.name == "seq")) or 0)


def _known(seen: Mapping[bytes, int], arrival: Arrival) -> int | None:
    known = next((seen[key] for key in arrival.identity if key in seen), None)
    return seen.get(arrival.text_key) if known is None and arrival.telling else known


def _look_up(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    return dict(look_up(connection, _with_keys(), keys))


@cache
def _with_keys() -> Select[Any]:
    seen_keys = table(SeenKey)
    return select(seen_keys.c.key, seen_keys.c.article_id).where(seen_keys.c.key.in_(bindparam("wanted", expanding=True)))


def _store(connection: Connection, fresh: Sequence[tuple[int, Arrival]], now: datetime) -> None:
    insert_rows(connection, Article, [_row(number, arrival, now) for number, arrival in fresh])
    _say_about(connection, [(number, arrival) for number, arrival in fresh if arrival.wanted])
    search_index.add(connection, [_indexed(number, arrival, now) for number, arrival in fresh])


def _row(number: int, arrival: Arrival, now: datetime) -> dict[str, Any]:
    entry = arrival.entry
    return {
        "id": number,
        "source_id": arrival.source_id,
        "url": entry.url or "",
        "address": arrival.address,
        "title": entry.title,
        "text": entry.text,
        "language": arrival.language,
        "published_at": entry.published,
        "first_seen_at": arrival.past.seen_at if arrival.past else now,
        "outlet": entry.outlet,
        "wire": arrival.wire,
        "matched": bool(arrival.topics),
        "content_key": arrival.content_key,
        "copy_of": None,
        "story_id": None,
        "given_id": arrival.past.given_id if arrival.past else None,
    }


def _indexed(number: int, arrival: Arrival, now: datetime) -> Indexed:
    entry = arrival.entry
    return Indexed(
        id=number,
        title=entry.title,
        text=entry.text,
        language=arrival.language,
        matched=bool(arrival.topics),
        topics=arrival.topics,
        source_id=arrival.source_id,
        day=search_index.day_of(entry.published, arrival.past.seen_at if arrival.past else now),
        outlet=entry.outlet,
    )


def _say_about(connection: Connection, wanted: Sequence[tuple[int, Arrival]]) -> None:
    """Store what the articles are about, where they say so, and which watches found them."""
    insert_rows(connection, ArticleTopic, [{"topic": topic, "article_id": number} for number, one in wanted for topic in one.topics])
    insert_rows(connection, MentionRow, [row for number, one in wanted for row in mention_rows(number, one.mentions)])
    watches.keep_hits(connection, {number: one.watches for number, one in wanted if one.watches})


def _changed(connection: Connection, again: Mapping[_Own, bytes]) -> list[_Own]:
    """Which articles say something else than what their own source says now, by its content key."""
    articles = table(Article)
    statement = select(articles.c.id, articles.c.source_id, articles.c.content_key).where(
        articles.c.id.in_(bindparam("ids", expanding=True))
    )
    found: list[_Own] = []
    for numbers in batches(number for number, _ in again):
        for number, source, key in connection.execute(statement, {"ids": numbers}):
            if again.get((number, source), key) != key:
                found.append((number, source))
    return found


def _is_trivial(connection: Connection, number: int, arrival: Arrival, trivial: Trivial) -> bool:
    articles, entry = table(Article), arrival.entry
    old = connection.execute(select(articles.c.title, articles.c.text, articles.c.matched).where(articles.c.id == number)).one()
    revised = int(connection.scalar(select(func.count()).where(table(Revision).c.article_id == number)) or 0)
    # What comes to be about a topic by a trifle is of note all the same.
    return old.matched is bool(arrival.topics) and trivial(old.title, old.text, entry.title, entry.text, revised)


def _revise(connection: Connection, number: int, arrival: Arrival, admitted: Admitted, now: datetime) -> None:
    """Keep the old words of an article and give it the new ones; what was about nothing and now is about a topic becomes news."""
    articles = table(Article)
    old = connection.execute(select(articles).where(articles.c.id == number)).one()
    connection.execute(
        table(Revision).insert(),
        {"seq": allocate(connection, 1), "article_id": number, "title": old.title, "text": old.text, "replaced_at": now},
    )
    search_index.remove(connection, [number])
    for row in (ArticleTopic, MentionRow):
        connection.execute(delete(table(row)).where(table(row).c.article_id == number))
    # What has a story was told already; it isn't told again when it leaves its topics and comes back to them. A story that only watches
    # gave it was told to nobody else.
    told = old.story_id is not None and (old.matched or not watches.has_hits(connection, number))
    watches.drop_hits(connection, [number])
    if arrival.past:
        _rewrite(connection, number, arrival)
        if arrival.wanted:
            admitted.wanted.append(number)
    elif (arrival.topics and not told) or (arrival.wanted and old.story_id is None):
        admitted.note(_make_news(connection, number, arrival, now), arrival)
    else:
        _rewrite(connection, number, arrival)
        if old.story_id is not None:
            admitted.rewritten.append(Rewritten(number, old.title, old.text))
    admitted.revised += 1


def _rewrite(connection: Connection, number: int, arrival: Arrival) -> None:
    articles, entry = table(Article), arrival.entry
    values = {
        "title": entry.title,
        "text": entry.text,
        "language": arrival.language,
        "matched": bool(arrival.topics),
        "content_key": arrival.content_key,
    }
    connection.execute(update(articles).where(articles.c.id == number).values(values))
    _say_about(connection, [(number, arrival)])
    # As it is stored: its dates stay those that it came with.
    search_index.add(connection, search_index.read(connection, [number]))


def _make_news(connection: Connection, old: int, arrival: Arrival, now: datetime) -> int:
    """Store an article under a new number, and return it: subscribers are served by numbers, and theirs may have passed the old one."""
    new = allocate(connection, 1)
    stories.leave(connection, [old])
    connection.execute(delete(table(Article)).where(table(Article).c.id == old))
    # A scan of all the keys, which have no index by article. It is rare that an entry becomes news only later.
    for row in (SeenKey, Revision):
        connection.execute(update(table(row)).where(table(row).c.article_id == old).values(article_id=new))
    _store(connection, [(new, arrival)], now)
    return new
