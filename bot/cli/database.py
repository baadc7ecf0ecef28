"""``homefront db``: the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from bot.cli.console import FAILED, errors, fail, plain_errors
from bot.clock import SystemClock
from bot.doubt import lay_aside
from bot.lookout import subjects_of
from bot.settings import Settings
from feeds import watchlist
from storage import backup as backups, copying, shrinking, upgrade as upgrades
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
def copy(
    source: Annotated[str, typer.Argument(help="The database to copy: a file, sqlite:///… or postgresql+psycopg://…")],
    target: Annotated[str, typer.Argument(help="Where to: a database in which nothing is yet, or a copy that was broken off.")],
) -> None:
    """Copy everything from one database to another, of either kind, and verify it. Neither may be in use; broken off, it goes on."""
    with (
        plain_errors(),
        opened(_address(source)) as here,
        opened(_address(target)) as there,
        here.held(),
        there.held(),
        Progress(console=errors, transient=True) as bar,
    ):
        copying.copy(here, there, _shown(bar))
        different = copying.differences(here, there, _shown(bar))
    for line in different:
        typer.echo(line)
    if different:
        raise fail("The copy differs from its source, so it must not be used.", FAILED)
    typer.echo(f"Copied to {there.name}. Every table has the same rows.")


def _address(written: str) -> str:
    return written if "://" in written or written.startswith("sqlite:") else f"sqlite:///{Path(written).resolve()}"


def _shown(bar: Progress) -> copying.Progress:
    tasks = dict[str, TaskID]()

    def show(name: str, done: int, of: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(name)
        bar.update(tasks[name], completed=done, total=of)

    return show


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
