"""All forms of an alias: cases and numbers in Russian and Ukrainian with agreement kept, plurals and spellings in English.

The alias is inflected when it is added, never the text. Russian and Ukrainian go by pymorphy3's dictionaries (OpenCorpora; LanguageTool),
whose grammemes are used as they are: https://pymorphy2.readthedocs.io/en/stable/user/grammemes.html. An alias that begins with ``=`` is
left as it is. Not here: keeping the forms (``forms.py``), English (``english.py``), other alphabets (``romanise.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import pymorphy3

from feeds.english import LITERAL
from storage.folding import fold

MOST_FORMS = 400  # A participle has about 40, a noun 12; more than this would be a phrase that nobody meant.
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct", "voct")
_SECOND = {"loc2": "loct", "gen2": "gent"}  # «в саду» goes with the same adjective as «о саде»
_COMPARED = frozenset({"Supr", "Cmp2", "COMP"})
_MODIFIERS = frozenset({"ADJF", "PRTF"})
_CONJUNCTIONS = frozenset({"и", "та", "і", "й"})
_PARSED = 8  # readings of words that are kept at hand
_UNLIKELY = 0.02  # pymorphy3's share of a reading, below which the reading isn't what an alias means
# Endings of women's surnames, which the dictionaries often don't know, by case.
_SURNAME_ENDINGS = {
    "ru": {"nomn": "а", "gent": "ой", "datv": "ой", "accs": "у", "ablt": "ой", "loct": "ой"},
    "uk": {"nomn": "а", "gent": "ої", "datv": "ій", "accs": "у", "ablt": "ою", "loct": "ій", "voct": "о"},
}
_SURNAMES = ("ова", "ева", "єва", "ина", "іна", "їна", "ына", "ська", "цька")

Parse: TypeAlias = Any
Tag: TypeAlias = Any
Slot: TypeAlias = tuple[str, str]  # case, number


@dataclass(frozen=True, slots=True)
class _Word:
    """How one word of a phrase changes: its forms for each case and number; empty where it stays as it is."""

    text: str
    forms: Mapping[Slot, frozenset[str]]


class Inflector:
    """Inflects names of one language, ru or uk. Holds about 20 MB of dictionary: make it when it is needed, and drop it."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._analyser = pymorphy3.MorphAnalyzer(lang=language)
        self._parsed: dict[str, list[Parse]] = {}

    def forms(self, alias: str) -> list[str]:
        """Every form of ``alias``, folded, the alias itself first; at most MOST_FORMS."""
        words = fold(alias.removeprefix(LITERAL)).text.split()
        if alias.startswith(LITERAL) or not words:
            return [" ".join(words)]
        if len(words) == 1:
            return _unique(words[0], self._single(words[0]))
        return _unique(" ".join(words), self._phrase(words))

    def _parse(self, word: str) -> list[Parse]:
        """The dictionary's readings of a word; a phrase asks for the same word several times."""
        if word not in self._parsed:
            self._parsed = {word: self._analyser.parse(word), **dict(islice(self._parsed.items(), _PARSED))}
        return self._parsed[word]

    def _single(self, word: str) -> Iterator[str]:
        readings = self._readings(word)
        for reading in readings:
            for form in reading.lexeme:
                if _same_word(reading, form):
                    yield _plain(form.word)
        yield from self._surname(word, readings)

    def _readings(self, word: str) -> list[Parse]:
        """The readings of a word that an alias can mean: nominative or infinitive, nouns before others, the word's own lemma first."""
        readings = [reading for reading in self._parse(word) if reading.score > _UNLIKELY and _is_base(reading)]
        lemmas = [reading for reading in readings if fold(reading.normal_form).text == word]
        nouns = [reading for reading in lemmas if "NOUN" in reading.tag.grammemes]
        return nouns or lemmas or readings

    def _surname(self, word: str, readings: list[Parse]) -> list[str]:
        if not word.endswith(_SURNAMES) or any(_is_common_noun(reading) for reading in readings):
            return []
        return [word[:-1] + ending for ending in _SURNAME_ENDINGS[self._language].values()]

    def _phrase(self, words: list[str]) -> Iterator[str]:
        """The phrase in every case and number: its head, its adjectives and nouns joined to it change; what depends on it stays."""
        head = self._head(words)
        if head is None:
            yield from self._verb_phrase(words)
            return
        for number in ("plur",) if _number(head[1]) == "plur" else ("sing", "plur"):
            changing = self._changing(words, head, number)
            slots = [word.forms.keys() for word in changing if word.forms]
            for slot in sorted(set.intersection(*map(set, slots)) if slots else ()):
                yield from _join([word.forms[slot] if word.forms else frozenset({word.text}) for word in changing])

    def _verb_phrase(self, words: list[str]) -> Iterator[str]:
        for reading in self._parse(words[0])[:1]:
            if _is_infinitive(reading):
                goes_on = self._parse(words[1])[0].tag.POS == "PREP"
                for form in reading.lexeme:
                    if goes_on or "pssv" not in form.tag.grammemes:  # a passive participle has no object: «брошенный в бой» alone is said
                        yield " ".join([_plain(form.word), *words[1:]])

    def _changing(self, words: list[str], head: tuple[int, Parse], number: str) -> list[_Word]:
        position, reading = head
        changing = [_Word(word, {}) for word in words]
        forms = self._noun_slots if "NOUN" in reading.tag.grammemes else self._masculine_slots
        changing[position] = _Word(words[position], forms(words[position], number))
        for index in range(position):
            changing[index] = _Word(words[index], self._modifier_slots(words[index], number, reading.tag))
        for index in self._joined(words, position):
            changing[index] = _Word(words[index], self._noun_slots(words[index], number))
        return changing

    def _head(self, words: list[str]) -> tuple[int, Parse] | None:
        """The first noun in the nominative that only adjectives stand before; without one, the last of those adjectives.

        «Рада» is glad or a council: what follows decides. «Российский мобилизованный» has no noun.
        """
        found = None
        for index, word in enumerate(words):
            readings = [reading for reading in self._parse(word) if _is_base(reading)]
            nouns = [reading for reading in readings if "NOUN" in reading.tag.grammemes]
            modifiers = [reading for reading in readings if reading.tag.POS in _MODIFIERS]
            if nouns or modifiers:
                found = index, max(nouns or modifiers, key=lambda reading: (fold(reading.normal_form).text == word, reading.score))
            if not modifiers:
                break
        return found

    def _joined(self, words: list[str], head: int) -> list[int]:
        """Indexes of the words that stand beside the head in the same case: «жёны и матери», «Ольга Цуканова»."""
        after = head + 1
        if after + 1 < len(words) and words[after] in _CONJUNCTIONS and self._is_nominative(words[after + 1]):
            return [after + 1]
        is_name = any("Name" in reading.tag.grammemes for reading in self._parse(words[head]))
        return list(range(after, len(words))) if is_name else []

    def _is_nominative(self, word: str) -> bool:
        return any(_is_base(reading) and "NOUN" in reading.tag.grammemes for reading in self._parse(word))

    def _noun_slots(self, word: str, number: str) -> dict[Slot, frozenset[str]]:
        slots: dict[Slot, set[str]] = {}
        readings = [reading for reading in self._readings(word) if "NOUN" in reading.tag.grammemes]
        for reading in readings:
            for form in reading.lexeme:
                if _number(form) == number:
                    case = str(form.tag.case or "nomn")
                    slots.setdefault((_SECOND.get(case, case), number), set()).add(_plain(form.word))
        if word.endswith(_SURNAMES) and not any(_is_common_noun(reading) for reading in readings):
            slots = self._surname_slots(word)
        if readings and all("Fixd" in reading.tag.grammemes for reading in readings):
            slots = {(case, number): {word} for case in _CASES}
        return {slot: frozenset(forms) for slot, forms in slots.items()}

    def _masculine_slots(self, word: str, number: str) -> dict[Slot, frozenset[str]]:
        return self._modifier_slots(word, number, self._analyser.TagClass("NOUN,anim,masc"))

    def _surname_slots(self, word: str) -> dict[Slot, set[str]]:
        return {(case, "sing"): {word[:-1] + ending} for case, ending in _SURNAME_ENDINGS[self._language].items()}

    def _modifier_slots(self, word: str, number: str, head: Tag) -> dict[Slot, frozenset[str]]:
        slots: dict[Slot, set[str]] = {}
        for reading in self._parse(word):
            if reading.tag.POS not in _MODIFIERS or not _is_base(reading):
                continue
            for form in reading.lexeme:
                if _same_word(reading, form) and _agrees(form, number, head):
                    slots.setdefault((str(form.tag.case), number), set()).add(_plain(form.word))
        return {slot: frozenset(forms) for slot, forms in slots.items()}


def _plain(form: str) -> str:
    """A form from the dictionary, which has only small letters and no accents, as folding would leave it."""
    return form.replace("ё", "е")


def _is_base(reading: Parse) -> bool:
    tag = reading.tag
    return tag.case == "nomn" or "Fixd" in tag.grammemes or _is_infinitive(reading) or (tag.case is None and tag.POS in {"NOUN", "ADVB"})


def _is_infinitive(reading: Parse) -> bool:
    return not {"INFN", "infn"}.isdisjoint(reading.tag.grammemes)


def _is_common_noun(reading: Parse) -> bool:
    return "NOUN" in reading.tag.grammemes and {"Surn", "Geox"}.isdisjoint(reading.tag.grammemes) and bool(reading.is_known)


def _number(reading: Parse) -> str:
    """Plural or singular; the Ukrainian dictionary leaves the singular unmarked."""
    return "plur" if "plur" in reading.tag.grammemes else "sing"


def _same_word(reading: Parse, form: Parse) -> bool:
    """Whether ``form`` is what an alias means when it means ``reading``: a plural alias has no singular, a participle no infinitive."""
    tag, other = reading.tag, form.tag
    if _is_infinitive(reading):
        return True
    if other.POS != tag.POS or not _COMPARED.isdisjoint(other.grammemes - tag.grammemes):
        return False
    if tag.POS == "PRTF":
        return bool(other.tense == tag.tense and other.voice == tag.voice and other.aspect == tag.aspect)
    return _number(form) == "plur" or _number(reading) != "plur"


def _agrees(form: Parse, number: str, head: Tag) -> bool:
    """Whether an adjective's ``form`` goes with a noun of ``head``'s gender and, in the accusative, with a living or lifeless one."""
    tag = form.tag
    living = tag.animacy is None or head.animacy is None or tag.animacy == head.animacy
    return _number(form) == number and living and (number == "plur" or head.gender is None or tag.gender in (head.gender, None))


def _join(choices: list[frozenset[str]]) -> Iterator[str]:
    phrases = [""]
    for words in choices:
        phrases = [f"{phrase} {word}".strip() for phrase in phrases for word in sorted(words)][:MOST_FORMS]
    yield from phrases


def _unique(first: str, forms: Iterator[str]) -> list[str]:
    return list(islice(dict.fromkeys([first, *forms]), MOST_FORMS))
