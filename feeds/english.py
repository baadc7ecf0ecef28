"""The forms of an English name or word: plural, possessive, and British or American spelling.

Apostrophes vanish in a reading (``reading.py``), so ``soldier's``, ``soldiers'`` and ``soldiers`` are one form. Verbs aren't inflected:
a rule says ``detain*``. Not here: Russian and Ukrainian (``inflect.py``).
"""

from __future__ import annotations

import re

from storage.folding import fold

LITERAL = "="  # an alias that begins with it isn't inflected
_PLURALS = {
    "wife": "wives",
    "woman": "women",
    "man": "men",
    "child": "children",
    "life": "lives",
    "serviceman": "servicemen",
    "person": "people",
}
_ISE = re.compile(r"(?<=[a-z]{3})i[sz](?=(?:e|ed|es|er|ers|ing|ation|ations)$)")
_ISE_PREFIX = re.compile(r"(?<=[a-z]{3})i[sz]$")
_SPELLINGS = [
    ("defence", "defense"),
    ("labelled", "labeled"),
    ("offence", "offense"),
    ("honour", "honor"),
    ("centre", "center"),
    ("neighbour", "neighbor"),
]
_LINKS = frozenset({"of", "for", "to", "from", "in", "against"})
_SIBILANTS = ("s", "x", "z", "ch", "sh")


def english_forms(alias: str) -> list[str]:
    """Every form of ``alias``, folded, the alias itself first. The head (the word before "of" or "for", else the last) gets a plural."""
    words = fold(alias.removeprefix(LITERAL)).text.replace("'", "").split()
    if not words or alias.startswith(LITERAL):
        return english_spellings(" ".join(words))
    head = next((index - 1 for index, word in enumerate(words) if word in _LINKS and index > 0), len(words) - 1)
    phrases = [words]
    for position in sorted({head, len(words) - 1}):
        phrases += [[*phrase[:position], form, *phrase[position + 1 :]] for phrase in phrases for form in _inflected(phrase[position])]
    spelled = [" ".join(words) for words in phrases]
    return list(dict.fromkeys(spelling for phrase in spelled for spelling in english_spellings(phrase)))


def english_spellings(phrase: str) -> list[str]:
    """A phrase as written in Britain and in America, as it is first; also for the beginning of a word, such as ``mobilis``."""
    found = {phrase: None}
    for replacement in ("is", "iz"):
        found[" ".join(_ISE_PREFIX.sub(replacement, _ISE.sub(replacement, word)) for word in phrase.split(" "))] = None
    for british, american in _SPELLINGS:
        for known in list(found):
            found[known.replace(british, american)] = None
            found[known.replace(american, british)] = None
    return list(found)


def _inflected(word: str) -> list[str]:
    if not word.isalpha() or len(word) == 1:
        return []
    if word in _PLURALS:
        return [_PLURALS[word], word + "s", _PLURALS[word] + "s"]
    if word in _PLURALS.values():
        return [word + "s"]
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word[:-1] + "ies", word + "s"]
    if word.endswith(_SIBILANTS):
        return [] if word.endswith("s") and not word.endswith("ss") else [word + "es"]
    return [word + "s"]
