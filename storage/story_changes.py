"""Putting stories right: merging two, moving an article to another, each recorded with its reason and who wanted it.

What a person did is never undone by the program: articles that they placed are marked. Not here: deciding (``feeds/sameness/repair.py``),
what recent stories are found by, which has to be worked out anew for the stories that change (``feeds/repairing.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from storage.archive import allocate
from storage.records import StorageError
from storage.stories import recount
from storage.tables import Article, Story, StoryChange, insert_rows, table


@dataclass(frozen=True, slots=True)
class Change:
    """A story change as recorded: merge (all of the old one) or move (of ``article_id``)."""

    kind: str
    article_id: int | None
    old_story_id: int
    new_story_id: int
    reason: str
    by_hand: bool
    at: datetime


def current(connection: Connection, story_id: int) -> int | None:
    """The story that one has become by being merged, itself where it is still there; None where there never was one."""
    stories, changes = table(Story), table(StoryChange)
    seen = {story_id}
    while connection.scalar(select(stories.c.id).where(stories.c.id == story_id)) is None:
        target = connection.scalar(
            select(changes.c.new_story_id)
            .where(changes.c.old_story_id == story_id, changes.c.kind == "merge")
            .order_by(changes.c.seq.desc())
            .limit(1)
        )
        if target is None or target in seen:
            return None
        seen.add(target)
        story_id = target
    return story_id


def of_story(connection: Connection, story_id: int) -> list[Change]:
    """What was changed about a story, earliest first."""
    changes = table(StoryChange)
    rows = connection.execute(
        select(changes).where(or_(changes.c.old_story_id == story_id, changes.c.new_story_id == story_id)).order_by(changes.c.seq)
    )
    return [Change(row.kind, row.article_id, row.old_story_id, row.new_story_id, row.reason, row.by_hand, row.at) for row in rows]


def merge(connection: Connection, source: int, target: int, *, reason: str, by_hand: bool, now: datetime) -> None:
    """Make two stories one, under the number of ``target``. StorageError where one of them isn't there."""
    _require(connection, source, target)
    articles, stories = table(Article), table(Story)
    if source == target:
        raise StorageError("A story can't be merged with itself.")
    mark = {"placed_by_hand": True} if by_hand else {}
    connection.execute(update(articles).where(articles.c.story_id == source).values(story_id=target, **mark))
    if by_hand:
        connection.execute(update(articles).where(articles.c.story_id == target).values(mark))
    connection.execute(delete(stories).where(stories.c.id == source))
    _put_right(connection, [target])
    _record(connection, "merge", None, source, target, reason=reason, by_hand=by_hand, now=now)


def move(connection: Connection, article_ids: Sequence[int], target: int | None, *, reason: str, by_hand: bool, now: datetime) -> int:
    """Move articles of one story with their copies to another one, or together to a new one, and return its number.

    What is a story of its own already stays that. A copy that is moved without its original is a copy no more. StorageError where there is
    no such article or story.
    """
    articles = table(Article)
    moved = connection.execute(select(articles.c.id, articles.c.story_id).where(articles.c.id.in_(article_ids))).all()
    if len({row.story_id for row in moved}) != 1 or len(moved) != len(set(article_ids)) or moved[0].story_id is None:
        raise StorageError("These articles aren't there, or not of one story.")
    source, first = moved[0].story_id, min(article_ids)
    if target is not None:
        _require(connection, target)
    # A story's number is that of its first article for good, so another takes the number of the article after it where that is taken.
    story = target if target is not None else _free_number(connection, article_ids, source)
    theirs = or_(articles.c.id.in_(article_ids), articles.c.copy_of.in_(article_ids))
    with_copies = set(connection.scalars(select(articles.c.id).where(theirs)))
    original = (articles.c.story_id == source, articles.c.copy_of.is_(None))
    originals = set(connection.scalars(select(articles.c.id).where(*original)))
    if target is None and originals <= set(article_ids):
        return int(source)
    mark = {"placed_by_hand": True} if by_hand else {}
    if by_hand:
        # Those that stay are kept apart by hand as well, so that no repair puts them together again.
        connection.execute(update(articles).where(articles.c.story_id == source).values(mark))
    connection.execute(update(articles).where(articles.c.id.in_(with_copies)).values(story_id=story, **mark))
    outside = update(articles).where(articles.c.id.in_(article_ids), articles.c.copy_of.not_in(with_copies))
    connection.execute(outside.values(copy_of=None, copy_score=None))
    if target is None:
        _open(connection, story, first)
    _put_right(connection, [source, story])
    for article_id in sorted(article_ids):
        _record(connection, "move", article_id, source, story, reason=reason, by_hand=by_hand, now=now)
    return story


def kept_apart(connection: Connection, one: int, other: int) -> bool:
    """Whether a person placed articles of both stories, which the program then mustn't merge."""
    articles = table(Article)
    by_hand = select(articles.c.story_id).where(articles.c.story_id.in_([one, other]), articles.c.placed_by_hand).distinct()
    return len(connection.scalars(by_hand).all()) > 1


def _free_number(connection: Connection, article_ids: Collection[int], source: int) -> int:
    taken = set(connection.scalars(select(table(Story).c.id).where(table(Story).c.id.in_(article_ids)))) | {source}
    free = sorted(set(article_ids) - taken)
    return free[0] if free else allocate(connection, 1)


def _open(connection: Connection, story_id: int, first: int) -> None:
    articles = table(Article)
    row = connection.execute(select(articles.c.first_seen_at, articles.c.language).where(articles.c.id == first)).one()
    values = {"id": story_id, "first_seen_at": row.first_seen_at, "last_seen_at": row.first_seen_at, "articles": 1, "publishers": 1}
    insert_rows(connection, Story, [{**values, "languages": row.language, "headline_article_id": first, "changed_seq": first}])


def _put_right(connection: Connection, story_ids: Collection[int]) -> None:
    """Count stories anew; one that has no article left is gone."""
    articles, stories = table(Article), table(Story)
    for story_id in set(story_ids):
        ends = [end(column) for column in (articles.c.id, articles.c.first_seen_at) for end in (func.min, func.max)]
        span = connection.execute(select(*ends).where(articles.c.story_id == story_id)).one()
        if span[0] is None:
            connection.execute(delete(stories).where(stories.c.id == story_id))
            continue
        values = {"headline_article_id": span[0], "changed_seq": span[1], "first_seen_at": span[2], "last_seen_at": span[3]}
        connection.execute(update(stories).where(stories.c.id == story_id).values(**recount(connection, story_id), **values))


def _require(connection: Connection, *story_ids: int) -> None:
    stories = table(Story)
    for story_id in story_ids:
        if connection.scalar(select(stories.c.id).where(stories.c.id == story_id)) is None:
            raise StorageError(f"There is no story {story_id}.")


def _record(
    connection: Connection, kind: str, article_id: int | None, old: int, new: int, *, reason: str, by_hand: bool, now: datetime
) -> None:
    values = {"seq": allocate(connection, 1), "kind": kind, "article_id": article_id, "old_story_id": old, "new_story_id": new}
    insert_rows(connection, StoryChange, [{**values, "reason": reason, "by_hand": by_hand, "at": now}])
