"""Names that are translated, and expressions of several words, are one term in three languages and in every case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.features import terms
from feeds.sameness.names import consonants
from feeds.sameness.phrases import content_stems, joined, phrases
from feeds.sameness.story_words import families, meanings
from storage.folding import fold


def _terms(text: str, language: str = "en") -> list[str]:
    known = families() if language == "ru" else meanings()
    stems = content_stems(fold(text).text)
    return [phrase.term for phrase in joined(stems, [known.get(one, one) for one in stems])[1]]


@pytest.mark.parametrize(
    ("term", "russian", "ukrainian", "english"),
    [
        ("&вечный огонь", "цветы к Вечному огню", "квіти до Вічного вогню", "flowers at the Eternal Flame"),
        (
            "&могила неизвестного солдата",
            "у Могилы Неизвестного Солдата",
            "біля могили Невідомого солдата",
            "at the Tomb of the Unknown Soldier",
        ),
        ("&красная площадь", "на Красной площади", "на Червоній площі", "on Red Square"),
        ("+минобороны", "пикет у Минобороны", "пікет під міністерством оборони", "picket at the Ministry of Defence"),
        ("+генштаб", "письмо Генерального штаба", "лист Генштабу", "a letter of the General Staff"),
        ("!way-home", "участницы «Пути домой»", "учасниці «Шляху додому»", "members of The Way Home"),
        ("=голодовк", "объявили голодовку", "оголосили голодування", "begin a hunger strike"),
    ],
)
def test_one_term(term: str, russian: str, ukrainian: str, english: str) -> None:
    """In whatever case, spelling and language."""
    found = [_terms(russian, "ru"), _terms(ukrainian, "uk"), _terms(english)]
    common = [terms(text, "", language).common for text, language in ((russian, "ru"), (ukrainian, "uk"), (english, "en"))]
    assert all(term in one for one in common)
    assert term[0] == "=" or found == [[term]] * 3


def test_the_longest_counts() -> None:
    """A minister isn't a ministry; what is left stands for itself."""
    stems = content_stems("министр обороны пообещал отпуск")
    words, found = joined(stems, stems)
    assert [phrase.term for phrase in found] == ["+министр обороны"]
    assert [one for one, _ in words] == stems[2:]


def test_a_sight_has_a_town() -> None:
    """What happened on the Field of Mars happened in St Petersburg, and at the Kremlin wall in Moscow though that is a seat."""
    assert terms("Задержания на Марсовом поле", "", "ru").title_places == {consonants("Петербург")}
    assert terms("Women at the Kremlin wall", "", "en").title_places == {consonants("Москва")}


def test_words_of_a_phrase_are_no_names() -> None:
    """Вечный isn't somebody's name."""
    assert not [term for term in terms("Они пришли к Вечному огню", "", "ru").common if term[0] == "~"]


def test_no_phrase_is_a_common_word() -> None:
    """What a word alone stands for doesn't make it a phrase: «железный» is no railway."""
    assert not _terms("железный занавес", "ru")
    assert not _terms("горячий чай", "ru")
    assert not _terms("следователь", "ru")


@settings(deadline=None)
@given(stems=strategies.lists(strategies.sampled_from([*phrases(), "огон", "солдат", "слов"]), max_size=20))
def test_nothing_is_lost(stems: list[str]) -> None:
    """Each stem is a word of its own or part of one phrase."""
    words, found = joined(stems, stems)
    assert len(words) + sum(1 + len(phrase.rest) for phrase in found) == len(stems)
