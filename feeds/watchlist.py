"""The watchlist: topics with their names, aliases, people, channels and rules, read from a TOML file and checked as a whole.

Not here: single keys (``watchlist_keys.py``), the rule language (``rules.py``), recognising anything (``match.py``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from feeds.rules import Either, Named, Node, needed, terms
from feeds.watchlist_keys import Table
from storage.records import WatchlistError

SHIPPED = Path(__file__).with_name("watchlist.toml")
LARGEST_FILE = 5_000_000  # bytes
KINDS = ("group", "theme")
_TOPIC_LISTS = ("aliases", "people", "channels", "rules", "clues", "matches", "misses")

# By language: en, ru or uk, or ``any`` for names that are looked for whatever the item's language.
Words: TypeAlias = Mapping[str, tuple[str, ...]]
# Owners of words, of which one in each set is found wherever a rule holds.
Needed: TypeAlias = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Aliases:
    """Names of a topic that are recognised alike.

    ``romanise``: their Latin spellings count as well; ``cyrillic`` false: only those. ``capital``: only where their words begin with
    capitals, or in quotes. ``needs``: a rule for their company; ``unless``: one for company that turns them down; ``certain``: one for
    company in which the alias is itself a strong sign of the topic's country, as a Russian name always is (THIS) in a text of another
    language. THIS stands for the alias itself.
    """

    words: Words
    romanise: bool = False
    cyrillic: bool = True
    capital: bool = False
    needs: Node | None = None
    unless: Node | None = None
    certain: Node | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """A weak sign: words of one of the lists in ``node``. It weighs ``weight``, which is below 0 where it speaks against a topic."""

    node: Node
    weight: int
    owners: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owners", tuple(term.owner for term in terms(self.node)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that speaks for a topic.

    Outside of the title it has to be met ``times`` times; ``title``: only in the title; ``alone``: only there, and only where the item has
    nothing but a title. ``unless`` turns a finding down. ``adds``: it speaks only where the item is relevant without it. ``supported``:
    only where another rule speaks for the topic, where the item has a topic already, or where it has nothing but a title. ``begins`` and
    ``ends``: only in items that claim a day between them. ``least``: where it isn't 0, only where the topic's clues that hold weigh as much
    together, and only while nothing else speaks for the item. ``assumed``: where the item has no sign of any country, it is about the
    topic's.
    """

    name: str
    node: Node
    times: int = 1
    unless: Node | None = None
    adds: bool = False
    title: bool = False
    alone: bool = False
    supported: bool = False
    assumed: bool = False
    begins: date | None = None
    ends: date | None = None
    least: int = 0
    needed: Needed = field(init=False, compare=False, repr=False)
    needed_by_unless: Needed = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", _owners(self.node))
        object.__setattr__(self, "needed_by_unless", _owners(self.unless))


@dataclass(frozen=True, slots=True)
class Topic:
    """A group or a theme.

    ``names`` by language for people to read. ``decides``: it makes an item relevant by itself. ``country``: whose war the item has to be
    about. ``since``: items that claim an earlier date are turned down. ``unless`` turns down what any of its rules finds. ``clues`` are
    weighed for rules that ask for a ``least`` weight.
    ``matches`` and ``misses`` are its examples.
    """

    id: str
    kind: str
    names: Mapping[str, str]
    decides: bool
    country: str | None = None
    since: date | None = None
    aliases: tuple[Aliases, ...] = ()
    people: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    clues: tuple[Clue, ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    unless: Node | None = None
    needed_by_unless: Needed = field(init=False, compare=False, repr=False)
    _asking: Mapping[str, tuple[int, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed_by_unless", _owners(self.unless))
        # By owner of words, the rules that can hold where one of these is found.
        asking: dict[str, tuple[int, ...]] = {}
        for number, rule in enumerate(self.rules):
            for owner in chain.from_iterable(rule.needed[:1]):
                asking[owner] = (*asking.get(owner, ()), number)
        object.__setattr__(self, "_asking", asking)

    def rules_about(self, owners: Iterable[str]) -> list[Rule]:
        """The rules, in order, that may hold where words of ``owners`` are found."""
        return [self.rules[number] for number in sorted({number for owner in owners for number in self._asking.get(owner, ())})]


@dataclass(frozen=True, slots=True)
class Country:
    """Signs of whose war an item is about. ``prior`` is the weight that the item's language alone gives."""

    id: str
    name: str
    prior: Mapping[str, float]
    strong: Words
    plain: Words


@dataclass(frozen=True, slots=True)
class Mask:
    """Phrases inside of which nothing is recognised, such as “No Way Home”, and the reason to give."""

    reason: str
    words: Words


@dataclass(frozen=True, slots=True)
class Watchlist:
    """All that is watched for. ``lists`` are the words that rules call by @name; @topic:id and @people:id call a topic and its people."""

    topics: tuple[Topic, ...]
    lists: Mapping[str, Words] = field(default_factory=dict)
    countries: tuple[Country, ...] = ()
    masks: tuple[Mask, ...] = ()

    @property
    def groups(self) -> frozenset[str]:
        """The topics that are groups of people."""
        return frozenset(topic.id for topic in self.topics if topic.kind == "group")


def load(path: Path | None = None) -> Watchlist:
    """The watchlist in ``path``, or the shipped one. Raises WatchlistError, which names the topic, the key or the character."""
    file = path or SHIPPED
    try:
        content = file.read_bytes()
    except OSError as error:
        raise WatchlistError(f"The watchlist {file} can't be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE:
        raise WatchlistError(f"The watchlist {file} is larger than {LARGEST_FILE} bytes")
    try:
        return parse(tomllib.loads(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise WatchlistError(f"The watchlist {file} isn't valid TOML: {error}") from error


def parse(content: Mapping[str, Any]) -> Watchlist:
    """The watchlist that a TOML document describes. Raises WatchlistError."""
    table = Table("the watchlist", content)
    table.allow("lists", "countries", "masks", "topics")
    watchlist = Watchlist(
        topics=tuple(_topic(topic) for topic in table.tables("topics")),
        lists={name: words.words() for name, words in table.named_tables("lists")},
        countries=tuple(_country(name, country) for name, country in table.named_tables("countries")),
        masks=tuple(_mask(mask) for mask in table.tables("masks")),
    )
    _check_names(watchlist)
    return watchlist


def _owners(node: Node | None) -> Needed:
    """The owners of words of which each set has one that is found wherever ``node`` holds: most rules are passed over by them."""
    return tuple(dict.fromkeys(frozenset(term.owner for term in words) for words in needed(node))) if node is not None else ()


def _topic(table: Table) -> Topic:
    table = Table(f"topic “{table.text('id')}”", table.content)
    table.allow("id", "kind", "names", "decides", "country", "since", "unless", *_TOPIC_LISTS)
    return Topic(
        id=table.text("id"),
        kind=table.one_of("kind", KINDS),
        names=table.texts_by_language("names"),
        decides=table.flag("decides"),
        country=table.text("country", ""),
        since=table.day("since"),
        aliases=tuple(_aliases(aliases) for aliases in table.tables("aliases")),
        people=table.texts("people"),
        channels=table.texts("channels"),
        rules=tuple(_rule(rule) for rule in table.tables("rules")),
        clues=tuple(_clue(clue) for clue in table.tables("clues")),
        matches=table.texts("matches"),
        misses=table.texts("misses"),
        unless=table.rule("unless"),
    )


def _aliases(table: Table) -> Aliases:
    words = table.words("romanise", "cyrillic", "capital", "certain", "needs", "unless")
    return Aliases(
        words,
        table.flag("romanise"),
        table.flag("cyrillic", default=True),
        table.flag("capital"),
        table.rule("needs"),
        table.rule("unless"),
        table.rule("certain"),
    )


def _rule(table: Table) -> Rule:
    flags = ("adds", "title", "alone", "supported", "assumed")
    table.allow("name", "rule", "times", "unless", *flags, "begins", "ends", "least")
    return Rule(
        table.text("name"),
        _needed_rule(table),
        table.number("times", 1),
        table.rule("unless"),
        **{flag: table.flag(flag) for flag in flags},
        begins=table.day("begins"),
        ends=table.day("ends"),
        least=table.number("least", 0),
    )


def _needed_rule(table: Table) -> Node:
    node = table.rule("rule")
    if node is None:
        raise WatchlistError(f"In {table.place}, a rule is empty")
    return node


def _clue(table: Table) -> Clue:
    table.allow("rule", "for", "against")
    node = _needed_rule(table)
    if not all(isinstance(word, Named) for word in (node.operands if isinstance(node, Either) else [node])):
        raise WatchlistError(f"In {table.place}, a clue's rule has to be a list, or several with OR between them")
    return Clue(node, table.number("for", 0) - table.number("against", 0))


def _country(name: str, table: Table) -> Country:
    table.allow("name", "prior", "strong", "plain")
    return Country(
        name, table.text("name"), table.numbers_by_language("prior"), table.table("strong").words(), table.table("plain").words()
    )


def _mask(table: Table) -> Mask:
    return Mask(table.text("reason"), table.words("reason"))


def _check_names(watchlist: Watchlist) -> None:
    """Every id is there once, and every name that a rule or a topic uses exists."""
    ids = [topic.id for topic in watchlist.topics]
    for name in ids:
        if ids.count(name) > 1:
            raise WatchlistError(f"The watchlist has more than one “{name}”")
    countries = {country.id for country in watchlist.countries}
    for topic in watchlist.topics:
        if topic.country and topic.country not in countries:
            raise WatchlistError(f"Topic “{topic.id}” needs the country “{topic.country}”, which the watchlist doesn't have")
    known = {"", *watchlist.lists, *map("topic:{}".format, ids), *map("people:{}".format, ids)}
    for user, name in _names_in_rules(watchlist):
        if name not in known:
            raise WatchlistError(f"A rule of topic “{user}” uses @{name}, which the watchlist doesn't have")


def _names_in_rules(watchlist: Watchlist) -> Iterator[tuple[str, str]]:
    """Each topic with each name that its rules call; the name of THIS is empty."""
    for topic in watchlist.topics:
        for node in topic_rules(topic):
            yield from ((topic.id, term.name) for term in terms(node) if isinstance(term, Named))


def topic_rules(topic: Topic) -> list[Node]:
    """Every rule of a topic: its own, and those about the company of its names."""
    nodes = [node for aliases in topic.aliases for node in (aliases.needs, aliases.unless, aliases.certain)]
    nodes += [node for rule in topic.rules for node in (rule.node, rule.unless)]
    nodes += [topic.unless, *(clue.node for clue in topic.clues)]
    return [node for node in nodes if node is not None]
