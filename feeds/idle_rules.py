"""Names and rules of a watchlist that can never do anything, or that undo themselves: each with the words for why. Pure.

Not here: examples, broad words and the report as a whole (``checkup.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.reading import flatten
from feeds.rules import THIS, Both, Either, Named, Near, Node, Not, terms
from feeds.watchlist import Rule, Topic, Watchlist
from feeds.wordings import topic_owner


def idle_names(topic: Topic, watchlist: Watchlist) -> Iterator[str]:
    """What keeps a topic's names from ever being found."""
    masked = {flatten(words.strip("=")) for mask in watchlist.masks for names in mask.words.values() for words in names}
    for name in (name for aliases in topic.aliases for names in aliases.words.values() for name in names):
        if not is_word(name):
            yield f"“{name}” has no letter or digit, so it is never found"
        elif flatten(name.strip("=")) in masked:
            yield f"“{name}” is masked wherever it stands"


def idle_rules(topic: Topic, watchlist: Watchlist) -> Iterator[str]:
    """What keeps a topic's rules from ever holding."""
    most = sum(max(0, clue.weight) for clue in topic.clues)
    for rule in topic.rules:
        if rule.least > most:
            yield f"“{rule.name}” asks for a weight of {rule.least}, and all clues together weigh {most}"
        if any(term == THIS for term in terms(rule.node)):
            yield f"“{rule.name}” asks for THIS, which is for needs, unless and certain"
        for name in sorted(_judged_later(topic, rule, watchlist)):
            yield f"“{rule.name}” asks for @{name}, which is judged after it"


def undone_rules(topic: Topic) -> Iterator[str]:
    """Rules that turn down whatever they find, or that no day is right for."""
    for rule in topic.rules:
        if rule.unless == rule.node:
            yield f"“{rule.name}” turns down all that it finds"
        if rule.begins and rule.ends and rule.begins > rule.ends:
            yield f"“{rule.name}” ends on {rule.ends}, before it begins"


def is_word(name: str) -> bool:
    """Whether there is a letter or digit in it: something that a text can have."""
    return any(chr(code).isalnum() for code in flatten(name.strip("=*")))


def _judged_later(topic: Topic, rule: Rule, watchlist: Watchlist) -> set[str]:
    """The topics that a rule can't do without and that are judged only after its own: see Matcher.match_reading."""
    order = {name: position for position, name in enumerate(_judged(watchlist))}
    adds = rule.adds or not topic.decides or any(other.adds for other in topic.rules)
    own = order[topic.id, adds]
    called = {term.name.removeprefix(topic_owner("")) for term in _indispensable(rule.node) if term.name.startswith(topic_owner(""))}
    return {topic_owner(name) for name in called if min(order.get((name, again), len(order)) for again in (False, True)) >= own}


def _judged(watchlist: Watchlist) -> Iterator[tuple[str, bool]]:
    """The topics in the order of judging, each with whether it is among those that are judged once the item is relevant."""
    yield from ((topic.id, False) for topic in watchlist.topics if topic.decides)
    yield from ((topic.id, True) for topic in watchlist.topics if not topic.decides or any(rule.adds for rule in topic.rules))


def _indispensable(node: Node) -> Iterator[Named]:
    """Lists and topics without which a rule can't hold."""
    if isinstance(node, Named):
        yield node
    elif isinstance(node, Both):
        for operand in node.operands:
            yield from _indispensable(operand)
    elif isinstance(node, Near):
        yield from _indispensable(node.left)
        if not node.absent:
            yield from _indispensable(node.right)
    elif isinstance(node, Either | Not):
        return
