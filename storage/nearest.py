"""What to offer where a search finds nothing: the same with a word spelt right, typed on the right keyboard, in Cyrillic, or left out.

Spellings are those that one slip of the finger away are in the index; they are made and looked up, a bounded number of them, since
reading the index's vocabulary would count every occurrence of its words. Not here: mistakes of the language (``query.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.folding import fold
from storage.meaning import Topics
from storage.query import Both, Query, mended, reread, terms
from storage.records import QueryError
from storage.search import counted
from storage.search_index import occurs
from storage.sounds import in_cyrillic
from storage.words import stem, words

_MOST_WORDS = 3  # unknown words that are spelt anew
_MOST_PARTS = 12  # parts of a query that are left out, one by one
_MOST_CANDIDATES = 8  # spellings that are compared
_SHORTEST, _LONGEST = 4, 20
# Small words, of which nothing is left of a question once what it is about was left out.
_ENGLISH = "a an the and or of to in on at for is are was it this that how what who when where why my me you i"
_RUSSIAN = "а и или не ни в во на о об от до из за с со у к по для без как что кто где когда почему это мой моя мне меня я мы вы ты он она"
_UKRAINIAN = "а і й або не ні в у на про від до з за із по для без як що хто де коли чому це мій моя мені мене я ми ви ти він вона є"
_SMALL = frozenset(f"{_ENGLISH} {_RUSSIAN} {_UKRAINIAN}".split())
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ")
_LATIN_KEYS, _CYRILLIC_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю"
_OTHER_KEYBOARD = str.maketrans(_LATIN_KEYS + _CYRILLIC_KEYS, _CYRILLIC_KEYS + _LATIN_KEYS)


@dataclass(frozen=True, slots=True)
class Nearest:
    """A query that finds something, how much (at most MOST_COUNTED + 1), and what was left out of the one that finds nothing."""

    typed: str
    count: int
    left_out: str = ""


def nearest(connection: Connection, query: Query, *, topics: Topics | None = None, unmatched: bool = False) -> Nearest | None:
    """The nearest query that finds anything; None where there is none so near."""

    def count(typed: str) -> int:
        try:
            return counted(connection, mended(typed, reread), topics=topics, unmatched=unmatched)
        except QueryError:
            return 0

    def spelt_right(word: str) -> str | None:
        return _spelling(connection, word, count)

    def in_its_letters(word: str) -> str | None:
        return next((spelling for spelling in in_cyrillic(fold(word).text) if occurs(connection, stem(spelling))), None)

    respelt = (_respelt(connection, query, spell) for spell in (spelt_right, in_its_letters))
    for offered in (*respelt, _on_the_other_keyboard(query), _unquoted(query)):
        found = count(offered) if offered else 0
        if offered and found:
            return Nearest(offered, found)
    return _shorter(query, count)


def _respelt(connection: Connection, query: Query, spell: Callable[[str], str | None]) -> str | None:
    """The query with the words that the index doesn't have spelt as those that it has; None where there are none."""
    typed, done = query.typed, 0
    for term in sorted(terms(query.root), key=lambda term: -term.start):
        for word in reversed([] if term.prefix else list(words(query.typed[term.start : term.end]))):
            start, end = term.start + word.start, term.start + word.end
            if done < _MOST_WORDS and not occurs(connection, word.stem):
                done += 1
                spelling = spell(query.typed[start:end])
                typed = f"{typed[:start]}{spelling}{typed[end:]}" if spelling else typed
    return typed if typed != query.typed else None


def _spelling(connection: Connection, word: str, count: Callable[[str], int]) -> str | None:
    """The most frequent of the words that are one slip away."""
    folded = fold(word).text
    known: dict[str, str] = {}
    for slip in _slips(folded):
        stemmed = stem(slip)
        if stemmed not in known and occurs(connection, stemmed):
            known[stemmed] = slip
            if len(known) == _MOST_CANDIDATES:
                break
    return max(known.values(), key=count, default=None)


def _slips(word: str) -> Iterator[str]:
    """What a word becomes by exchanging two letters, or by one letter left out, replaced or put in: the likelier first."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return
    alphabet = _ALPHABETS[not word.isascii()]
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    yield from (left + right[1:] for left, right in halves if right)
    yield from (left + letter + right for left, right in halves for letter in alphabet)
    yield from (left + letter + right[1:] for left, right in halves if right for letter in alphabet)


def _on_the_other_keyboard(query: Query) -> str | None:
    """What was typed, had the keyboard been switched; None where fields or operators make that unlikely."""
    plain = not any(sign in query.typed for sign in ':()|"')
    return query.typed.lower().translate(_OTHER_KEYBOARD) if plain else None


def _unquoted(query: Query) -> str | None:
    """The words of phrases, wherever they stand."""
    bare = query.typed.translate({ord(sign): " " for sign in '"«»“”„‟'})
    return " ".join(bare.split()) if bare != query.typed and ":" not in query.typed else None


def _shorter(query: Query, count: Callable[[str], int]) -> Nearest | None:
    """The query without the part that stood most in the way; where that isn't enough, all parts that go together, from the first on."""
    if not isinstance(query.root, Both) or len(query.root.places) > _MOST_PARTS:
        return None
    parts = [query.typed[start:end] for start, end in query.root.places]
    without = [(" ".join(parts[:at] + parts[at + 1 :]), part) for at, part in enumerate(parts)]
    tried = [Nearest(rest, count(rest), part) for rest, part in without if _says_something(rest)]
    found = max(tried, key=lambda each: each.count, default=None)
    if found and found.count:
        return found
    kept = list[str]()
    for part in parts:
        kept += [part] if count(" ".join([*kept, part])) else []
    if not _says_something(" ".join(kept)):
        return None
    return Nearest(" ".join(kept), count(" ".join(kept)), " ".join(part for part in parts if part not in kept))


def _says_something(typed: str) -> bool:
    """Whether a query is more than small words."""
    return any(word not in _SMALL for word in fold(typed).text.split())
