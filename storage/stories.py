"""Stories: opening them, letting them grow, and reading who tells them.

Not here: deciding whether two articles tell the same event (``feeds/placing.py``), which stories a subscriber hasn't had (``cursors.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, bindparam, case, delete, func, select, update

from storage.articles import voice
from storage.batches import batches, run_many
from storage.tables import Article, ArticleTopic, SourceRow, Story, WatchHit, insert_rows, table


@dataclass(frozen=True, slots=True)
class Placement:
    """Which story an article belongs to, its own where the numbers are the same, and which earlier article it is a copy of.

    ``echo_of``: the earlier story that its own one comes back to.
    """

    article_id: int
    story_id: int
    copy_of: int | None
    copy_score: float | None
    language: str
    at: datetime
    echo_of: int | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story, with the source that told it. ``watches``: those of the reader that found it."""

    article_id: int
    story_id: int
    copy_of: int | None
    title: str
    text: str
    url: str
    language: str
    first_seen_at: datetime
    outlet: str
    publisher: str
    standing: str
    wire: str | None
    topics: tuple[str, ...]
    watches: tuple[int, ...] = ()
    copy_score: float | None = None
    withdrawn_at: datetime | None = None


def place(connection: Connection, placements: Sequence[Placement]) -> None:
    """Put articles where they belong; stories that aren't there yet are opened, the others grow."""
    stories = table(Story)
    run_many(connection, _placing(), [_placed(one) for one in placements])
    wanted = {one.story_id for one in placements}
    there = set(connection.scalars(select(stories.c.id).where(stories.c.id.in_(wanted))))
    last = {one.story_id: one for one in sorted(placements, key=lambda one: one.article_id)}
    first = {one.story_id: one for one in sorted(placements, key=lambda one: -one.article_id)}
    insert_rows(connection, Story, [_opened(first[story_id]) for story_id in sorted(wanted - there)])
    shared = there | {story_id for story_id in wanted if first[story_id] != last[story_id]}
    grown = [_grown(first[story_id], last[story_id], counts) for story_id, counts in _counts(connection, sorted(shared)).items()]
    run_many(connection, _growing(), grown)


def leave_unwanted(connection: Connection, article_ids: Sequence[int]) -> None:
    """Take those of these articles out of their stories that are about no topic and that no watch found. Imported ones stay."""
    articles, hits = table(Article), table(WatchHit)
    for chosen in batches(article_ids):
        wanted = set(connection.scalars(select(hits.c.article_id).where(hits.c.article_id.in_(chosen))))
        wanted |= set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(chosen), articles.c.matched)))
        leave(connection, [number for number in chosen if number > 0 and number not in wanted])


def leave(connection: Connection, article_ids: Sequence[int]) -> None:
    """Take articles out of their stories; a story that nobody tells any more is gone, and copies of what left find another original."""
    articles = table(Article)
    told = connection.execute(
        select(articles.c.id, articles.c.story_id).where(articles.c.id.in_(article_ids), articles.c.story_id.is_not(None))
    ).all()
    connection.execute(
        update(articles).where(articles.c.id.in_([row.id for row in told])).values(story_id=None, copy_of=None, copy_score=None)
    )
    for row in told:
        _elect_original(connection, row.id)
    for story_id in {row.story_id for row in told}:
        _shrink(connection, story_id)


def mark_copy(connection: Connection, article_ids: Sequence[int], original: int | None, score: float | None = None) -> None:
    """Note that articles are copies of another one, or of none, and leave them in their stories."""
    articles = table(Article)
    connection.execute(update(articles).where(articles.c.id.in_(article_ids)).values(copy_of=original, copy_score=score))


def take_over(connection: Connection, article_id: int, original: int, score: float) -> None:
    """Make an article the original of another one and of its copies: it was seen before them. ``score``: what the two share."""
    articles = table(Article)
    connection.execute(update(articles).where(articles.c.copy_of == original).values(copy_of=article_id))
    mark_copy(connection, [article_id], None)
    mark_copy(connection, [original], article_id, score)


def tellings(connection: Connection, story_ids: Sequence[int], watches: Sequence[int] = ()) -> dict[int, list[Telling]]:
    """Every article of these stories, earliest first. ``watches`` are the reader's."""
    articles, sources = table(Article), table(SourceRow)
    topics, watched = _topics(connection, story_ids), _watched(connection, story_ids, watches)
    found: dict[int, list[Telling]] = {story_id: [] for story_id in story_ids}
    statement = (
        select(articles, sources.c.name, sources.c.publisher, sources.c.standing)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.story_id.in_(bindparam("ids", expanding=True)))
        .order_by(articles.c.id)
    )
    for row in connection.execute(statement, {"ids": list(story_ids)}):
        found[row.story_id].append(
            Telling(
                article_id=row.id,
                story_id=row.story_id,
                copy_of=row.copy_of,
                title=row.title,
                text=row.text,
                url=row.url,
                language=row.language,
                first_seen_at=row.first_seen_at,
                outlet=row.outlet or row.name,
                publisher=row.outlet or row.publisher,
                standing=row.standing,
                wire=row.wire,
                topics=tuple(topics.get(row.id, ())),
                watches=tuple(watched.get(row.id, ())),
                copy_score=row.copy_score,
                withdrawn_at=row.withdrawn_at,
            )
        )
    return found


def echo_of(connection: Connection, story_id: int) -> int | None:
    """The earlier story that one comes back to."""
    stories = table(Story)
    number: int | None = connection.scalar(select(stories.c.echo_of).where(stories.c.id == story_id))
    return number


def echoes_of(connection: Connection, story_id: int) -> list[int]:
    """The later stories that come back to one, earliest first."""
    stories = table(Story)
    return [int(number) for number in connection.scalars(select(stories.c.id).where(stories.c.echo_of == story_id).order_by(stories.c.id))]


def count_articles(connection: Connection) -> int:
    """How many articles tell a story. Added up from the stories, whose rows are small: an archive's articles take a while to count."""
    return int(connection.scalar(select(func.sum(table(Story).c.articles))) or 0)


def _topics(connection: Connection, story_ids: Sequence[int]) -> dict[int, list[str]]:
    articles, about = table(Article), table(ArticleTopic)
    statement = (
        select(about.c.article_id, about.c.topic)
        .join(articles, articles.c.id == about.c.article_id)
        .where(articles.c.story_id.in_(bindparam("ids", expanding=True)))
        .order_by(about.c.topic)
    )
    found: dict[int, list[str]] = {}
    for article_id, topic in connection.execute(statement, {"ids": list(story_ids)}):
        found.setdefault(article_id, []).append(topic)
    return found


def _watched(connection: Connection, story_ids: Sequence[int], watches: Sequence[int]) -> dict[int, list[int]]:
    articles, hits = table(Article), table(WatchHit)
    statement = (
        select(hits.c.article_id, hits.c.watch_id)
        .join(articles, articles.c.id == hits.c.article_id)
        .where(articles.c.story_id.in_(bindparam("ids", expanding=True)), hits.c.watch_id.in_(bindparam("watches", expanding=True)))
        .order_by(hits.c.watch_id)
    )
    found: dict[int, list[int]] = {}
    for article_id, watch in connection.execute(statement, {"ids": list(story_ids), "watches": list(watches)}):
        found.setdefault(article_id, []).append(watch)
    return found


@cache
def _placing() -> Update:
    articles = table(Article)
    values: dict[str, ColumnElement[Any]] = {name: bindparam(f"new_{name}") for name in ("story_id", "copy_of", "copy_score")}
    return update(articles).where(articles.c.id == bindparam("article")).values(**values)


@cache
def _growing() -> Update:
    stories = table(Story)
    values: dict[str, ColumnElement[Any]] = {name: bindparam(f"new_{name}") for name in ("articles", "publishers", "languages")}
    # An imported article may be older than what tells the story already; it changes nothing about when it was last told.
    for name in ("last_seen_at", "changed_seq"):
        new = bindparam(f"new_{name}", type_=stories.c[name].type)
        values[name] = case((stories.c[name] > new, stories.c[name]), else_=new)
    earliest = bindparam("new_first_seen_at", type_=stories.c.first_seen_at.type)
    values["first_seen_at"] = case((stories.c.first_seen_at < earliest, stories.c.first_seen_at), else_=earliest)
    return update(stories).where(stories.c.id == bindparam("story")).values(**values)


def _placed(one: Placement) -> dict[str, object]:
    return {"article": one.article_id, "new_story_id": one.story_id, "new_copy_of": one.copy_of, "new_copy_score": one.copy_score}


def _opened(one: Placement) -> dict[str, object]:
    return {
        "id": one.story_id,
        "first_seen_at": one.at,
        "last_seen_at": one.at,
        "articles": 1,
        "publishers": 1,
        "languages": one.language,
        "headline_article_id": one.article_id,
        "changed_seq": one.article_id,
        "echo_of": one.echo_of,
    }


def _grown(first: Placement, last: Placement, counts: Mapping[str, object]) -> dict[str, object]:
    counted = {f"new_{name}": count for name, count in counts.items()}
    times = {"new_first_seen_at": first.at, "new_last_seen_at": last.at}
    return {"story": first.story_id, **counted, **times, "new_changed_seq": last.article_id}


def _shrink(connection: Connection, story_id: int) -> None:
    articles, stories = table(Article), table(Story)
    counts = recount(connection, story_id)
    if not counts["articles"]:
        connection.execute(delete(stories).where(stories.c.id == story_id))
        return
    first = connection.scalar(select(func.min(articles.c.id)).where(articles.c.story_id == story_id))
    connection.execute(update(stories).where(stories.c.id == story_id).values(**counts, headline_article_id=first))


def _elect_original(connection: Connection, left: int) -> None:
    """Make the earliest copy of an article that left the original of the others."""
    articles = table(Article)
    heir = connection.scalar(select(func.min(articles.c.id)).where(articles.c.copy_of == left))
    connection.execute(update(articles).where(articles.c.copy_of == left).values(copy_of=heir))
    connection.execute(update(articles).where(articles.c.id == heir).values(copy_of=None))


def recount(connection: Connection, story_id: int) -> dict[str, object]:
    """How many articles, publishers and languages tell a story."""
    return _counts(connection, [story_id])[story_id]


def _counts(connection: Connection, story_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """The same for many stories."""
    articles, sources = table(Article), table(SourceRow)
    told = articles.c.story_id.in_(bindparam("ids", expanding=True))
    counted = (
        select(articles.c.story_id, func.count(), func.count(voice().distinct()))
        .select_from(articles.join(sources, sources.c.id == articles.c.source_id))
        .where(told)
        .group_by(articles.c.story_id)
    )
    spoken = select(articles.c.story_id, articles.c.language).where(told).distinct().order_by(articles.c.language)
    found: dict[int, dict[str, object]] = {each: {"articles": 0, "publishers": 0, "languages": ""} for each in story_ids}
    languages: dict[int, list[str]] = {}
    for wanted in batches(story_ids):
        for story_id, many, publishers in connection.execute(counted, {"ids": wanted}):
            found[story_id] |= {"articles": many, "publishers": publishers}
        for story_id, language in connection.execute(spoken, {"ids": wanted}):
            languages.setdefault(story_id, []).append(language)
    for story_id, theirs in languages.items():
        found[story_id]["languages"] = " ".join(theirs)
    return found
