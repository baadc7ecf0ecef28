"""``homefront story``: one story with every report of it, and putting stories right by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.console import plain_errors
from bot.render import plain
from bot.settings import Settings
from bot.story_page import story_blocks, story_head
from bot.voice import voice
from feeds import repairing, watchlist
from storage import articles, stories, story_changes
from storage.records import StorageError
from storage.upgrade import opened

cli = typer.Typer(help="Stories: every report of one, and putting them right.", no_args_is_help=True)
_BY_HAND = "on the command line"
# Numbers of imported articles and their stories are below zero, and no options.
_NEGATIVE = {"ignore_unknown_options": True}
_Number = Annotated[int, typer.Argument()]


@cli.command(context_settings=_NEGATIVE)
def show(context: typer.Context, story: _Number) -> None:
    """Show every report of a story: who was first, who copied with what delay, what was changed."""
    say = voice("en")
    with plain_errors(), opened(context.obj.database) as database, database.read() as connection:
        told = stories.tellings(connection, [_there(connection, story)])
        (tellings,) = told.values()
        revisions = articles.revisions(connection, [telling.article_id for telling in tellings])
        earlier, later = stories.echo_of(connection, tellings[0].story_id), stories.echoes_of(connection, tellings[0].story_id)
        for change in story_changes.of_story(connection, story):
            moved = f"article {change.article_id}: " if change.article_id else ""
            typer.echo(f"{change.at:%Y-%m-%d %H:%M} {change.kind} {moved}{change.old_story_id} -> {change.new_story_id} ({change.reason})")
    typer.echo(plain(story_head(say, tellings)))
    for relation, numbers in (("comes back to", [earlier] if earlier is not None else []), ("came back as", later)):
        typer.echo("".join(f"{relation} story {number}\n" for number in numbers), nl=False)
    for block in story_blocks(say, "UTC", tellings, revisions, numbered=True):
        typer.echo(f"\n{plain(block)}")


@cli.command(context_settings=_NEGATIVE)
def merge(context: typer.Context, story: _Number, into: _Number) -> None:
    """Make two stories one, under the second's number."""
    with plain_errors(), opened(context.obj.database) as database, database.write() as connection:
        story_changes.merge(connection, story, into, reason=_BY_HAND, by_hand=True, now=datetime.now(UTC))
        repairing.renew(connection, [story, into], watchlist.load(context.obj.watchlist).groups)
    typer.echo(f"Stories {story} and {into} are story {into} now.")


@cli.command(context_settings=_NEGATIVE)
def split(
    context: typer.Context, article: Annotated[list[int], typer.Argument(help="The numbers of the articles that go together.")]
) -> None:
    """Make a story of its own of some articles of one."""
    made = _move(context.obj, article)
    typer.echo(f"They are story {made} now.")


@cli.command(context_settings=_NEGATIVE)
def detach(context: typer.Context, article: _Number) -> None:
    """Make a story of its own of one article, with its copies."""
    made = _move(context.obj, [article])
    typer.echo(f"Article {article} is story {made} now.")


def _move(settings: Settings, numbers: list[int]) -> int:
    with plain_errors(), opened(settings.database) as database, database.write() as connection:
        before = {teller.story_id for teller in articles.tellers(connection, numbers) if teller.story_id is not None}
        made = story_changes.move(connection, numbers, None, reason=_BY_HAND, by_hand=True, now=datetime.now(UTC))
        repairing.renew(connection, [*before, made], watchlist.load(settings.watchlist).groups)
    return made


def _there(connection: Connection, story: int) -> int:
    found = story_changes.current(connection, story)
    if found is None:
        raise StorageError(f"There is no story {story}.")
    return found
