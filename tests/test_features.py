"""Features: the same signs of an event in three languages, in bounded time."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.features import COMMON_POSTINGS, POSTINGS, Rarities, countable_terms, terms, weigh

RUSSIAN = (
    "Жёны мобилизованных вышли на второй пикет в Казани 12 мая",
    "Тринадцать женщин, трое из них задержаны. Собрали 133 тысячи подписей.",
    "ru",
)
ENGLISH = (
    "Wives of mobilised men hold second picket in Kazan on May 12",
    "Thirteen women, three of them detained. They have 133,000 signatures.",
    "en",
)
UKRAINIAN = (
    "Дружини мобілізованих вийшли на другий пікет у Казані 12 травня",
    "Тринадцять жінок, троє з них затримані. Зібрали 133 тисячі підписів.",
    "uk",
)


@pytest.mark.parametrize("article", [RUSSIAN, ENGLISH, UKRAINIAN])
def test_signs_common_to_all_languages(article: tuple[str, str, str]) -> None:
    """Name, numbers, date, ordinal, topic and meanings come out alike."""
    found = terms(*article, ["protest"], ["way-home"])
    assert {"~kzn", "#5-12", "#133000", "#3", "#2th", "@protest", "!way-home", "=пикет", "=жен", "=задержа"} <= found.common.keys()
    assert found.title_places == {"kzn"}


def test_alphabets() -> None:
    """Ukrainian and Russian are compared by words, English with neither."""
    assert [terms(*article).alphabet for article in (RUSSIAN, UKRAINIAN, ENGLISH)] == ["cyrillic", "cyrillic", "latin"]
    assert {"жен", "пикет", "казан"} <= terms(*RUSSIAN).words.keys() & terms(*UKRAINIAN).words.keys()


def test_rare_terms_are_the_postings() -> None:
    """What many articles have isn't looked up, where there is something rarer."""
    found = terms("Жёны вышли на пикет", " ".join(f"слово{letter}" for letter in "абвгдежзиклмнопр"), "ru")
    rare = weigh(found, Rarities(10_000, {"пикет": 5000, "вышл": 5000})).postings
    assert len(rare) <= POSTINGS + COMMON_POSTINGS
    assert not {"пикет", "вышл"} & set(rare)
    assert set(countable_terms(found)) >= set(rare)


def test_a_text_that_begins_with_its_title() -> None:
    """A channel's post repeats its headline: it counts once."""
    title = "Жёны вышли на пикет в Казани"
    assert terms(title, f"{title}\nИх было двадцать.", "ru").words == terms(title, "Их было двадцать.", "ru").words


@settings(deadline=None)
@given(title=strategies.text(max_size=100), text=strategies.text(max_size=300), language=strategies.sampled_from(["en", "ru", "uk"]))
def test_any_text(title: str, text: str, language: str) -> None:
    """No text breaks it, and vectors have length 1 or nothing in them."""
    found = weigh(terms(title, text, language), Rarities(100, {"a": 50}))
    for vector in (found.words, found.common):
        assert not vector or math.isclose(sum(weight * weight for weight in vector.values()), 1, rel_tol=1e-6)


@pytest.mark.parametrize("unit", ["Слово ", "а", "12 мая ", "\ud800", ". А", "Aa-Bb-"])
def test_hostile_sizes(unit: str) -> None:
    """Only the lead is read, and no more of a title than of a lead."""
    started = time.process_time()
    weigh(terms(unit * 100_000, unit * 100_000, "ru"), Rarities())
    assert time.process_time() - started < 0.5


def test_one_vigil_in_three_languages() -> None:
    """Days, nationalities and words of a group's name are no names; a sight is one term."""
    russian = terms("В субботу жёны «Пути домой» пришли к Вечному огню", "", "ru", [], ["way-home"]).common
    english = terms("Russian wives of The Way Home come to the Eternal Flame on a Saturday in September", "", "en", [], ["way-home"]).common
    assert not [term for term in (*russian, *english) if term[0] == "~"]
    assert {"!way-home", "&вечный огонь", "=жен", "=суббот", "=прийт"} <= russian.keys() & english.keys()


@pytest.mark.parametrize(
    "title", ["Красный крест помог матерям", "Песков: мобилизации не будет", "Через границу не пускают", "City court closes case"]
)
def test_words_that_are_no_places(title: str) -> None:
    """Words that have the consonants of a town keep no two articles apart."""
    assert not terms(title, "", "ru").title_places


@pytest.mark.parametrize("title", ["Песков: мобилизации не будет", "Peskov rules out mobilisation", "Пєсков про мобілізацію"])
def test_officials(title: str) -> None:
    """Who is quoted every day counts as an institution does."""
    assert "+pskv" in terms(title, "", "uk").common
