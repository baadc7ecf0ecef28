"""The matcher: an item's title and text in, its topics with their mentions out. Pure; threads may share a Matcher.

One pass finds every word of the watchlist; masks hide phrases that mean something else; then each topic in the order of the file takes the
finds that have the company, the country and the date it asks for. Not here: the words (``watchlist.toml``), subscribers' own rules
(``watches.py``), explaining a verdict (``explain.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from feeds.country import PLAIN, STRONG, Scales, Sign
from feeds.evaluate import Span, evaluate
from feeds.language import LANGUAGES, language_of
from feeds.reading import Reading, read
from feeds.rules import THIS, Both, Either, Named, Near, Node, Term
from feeds.verdict import TopicMatch, TurnedDown, Verdict
from feeds.vocabulary import Vocabulary
from feeds.watchlist import Rule, Topic, Watchlist, topic_rules
from feeds.wordings import Entry, entries, rule_entries, term_owner, topic_owner, wordings
from storage.records import Mention

MOST_MENTIONS = 50  # of one topic in one item; more would only make the answer longer


@dataclass(slots=True)
class _Item:
    """One item while it is judged. ``found`` holds stretches with their entries by owner, ``accepted`` those of topics judged so far."""

    reading: Reading
    language: str
    published: date | None
    found: dict[str, list[tuple[Span, Entry]]] = field(default_factory=dict)
    accepted: dict[str, list[Span]] = field(default_factory=dict)
    turned_down: list[TurnedDown] = field(default_factory=list)
    scales: Scales | None = None

    def lookup(self, term: Term | Named) -> list[Span]:
        if isinstance(term, Named) and term.name in self.accepted:
            return self.accepted[term.name]
        owner = term.name if isinstance(term, Named) else term_owner(term)
        return [span for span, _ in self.found.get(owner, ())]

    def holds(self, node: Node, this: Span) -> bool:
        """Whether a rule holds, THIS being the words at ``this``."""
        return bool(evaluate(node, self.reading, lambda term: [this] if term == THIS else self.lookup(term)))

    def mention(self, topic: str, alias: str, span: Span) -> Mention:
        return Mention(topic, alias, *self.reading.place(*span))

    def refuse(self, topic: str, alias: str, span: Span, reason: str) -> None:
        self.turned_down.append(TurnedDown(topic, alias, *self.reading.place(*span), reason))


class Matcher:
    """A watchlist ready to be matched. ``cache`` is a file for the forms of aliases; without one they are worked out at each start."""

    def __init__(self, watchlist: Watchlist, cache: Path | None = None) -> None:
        self._watchlist = watchlist
        nodes = [node for topic in watchlist.topics for node in topic_rules(topic)]
        self._entries = [*entries(watchlist), *rule_entries(nodes)]
        self._vocabulary = Vocabulary(wordings(self._entries, cache))
        self._triggers = frozenset(_triggers(watchlist))

    def match(self, title: str, text: str, *, language: str | None = None, published: datetime | date | None = None) -> Verdict:
        """What the item is about. ``language`` is en, ru or uk where it is known; ``published`` the date that the item claims."""
        known = language if language in LANGUAGES else language_of(title, text)
        item = _Item(read(title, text), known, published.date() if isinstance(published, datetime) else published)
        self._find(item)
        if self._triggers.isdisjoint(item.found):
            return Verdict(known, relevant=False, topics=(), turned_down=())
        topics: list[TopicMatch] = []
        for topic in self._watchlist.topics:
            if topic.decides or topics:
                topics += self._judge(topic, item)
        return Verdict(known, bool(topics), tuple(topics), tuple(item.turned_down))

    def _find(self, item: _Item) -> None:
        """Put everything of the vocabulary that the item has into ``item.found``, by owner, without what a mask hides."""
        hidden: list[tuple[Span, Entry]] = []
        for number, start, end in self._vocabulary.find(item.reading):
            entry = self._entries[number]
            if entry.language is None or entry.language == item.language:
                finds = hidden if entry.owner.startswith("mask:") else item.found.setdefault(entry.owner, [])
                finds.append(((start, end), entry))
        if hidden:
            self._hide(item, hidden)

    def _hide(self, item: _Item, masks: list[tuple[Span, Entry]]) -> None:
        masked = {token: entry for (start, end), entry in masks for token in range(start, end)}
        for owner, finds in list(item.found.items()):
            item.found[owner] = [find for find in finds if not all(token in masked for token in range(*find[0]))]
            for span, entry in finds:
                if entry.aliases is not None and span[0] in masked and span[1] - 1 in masked:
                    reason = self._watchlist.masks[int(masked[span[0]].owner.removeprefix("mask:"))].reason
                    item.refuse(owner.removeprefix("topic:"), entry.alias, span, reason)

    def _judge(self, topic: Topic, item: _Item) -> list[TopicMatch]:
        """The topic's mentions in ``item``, as a list of one or none."""
        taken = [*self._named(topic, item), *self._ruled(topic, item)][:MOST_MENTIONS]
        if not taken:
            return []
        taken.sort(key=lambda mention: mention[0])
        item.accepted[topic_owner(topic.id)] = [span for span, _, _ in taken]
        mentions = tuple(item.mention(topic.id, alias, span) for span, alias, _ in taken)
        return [TopicMatch(topic.id, mentions, tuple(reason for _, _, reason in taken))]

    def _named(self, topic: Topic, item: _Item) -> Iterator[tuple[Span, str, str]]:
        """The topic's own names that count, with what counted."""
        for span, entry in _outermost(item.found.get(topic_owner(topic.id), [])):
            objection = self._objection_to_name(topic, item, span, entry)
            if objection is None:
                yield span, entry.alias, self._reason(topic, item)
            else:
                item.refuse(topic.id, entry.alias, span, objection)

    def _ruled(self, topic: Topic, item: _Item) -> Iterator[tuple[Span, str, str]]:
        """What the topic's rules find and what counts of it."""
        for rule in topic.rules:
            spans = evaluate(rule.node, item.reading, item.lookup)[:MOST_MENTIONS]
            kept = [span for span in spans if not self._refused(topic, rule, item, span)]
            in_title = any(span[0] < item.reading.boundary for span in kept)
            if in_title or len(kept) >= rule.times:
                yield from ((span, rule.name, self._reason(topic, item)) for span in kept)
            else:
                for span in kept:
                    item.refuse(topic.id, rule.name, span, "mentioned only in passing")

    def _refused(self, topic: Topic, rule: Rule, item: _Item, span: Span) -> bool:
        objection = self._objection(topic, item, span)
        if objection is None and rule.unless is not None and item.holds(rule.unless, span):
            objection = "an exception of the rule holds"
        if objection is not None:
            item.refuse(topic.id, rule.name, span, objection)
        return objection is not None

    def _objection_to_name(self, topic: Topic, item: _Item, span: Span, entry: Entry) -> str | None:
        aliases = entry.aliases
        if aliases is not None and aliases.capital and not _has_capitals(item.reading, span):
            return "it is written small, so it is no name"
        if aliases is not None and aliases.unless is not None and item.holds(aliases.unless, span):
            return "its company speaks against it"
        if aliases is not None and aliases.needs is not None and not item.holds(aliases.needs, span):
            return "the company that it needs is missing"
        return self._objection(topic, item, span)

    def _objection(self, topic: Topic, item: _Item, span: Span) -> str | None:
        """What the topic as a whole has against a mention: its date or its country."""
        if topic.since is not None and item.published is not None and item.published < topic.since:
            return f"the item claims a date before {topic.since}"
        return self._scales(item).objection(topic.country, span) if topic.country else None

    def _reason(self, topic: Topic, item: _Item) -> str:
        if not topic.country:
            return ""
        return f"about {topic.country}: {', '.join(self._scales(item).signs(topic.country)) or item.language}"

    def _scales(self, item: _Item) -> Scales:
        if item.scales is None:
            signs = [
                Sign(country.id, entry.alias, weight, span)
                for country in self._watchlist.countries
                for owner, weight in ((f"strong:{country.id}", STRONG), (f"plain:{country.id}", PLAIN))
                for span, entry in item.found.get(owner, ())
            ]
            item.scales = Scales(self._watchlist.countries, signs, item.reading, item.language)
        return item.scales


def _triggers(watchlist: Watchlist) -> Iterator[str]:
    """The owners of which at least one has to be found for any deciding topic to hold."""
    for topic in watchlist.topics:
        if topic.decides:
            yield topic_owner(topic.id)
            for rule in topic.rules:
                yield from owners(rule.node)


def owners(node: Node) -> list[str]:
    """Owners of which one is found wherever ``node`` holds: those of its first operand that has to be there."""
    if isinstance(node, Term | Named):
        return [node.name if isinstance(node, Named) else term_owner(node)]
    if isinstance(node, Near):
        return owners(node.left)
    if isinstance(node, Either):
        return [owner for operand in node.operands for owner in owners(operand)]
    if isinstance(node, Both):
        return next(filter(None, map(owners, node.operands)), [])
    return []


def _outermost(finds: list[tuple[Span, Entry]]) -> list[tuple[Span, Entry]]:
    """Finds that don't stand inside a longer one of the same topic, each once."""
    kept: list[tuple[Span, Entry]] = []
    for span, entry in sorted(finds, key=lambda find: (find[0][0], -find[0][1])):
        if not kept or span[1] > kept[-1][0][1]:
            kept.append((span, entry))
    return kept


def _has_capitals(reading: Reading, span: Span) -> bool:
    name, start, end = reading.place(*span)
    original = reading.title if name == "title" else reading.text
    words = original[start:end].split()
    quoted = start > 0 and original[start - 1] in "\"'«“„‘”"
    return quoted or all(word[:1].isupper() for word in (words if words[0].isascii() else words[:1]))
