"""The shape that everything else relies on: imports go one way, and each third-party library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("storage", "feeds", "bot")
MAY_IMPORT = {"storage": {"storage"}, "feeds": {"storage", "feeds"}, "bot": {"storage", "feeds", "bot"}}
HOMES = {
    "sqlmodel": {"storage/tables"},
    "alembic": {"storage/migrate.py"},
    "sqlalchemy": {
        "storage/",
        "feeds/originals.py",
        "feeds/placing.py",
        "feeds/recent.py",
        "feeds/second_look.py",
        "feeds/poll.py",
        "feeds/repairing.py",
        "feeds/comparing.py",
        "feeds/importing.py",
        "bot/cli/",
        "bot/export/written.py",
        "bot/coming.py",
        "bot/deliver.py",
        "bot/dispatch.py",
        "bot/doubt.py",
        "bot/handling.py",
        "bot/inline.py",
        "bot/rounds.py",
        "bot/digest.py",
        "bot/edition.py",
        "bot/preview.py",
        "bot/jobs.py",
        "bot/alerts.py",
        "bot/announcing.py",
        "bot/idle.py",
        "bot/unasked.py",
        "bot/commands/request.py",
    },
    "psycopg": {"storage/postgres.py"},
    "Stemmer": {"storage/words.py"},
    "feedparser": {"feeds/parse/syndication.py"},
    "selectolax": {"feeds/parse/"},
    "pymorphy3": {"feeds/"},
    "ahocorasick_rs": {"feeds/vocabulary.py"},
    "aiohttp": {"feeds/fetch.py", "feeds/failures.py", "feeds/addresses.py", "bot/request.py"},
    "yarl": {"feeds/"},
    "msgspec": {"feeds/sameness/profiles.py"},
    "PIL": {"bot/charts.py"},
    "telegram": {
        "bot/app.py",
        "bot/authority.py",
        "bot/request.py",
        "bot/receive.py",
        "bot/deliver.py",
        "bot/outcomes.py",
        "bot/updates.py",
        "bot/webhook.py",
    },
    "apscheduler": {"bot/app.py", "bot/jobs.py"},
    "babel": {"bot/voice.py", "bot/places.py"},
    "pydantic": {"bot/settings.py"},
    "pydantic_settings": {"bot/settings.py"},
    "starlette": {
        "bot/app.py",
        "bot/localchat/",
        "bot/demo/",
        "bot/serve.py",
        "bot/web.py",
        "bot/webhook.py",
        "bot/door.py",
        "bot/operations.py",
    },
    "prometheus_client": {"bot/metrics.py"},
    "uvicorn": {"bot/serve.py", "bot/localchat/"},
    "typer": {"bot/cli/"},
    "rich": {"bot/cli/"},
    "xxhash": {"feeds/"},
    "structlog": {"bot/", "feeds/poll.py"},
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("name", FOLDERS)
def test_imports_go_one_way(name: str) -> None:
    """Storage <- feeds <- bot, and never back."""
    wrong = [
        (path, module)
        for path, tree in _modules()
        if path.startswith(f"{name}/")
        for module in _imported(tree)
        if module.partition(".")[0] in FOLDERS and module.partition(".")[0] not in MAY_IMPORT[name]
    ]
    assert wrong == []


def test_little_of_feeds_touches_the_database() -> None:
    """Inside feeds, everything but the poll cycle and rematching is pure: it may know records and words, not the database."""
    # Values of storage that decisions are about may be known as well: a source as polled, its rhythm.
    pure = {"storage.records", "storage.folding", "storage.words"}
    values = {"feeds/arriving.py", "feeds/gather.py", "feeds/probe.py", "feeds/settlement.py", "feeds/health.py"}
    wrong = [
        (path, module)
        for path, tree in _modules()
        if path.startswith("feeds/") and path not in (*HOMES["sqlalchemy"], "feeds/rematch.py", *values)
        for module in _imported(tree)
        if module.startswith("storage") and module not in pure
    ]
    assert wrong == []


def test_each_library_has_one_home() -> None:
    """Every third-party library is listed with its home, and imported nowhere else."""
    wrong = [
        (path, library)
        for path, tree in _modules()
        for library in {module.partition(".")[0] for module in _imported(tree)}
        if library not in sys.stdlib_module_names
        and library not in FOLDERS
        and not any(path.startswith(home) for home in HOMES.get(library, ()))
    ]
    assert wrong == []


def test_the_bot_never_loads_what_draws() -> None:
    """Drawing has a process of its own: the bot's imports no Pillow."""
    heavy = "sorted({'PIL'} & set(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", f"import bot.app, sys; print({heavy})"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_a_poll_loads_little() -> None:
    """A command loads no more than it needs: polling neither the bot's libraries nor what draws or migrates."""
    heavy = "sorted({'telegram', 'apscheduler', 'starlette', 'PIL', 'alembic'} & set(sys.modules))"
    code = f"import sys; from bot.cli.main import cli; cli(['poll', '--help'], standalone_mode=False); print({heavy})"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_nothing_is_imported_inside_functions() -> None:
    """Imports stand at the top of a file."""
    wrong = [
        (path, node.lineno)
        for path, tree in _modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []
