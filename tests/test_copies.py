"""Copies: every way of re-publication is one, and nothing that only looks like it. Each failure that was seen has its test."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.copies import Decision, compare
from feeds.sameness.furniture import countable_keys
from feeds.sameness.shingles import Likeness, likeness
from tests.republishing import WAYS, furnished, next_edition, samples, templated

ARTICLES = [row for row in samples("articles") if row["part"] == "tuning"]
BODY = ARTICLES[0]["text"]
TITLE = ARTICLES[0]["title"]
WORDS = strategies.lists(strategies.sampled_from(["пикет", "жёны", "Москва", "12", "wives", "дома", "мая", "Казань"]), max_size=40).map(
    " ".join
)


def _decide(one: Likeness, other: Likeness, *, hours: float = 1, same: bool = False, learnt: bool = True) -> Decision:
    return compare(one, other, hours=hours, same_publisher=same, learnt=learnt)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_republication(way: str) -> None:
    """Each article of the samples is recognised in each way."""
    missed = []
    for row in ARTICLES:
        title, text = WAYS[way](row["title"], row["text"], row["lang"])
        if _decide(likeness(row["title"], row["text"]), likeness(title, text)).outcome != "copy":
            missed.append(row["id"])
    assert missed == []


def test_different_articles() -> None:
    """No two articles of the samples in one language are copies of each other."""
    found = [likeness(row["title"], row["text"]) for row in ARTICLES]
    assert all(_decide(one, other).outcome == "different" for number, one in enumerate(found) for other in found[:number])


@settings(deadline=None)
@given(titles=strategies.tuples(WORDS, WORDS), texts=strategies.tuples(WORDS, WORDS), hours=strategies.floats(0, 100))
def test_order_makes_no_difference(titles: tuple[str, str], texts: tuple[str, str], hours: float) -> None:
    """Whichever was first, the outcome and the figures are the same."""
    one, other = likeness(titles[0], texts[0]), likeness(titles[1], texts[1])
    first, second = _decide(one, other, hours=hours), _decide(other, one, hours=hours)
    assert (first.outcome, first.containment, first.titles) == (second.outcome, second.containment, second.titles)


@settings(deadline=None)
@given(title=strategies.text(max_size=60), text=strategies.text(max_size=200))
def test_any_text_is_decided(title: str, text: str) -> None:
    """An article with enough words is a copy of itself, and none breaks anything."""
    one = likeness(title, text)
    decision = _decide(one, one)
    assert decision.outcome == "copy" or len(one.shingles) < 6
    assert decision.reason


def test_a_banner_round_short_articles() -> None:
    """One appeal around two short articles doesn't make them copies, neither before nor after it is learnt."""
    one, other = (
        furnished(text, "Волна", "ru") for text in ("В Казани жёны военных вышли к прокуратуре.", "Дума приняла закон о пенсиях вдовам.")
    )
    known = countable_keys(furnished("", "Волна", "ru"))
    for furniture in ([], known):
        first = likeness("Пикет у прокуратуры", one, furniture=furniture)
        second = likeness("Закон о пенсиях", other, furniture=furniture)
        assert _decide(first, second, same=True, learnt=bool(furniture)).outcome == "different"


def test_unlearnt_furniture_of_one_publisher() -> None:
    """An appeal that nobody could know is no reason either: within one publisher titles have to agree as well."""
    around = " ".join(f"слово{number}" for number in range(60))
    one, other = (
        likeness("Пикет в Казани у стен прокуратуры", f"Жёны вышли. {around}"),
        likeness("Закон принят Думой", f"Закон есть. {around}"),
    )
    assert _decide(one, other, same=True, learnt=False).outcome == "different"


def test_templates() -> None:
    """Daily losses, alerts, rates, pickets in ten cities, days of the war, posts with the same hashtags: none is another's copy."""
    found = [(item, likeness(item.title, item.text)) for item in templated()]
    merged = [
        (one.id, other.id)
        for number, (one, first) in enumerate(found)
        for other, second in found[:number]
        if _decide(first, second, same=True).outcome == "copy"
    ]
    assert merged == []


def test_the_next_edition() -> None:
    """The same list with the numbers of the next day is an edition, and says so."""
    row = next(row for row in ARTICLES + samples("articles") if row["id"] == "uk-losses-template")
    decision = _decide(likeness(row["title"], row["text"]), likeness(row["title"], next_edition(row["text"])))
    assert decision.outcome == "edition"
    assert "1120 / 1127" in decision.reason


def test_a_feeds_lead_against_the_full_text() -> None:
    """The shorter text decides, however short its share of the longer is."""
    full = likeness(TITLE, BODY + " " + " ".join(row["text"] for row in ARTICLES[1:6]))
    assert _decide(likeness(TITLE, BODY[:260]), full).outcome == "copy"


def test_an_aggregators_own_headline() -> None:
    """Another headline over the same words doesn't hide them."""
    assert _decide(likeness("Что случилось за день", BODY), likeness(TITLE, BODY)).outcome == "copy"


def test_short_texts() -> None:
    """Captions and alerts: equal titles of different publishers within two days, and nothing else."""
    one, other = likeness("Air raid alert for Kharkiv region", ""), likeness("Air raid alert for Kharkiv region", "Go to shelters")
    assert _decide(one, other, hours=3).outcome == "copy"
    assert _decide(one, other, hours=49).outcome == "different"
    assert _decide(one, other, hours=3, same=True).outcome == "different"
    assert _decide(one, likeness("Air raid alert for Sumy region", ""), hours=3).outcome == "different"
    assert _decide(likeness("Фото дня", ""), likeness("Фото дня", "")).outcome == "different"


def test_chains() -> None:
    """A~B and B~C doesn't make A~C: each article is held against the first of its group."""
    sentences = [" ".join(f"{letter}{number}" for number in range(30)) for letter in "абвг"]
    first, second, third = (likeness("Один заголовок на всех троих", " ".join(sentences[start : start + 2])) for start in range(3))
    assert [_decide(first, second).outcome, _decide(second, third).outcome, _decide(first, third).outcome] == ["copy", "copy", "different"]
