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
from storage.database import Database

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _stay_at_home(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not str(arguments[1][0]).startswith(LOOPBACK):
        raise RuntimeError(f"a test tried to reach {arguments[1][0]}")


def pytest_configure() -> None:
    """Let no test reach the network, and none of them time anything."""
    sys.addaudithook(_stay_at_home)
    settings.register_profile("homefront", deadline=None)
    settings.load_profile("homefront")


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


@pytest.fixture
def database(blank: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database, up to date."""
    shutil.copy(blank, tmp_path / "homefront.sqlite")
    made = Database(tmp_path / "homefront.sqlite")
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
