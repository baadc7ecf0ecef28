"""Latin spellings of Cyrillic names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from feeds.reading import flatten, read
from feeds.romanise import renderings, skeleton, skeletons
from feeds.vocabulary import Vocabulary, Wording
from feeds.watchlist import load

WORDS = Path(__file__).parent / "samples" / "words" / "latin.txt"
NAMES = sorted(
    {name for topic in load().topics for aliases in topic.aliases if aliases.romanise for names in aliases.words.values() for name in names}
    | {person for topic in load().topics for person in topic.people}
)

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
# Written down from each system's own table, apart from the one that is tested.
SYSTEMS = {
    "BGN/PCGN": "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
    "BGN/PCGN, ye and yo": "a b v g d ye yo zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
    "ISO 9": "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â",
    "GOST 7.79 B": "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y` ` e` yu ya",
    "GOST R 52535": "a b v g d e e zh z i i k l m n o p r s t u f kh tc ch sh shch  y  e iu ia",
    "passports": "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y  e iu ia",
    "ALA-LC": "a b v g d e ë zh z i ĭ k l m n o p r s t u f kh t͡s ch sh shch ʺ y ʹ ė i͡u i͡a",
    "scholarly": "a b v g d e ë ž z i j k l m n o p r s t u f x c č š šč ʺ y ʹ è ju ja",
    "scholarly, ch": "a b v g d e ë ž z i j k l m n o p r s t u f ch c č š šč ʺ y ' ė ju ja",
    "British Museum": "a b v g d e ë zh z i ĭ k l m n o p r s t u f kh ts ch sh shch ” ȳ ’ é yu ya",
    "German": "a b w g d je jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch  y  e ju ja",
    "German, e and j": "a b w g d e jo sch s i j k l m n o p r ss t u f ch z tsch sch schtsch  y j e ju ja",
    "French": "a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch  y  e iou ia",
    "Polish": "a b w g d ie io ż z i j k ł m n o p r s t u f ch c cz sz szcz  y  e ju ja",
}


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
        ("Комитет солдатских матерей", "Komitet soldatskij materéi"),
        ("Солдатские вдовы России", "Soldatskie vdovy Rossii"),
    ],
)
def test_spellings_of_the_press(name: str, spelling: str) -> None:
    """Spellings seen in newspapers and catalogues are spellings of the name."""
    assert skeleton(flatten(spelling)) in skeletons(name)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_is_recognised(system: str) -> None:
    """Each name of the watchlist as each system writes it, its signs and diacritics included, is a spelling of the name."""
    table = dict(zip(_LETTERS, SYSTEMS[system].split(" "), strict=True))
    spelled = {name: "".join(table.get(letter, letter) for letter in name.lower()) for name in NAMES}
    assert [spelling for name, spelling in spelled.items() if skeleton(flatten(spelling)) not in skeletons(name)] == []


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
