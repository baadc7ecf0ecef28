"""Likenesses: the same however a text is typed, bounded whatever it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.copies import containment
from feeds.sameness.furniture import countable_keys
from feeds.sameness.shingles import SMALLEST, Likeness, bare_title, compared_words, likeness
from storage.folding import fold

RUSSIAN = (
    "В субботу около тридцати женщин в белых платках возложили красные гвоздики к Вечному огню и десять минут постояли молча. Затем они "
    "прошли к приёмной министерства, чтобы передать обращения. Полицейские переписали данные участниц, но никого не задержали."
)
ENGLISH = (
    "The organisers said that neighbours had mobilised to honour the labour of volunteers at the centre for defence programmes, and that "
    "the behaviour of travelled officials was analysed by the committee, which recognised the favour and emphasised its grey colour."
)


def _shared(one: Likeness, other: Likeness) -> float:
    return containment(one, other)


@settings(deadline=None)
@given(title=strategies.text(max_size=100), text=strategies.text(max_size=500))
def test_any_text_has_a_likeness(title: str, text: str) -> None:
    """Whatever is in it: at most sixteen hashes of 48 bits, shingles of 32 bits, always the same."""
    found = likeness(title, text, outlet=title)
    assert found == likeness(title, text, outlet=title)
    assert len(found.sketch) <= 2 * SMALLEST
    assert all(0 <= hashed < 1 << 48 for hashed in found.sketch)
    assert all(0 <= hashed < 1 << 32 for hashed in found.shingles)


@pytest.mark.parametrize(
    ("unit", "times"),
    [("", 0), ("слово", 1), ("\ud800", 1000), ("абзац из нескольких слов, повторённый много раз. ", 1000), ("а ", 500_000),
     (".", 1_000_000), ("x", 1_000_000), ("(", 1_000_000), ("#x ", 300_000), (" \n", 500_000), ("ж\u0301", 300_000)],
    ids=["empty", "word", "surrogates", "a thousand times", "letters", "stops", "one long word", "brackets", "tags", "blank", "accents"],
)  # fmt: skip
def test_hostile_sizes_take_bounded_time(unit: str, times: int) -> None:
    """A text of a megabyte costs no more than its first twenty thousand characters."""
    text = unit * times
    started = time.process_time()
    likeness(text, text, outlet=text[:50])
    assert time.process_time() - started < 1


def test_typing_decides_nothing() -> None:
    """Case, ё, quotes, dashes, spaces and soft hyphens leave all shingles as they are."""
    typed = RUSSIAN.upper().replace("Ё", "Е").replace(" ", "\u00a0 ").replace("ОГНЮ", "ОГ\u00adНЮ")
    assert likeness("", typed).shingles == likeness("", RUSSIAN).shingles


def test_british_and_american_spellings_are_one() -> None:
    """-ise and -ize, -our and -or, centre, defence, programme, travelled."""
    american = ENGLISH
    others = {"ise": "ize", "ysed": "yzed", "our": "or", "centre": "center", "defence": "defense", "programme": "program", "grey": "gray"}
    for british, other in others.items():
        american = american.replace(british, other)
    assert american != ENGLISH
    assert likeness("", american).shingles == likeness("", ENGLISH).shingles


def test_apostrophes_and_other_alphabets() -> None:
    """Apostrophes vanish inside words; one odd letter changes one word, not the hashes of the others."""
    assert compared_words("дев'ять сім'я") == ["девять", "сімя"]
    odd = RUSSIAN.replace("молча", "მოლჩა")
    assert _shared(likeness("", odd), likeness("", RUSSIAN)) > 0.8


@pytest.mark.parametrize("dateline", ["МОСКВА, 12 мая — РИА Новости. ", "Москва. 12 мая. INTERFAX.RU - ", "КИЇВ, 12 травня — "])
def test_datelines_vanish(dateline: str) -> None:
    """The place, the day and the agency are no part of the text."""
    assert likeness("", dateline + RUSSIAN).shingles == likeness("", RUSSIAN).shingles


def test_hashtags_and_addresses_vanish() -> None:
    """Two posts with the same hashtags have nothing in common by them."""
    tags = " #жёнымобилизованных #пораДомой #верните #мужа #срок https://t.me/way @channel"
    one, other = likeness("", "Сегодня пишем письмо депутату" + tags), likeness("", "Завтра встречаемся у собора" + tags)
    assert not one.shingles & other.shingles


@pytest.mark.parametrize(
    ("title", "outlet", "bare"),
    [
        ("UPDATE 2-Wives hold picket", "", "Wives hold picket"),
        ("Срочно! Жёны вышли на пикет", "", "Жёны вышли на пикет"),
        ("Жёны вышли на пикет — Волна", "Волна", "Жёны вышли на пикет"),
        ("Wives hold picket | Northern Post", "Northern Post", "Wives hold picket"),
        ("Wives hold picket - in the rain", "Northern Post", "Wives hold picket - in the rain"),
        ("Обновлено", "", "Обновлено"),
        ("", "", ""),
    ],
)
def test_what_a_title_carries_around(title: str, outlet: str, bare: str) -> None:
    """An "UPDATE 2-" and the outlet's name go; a part of the sentence stays."""
    assert bare_title(title, outlet) == bare


def test_furniture_is_no_part_of_a_likeness() -> None:
    """A text inside of known furniture has the shingles of the text alone."""
    around = "Такого вы не прочтёте больше нигде в этом городе. "
    assert likeness("", around + RUSSIAN, furniture=countable_keys(around)).shingles == likeness("", RUSSIAN).shingles


def test_a_lead_shares_the_head_of_the_sketch() -> None:
    """What a feed gives of a text is found by the first half of the sketch."""
    text = RUSSIAN + " " + ENGLISH
    assert len(set(likeness("", RUSSIAN).sketch) & set(likeness("", text).sketch)) >= 2


def test_a_text_of_few_words_is_compared_with_its_title() -> None:
    """Headlines without a text still have shingles."""
    assert likeness("Жёны мобилизованных вышли на пикеты в Казани", "").shingles
    assert not likeness("", "").shingles
    assert likeness("Фото дня", "").title_key is None


def test_words_are_those_of_the_folded_text() -> None:
    """Bytes or letters, the words come out the same."""
    folded = fold("Жёны, «Путь домой» и 2 000 women").text
    assert compared_words(folded) == ["жены", "путь", "домой", "и", "2", "000", "women"]
