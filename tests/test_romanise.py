"""Latin spellings of Cyrillic names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from feeds.reading import flatten, read
from feeds.romanise import MOST_SPELLINGS, renderings, romanisations, skeleton, skeletons
from feeds.vocabulary import Vocabulary, Wording
from feeds.watchlist import load

WORDS = Path(__file__).parent / "samples" / "words" / "latin.txt"
NAMES = sorted(
    {name for topic in load().topics for aliases in topic.aliases if aliases.romanise for names in aliases.words.values() for name in names}
    | {person for topic in load().topics for person in topic.people}
)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Путь домой", "Put' Domoi"),
        ("Путь домой", "Put Domoy"),
        ("Путь домой", "Putʹ domoj"),
        ("Путь домой", "Pout’ domoï"),
        ("Путь домой", "Put' Domoi's"),
        ("Мария Андреева", "Maria Andreeva"),
        ("Мария Андреева", "Mariya Andreyeva"),
        ("Мария Андреева", "Marija Andrejewa"),
        ("Мария Андреева", "Mariia Andrieieva"),
        ("Ольга Цуканова", "Ol'ga Cukanova"),
        ("Ольга Цуканова", "Olga Tsoukanova"),
        ("Ольга Цуканова", "Olha Tsukanova"),
        ("Полина Сафронова", "Polina Safronowa"),
        ("Совет матерей и жён", "Sovet Materei i Zhyon"),
        ("Совет матерей и жён", "Sowjet materej i schen"),
        ("Комитет солдатских матерей", "Komitet Soldatskikh Materey"),
        ("Солдатские вдовы России", "Soldatskie vdovy Rossii"),
    ],
)
def test_spellings_of_the_press(name: str, spelling: str) -> None:
    """Spellings seen in newspapers and catalogues are spellings of the name."""
    assert skeleton(flatten(spelling)) in skeletons(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_listed_spelling_is_recognised(name: str) -> None:
    """The spellings that are shown are among those that match."""
    known = set(skeletons(name))
    spellings = romanisations(name)
    assert 0 < len(spellings) <= MOST_SPELLINGS
    assert all(skeleton(flatten(spelling)) in known for spelling in spellings)


@given(name=st.sampled_from(NAMES), choices=st.randoms(use_true_random=False))
def test_every_mixture_of_systems_is_recognised(name: str, choices: object) -> None:
    """A spelling made of any usual rendering of each letter is one of the name, whether listed or not."""
    pick = getattr(choices, "choice")  # noqa: B009 - hypothesis gives a random.Random without a public type
    words = name.lower().replace("-", " ").split()
    spelling = " ".join("".join(pick(options) for options in renderings(word)) for word in words)
    assert skeleton(spelling.encode()) in skeletons(name)


def test_no_name_is_a_common_word() -> None:
    """None of 12,973 English, German and Polish words, alone or beside its neighbour, is a spelling of a watched name."""
    vocabulary = Vocabulary(Wording((name,), skeletons=tuple(skeletons(name))) for name in NAMES)
    words = WORDS.read_text(encoding="utf-8").split()
    found = list(vocabulary.find(read("", " ".join(words))))
    assert not found


def test_words_keep_their_number() -> None:
    """A skeleton has the words of its text, in order, so places can be found in it."""
    text = flatten("Путь Mayya schüchtern, szczerze. oui")
    assert skeleton(text).count(b" ") == text.count(b" ")
