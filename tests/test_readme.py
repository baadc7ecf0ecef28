"""The README's tables say what the code does."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
import typer

from bot.cli.main import cli
from bot.commands.table import COMMANDS
from bot.settings import PREFIX, Settings
from feeds import rules
from feeds.reading import read
from feeds.watches import Watches
from storage import fields, search
from storage.database import Database
from tests.building import admit, arrival, listed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, as cells."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    begun = dropwhile(lambda line: not line.startswith("|"), section.splitlines())
    rows = [line.strip("|").split("|") for line in takewhile(lambda line: line.startswith("|"), begun)]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_chat_command_is_listed() -> None:
    """Each with its summary, in the same order."""
    assert [tuple(row) for row in _table("In chat")] == [(f"`/{command.name}`", command.summary) for command in COMMANDS.values()]


def test_every_command_of_the_command_line_is_listed() -> None:
    """All of them, and no others."""
    names = set(typer.main.get_group(cli).commands)
    assert {row[0].strip("`") for row in _table("On the command line")} == names


def test_every_setting_is_listed() -> None:
    """Each with its meaning, in the same order."""
    assert [(row[0], row[2]) for row in _table("Settings")] == [
        (f"`{PREFIX}{name.upper()}`", field.description) for name, field in Settings.model_fields.items()
    ]


def test_the_map_names_what_is_there() -> None:
    """Folders and files that are named exist."""
    folders = [row[0].strip("`") for row in _table("A map of the code")]
    files = re.findall(r"`((?:bot|feeds|storage)/[\w./]+)`", README)
    assert folders
    assert all((ROOT / name).exists() for name in [*folders, *files])


@pytest.mark.parametrize("target", re.findall(r"`make ([a-z]+)`", README))
def test_every_make_target_exists(target: str) -> None:
    """What the README tells to run can be run."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("row", _table("What is promised"), ids=lambda row: row[0])
def test_every_promise_is_held_by_a_test(row: list[str]) -> None:
    """The test that is named beside it exists."""
    path, _, name = row[2].strip("`").partition("::")
    assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_pictures_are_small() -> None:
    """Pictures in the README exist and are under 300 kB."""
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).stat().st_size < 300_000 for picture in pictures)


@pytest.mark.parametrize("row", _table("Rules"), ids=lambda row: row[0])
def test_every_rule_does_what_is_said_of_it(row: list[str]) -> None:
    """Each example of the rule language holds for the one text and not for the other."""
    rule, holds, doesnt = row
    watches = Watches({0: rules.parse(rule.strip("`"))})
    assert watches.match(read("", holds))
    assert not watches.match(read("", doesnt))


@pytest.mark.parametrize("row", _table("Search"), ids=lambda row: row[0])
def test_every_query_does_what_is_said_of_it(row: list[str], database: Database, now: datetime) -> None:
    """Each example of the search language finds the one text and not the other."""
    query, finds, doesnt = row
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title="", text=text) for n, text in enumerate((finds, doesnt))]
        assert admit(connection, now, *batch).new == [1, 2]
        assert search.numbers(connection, search.parse(query.strip("`")), limit=9) == [1]


def test_every_field_is_listed() -> None:
    """The README's second table of the search language has each field, and the examples in it can be read."""
    lines = README.split("\n## Search\n")[1].partition("\n## ")[0].partition("| field |")[2].splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert {row.split("`")[1].rstrip(":") for row in rows} == set(fields.NAMES.values())
    examples = [each for row in rows for each in row.split("`")[3::2]]
    assert len(examples) == 7
    assert all(search.parse(example) for example in examples)
