"""What every test shares: a database of its own, the shipped matcher, and no way out to the network."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.lookout import Watched, subjects_of
from bot.subjects import Subjects
from feeds import watchlist
from feeds.match import Matcher
from feeds.recogniser import Recogniser
from feeds.watches import Watches
from storage import upgrade
from storage.database import Database, open_database
from tests.postgres import Postgres, server

# Tests of words and buttons, of which the statements behind are those of other tests: together they would take longer than all others.
_ONE_IS_ENOUGH = {
    *(
        "account",
        "addsource",
        "announce",
        "channel",
        "easel",
        "inline",
        "listing",
        "localchat_control",
        "localchat_page",
        "localchat_places",
        "plain_words",
    ),
    *("localchat_server", "mute", "operations", "readme", "rhythm", "start", "story_page", "table", "topics", "trend", "web", "why"),
}
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _stay_at_home(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not str(arguments[1][0]).startswith(LOOPBACK):
        raise RuntimeError(f"a test tried to reach {arguments[1][0]}")


def pytest_configure(config: pytest.Config) -> None:
    """Let no test reach the network, and none of them time anything."""
    config.addinivalue_line("markers", "sqlite_only(reason): not on PostgreSQL, for that reason")
    sys.addaudithook(_stay_at_home)
    settings.register_profile("homefront", deadline=None)
    settings.load_profile("homefront")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a database on both kinds of them, unless it says why not."""
    wanted = metafunc.definition.get_closest_marker("sqlite_only") is None and _matters(metafunc.module.__name__)
    if "database_address" in metafunc.fixturenames and wanted:
        metafunc.parametrize("database_address", ["sqlite", "postgresql"], indirect=True)


def _matters(module: str) -> bool:
    """Whether the tests of a module run on PostgreSQL as well: with HOMEFRONT_TEST_EVERYTHING all of them do."""
    return bool(os.environ.get("HOMEFRONT_TEST_EVERYTHING")) or module.rpartition(".test_")[2] not in _ONE_IS_ENOUGH


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped, because everything was installed, fail if something was."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("HOMEFRONT_TEST_NEEDS_BROWSER") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("tests were skipped although everything they need should be here", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests have to say about how far they went."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "said":
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty database, up to date, for tests to copy."""
    made = Database(tmp_path_factory.mktemp("blank") / "blank.sqlite")
    upgrade.upgrade(made)
    made.close()
    return made.path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the tests."""
    with server() as found:
        yield found


@pytest.fixture
def database_address(request: pytest.FixtureRequest, blank: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, up to date."""
    if getattr(request, "param", "sqlite") == "postgresql":
        found: Postgres = request.getfixturevalue("postgres")
        with found.made() as url:
            yield url
        return
    shutil.copy(blank, tmp_path / "homefront.sqlite")
    yield f"sqlite:///{tmp_path / 'homefront.sqlite'}"


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """An empty database, up to date."""
    made = open_database(database_address)
    yield made
    made.close()


@pytest.fixture
def now() -> datetime:
    """A Sunday morning."""
    return datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """The shipped watchlist, ready to be matched."""
    return Matcher(watchlist.load(), tmp_path_factory.mktemp("forms") / "forms.json")


@pytest.fixture(scope="session")
def subjects() -> Subjects:
    """The shipped watchlist's topics."""
    return subjects_of(watchlist.load())


@pytest.fixture(scope="session")
def recogniser(matcher: Matcher) -> Recogniser:
    """The shipped watchlist, and no watches."""
    return Recogniser(matcher, Watches({}))


@pytest.fixture(scope="session")
def watched(subjects: Subjects, recogniser: Recogniser) -> Watched:
    """What is watched for where nobody has a watch."""
    return Watched(subjects, recogniser)


@pytest.fixture
def unused_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
