"""Bringing a database's schema to the one this program knows, by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import search_index
from storage.database import Database
from storage.records import StorageError


def upgrade(database: Database) -> str:
    """Bring the schema up to date and return its revision."""
    head = head_revision()
    with database.read() as connection:
        current = revision(connection)
    if current != head:
        _run(database, current, head)
    with database.write() as connection:
        search_index.renew(connection)
    return head


def revision(connection: Connection) -> str | None:
    """The revision that the database is at, None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that this program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StorageError("This copy of homefront lacks its migrations. Install it again.")
    return head


def _run(database: Database, current: str | None, head: str) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise StorageError(
            f"The database {database.path} was made by a newer homefront (revision {current}). Install that version, or use another folder."
        )
    config = _config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, head)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
