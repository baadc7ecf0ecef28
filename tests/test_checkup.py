"""Looking over a watchlist."""

from __future__ import annotations

from pathlib import Path

from feeds.checkup import check
from feeds.match import Matcher
from feeds.watchlist import load

HEAD = 'kind = "group"\ndecides = true\nnames = { en = "x", ru = "x", uk = "x" }\n'


def messages(tmp_path: Path, content: str) -> dict[str, str]:
    """What the checkup finds in a watchlist with this content, by kind."""
    file = tmp_path / "watchlist.toml"
    file.write_text(content, encoding="utf-8")
    watchlist = load(file)
    return {finding.kind: finding.message for finding in check(watchlist, Matcher(watchlist))}


def test_the_shipped_watchlist_is_in_order(matcher: Matcher) -> None:
    """Its own examples hold, and nothing in it is doubtful."""
    assert check(load(), matcher) == []


def test_examples_that_do_not_hold(tmp_path: Path) -> None:
    """An example that should match and doesn't is named."""
    found = messages(tmp_path, f'[[topics]]\nid = "a"\n{HEAD}matches = ["nothing here"]\n')
    assert "nothing here" in found["example"]


def test_short_names_are_broad(tmp_path: Path) -> None:
    """A name of three letters needs company."""
    found = messages(tmp_path, f'[[topics]]\nid = "a"\n{HEAD}[[topics.aliases]]\nany = ["war"]\n')
    assert "war" in found["broad"]


def test_contradictions_are_named(tmp_path: Path) -> None:
    """A rule that asks for a word and its absence can't hold."""
    found = messages(tmp_path, f'[[topics]]\nid = "a"\n{HEAD}[[topics.rules]]\nname = "r"\nrule = "wife AND NOT wife"\n')
    assert "wife" in found["contradictory"]


def test_names_of_two_topics_are_contradictory(tmp_path: Path) -> None:
    """One name can't belong to two groups."""
    names = '[[topics.aliases]]\nany = ["Soldiers"]\n'
    found = messages(tmp_path, f'[[topics]]\nid = "a"\n{HEAD}{names}[[topics]]\nid = "b"\n{HEAD}{names}')
    assert "Soldiers" in found["contradictory"]


def test_lists_without_use_or_words_are_unreachable(tmp_path: Path) -> None:
    """A list that no rule calls, and one without words, do nothing."""
    rule = '[[topics.rules]]\nname = "r"\nrule = "@empty"\n'
    assert "no rule uses" in messages(tmp_path, f'[lists.idle]\nen = ["x"]\n[[topics]]\nid = "a"\n{HEAD}')["unreachable"]
    assert "@empty" in messages(tmp_path, f'[lists.empty]\nen = []\n[[topics]]\nid = "a"\n{HEAD}{rule}')["unreachable"]


def test_broad_prefixes_of_lists(tmp_path: Path) -> None:
    """A list whose word is the beginning of very many words is named."""
    rule = '[[topics.rules]]\nname = "r"\nrule = "@wide"\n'
    found = messages(tmp_path, f'[lists.wide]\nen = ["a*"]\n[[topics]]\nid = "a"\n{HEAD}{rule}')
    assert "a*" in found["broad"]
