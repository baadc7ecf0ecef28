"""``homefront db``: the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import FAILED, fail, plain_errors
from bot.clock import SystemClock
from bot.doubt import lay_aside
from bot.lookout import subjects_of
from bot.settings import Settings
from feeds import watchlist
from storage import backup as backups, shrinking, upgrade as upgrades
from storage.database import open_database
from storage.upgrade import opened

cli = typer.Typer(help="The database.", no_args_is_help=True)


@cli.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database up to date. Every other command does this by itself."""
    with plain_errors(), opened(context.obj.database) as database:
        typer.echo(f"{database.name} is at revision {upgrades.head_revision()}.")


@cli.command()
def downgrade(
    context: typer.Context, revision: Annotated[str, typer.Argument(help="What `homefront db upgrade` of the earlier version says.")]
) -> None:
    """Bring the database back to an earlier revision, before that version is installed. The program must not be running; back up first."""
    with plain_errors():
        database = open_database(context.obj.database)
        try:
            with database.held():
                upgrades.downgrade(database, revision)
        finally:
            database.close()
    typer.echo(f"{database.name} is at revision {revision}.")


@cli.command()
def check(context: typer.Context) -> None:
    """Look for damage."""
    with plain_errors(), opened(context.obj.database) as database:
        damage = backups.check(database)
    for line in damage:
        typer.echo(line)
    if damage:
        raise fail("The database is damaged. Restore a backup: homefront db restore FILE", FAILED)
    typer.echo("The database is sound.")


@cli.command()
def compact(context: typer.Context) -> None:
    """Rewrite the database without gaps. Only one made by an earlier version needs it, once. The program must not be running."""
    with plain_errors(), opened(context.obj.database) as database, database.held():
        before, after = shrinking.compact(database)
    typer.echo(f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now.")


@cli.command()
def backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="Where to put the copy.")]) -> None:
    """Copy the database to a file, while the program runs if it does. The copy holds subscribers: keep it as safe as the original."""
    with plain_errors(), opened(context.obj.database) as database:
        backups.backup(database, file)
    typer.echo(f"Copied to {file}.")


@cli.command()
def restore(context: typer.Context, file: Annotated[Path, typer.Argument(help="The copy to put in place.")]) -> None:
    """Put a copy in the database's place. The program must not be running. What the copy had still to say isn't said again."""
    settings: Settings = context.obj
    with plain_errors():
        database = open_database(settings.database)
        with database.held():
            backups.restore(database, file)
        database.close()
        with opened(settings.database) as restored, restored.write() as connection:
            lay_aside(connection, subjects_of(watchlist.load(settings.watchlist)), SystemClock().now())
        typer.echo(f"Restored from {file}.")
