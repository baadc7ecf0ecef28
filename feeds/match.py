"""The matcher: an item's title and text in, its topics with their mentions out. Pure; threads may share a Matcher.

One pass finds every word of the watchlist; masks hide phrases that mean something else; then each topic that makes an item relevant takes
the mentions that have the company, the country and the date it asks for, and where one did, the other topics do. Not here: the words
(``watchlist.toml``), what counts (``judge.py``), subscribers' own rules (``watches.py``), explaining a verdict (``explain.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from feeds.evaluate import Span
from feeds.judge import Case
from feeds.language import LANGUAGES, language_of
from feeds.reading import Reading, read
from feeds.verdict import Verdict
from feeds.vocabulary import Vocabulary
from feeds.watchlist import Watchlist, topic_rules
from feeds.wordings import entries, mask_owner, rule_entries, topic_owner, wordings
from storage.records import Sentence


class Matcher:
    """A watchlist ready to be matched. ``cache`` is a file for the forms of aliases; without one they are worked out at each start."""

    def __init__(self, watchlist: Watchlist, cache: Path | None = None) -> None:
        self._watchlist = watchlist
        self.groups = watchlist.groups
        nodes = [node for topic in watchlist.topics for node in topic_rules(topic)]
        self._entries = [*entries(watchlist), *rule_entries(nodes)]
        self._vocabulary = Vocabulary(wordings(self._entries, cache))
        self._reasons = {mask_owner(number): Sentence(_literal(mask.reason)) for number, mask in enumerate(watchlist.masks)}
        self._topics = [(topic, topic_owner(topic.id)) for topic in watchlist.topics]
        self._deciding = [(topic, owner) for topic, owner in self._topics if topic.decides]
        self._adding = [topic for topic in watchlist.topics if not topic.decides or any(rule.adds for rule in topic.rules)]
        self._triggers = frozenset(_triggers(watchlist))

    def match(self, title: str, text: str, *, language: str | None = None, published: datetime | date | None = None) -> Verdict:
        """What the item is about. ``language`` is en, ru or uk where it is known; ``published`` the date that the item claims."""
        return self.match_reading(read(title, text), language=language, published=published)

    def match_reading(self, reading: Reading, *, language: str | None = None, published: datetime | date | None = None) -> Verdict:
        """The same for an item that has been read already."""
        known = language if language in LANGUAGES else language_of(reading)
        day = published.date() if isinstance(published, datetime) else published
        case = Case(reading, known, day, self._watchlist.countries)
        self._find(case)
        if self._triggers.isdisjoint(case.found):
            return Verdict(known, relevant=False, topics=(), turned_down=())
        for topic, owner in self._deciding:
            if topic.rules or owner in case.found:
                case.judge(topic, adds=False)
        if not case.taken:
            return Verdict(known, relevant=False, topics=(), turned_down=tuple(case.turned_down))
        for topic in self._adding:
            case.judge(topic, adds=True)
        matches = tuple(case.match(topic) for topic, owner in self._topics if owner in case.taken)
        return Verdict(known, relevant=True, topics=matches, turned_down=tuple(dict.fromkeys(case.turned_down)))

    def _find(self, case: Case) -> None:
        """Put everything that the item has of the vocabulary into ``case.found``, by owner, without what a mask hides."""
        masks: dict[int, Sentence] = {}
        entries, reasons, found, language = self._entries, self._reasons, case.found, case.language
        for number, start, end in self._vocabulary.find(case.reading):
            entry = entries[number]
            if entry.language is not None and entry.language != language:
                continue
            if entry.owner in reasons:
                masks.update(dict.fromkeys(range(start, end), reasons[entry.owner]))
            elif entry.owner in found:
                found[entry.owner].append(((start, end), entry))
            else:
                found[entry.owner] = [((start, end), entry)]
        if masks:
            _hide(case, masks)


def _literal(words: str) -> str:
    """Words of a file as a template that says just them."""
    return words.replace("{", "{{").replace("}", "}}")


def _hide(case: Case, masks: dict[int, Sentence]) -> None:
    """Take away the finds whose every token a mask covers."""

    def hidden(span: Span) -> bool:
        return all(token in masks for token in range(*span))

    for owner, finds in list(case.found.items()):
        case.found[owner] = [find for find in finds if not hidden(find[0])]
        for span, entry in finds:
            if entry.aliases is not None and hidden(span):
                case.refuse(owner.removeprefix(topic_owner("")), entry.alias, span, masks[span[0]])


def _triggers(watchlist: Watchlist) -> Iterator[str]:
    """The owners of which at least one has to be found for any deciding topic to hold."""
    for topic in watchlist.topics:
        if topic.decides:
            yield topic_owner(topic.id)
            yield from (owner for rule in topic.rules for owner in chain.from_iterable(rule.needed[:1]))
