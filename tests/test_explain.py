"""Explaining a verdict."""

from __future__ import annotations

from feeds.explain import LONGEST_SENTENCE, explain, sentence_around
from feeds.match import Matcher


def test_what_counted_is_shown_in_its_sentence(matcher: Matcher) -> None:
    """Each mention comes with its sentence and with what spoke for it."""
    text = "Сначала о погоде. Жены мобилизованных из «Пути домой» вышли к Кремлю. Потом о спорте."
    shown = next(one for one in explain(matcher.match("", text), "", text) if one.topic == "way-home")
    assert shown.counted
    assert shown.sentence == "Жены мобилизованных из «Пути домой» вышли к Кремлю."
    assert shown.sentence[shown.start : shown.end] == shown.quote == "Пути домой"
    assert "Кремль" in str(shown.reason)


def test_the_company_that_counted_is_told(matcher: Matcher) -> None:
    """A name that needs company is shown with the words that it met, as they stand in the item."""
    text = "«Дорога додому», канал дружин мобілізованих росіян, пише про фронт."
    shown = next(one for one in explain(matcher.match("", text), "", text) if one.topic == "way-home")
    assert "мобілізованих" in str(shown.reason)


def test_what_was_turned_down_says_why(matcher: Matcher) -> None:
    """A look-alike is shown with the reason."""
    title = "Фильм «Путь домой» про собаку"
    shown = list(explain(matcher.match(title, ""), title, ""))
    assert [(one.counted, one.topic, one.quote) for one in shown] == [(False, "way-home", "Путь домой")]
    assert shown[0].reason


def test_a_very_long_sentence_is_cut() -> None:
    """What is shown stays short, whatever the text."""
    quote = (30_000, 30_005)
    start, end = sentence_around("слово " * 10_000, *quote)
    assert start <= quote[0] < quote[1] <= end
    assert end - start <= LONGEST_SENTENCE
