"""Looking over a watchlist: are its examples right, and can each of its names and rules ever do what it is there for? Pure.

Not here: hits a day over the archive, which ``homefront watchlist check`` adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.idle_rules import idle_names, idle_rules, is_word, undone_rules
from feeds.match import Matcher
from feeds.reading import flatten
from feeds.rules import Both, Either, Named, Near, Node, Not, Term, terms
from feeds.watchlist import Topic, Watchlist, topic_rules

SHORTEST_NAME = 5  # letters; a shorter name without company is found in too many items
SHORTEST_SAFE_PREFIX = 4
SHORTEST_LISTED_PREFIX = 2  # lists have company


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about ``topic`` that should be looked at. ``kind``: example, unreachable, contradictory or broad."""

    kind: str
    topic: str
    message: str


def check(watchlist: Watchlist, matcher: Matcher) -> list[Finding]:
    """Everything that is wrong or doubtful about ``watchlist``; ``matcher`` is made from it."""
    found = [finding for topic in watchlist.topics for finding in _topic(topic, watchlist, matcher)]
    return [*found, *_shared_names(watchlist), *_unused_lists(watchlist), *_broad_lists(watchlist)]


def _topic(topic: Topic, watchlist: Watchlist, matcher: Matcher) -> Iterator[Finding]:
    yield from _examples(topic, matcher)
    yield from (Finding("unreachable", topic.id, message) for message in (*idle_names(topic, watchlist), *idle_rules(topic, watchlist)))
    yield from (Finding("contradictory", topic.id, message) for message in undone_rules(topic))
    for aliases in topic.aliases:
        for name in (name for names in aliases.words.values() for name in names):
            if aliases.needs is None and is_word(name) and len(flatten(name.lstrip("="))) < SHORTEST_NAME:
                yield Finding("broad", topic.id, f"“{name}” is short and needs no company")
    for node in topic_rules(topic):
        for term in terms(node):
            yield from _term(topic, term, watchlist)
        for both in _boths(node):
            yield from _contradictions(topic, both)


def _examples(topic: Topic, matcher: Matcher) -> Iterator[Finding]:
    for text in topic.matches:
        if topic.id not in {match.id for match in matcher.match(text, "").topics}:
            yield Finding("example", topic.id, f"should match and doesn't: “{text}”")
    for text in topic.misses:
        if topic.id in {match.id for match in matcher.match(text, "").topics}:
            yield Finding("example", topic.id, f"shouldn't match and does: “{text}”")


def _term(topic: Topic, term: Term | Named, watchlist: Watchlist) -> Iterator[Finding]:
    if isinstance(term, Named) and term.name in watchlist.lists and not any(map(is_word, _listed(watchlist, term.name))):
        yield Finding("unreachable", topic.id, f"@{term.name} has no words, so nothing is ever found by it")
    if isinstance(term, Term) and term.prefix and len(term.text) < SHORTEST_SAFE_PREFIX:
        yield Finding("broad", topic.id, f"“{term.text}*” begins very many words")


def _listed(watchlist: Watchlist, name: str) -> list[str]:
    return [word for words in watchlist.lists[name].values() for word in words]


def _boths(node: Node) -> Iterator[Both]:
    if isinstance(node, Both):
        yield node
    if isinstance(node, Both | Either):
        for operand in node.operands:
            yield from _boths(operand)
    elif isinstance(node, Near):
        yield from _boths(node.left)
        yield from _boths(node.right)


def _contradictions(topic: Topic, both: Both) -> Iterator[Finding]:
    for operand in both.operands:
        if isinstance(operand, Not) and operand.operand in both.operands:
            yield Finding("contradictory", topic.id, f"a rule asks for {_words(operand.operand)} and for its absence")


def _words(node: Node) -> str:
    return ", ".join(f"@{term.name}" if isinstance(term, Named) else f"“{term.text}”" for term in terms(node))


def _shared_names(watchlist: Watchlist) -> Iterator[Finding]:
    seen: dict[bytes, str] = {}
    for topic in watchlist.topics:
        names = [name for aliases in topic.aliases if aliases.needs is None for words in aliases.words.values() for name in words]
        for name in names:
            other = seen.setdefault(flatten(name.lstrip("=")), topic.id)
            if other != topic.id:
                yield Finding("contradictory", topic.id, f"“{name}” is a name of {other} as well")


def _broad_lists(watchlist: Watchlist) -> Iterator[Finding]:
    for name in watchlist.lists:
        for word in _listed(watchlist, name):
            if word.endswith("*") and len(word) - 1 < SHORTEST_LISTED_PREFIX:
                yield Finding("broad", "", f"“{word}” of @{name} begins very many words")


def _unused_lists(watchlist: Watchlist) -> Iterator[Finding]:
    used = {term.name for topic in watchlist.topics for node in topic_rules(topic) for term in terms(node) if isinstance(term, Named)}
    for name in watchlist.lists:
        if name not in used:
            yield Finding("unreachable", "", f"no rule uses the list @{name}")
