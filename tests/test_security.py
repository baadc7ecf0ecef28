"""SECURITY.md says what is so: each test that it names exists; and no static check is silenced without its reason."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=str)
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    """What is claimed can be run."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_has_its_test() -> None:
    """Each row of the table names at least one, and says what stops the attack."""
    rows = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 10
    assert all(len(row) == 4 and all(cell.strip() for cell in row[1:]) and "::" in row[3] for row in rows)


def test_the_security_rules_are_on() -> None:
    """Ruff runs all of them on the program, and nothing but the tests may leave any out."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    assert not any(re.fullmatch(r"S\d*", rule) for rule in lint["ignore"])
    assert set(lint["per-file-ignores"]) == {"tests/**"}


def test_every_exception_has_its_reason() -> None:
    """Where a check is silenced, the same line says why."""
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("bot", "feeds", "storage")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := re.search(r"# noqa: [A-Z0-9, ]+(.*)$", line)) and len(found[1].strip(" -–#")) < 3
    ]
    assert lines == []
