"""What of an article tells which event it is about: its rare words, names, numbers, dates and places. Pure.

Two steps, with a look-up in between: ``terms`` reads title and lead; the caller looks up how many articles have each of the terms; and
``weigh`` makes of them the vectors that stories are compared by. Vectors of words compare articles of one alphabet (Ukrainian words stand
as their Russian counterparts); vectors of what is common to all languages compare the others. Not here: comparing (``story.py``).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal

from feeds.sameness.names import FEWEST_CONSONANTS, capitalised, consonants
from feeds.sameness.phrases import Phrase, content_stems, joined
from feeds.sameness.quantities import Quantities, quantities
from feeds.sameness.story_words import families, known_meanings, meanings, plain_stems, subject_stems, usual_stems
from feeds.sameness.towns import first_names, lands, official_stems, place_of, place_stems, places, seats
from storage.folding import fold
from storage.words import stem

Alphabet = Literal["latin", "cyrillic"]

# The rarest stems of title and lead to look candidates up by: at least one in common found 0.99 of the articles of one event. Of 956 recent
# stories of one subject the one in another language is among the first dozen in 0.94 of cases, with six common terms in 0.91.
POSTINGS, COMMON_POSTINGS = 12, 8
LEAD_CHARS = 320  # two sentences: what follows is background more often than the event
# What is taken to be known before there is an archive: so many articles, in so many of which a common word stands.
PRIOR_ARTICLES = 1000
_PRIOR_SUBJECT, _PRIOR_USUAL, _PRIOR_SMALL_NUMBER, _PRIOR_TOPIC, _PRIOR_SEAT = 150, 60, 150, 200, 250
_PRIOR_PLACE, _PRIOR_FIRST_NAME, _PRIOR_ROUND_NUMBER, _PRIOR_NUMBER = 10, 15, 15, 4
_PRIOR_MEANING, _PRIOR_ACTOR, _PRIOR_INSTITUTION = 20, 60, 40
_PRIORS = {"@": _PRIOR_TOPIC, "!": _PRIOR_ACTOR, "+": _PRIOR_INSTITUTION}
_IN_TITLE, _IN_LEAD = 2.0, 1.0
_NAME_WEIGHT, _BEGINNING_WEIGHT = 1.4, 0.25
_MARKS = frozenset("~&+#@!=^")
_BEGINNING, _LONG_STEM = 5, 7  # letters: words of one family have one beginning
_LEAST_ASCII = 0.6  # of a Cyrillic text spaces, digits and signs are about 0.2


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article's title and lead hold. ``words`` and ``common`` map each term to how much it counts here, before rarity.

    ``common`` is the same for all languages: ~name, &sight, +institution or official, #number, #date, @topic, !actor, =meaning. ``places``
    are those of title and lead, ``title_places`` where it says that something happened: those of the title, or else of the lead, and towns
    of sights.
    """

    alphabet: Alphabet
    language: str
    words: Mapping[str, float]
    common: Mapping[str, float]
    quantities: Quantities
    places: frozenset[str]
    title_places: frozenset[str]


class Rarities(dict[str, float]):
    """The inverse document frequency of terms, never negative, each worked out when it is first asked for: a batch shares most of them.

    ``counts`` say how many of ``total`` articles have each term; both may be decayed, so they needn't be whole. Other terms are new.
    """

    def __init__(self, total: float = 0.0, counts: Mapping[str, float] = MappingProxyType({})) -> None:
        """Begin with none worked out."""
        super().__init__()
        self._counts = counts
        self._most = math.log(total + PRIOR_ARTICLES + 1)

    def __missing__(self, term: str) -> float:
        """Work it out."""
        rarity = self[term] = max(0.0, self._most - math.log(self._counts.get(term, 0.0) + _prior(term) + 1))
        return rarity


@dataclass(frozen=True, slots=True)
class Features:
    """An article as it is compared: vectors of length 1, and what two accounts of one event can't disagree on.

    ``postings`` are the terms that candidates are looked up by: an article of one event has at least one of them too.
    """

    alphabet: Alphabet
    language: str
    words: Mapping[str, float]
    common: Mapping[str, float]
    quantities: Quantities
    places: frozenset[str]
    title_places: frozenset[str]
    postings: tuple[str, ...]


def terms(title: str, text: str, language: str, topics: Collection[str] = (), actors: Collection[str] = ()) -> Terms:
    """The terms of an article.

    ``topics`` are ids of the watchlist's themes, ``actors`` those of its groups and people: the same in all languages.
    """
    title, lead = title[:LEAD_CHARS], _lead(title[:LEAD_CHARS], text)
    folded_title, folded_lead = fold(title).text, fold(lead).text
    alphabet: Alphabet = "latin" if _is_latin(folded_title + folded_lead) else "cyrillic"
    known = meanings() if language in {"en", "uk"} or alphabet == "latin" else families()
    marked = _marked_meanings()
    words: dict[str, float] = {}
    common: dict[str, float] = {}
    phrases: list[Phrase] = []
    for folded, weight in ((folded_title, _IN_TITLE), (folded_lead, _IN_LEAD)):
        stems = content_stems(folded)
        single, together = joined(stems, [known.get(one, one) for one in stems])
        for one, meaning in dict.fromkeys(single):
            stands = meaning if alphabet == "cyrillic" else one
            words[stands] = words.get(stands, 0.0) + weight
            if meaning in marked:
                common[marked[meaning]] = common.get(marked[meaning], 0.0) + weight
        for term in dict.fromkeys(phrase.term for phrase in together):
            words[term] = words.get(term, 0.0) + weight * _NAME_WEIGHT
            common[term] = common.get(term, 0.0) + weight
        phrases += together
    names, title_names = _names(title, lead)
    sights = {phrase.place for phrase in phrases if phrase.place}
    for phrase in phrases:
        names -= phrase.names
    amounts = quantities(folded_title, folded_lead)
    for number in amounts.numbers | amounts.dates | {f"{ordinal}th" for ordinal in amounts.ordinals}:
        common[f"#{number}"] = _IN_TITLE if len(number) > 1 or number in amounts.title_numbers else _IN_LEAD
    for name in names:
        common[name if name[0] == "+" else f"~{name}"] = _IN_TITLE + (_IN_LEAD if name in title_names else 0.0)
    common |= {f"@{topic}": _IN_LEAD for topic in topics} | {f"!{actor}": _IN_TITLE for actor in actors}
    named = names & places().keys()
    return Terms(
        alphabet=alphabet,
        language=language,
        words=_emphasised(words, names),
        common=common,
        quantities=amounts,
        places=frozenset(named | sights),
        title_places=frozenset((title_names & places().keys() or named) - seats() - lands() | sights),
    )


def weigh(found: Terms, rarities: Rarities) -> Features:
    """The features of an article, its terms weighed by how rare they are."""
    words = {term: count * rarities[term] for term, count in found.words.items()}
    common = {term: count * rarities[term] for term, count in found.common.items()}
    rare = [term for _, term in sorted([(-rarities[term], term) for term in words if term[0] != "^"])[:POSTINGS]]
    rare_common = [term for _, term in sorted([(-weight, term) for term, weight in common.items() if term[0] != "@"])[:COMMON_POSTINGS]]
    return Features(
        alphabet=found.alphabet,
        language=found.language,
        words=_unit(words),
        common=_unit(common),
        quantities=found.quantities,
        places=found.places,
        title_places=found.title_places,
        postings=(*rare, *rare_common),
    )


def countable_terms(found: Terms) -> tuple[str, ...]:
    """The terms to look up, and to count once for every article that isn't a copy."""
    return (*found.words, *found.common)


def _lead(title: str, text: str) -> str:
    """The first characters of a text, without the title where a text begins with it."""
    head = text[: LEAD_CHARS + len(title)]
    bare = title.rstrip("….")
    head = head[len(bare) :] if bare and head.startswith(bare) else head
    return head[:LEAD_CHARS]


@cache
def _marked_meanings() -> dict[str, str]:
    """The terms of the known meanings."""
    return {meaning: f"={meaning}" for meaning in known_meanings()}


def _names(title: str, lead: str) -> tuple[set[str], set[str]]:
    """The names of title and lead, and those of the title.

    What begins a sentence is one if it is a place or an official's, or stands elsewhere too.
    """
    surely: dict[bool, set[str]] = {True: set(), False: set()}
    perhaps: dict[bool, set[str]] = {True: set(), False: set()}
    for text, of_title in ((title, True), (lead, False)):
        for word, first in capitalised(text, title=of_title):
            (perhaps if first else surely)[of_title].update(_parts(word))
    if title.isascii() and title.istitle():
        surely[True] &= surely[False]
    elsewhere = surely[True] | surely[False]
    for of_title in (True, False):
        surely[of_title] |= {name for name in perhaps[of_title] if name in elsewhere or name in places() or name[0] == "+"}
    return surely[True] | surely[False], surely[True]


def _parts(word: str) -> Iterable[str]:
    """The names in a hyphenated word."""
    return filter(None, map(_name, word.split("-")))


@lru_cache(maxsize=20_000)
def _name(word: str) -> str:
    """What a word with a capital letter is known by as a name; a place by the name that stands for all its spellings; "": it is none.

    Officials have a mark of their own: they are quoted on everything, as institutions are. By consonants alone красный would be Курск, and
    Песков Псков.
    """
    name, bare = consonants(word), stem(fold(word).text.replace("'", ""))
    if bare in official_stems():
        return f"+{name}"
    if bare in plain_stems() and bare not in place_stems():
        return ""
    return place_of(name) or (name if len(name) >= FEWEST_CONSONANTS else "")


def _is_latin(folded: str) -> bool:
    """Whether a folded text is written in Latin letters: few of its characters aren't ASCII."""
    sample = folded[:200]
    return len(sample.encode("ascii", "ignore")) > _LEAST_ASCII * len(sample)


def _emphasised(words: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
    """Words with more weight for names, and the beginnings of long words, by which words of one family meet."""
    result: dict[str, float] = {}
    for word, weight in words.items():
        result[word] = weight * _NAME_WEIGHT if names and consonants(word) in names else weight
        if len(word) >= _LONG_STEM and word[0] not in _MARKS:
            beginning = f"^{word[:_BEGINNING]}"
            result[beginning] = result.get(beginning, 0.0) + weight * _BEGINNING_WEIGHT
    return result


def _prior(term: str) -> float:
    """In how many of PRIOR_ARTICLES a term is taken to stand."""
    mark = term[0]
    if mark not in _MARKS:
        return _prior_of_number(term) if term.isdigit() else _priors_of_words().get(term, 0.0)
    bare = term[1:]
    if mark in _PRIORS:
        return _PRIORS[mark]
    if mark == "~":
        return _prior_of_name(bare)
    if bare.isdigit():
        return _prior_of_number(bare)
    return _priors_of_words().get(bare) or (_PRIOR_MEANING if mark == "=" else 0.0)


@cache
def _priors_of_words() -> dict[str, float]:
    return dict.fromkeys(usual_stems(), float(_PRIOR_USUAL)) | dict.fromkeys(subject_stems(), float(_PRIOR_SUBJECT))


def _prior_of_name(name: str) -> float:
    if name in seats():
        return _PRIOR_SEAT
    if name in places():
        return _PRIOR_PLACE
    return _PRIOR_FIRST_NAME if name in first_names() else 0.0


def _prior_of_number(number: str) -> float:
    if len(number) == 1 or number.startswith("20"):
        return _PRIOR_SMALL_NUMBER
    return _PRIOR_ROUND_NUMBER if number.endswith("0") else _PRIOR_NUMBER


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.hypot(*vector.values())
    return {term: weight / length for term, weight in vector.items()} if length else {}
