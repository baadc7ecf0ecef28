"""One item on trial: which topics have mentions in it that count, and why the others don't. Pure.

Not here: finding the words (``match.py``, ``vocabulary.py``), whose war it is (``country.py``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

from feeds.company import company
from feeds.country import PLAIN, STRONG, Scales, Sign
from feeds.evaluate import Span, evaluate
from feeds.reading import Reading
from feeds.rules import THIS, Named, Node, Term
from feeds.verdict import TopicMatch, TurnedDown
from feeds.watchlist import Country, Needed, Rule, Topic
from feeds.wordings import Entry, sign_owners, topic_owner
from storage.records import Mention, Sentence, sentence

MOST_MENTIONS = 50  # of one topic, rule or name in one item; more would only make the answer longer
_LEAD = 150  # words of the text; what comes first only after them is seldom what an item is about
_HEADLINE = 40  # words of a first sentence that stands for a title
_MORE_IN_BODY = 2
_MOST_COMPANY = 5  # words that are told
_SHORT = 3  # letters; “to” and “the” are small inside a name

Find: TypeAlias = tuple[Span, Entry]
Taken: TypeAlias = tuple[Span, str, Sentence | None]  # where, by which alias or rule, what counted


@dataclass(slots=True)
class Case:
    """An item while it is judged. ``found`` holds the finds of each owner, ``taken`` the mentions of topics judged so far."""

    reading: Reading
    language: str
    published: date | None
    countries: Sequence[Country]
    found: dict[str, list[Find]] = field(default_factory=dict)
    taken: dict[str, list[Taken]] = field(default_factory=dict)
    turned_down: list[TurnedDown] = field(default_factory=list)
    _scales: Scales | None = None
    _held: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # by topic, its clues that the item has
    _spans: dict[str, list[Span]] = field(default_factory=dict)  # where the words of an owner that rules asked for are

    def judge(self, topic: Topic, *, adds: bool) -> None:
        """Take the topic's mentions. ``adds``: with the rules that speak only where the item is relevant anyway."""
        taken = list(self._named(topic))
        if topic.rules:
            taken = sorted([*taken, *self._ruled(topic, adds=adds)], key=itemgetter(0, 1))[:MOST_MENTIONS]
        if taken:
            self.taken[topic_owner(topic.id)] = taken

    def match(self, topic: Topic) -> TopicMatch:
        """The mentions of a topic that has been judged and has some."""
        taken = self.taken[topic_owner(topic.id)]
        mentions = [Mention(topic.id, alias, *self.reading.place(*span)) for span, alias, _ in taken]
        return TopicMatch(topic.id, tuple(mentions), tuple(reason for _, _, reason in taken))

    def refuse(self, topic: str, alias: str, span: Span, reason: Sentence) -> None:
        """Note why the words at ``span`` don't count for ``topic``."""
        self.turned_down.append(TurnedDown(topic, alias, *self.reading.place(*span), reason))

    def _words(self, span: Span) -> str:
        name, start, end = self.reading.place(*span)
        return (self.reading.title if name == "title" else self.reading.text)[start:end]

    def _lookup(self, term: Term | Named) -> list[Span]:
        owner = term.owner
        spans = self._spans.get(owner)
        if spans is None:
            if owner.startswith(topic_owner("")):
                return [span for span, _, _ in self.taken.get(owner, ())]
            finds = self.found.get(owner)
            spans = self._spans[owner] = list(dict.fromkeys(span for span, _ in finds)) if finds else []
        return spans

    def _holds(self, node: Node | None, this: Span) -> bool:
        """Whether there is a rule and it holds, THIS being the words at ``this``."""
        if node is None:
            return False
        return bool(evaluate(node, self.reading, lambda term: [this] if term == THIS else self._lookup(term)))

    def _named(self, topic: Topic) -> Iterator[Taken]:
        """The names that count. Where two stand at the same words, one is enough; where none counts, the first one's objection is noted."""
        counted: Span | None = None
        refused: dict[Span, tuple[str, Sentence]] = {}
        for span, entry in outermost(self.found.get(topic_owner(topic.id), []))[:MOST_MENTIONS]:
            if span == counted:
                continue
            objection = self._objection_to_name(topic, span, entry)
            if objection is not None:
                refused.setdefault(span, (entry.alias, objection))
                continue
            counted = span
            refused.pop(span, None)
            needs = entry.aliases.needs if entry.aliases is not None else None
            yield span, entry.alias, self._reason(topic) if needs is None else self._reason_with_company(topic, span, needs)
        for span, (alias, objection) in refused.items():
            self.refuse(topic.id, alias, span, objection)

    def _ruled(self, topic: Topic, *, adds: bool) -> Iterator[Taken]:
        met = list(self._met(topic, adds=adds))
        for rule, spans in met:
            if rule.supported and len(met) == 1 and not self.taken and not self.reading.is_bare:
                for span in spans:
                    self.refuse(topic.id, rule.name, span, sentence("nothing else in the item speaks for it"))
            else:
                reason = self._weight(topic, rule) if rule.least else self._reason(topic)
                yield from ((span, rule.name, reason) for span in spans)

    def _met(self, topic: Topic, *, adds: bool) -> Iterator[tuple[Rule, list[Span]]]:
        """The topic's rules that hold, each with the places that count."""
        met = False
        for rule in topic.rules_about(chain(self.found, self.taken)):
            if not self._may_speak(rule, adds=adds):
                continue
            if rule.least and (met or self.taken or not self._is_heavy(topic, rule)):
                continue
            spans = evaluate(rule.node, self.reading, self._lookup)[:MOST_MENTIONS]
            if rule.title or rule.alone:
                spans = [span for span in spans if span[0] < self._headline]
            kept = [span for span in spans if not self._refused(topic, rule, span)]
            if self._is_enough(kept, rule.times):
                met = met or not rule.supported
                yield rule, kept
            else:
                for span in kept:
                    self.refuse(topic.id, rule.name, span, sentence("mentioned only in passing"))

    def _may_speak(self, rule: Rule, *, adds: bool) -> bool:
        """Whether an item like this is one that ``rule`` may speak of at all, and has a word of it."""
        if (rule.adds and not adds) or (rule.alone and not self.reading.is_bare) or not self._has_each(rule.needed):
            return False
        if rule.begins is None and rule.ends is None:
            return True
        return self.published is not None and (rule.begins or date.min) <= self.published <= (rule.ends or date.max)

    def _has_each(self, needed: Needed) -> bool:
        """Whether the item has words without which a rule can't hold."""
        return all(not (owners.isdisjoint(self.found) and owners.isdisjoint(self.taken)) for owners in needed)

    def _is_enough(self, spans: list[Span], times: int) -> bool:
        """Whether a rule was met in the headline, ``times`` times in the lead, or a few times more in a long text."""
        if not spans or spans[0][0] < self._headline:
            return bool(spans)
        in_lead = spans[0][0] < self.reading.boundary + _LEAD
        return len(spans) >= (times if in_lead else times + _MORE_IN_BODY)

    @property
    def _headline(self) -> int:
        """One after the last token of the title; a post without one begins with what it is about: its first sentence stands for it."""
        boundary = self.reading.boundary
        if boundary > 1:
            return boundary
        ends = self.reading.sentence_ends
        after = bisect_right(ends, boundary)
        return min(ends[after] if after < len(ends) else len(self.reading.tokens), boundary + _HEADLINE)

    def _refused(self, topic: Topic, rule: Rule, span: Span) -> bool:
        objection = self._objection(topic, span, assumed=rule.assumed)
        if objection is None and (self._excepts(rule, span) or self._excepts(topic, span)):
            objection = sentence("an exception of the rule holds")
        if objection is not None:
            self.refuse(topic.id, rule.name, span, objection)
        return objection is not None

    def _excepts(self, beholden: Rule | Topic, span: Span) -> bool:
        """Whether an exception holds that a rule makes, or a topic for all its rules."""
        return self._has_each(beholden.needed_by_unless) and self._holds(beholden.unless, span)

    def _is_heavy(self, topic: Topic, rule: Rule) -> bool:
        """Whether the topic's clues weigh as much as the rule asks for; where they nearly do, its first words are refused for that."""
        weight = sum(weight for _, weight in self._clues(topic))
        if rule.least > weight >= rule.least / 2:
            first = min((finds[0][0] for owner in rule.needed[0] if (finds := self.found.get(owner))), default=(0, 0))
            self.refuse(topic.id, rule.name, first, self._weight(topic, rule))
        return weight >= rule.least

    def _weight(self, topic: Topic, rule: Rule) -> Sentence:
        """The words for what the topic's clues weigh together."""
        held = self._clues(topic)
        words = ", ".join(f"{alias.strip('=*')} {weight:+}" for alias, weight in held)
        weight = sum(weight for _, weight in held)
        return sentence("the signs weigh {weight} together, {least} is enough: {words}", weight=weight, least=rule.least, words=words)

    def _clues(self, topic: Topic) -> list[tuple[str, int]]:
        """The topic's clues that the item has: a word and the weight of each."""
        held = self._held.get(topic.id)
        if held is None:
            held = [(finds[0][1].alias, clue.weight) for clue in topic.clues if (finds := self._any_of(clue.owners))]
            self._held[topic.id] = held
        return held

    def _any_of(self, owners: Iterable[str]) -> list[Find]:
        return next((finds for owner in owners if (finds := self.found.get(owner))), [])

    def _objection_to_name(self, topic: Topic, span: Span, entry: Entry) -> Sentence | None:
        demands = entry.aliases
        if demands is None:
            return self._objection(topic, span, named=True)
        if demands.capital and not _has_capitals(self.reading, span):
            return sentence("it is written small, so it is no name")
        if self._holds(demands.unless, span):
            return sentence("its company speaks against it")
        if demands.needs is not None and not self._holds(demands.needs, span):
            return sentence("the company that it needs is missing")
        return self._objection(topic, span, named=demands.needs is None, certain=self._holds(demands.certain, span))

    def _objection(self, topic: Topic, span: Span, **standing: bool) -> Sentence | None:
        """What the topic as a whole has against a mention: its date or its country. ``standing``: see ``Scales.objection``."""
        if topic.since is not None and self.published is not None and self.published < topic.since:
            return sentence("the item claims a date before {day}", day=topic.since)
        return self._weighed().objection(topic.country, span, **standing) if topic.country else None

    def _reason(self, topic: Topic) -> Sentence | None:
        return self._weighed().reason(topic.country) if topic.country else None

    def _reason_with_company(self, topic: Topic, span: Span, needs: Node) -> Sentence | None:
        """What counted for a name: the company that it needs, and its country."""
        signs = self._reason(topic)
        met = company(needs, self.reading, lambda term: [span] if term == THIS else self._lookup(term))
        words = ", ".join(dict.fromkeys(self._words(other) for other in met[:_MOST_COMPANY]))
        if signs is None:
            return sentence("in the company of {words}", words=words) if words else None
        return sentence("in the company of {words}; signs of {country}: {signs}", words=words, **dict(signs.values)) if words else signs

    def _weighed(self) -> Scales:
        if self._scales is None:
            names = {
                token
                for owner, finds in self.found.items()
                if owner.startswith(topic_owner(""))
                for span, _ in finds
                for token in range(*span)
            }
            signs = [
                Sign(country.id, entry.alias, weight, span)
                for country in self.countries
                for owner, weight in zip(sign_owners(country), (STRONG, PLAIN), strict=True)
                for span, entry in self.found.get(owner, ())
                if not names.issuperset(range(*span))  # «Рада» in a group's name is no sign of Ukraine's parliament
            ]
            self._scales = Scales(self.countries, signs, self.reading, self.language)
        return self._scales


def outermost(finds: list[Find]) -> list[Find]:
    """Finds that don't stand inside a longer one, in order; those of the same words stand beside each other."""
    if len(finds) == 1:
        return finds
    kept: list[Find] = []
    for span, entry in sorted(finds, key=lambda find: (find[0][0], -find[0][1])):
        if not kept or span[1] > kept[-1][0][1] or span == kept[-1][0]:
            kept.append((span, entry))
    return kept


def _has_capitals(reading: Reading, span: Span) -> bool:
    """Whether the words at ``span`` are a name: in quotes, or begun with capitals (in Russian and Ukrainian only the first is)."""
    name, start, end = reading.place(*span)
    original = reading.title if name == "title" else reading.text
    words = original[start:end].split()
    quoted = start > 0 and original[start - 1] in "\"'«“„‘”"
    needed = [word for word in words if len(word) > _SHORT] or words
    if not words[0].isascii():
        needed = words[:1]
    return quoted or all(word[:1].isupper() for word in needed)
