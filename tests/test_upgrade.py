"""From any earlier schema to the one that this program knows; never back, never past it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, inspect, text

from storage import archive, backup, migrate, search, upgrade
from storage.database import Database, open_database
from storage.kinds import kind_of
from storage.records import StorageError
from storage.tables import Counter, Row, table
from tests.building import admit, arrival, listed
from tests.postgres import Postgres

UPGRADE = """
import sys
from storage import upgrade
from storage.database import open_database
sys.stdin.readline()
print(upgrade.upgrade(open_database(sys.argv[1])))
"""

# What the first revision had a place for, in its columns.
OLD_ROWS = [
    """INSERT INTO sources (id, name, url, kind, publisher, standing, note, origin, state, next_check_at, failures, skipped) VALUES
    (1, 'Herald', 'https://herald.example/rss', 'feed', 'Herald', 'exile', '', 'catalog', 'on', '2026-01-01 00:00:00.000000', 0, 0)""",
    """INSERT INTO articles (id, source_id, url, address, title, text, language, first_seen_at, matched, content_key) VALUES
    (7, 1, 'https://herald.example/1', 'https://herald.example/1', 'Пикет', 'Образец.', 'ru', '2026-01-01 00:00:00.000000', :yes, :key)""",
    "INSERT INTO article_topics (topic, article_id) VALUES ('way-home', 7)",
    "INSERT INTO seen_keys (key, article_id) VALUES (:key, 7)",
    """INSERT INTO subscribers (chat_id, thread_id, language, time_zone, digest_times, quiet_hours, options, cursor,
    last_active_month, state) VALUES (1001, 0, 'ru', 'Europe/Moscow', '08:00', '', '{}', 7, '2026-01', 'on')""",
    "INSERT INTO subscriptions (subscriber_id, topic) SELECT id, 'way-home' FROM subscribers",
    "UPDATE counters SET value = 7 WHERE name = 'seq'",
    # The index is that of other words than now.
    "UPDATE counters SET value = 0 WHERE name = 'words_version'",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres) -> Iterator[Database]:
    """A database without any table."""
    with postgres.made(empty=True) as address:
        made = open_database(f"sqlite:///{tmp_path / 'homefront.sqlite'}" if request.param == "sqlite" else address)
        yield made
        made.close()


def _tables(database: Database) -> set[str]:
    with database.read() as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("search_index")}


def _go_to(database: Database, revision: str) -> None:
    """Migrate down to a revision, as a developer would."""
    config = migrate.config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    """The first start makes all of them, and says at which revision the database is."""
    assert upgrade.upgrade(empty) == upgrade.head_revision()
    assert _tables(empty) == {*Row.metadata.tables, "alembic_version"}
    with empty.read() as connection:
        assert upgrade.revision(connection) == upgrade.head_revision()
        assert archive.latest(connection) == 0


@pytest.mark.sqlite_only("the bytes of a file")
def test_upgrading_again_changes_nothing(database: Database, now: datetime) -> None:
    """Every command does it, so it must be harmless: not a byte is written."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
    files = [database.path, database.path.with_name("homefront.sqlite-wal")]
    before = [file.read_bytes() for file in files]
    upgrade.upgrade(database)
    assert [file.read_bytes() for file in files] == before


def test_models_and_migrations_agree(database: Database) -> None:
    """What the migrations made is what the tables say: columns, types, keys and indexes."""

    def ours(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001 - Alembic calls it so
        return not (kind == "table" and str(name).startswith("search_index"))

    def defaults(_context: Any, _there: Any, here: Any, default: str | None, _here: Any, rendered: str | None) -> bool | None:
        # PostgreSQL can't compare JSON with JSON, so that the words have to do.
        return default != f"{rendered}::json" if default is not None and isinstance(here.type, JSON) and "::" in default else None

    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True, "compare_server_default": defaults}
        )
        assert compare_metadata(context, Row.metadata) == []


def test_down_and_up_again(database: Database, now: datetime) -> None:
    """Every migration can be undone and done again, and what it leaves works."""
    for script in list(ScriptDirectory.from_config(migrate.config()).walk_revisions()):
        _go_to(database, str(script.down_revision or "base"))
    assert _tables(database) == {"alembic_version"}
    upgrade.upgrade(database)
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        (number,) = admit(connection, now, arrival(herald)).new
        assert [hit.id for hit in search.search(connection, search.parse("путь")).hits] == [number]
    assert backup.check(database) == []


@pytest.mark.parametrize("past", upgrade.revisions()[:-1])
def test_an_old_database_and_back(empty: Database, past: str) -> None:
    """A database of any earlier revision keeps its subscribers, news and seen keys on the way to this one, and back to that one."""
    migrate.migrate(empty, past)
    with empty.write() as connection:
        for statement in OLD_ROWS:
            connection.execute(text(statement), {"yes": True, "key": b"key"})
    for go, at in (
        (upgrade.upgrade, upgrade.head_revision()),
        (partial(upgrade.downgrade, target=past), past),
        (upgrade.upgrade, upgrade.head_revision()),
    ):
        go(empty)
        with empty.read() as connection:
            assert upgrade.revision(connection) == at
            assert connection.execute(text("SELECT chat_id, cursor FROM subscribers")).all() == [(1001, 7)]
            assert connection.execute(text("SELECT title, topic FROM articles JOIN article_topics ON article_id = id")).all() == [
                ("Пикет", "way-home")
            ]
            assert connection.scalar(text("SELECT count(*) FROM seen_keys")) == 1
    assert backup.check(empty) == []
    with empty.read() as connection:
        assert [hit.id for hit in search.search(connection, search.parse("пикет")).hits] == [7]


@pytest.mark.parametrize(
    ("target", "said"), [("9999", "There is no revision 9999"), ("0001; --", "There is no revision"), ("", "There is no revision")]
)
def test_back_to_nowhere(database: Database, target: str, said: str) -> None:
    """A revision that there isn't is refused with those that there are, and the database stays as it is."""
    with pytest.raises(StorageError, match=said):
        upgrade.downgrade(database, target)
    with database.read() as connection:
        assert upgrade.revision(connection) == upgrade.head_revision()


def test_back_isnt_forward(empty: Database) -> None:
    """A database that is at an earlier revision isn't brought up by going back."""
    migrate.migrate(empty, "0002")
    for target in ("0003", upgrade.head_revision()):
        with pytest.raises(StorageError, match="is at revision 0002, which isn't later"):
            upgrade.downgrade(empty, target)


@pytest.mark.sqlite_only("the bytes of a file")
@pytest.mark.parametrize("name", ["9999", "abcdef012345"])
def test_a_newer_database_is_refused(database: Database, name: str) -> None:
    """A database of a later version is left alone, and its reader told what to do."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})
    before = database.path.read_bytes()
    with pytest.raises(StorageError, match=rf"made by a newer homefront \(revision {name}\)\. Install that version"):
        upgrade.upgrade(database)
    assert database.path.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing(empty: Database) -> None:
    """A database that holds something else keeps exactly that, and the error names the file."""
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE watches (mine TEXT)"))
        connection.execute(text("INSERT INTO watches VALUES ('mine')"))
    with pytest.raises(StorageError, match=r"can't be (used|brought up to date): .*watches.* already exists"):
        upgrade.upgrade(empty)
    assert _tables(empty) == {"watches"}
    with empty.read() as connection:
        assert connection.scalar(text("SELECT mine FROM watches")) == "mine"


def test_two_programs_upgrade_at_once(empty: Database) -> None:
    """One does the work, the other waits and finds it done."""
    both = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, empty.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin
        process.stdin.write("now\n")
        process.stdin.flush()
    assert [process.communicate()[0].strip() for process in both] == [upgrade.head_revision()] * 2
    assert _tables(empty) == {*Row.metadata.tables, "alembic_version"}


@pytest.mark.parametrize("left", ["", "CREATE INDEX ix_search_index_blocks ON search_index (rowid)"])
def test_an_index_of_an_earlier_version(postgres: Postgres, now: datetime, left: str) -> None:
    """A server's index without blocks is replaced, also where that was broken off before; what was stored is found."""
    with postgres.made() as address:
        database = open_database(address)
        with database.write() as connection:
            (herald,) = listed(connection, now, "Herald")
            (number,) = admit(connection, now, arrival(herald)).new
            connection.execute(text("DROP INDEX ix_search_index_blocks"))
            connection.execute(text("CREATE INDEX ix_search_index_words ON search_index USING gin (words) WITH (fastupdate = off)"))
            if left:
                connection.execute(text(left))
                broken = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('ix_search_index_blocks' AS regclass)"
                connection.execute(text(broken))
        upgrade.upgrade(database)
        with database.read() as connection:
            there = connection.scalars(text("SELECT indexdef FROM pg_indexes WHERE tablename = 'search_index' ORDER BY indexname")).all()
            assert [hit.id for hit in search.search(connection, search.parse("путь")).hits] == [number]
        database.close()
    assert ["USING gin ((ARRAY[" in definition for definition in there] == [True, False]
    assert "btree" in there[1]


def test_an_index_of_other_words_is_built_anew(database: Database, now: datetime) -> None:
    """When words get other stems than before, the first start brings the index up to date."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        (number,) = admit(connection, now, arrival(herald)).new
        for statement in kind_of(connection).full_text.clear:
            connection.execute(statement)
        connection.execute(table(Counter).update().where(table(Counter).c.name == "words_version").values(value=0))
    upgrade.upgrade(database)
    with database.read() as connection:
        assert [hit.id for hit in search.search(connection, search.parse("путь")).hits] == [number]
