"""From a watchlist to the wordings that its vocabulary looks for: every form and spelling of every alias, list and sign.

Not here: the forms themselves (``forms.py``, ``romanise.py``), the automaton (``vocabulary.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import AnyStr

from feeds.english import english_spellings
from feeds.forms import Wanted, all_forms
from feeds.romanise import skeletons
from feeds.rules import Node, Term, terms
from feeds.ukrainise import ukrainian_spellings
from feeds.vocabulary import Wording
from feeds.watchlist import Aliases, Country, Topic, Watchlist, Words
from storage.folding import fold

_CYRILLIC = re.compile("[а-яіїєґ]")
_RUSSIAN, _UKRAINIAN = re.compile("[ыэъ]"), re.compile("[іїєґ]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is looked for: ``alias``, for ``owner`` (a list, a topic, a country's signs, a mask, or a rule's own word).

    ``language``: only in items of this language; None: in all. ``aliases`` carries a topic's demands. ``inflected_as``: the language of an
    alias that is looked for in all. ``person``: a Russian person's name, or a part of one, which Ukrainian outlets write in their way.
    """

    owner: str
    alias: str
    language: str | None
    aliases: Aliases | None = None
    romanise: bool = False
    inflected_as: str | None = None
    person: bool = False


def topic_owner(topic: str) -> str:
    """The owner of a topic's own names; rules call it by the same name."""
    return f"topic:{topic}"


def sign_owners(country: Country) -> tuple[str, str]:
    """The owners of a country's strong and plain signs."""
    return f"strong:{country.id}", f"plain:{country.id}"


def mask_owner(number: int) -> str:
    """The owner of the words of a mask."""
    return f"mask:{number}"


def entries(watchlist: Watchlist) -> list[Entry]:
    """Everything that ``watchlist`` looks for, each owner's words in the order of the file."""
    found = [entry for name, words in watchlist.lists.items() for entry in _listed(name, words)]
    for country in watchlist.countries:
        for owner, words in zip(sign_owners(country), (country.strong, country.plain), strict=True):
            found += _listed(owner, words)
    for number, mask in enumerate(watchlist.masks):
        found += _listed(mask_owner(number), mask.words)
    for topic in watchlist.topics:
        found += _topic(topic)
    return found


def rule_entries(nodes: Iterable[Node]) -> list[Entry]:
    """The words that rules name themselves, each once."""
    named = dict.fromkeys(term for node in nodes for term in terms(node) if isinstance(term, Term))
    return [Entry(term.owner, term.text + "*" * term.prefix, None) for term in named]


def wordings(found: Iterable[Entry], cache: Path | None) -> list[Wording]:
    """A wording for each entry, in order."""
    found = list(found)
    wanted = [_wanted(entry) for entry in found]
    forms = all_forms((key for keys in wanted for key in keys), cache)
    return [_wording(entry, [form for key in keys for form in forms[key]]) for entry, keys in zip(found, wanted, strict=True)]


def _listed(owner: str, words: Words) -> Iterator[Entry]:
    for language, aliases in words.items():
        for alias in aliases:
            yield Entry(owner, alias, None if language == "any" else language)


def _topic(topic: Topic) -> list[Entry]:
    people = {words for person in topic.people for words in (person, *person.split())}
    found = [
        Entry(topic_owner(topic.id), alias, None, aliases, aliases.romanise, None if language == "any" else language, alias in people)
        for aliases in topic.aliases
        for language, names in aliases.words.items()
        for alias in names
    ]
    found += [Entry(f"people:{topic.id}", person, None, romanise=True, person=True) for person in topic.people]
    found += [Entry(topic_owner(topic.id), f"={channel}", None, Aliases({})) for channel in topic.channels]
    return found


def _wanted(entry: Entry) -> list[Wanted]:
    """The forms that have to be worked out for an entry: an alias for all languages is inflected in those that its letters allow."""
    if entry.alias.endswith("*"):
        return []
    language = entry.language or entry.inflected_as
    if language is not None:
        return [(language, entry.alias)]
    folded = fold(entry.alias).text
    if not _CYRILLIC.search(folded):
        return [("en", entry.alias)]
    languages = [language for language, letter in (("ru", _UKRAINIAN), ("uk", _RUSSIAN)) if not letter.search(folded)]
    respelled = ukrainian_spellings(entry.alias) if entry.person else []
    return [(language, entry.alias) for language in languages or ["ru"]] + [("uk", name) for name in respelled]


def _wording(entry: Entry, forms: list[str]) -> Wording:
    if entry.aliases is not None:
        forms = [*forms, *(form.replace(" і ", " i ") for form in forms if " і " in form)]  # many type the Latin letter
    if entry.aliases is not None and not entry.aliases.capital:
        forms = [*forms, *_hashtags(forms)]
    if entry.alias.endswith("*"):
        return Wording(tuple(english_spellings(fold(entry.alias[:-1]).text)), prefix=True)
    if not entry.romanise or not _CYRILLIC.search(fold(entry.alias).text):
        return Wording(tuple(forms))
    own = forms if entry.aliases is None or entry.aliases.cyrillic else []
    latin = skeletons(entry.alias)
    return Wording(tuple(own), skeletons=(*latin, *_hashtags(latin)))


def _hashtags(names: Iterable[AnyStr]) -> Iterator[AnyStr]:
    """Names of several words as hashtags have them: in one word, or joined with underscores."""
    for name in names:
        space, underscore = (" ", "_") if isinstance(name, str) else (b" ", b"_")
        if space in name:
            yield name.replace(space, name[:0])
            yield name.replace(space, underscore)
