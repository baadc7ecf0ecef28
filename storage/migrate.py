"""Alembic's migrations, run in a process of their own: ``python -m storage.migrate REVISION``, which reads the database's address.

Alembic takes 11 MB and a tenth of a second to import, which a bot that runs for months would pay for one minute's work.
Not here: deciding whether there is anything to do (``upgrade.py``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from storage.database import Database, open_database
from storage.records import StorageError

FOLDER = Path(__file__).with_name("migrations")


def config() -> Config:
    """Alembic's configuration, without a connection."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def migrate(database: Database, revision: str) -> None:
    """Bring the schema up to a revision, or back to it where the database is past it, in one transaction."""
    settings = config()
    with database.write() as connection:
        settings.attributes["connection"] = connection
        at = MigrationContext.configure(connection).get_current_revision()
        back = at is not None and revision != "head" and int(revision) < int(at)
        (command.downgrade if back else command.upgrade)(settings, revision)


def main(arguments: list[str]) -> int:
    """Bring the database whose address is given on standard input to a revision, by default the newest."""
    database = open_database(sys.stdin.read().strip("\r\n"))
    try:
        migrate(database, (*arguments, "head")[0])
    except (StorageError, DBAPIError) as error:
        # Of the server's error its own words, on one line.
        sys.stderr.write(f"{' '.join(str(getattr(error, 'orig', error)).split())}\n")
        return 1
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
