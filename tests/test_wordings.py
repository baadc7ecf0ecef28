"""From a watchlist to what is looked for."""

from __future__ import annotations

from feeds.rules import Term, parse
from feeds.watchlist import Aliases, Country, Mask, Topic, Watchlist
from feeds.wordings import Entry, entries, mask_owner, rule_entries, wordings

NAMES = {"en": "x", "ru": "x", "uk": "x"}


def test_every_name_has_its_owner() -> None:
    """Lists, signs, masks, names, people and channels are told apart."""
    topic = Topic("t", "group", NAMES, decides=True, aliases=(Aliases({"any": ("Имя",)}),), people=("Анна",), channels=("CHANNEL",))
    country = Country("c", "C", {}, strong={"en": ("s",)}, plain={"en": ("p",)})
    watchlist = Watchlist((topic,), {"list": {"en": ("l",)}}, (country,), (Mask("why", {"en": ("m",)}),))
    assert [(entry.owner, entry.alias) for entry in entries(watchlist)] == [
        ("list", "l"),
        ("strong:c", "s"),
        ("plain:c", "p"),
        ("mask:0", "m"),
        ("topic:t", "Имя"),
        ("people:t", "Анна"),
        ("topic:t", "=CHANNEL"),
    ]
    assert mask_owner(0) == "mask:0"


def test_words_of_rules_are_looked_for_once() -> None:
    """The same word in two rules is one entry; a prefix is another."""
    found = rule_entries([parse("word AND begin*"), parse("word OR other")])
    assert [entry.alias for entry in found] == ["word", "begin*", "other"]
    assert Term("b", prefix=True).owner != Term("b").owner


def test_letters_choose_the_dictionary() -> None:
    """A name for all languages is inflected as its letters allow; a prefix isn't inflected."""
    latin, ukrainian, both, prefix = wordings([Entry("o", alias, None) for alias in ("wife", "рідна дружина і", "город", "mobilis*")], None)
    assert "wives" in latin.forms
    assert "рідної дружини і" in ukrainian.forms
    assert {"города", "городу"} <= set(both.forms)
    assert (prefix.prefix, set(prefix.forms)) == (True, {"mobilis", "mobiliz"})


def test_latin_only() -> None:
    """A name may be looked for in its Latin spellings alone."""
    aliases = Aliases({"any": ("Путь домой",)}, romanise=True, cyrillic=False)
    (wording,) = wordings([Entry("o", "Путь домой", None, aliases, romanise=True)], None)
    assert (wording.forms, bool(wording.skeletons)) == ((), True)


def test_hashtags_of_a_name() -> None:
    """A name of several words is looked for in one word too, and joined with underscores; one that needs its capitals isn't."""
    for alias, capital in (("Совет матерей", False), ("Way Home", True)):
        (wording,) = wordings([Entry("o", alias, None, Aliases({"any": (alias,)}, capital=capital))], None)
        assert (alias.lower().replace(" ", "") in wording.forms) is not capital
        assert (alias.lower().replace(" ", "_") in wording.forms) is not capital


def test_latin_hashtags_of_a_name() -> None:
    """A romanised name is found in one word as well."""
    aliases = Aliases({"any": ("Путь домой",)}, romanise=True)
    (wording,) = wordings([Entry("o", "Путь домой", None, aliases, romanise=True)], None)
    assert {b"put domoi", b"putdomoi", b"put_domoi"} <= set(wording.skeletons)
