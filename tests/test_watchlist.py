"""The watchlist's file: what is read, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.watchlist import load
from storage.records import WatchlistError

TOPIC = """
[[topics]]
id = "one"
kind = "group"
decides = true
names = { en = "One", ru = "Один", uk = "Один" }
"""


def loaded(tmp_path: Path, content: str) -> object:
    """The watchlist of a file with this content."""
    file = tmp_path / "watchlist.toml"
    file.write_text(content, encoding="utf-8")
    return load(file)


def test_the_shipped_watchlist_has_its_topics() -> None:
    """Four groups and seven themes, named in three languages; groups, families and mobilisation decide."""
    topics = {topic.id: topic for topic in load().topics}
    assert {name for name, topic in topics.items() if topic.kind == "group"} == {
        *("way-home", "council-of-wives-and-mothers", "committee-of-soldiers-mothers", "soldiers-widows"),
    }
    assert {name for name, topic in topics.items() if topic.kind == "theme"} == {
        *("families", "mobilisation", "demobilisation", "protest", "appeal", "losses", "crackdown"),
    }
    assert all(all(topic.names[language] for language in ("en", "ru", "uk")) for topic in topics.values())
    assert {name for name, topic in topics.items() if topic.decides and topic.kind == "theme"} == {"families", "mobilisation"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("topics = [", "isn't valid TOML"),
        ("\x00", "isn't valid TOML"),
        ("colour = 1", "“colour” is unknown"),
        (TOPIC + TOPIC, "more than one “one”"),
        (TOPIC + "colour = 1", "“colour” is unknown"),
        (TOPIC.replace("group", "crowd"), "group or theme"),
        (TOPIC.replace("uk =", "fr ="), "“fr” is unknown"),
        (TOPIC.replace(', uk = "Один"', ""), "“uk” has to be a string"),
        (TOPIC.replace("true", '"yes"'), "true or false"),
        (TOPIC + 'country = "atlantis"', "the country “atlantis”"),
        (TOPIC + "since = 2022", "a date"),
        (TOPIC + "people = [1]", "a list of strings"),
        (TOPIC + 'people = [""]', "a list of strings"),
        (TOPIC + "rules = 5", "an array of tables"),
        (TOPIC + '[[topics.rules]]\nname = "r"\nrule = "a OR"', "character 5"),
        (TOPIC + '[[topics.rules]]\nname = "r"\nrule = "@nobody"', "@nobody"),
        (TOPIC + '[[topics.rules]]\nname = "r"\nrule = ""', "a rule is empty"),
        (TOPIC + '[[topics.rules]]\nname = "r"\nrule = "a"\ntimes = 1000', "from 0 to 100"),
        (TOPIC + '[[topics.rules]]\nname = "r"\nrule = "a"\nbegins = 5', "a date"),
        (TOPIC + "[[topics.clues]]\nfor = 2", "a rule is empty"),
        (TOPIC + '[[topics.clues]]\nrule = "@nobody"\nfor = 2', "@nobody"),
        (TOPIC + '[[topics.clues]]\nrule = "wives AND men"\nfor = 2', "a list, or several with OR"),
        (TOPIC + '[[topics.aliases]]\nde = ["Frau"]', "“de” is unknown"),
        (TOPIC + '[[topics.aliases]]\nany = ["' + "a" * 300 + '"]', "longer than 200"),
        ("[lists.wives]\nfr = []", "“fr” is unknown"),
        ("lists = 3", "has to be a table"),
        ('[[masks]]\nen = ["x"]', "“reason” has to be"),
        ("x = " + "[" * 5000, "isn't valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, content: str, words: str) -> None:
    """An error says what is wrong and where."""
    with pytest.raises(WatchlistError) as raised:
        loaded(tmp_path, content)
    assert words in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is an error that names it."""
    with pytest.raises(WatchlistError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    assert loaded(tmp_path, "\ufeff" + TOPIC)
