"""Names and rules that can never do anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.idle_rules import idle_names, idle_rules, undone_rules
from feeds.watchlist import Watchlist, load

HEAD = 'kind = "group"\ndecides = true\nnames = { en = "x", ru = "x", uk = "x" }\n'
LATER = '[[topics]]\nid = "b"\nkind = "theme"\ndecides = false\nnames = { en = "x", ru = "x", uk = "x" }\n'


def watchlist_of(tmp_path: Path, rest: str) -> Watchlist:
    """A watchlist with a topic “a” that goes on like this."""
    file = tmp_path / "watchlist.toml"
    file.write_text(f'[[topics]]\nid = "a"\n{HEAD}{rest}', encoding="utf-8")
    return load(file)


def test_names_that_are_never_found(tmp_path: Path) -> None:
    """A name without a letter, and one that a mask hides wherever it stands, are named; one inside a longer mask isn't."""
    names = '[[topics.aliases]]\nany = ["—", "Way Home", "Road Home"]\n[[masks]]\nreason = "m"\nen = ["=way home", "=No Road Home"]\n'
    watchlist = watchlist_of(tmp_path, names)
    found = list(idle_names(watchlist.topics[0], watchlist))
    assert [message.split("”")[0] for message in found] == ["“—", "“Way Home"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('rule = "x"\nleast = 5', "weigh 0"),
        ('rule = "x NEAR/3 THIS"', "THIS"),
        ('rule = "x AND @topic:b"', "judged after"),
        ('rule = "@topic:a"', "judged after"),
    ],
)
def test_rules_that_never_hold(tmp_path: Path, rule: str, why: str) -> None:
    """A weight that no clues reach, THIS where nothing is meant by it, and a topic that is judged later are named."""
    watchlist = watchlist_of(tmp_path, f'[[topics.rules]]\nname = "r"\n{rule}\n{LATER}')
    (message,) = idle_rules(watchlist.topics[0], watchlist)
    assert why in message


@pytest.mark.parametrize("rule", ['rule = "x OR @topic:b"', 'rule = "@topic:b"\nadds = true', 'rule = "x"\nunless = "THIS NEAR/3 y"'])
def test_rules_that_may_hold(tmp_path: Path, rule: str) -> None:
    """A rule that can do without what it calls, and one of a topic that is judged again, are in order."""
    other = LATER.replace("false", "true")
    watchlist = watchlist_of(tmp_path, f'[[topics.rules]]\nname = "r"\n{rule}\n{other}')
    assert list(idle_rules(watchlist.topics[0], watchlist)) == []


@pytest.mark.parametrize(
    ("rule", "why"),
    [('rule = "x OR y"\nunless = "x OR y"', "turns down all"), ('rule = "x"\nbegins = 2023-01-02\nends = 2023-01-01', "before it begins")],
)
def test_rules_that_undo_themselves(tmp_path: Path, rule: str, why: str) -> None:
    """An exception that is the rule itself, and days that end before they begin, are named."""
    (message,) = undone_rules(watchlist_of(tmp_path, f'[[topics.rules]]\nname = "r"\n{rule}\n').topics[0])
    assert why in message
