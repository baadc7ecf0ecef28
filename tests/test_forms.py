"""Keeping forms on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feeds.forms import all_forms

WANTED = [("ru", "Путь домой"), ("en", "soldier"), ("uk", "шлях")]


def test_kept_forms_are_used(tmp_path: Path) -> None:
    """What the file holds isn't worked out again."""
    cache = tmp_path / "deep" / "forms.json"
    first = all_forms(WANTED, cache)
    content = json.loads(cache.read_text(encoding="utf-8"))
    content["forms"]["en:soldier"] = ["kept"]
    cache.write_text(json.dumps(content), encoding="utf-8")
    assert first["en", "soldier"] == ["soldier", "soldiers"]
    assert all_forms(WANTED, cache)["en", "soldier"] == ["kept"]


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"versions": 1}', '{"forms": {"en:soldier": 5}}', "[" * 100_000, "\x00"])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damaged: str) -> None:
    """A cache that can't be read is no error."""
    cache = tmp_path / "forms.json"
    cache.write_text(damaged, encoding="utf-8")
    assert all_forms(WANTED, cache)["ru", "Путь домой"][0] == "путь домой"
    assert json.loads(cache.read_text(encoding="utf-8"))["forms"]["uk:шлях"]


def test_forms_of_other_dictionaries_are_not_used(tmp_path: Path) -> None:
    """Other versions, other forms."""
    cache = tmp_path / "forms.json"
    all_forms(WANTED, cache)
    content = json.loads(cache.read_text(encoding="utf-8"))
    content["versions"]["pymorphy3"] = "0"
    content["forms"]["en:soldier"] = ["old"]
    cache.write_text(json.dumps(content), encoding="utf-8")
    assert all_forms(WANTED, cache)["en", "soldier"] == ["soldier", "soldiers"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Without a place for the cache there is none."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert all_forms(WANTED, blocked / "forms.json")
