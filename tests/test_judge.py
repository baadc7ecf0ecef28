"""What counts and what doesn't, on small watchlists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feeds.match import Matcher
from feeds.watchlist import load

HEAD = '[[topics]]\nid = "a"\nkind = "group"\ndecides = true\nnames = { en = "x", ru = "x", uk = "x" }\n'


def matcher_of(tmp_path: Path, content: str) -> Matcher:
    """A matcher for a watchlist with this content."""
    file = tmp_path / "watchlist.toml"
    file.write_text(content, encoding="utf-8")
    return Matcher(load(file))


@pytest.mark.parametrize(
    ("demand", "text", "counts"),
    [
        ("capital = true", "The Way Home won", True),
        ("capital = true", "the “way home” won", True),
        ("capital = true", "on the way home", False),
        ('needs = "THIS NEAR/3 wives"', "Way Home, the wives", True),
        ('needs = "THIS NEAR/3 wives"', "Way Home. And the wives", False),
        ('unless = "film"', "Way Home, a film", False),
        ('unless = "film"', "Way Home, a group", True),
    ],
)
def test_demands_of_names(tmp_path: Path, demand: str, text: str, counts: bool) -> None:  # noqa: FBT001 - a table's column
    """A name counts only with its capitals and company, and never with what speaks against it."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.aliases]]\nany = ["way home"]\n{demand}\n')
    verdict = matcher.match("", text)
    assert verdict.relevant is counts
    assert bool(verdict.turned_down) is not counts


def test_names_with_other_demands_are_tried_too(tmp_path: Path) -> None:
    """Where the same words stand in the watchlist twice, one that gets what it needs is enough, and one reason is given if none does."""
    twice = '[[topics.aliases]]\nany = ["way home"]\nneeds = "{}"\n'
    matcher = matcher_of(tmp_path, HEAD + twice.format("wives") + twice.format("widows"))
    assert len(matcher.match("", "Way Home, the wives").topics[0].mentions) == 1
    assert len(matcher.match("", "Way Home, the widows").topics[0].mentions) == 1
    assert len(matcher.match("", "Way Home, a film").turned_down) == 1


def test_masks_hide_what_is_inside(tmp_path: Path) -> None:
    """A name inside of a masked phrase doesn't count, and the mask's reason is given."""
    mask = '[[masks]]\nreason = "a film"\nen = ["No Way Home"]\n'
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.aliases]]\nany = ["way home"]\n{mask}')
    assert [str(refused.reason) for refused in matcher.match("No Way Home", "").turned_down] == ["a film"]
    assert matcher.match("No Way Home", "Way Home").relevant


def test_a_passing_mention_is_not_enough(tmp_path: Path) -> None:
    """Outside of the title a rule may have to be met more than once."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.rules]]\nname = "draft"\nrule = "draft"\ntimes = 2\n')
    assert matcher.match("Draft", "").relevant
    assert matcher.match("News", "A draft, another draft").relevant
    assert str(matcher.match("News", "A draft").turned_down[0].reason) == "mentioned only in passing"


def test_the_first_sentence_of_a_post_stands_for_its_title(tmp_path: Path) -> None:
    """A post has no title: what its first sentence says it is about, unless that sentence has no end."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.rules]]\nname = "draft"\nrule = "draft"\ntimes = 2\n')
    assert matcher.match("", "A draft. And more").relevant
    assert matcher.match("", "A draft").relevant
    assert not matcher.match("", "Good morning. A draft").relevant
    assert not matcher.match("", "word " * 100 + "draft").relevant


def test_a_long_text_is_about_what_its_beginning_says(tmp_path: Path) -> None:
    """What a long text comes to only at its end has to be said more often."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.rules]]\nname = "draft"\nrule = "draft"\n')
    assert matcher.match("", "A draft. " + "word " * 500).relevant
    assert not matcher.match("", "word " * 500 + "A draft.").relevant
    assert matcher.match("", "word " * 500 + "A draft, draft, draft.").relevant


def test_a_rule_that_adds_does_not_decide(tmp_path: Path) -> None:
    """A rule that adds speaks only in items that are relevant without it."""
    rules = '[[topics.rules]]\nname = "one"\nrule = "wives"\n[[topics.rules]]\nname = "two"\nrule = "husbands"\nadds = true\n'
    matcher = matcher_of(tmp_path, HEAD + rules)
    assert not matcher.match("", "husbands").relevant
    assert [mention.alias for mention in matcher.match("", "husbands, wives").topics[0].mentions] == ["two", "one"]


def test_a_rule_that_wants_support(tmp_path: Path) -> None:
    """It counts beside another rule or another topic, and where there is nothing but a title; else it is refused with the reason."""
    rules = '[[topics.rules]]\nname = "one"\nrule = "wives"\nsupported = true\n[[topics.rules]]\nname = "two"\nrule = "husbands"\n'
    matcher = matcher_of(tmp_path, HEAD + rules)
    refused = matcher.match("News", "wives")
    assert not refused.relevant
    assert [str(one.reason) for one in refused.turned_down] == ["nothing else in the item speaks for it"]
    assert [mention.alias for mention in matcher.match("News", "wives, husbands").topics[0].mentions] == ["one", "two"]
    assert matcher.match("wives", "").relevant


def test_a_rule_for_titles_alone(tmp_path: Path) -> None:
    """Weaker evidence is enough where an item has nothing but a title."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.rules]]\nname = "one"\nrule = "wives"\nalone = true\n')
    assert matcher.match("wives", "").relevant
    assert not matcher.match("wives", "and more").relevant
    assert not matcher.match("", "wives").relevant


CLUES = """
[[topics.clues]]
rule = "@kin"
for = 2
[[topics.clues]]
rule = "@army OR @offices"
for = 2
[[topics.clues]]
rule = "@sport"
against = 2
[[topics.rules]]
name = "together"
rule = "@kin"
least = 4
[[topics.rules]]
name = "aloud"
rule = "wives NEAR/2 trenches"
"""
CLUE_LISTS = '[lists.kin]\nen = ["wives"]\n[lists.army]\nen = ["unit"]\n[lists.offices]\nen = ["office"]\n[lists.sport]\nen = ["league"]\n'


def test_weak_signs_count_together(tmp_path: Path) -> None:
    """Clues for and against add up, each once; what is heard and what is nearly heard tell the weights."""
    matcher = matcher_of(tmp_path, CLUE_LISTS + HEAD + CLUES)
    heard = matcher.match("News", "Wives rang. The office and the unit hung up. The office was shut.").topics[0]
    assert [mention.alias for mention in heard.mentions] == ["together"]
    assert str(heard.reasons[0]) == "the signs weigh 4 together, 4 is enough: wives +2, unit +2"
    refused = matcher.match("News", "Wives rang. The unit of the league hung up.")
    assert not refused.relevant
    assert [str(one.reason) for one in refused.turned_down] == ["the signs weigh 2 together, 4 is enough: wives +2, unit +2, league -2"]


def test_weak_signs_are_silent_where_a_rule_speaks(tmp_path: Path) -> None:
    """They are for items of which nothing else is known."""
    matcher = matcher_of(
        tmp_path,
        (CLUE_LISTS + HEAD + CLUES).replace('name = "together"', 'name = "z"\nrule = "office"\n[[topics.rules]]\nname = "together"'),
    )
    assert {mention.alias for mention in matcher.match("News", "Wives, office, unit").topics[0].mentions} == {"z"}


@pytest.mark.parametrize(
    ("day", "counts"), [(date(2022, 9, 20), False), (date(2022, 9, 21), True), (date(2022, 11, 15), True), (None, False)]
)
def test_a_rule_for_some_weeks(tmp_path: Path, day: date | None, counts: bool) -> None:  # noqa: FBT001 - a table's column
    """It speaks only in items that claim a day between its first and its last."""
    rule = '[[topics.rules]]\nname = "weeks"\nrule = "summons"\nbegins = 2022-09-21\nends = 2022-11-15\n'
    assert matcher_of(tmp_path, HEAD + rule).match("Summons", "", published=day).relevant is counts


def test_the_same_place_counts_once(tmp_path: Path) -> None:
    """Words that are forms of two aliases are one place where a rule is met."""
    lists = '[lists.kin]\nen = ["wife", "wives"]\n'
    rule = '[[topics.rules]]\nname = "one"\nrule = "@kin"\ntimes = 2\n'
    matcher = matcher_of(tmp_path, lists + HEAD + rule)
    assert not matcher.match("News", "wives").relevant
    assert matcher.match("News", "wives and wives").relevant


def test_an_exception_about_the_words_themselves(tmp_path: Path) -> None:
    """An exception holds by its words near the place, or by their absence."""
    rules = '[[topics.rules]]\nname = "one"\nrule = "draft"\nunless = "THIS NOT NEAR/2 army"\n'
    matcher = matcher_of(tmp_path, HEAD + rules)
    assert matcher.match("News", "the army draft").relevant
    assert not matcher.match("News", "the NFL draft").relevant


def test_an_exception_of_a_topic_holds_for_all_its_rules(tmp_path: Path) -> None:
    """What a topic makes an exception for is turned down, whichever of its rules found it, and the reason is given."""
    rules = '[[topics.rules]]\nname = "one"\nrule = "wives"\n[[topics.rules]]\nname = "two"\nrule = "mothers"\n'
    matcher = matcher_of(tmp_path, f'{HEAD}unless = "THIS SAME SENTENCE film"\n{rules}')
    assert matcher.match("", "Wives and mothers rally. It is no film.").relevant
    assert {refused.alias for refused in matcher.match("", "A film about wives and mothers").turned_down} == {"one", "two"}


@pytest.mark.parametrize(("assumed", "relevant"), [("assumed = true", True), ("", False)])
def test_a_country_is_assumed_where_no_sign_is(tmp_path: Path, assumed: str, relevant: bool) -> None:  # noqa: FBT001 - a table's column
    """A rule may take an item without a sign of any country for one about the topic's, but never one with a sign of another."""
    countries = '[countries.here]\nname = "Here"\n[countries.there]\nname = "There"\n[countries.there.plain]\nen = ["Ruritania"]\n'
    rule = f'country = "here"\n[[topics.rules]]\nname = "one"\nrule = "wives"\n{assumed}\n'
    matcher = matcher_of(tmp_path, countries + HEAD + rule)
    assert matcher.match("Wives rally", "").relevant is relevant
    assert not matcher.match("Wives rally in Ruritania", "").relevant


def test_the_longest_name_counts_once(tmp_path: Path) -> None:
    """A name inside a longer one of the same topic isn't a mention of its own."""
    matcher = matcher_of(tmp_path, f'{HEAD}[[topics.aliases]]\nany = ["way home", "the way home"]\n')
    (mention,) = matcher.match("", "Join the way home now").topics[0].mentions
    assert (mention.alias, mention.start, mention.end) == ("the way home", 5, 17)
