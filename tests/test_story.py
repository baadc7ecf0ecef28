"""Stories: one event told by many joins, near-misses stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.features import Features, Rarities, terms, weigh
from feeds.sameness.story import LARGE_STORY, TOLD_BY_MANY, Fit, Profile, fit, join, merged, profile, spread_of

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
KAZAN = ("Жёны мобилизованных вышли на пикеты в Казани", "Около двадцати женщин в белых платках встали с плакатами у военной прокуратуры.")
KAZAN_AGAIN = (
    "В Казани родственницы военных провели пикеты у прокуратуры",
    "Двадцать женщин с плакатами в белых платках пришли к прокуратуре.",
)
SAMARA = ("Жёны мобилизованных вышли на пикеты в Самаре", "Пять женщин встали с плакатами у военной прокуратуры.")
WORDS = strategies.lists(
    strategies.sampled_from(["пикет", "жёны", "Москва", "12", "wives", "Kazan", "мая", "Казань", "суд"]), max_size=12
).map(" ".join)


def _features(title: str, text: str = "", language: str = "ru", actors: tuple[str, ...] = ()) -> Features:
    return weigh(terms(title, text, language, ["protest", "families"], actors), Rarities())


def _fit(one: Features, other: Features, hours: float = 1) -> Fit:
    return fit(profile(one, NOW + timedelta(hours=hours)), profile(other, NOW))


def test_two_accounts_of_one_event() -> None:
    """They join, and the reason names words."""
    found = join(profile(_features(*KAZAN_AGAIN), NOW), [(7, profile(_features(*KAZAN), NOW)), (9, profile(_features(*SAMARA), NOW))])
    assert found.story == 7
    assert found.fit is not None
    assert "казан" in found.fit.reason


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (KAZAN, SAMARA, "places"),
        (("Первое обращение жён к президенту", KAZAN[1]), ("Второе обращение жён к президенту", KAZAN[1]), "ordinals"),
        (("ЕС согласовал 13-й пакет санкций", ""), ("ЕС согласовал 14-й пакет санкций", ""), "ordinals"),
        (("Потери на 12 мая", KAZAN[1]), ("Потери на 13 мая", KAZAN[1]), "dates"),
        (("День войны 901: главное", KAZAN[1]), ("День войны 902: главное", KAZAN[1]), "ordinals"),
    ],
)  # fmt: skip
def test_near_misses(one: tuple[str, str], other: tuple[str, str], reason: str) -> None:
    """Two cities on one day, the first and the second appeal, two packages, two days: never one story, whatever else agrees."""
    found = _fit(_features(*one), _features(*other))
    assert found.margin == 0
    assert reason in found.reason


def test_yesterdays_list() -> None:
    """Other numbers in the titles a day apart are another list; within hours they may be an update."""
    one, other = _features("Задержаны 12 участниц пикета в Казани", KAZAN[1]), _features("Задержаны 15 участниц пикета в Казани", KAZAN[1])
    assert _fit(one, other, 24).margin == 0
    assert _fit(one, other, 1).margin >= 1


def _headlines(*titles: str, topics: tuple[str, ...] = ()) -> list[Profile]:
    return [profile(weigh(terms(title, "", "en", topics), Rarities()), NOW) for title in titles]


def test_an_actor_of_several_events() -> None:
    """Whom several stories name tells less of each of them; what only one of them tells still leads to it."""
    fine, glasses, court = (
        merged(*_headlines(*told))
        for told in (
            ("EU fines Kelvin 1.9bn euros", "Record antitrust fine for Kelvin"),
            ("Glasses by Kelvin translate speech", "Hands on with Kelvin's translating glasses"),
            ("Publishers take Kelvin to court", "Search firm Kelvin sued by publishers"),
        )
    )
    earnings, applause = _headlines("Cloud lifts Kelvin earnings", "Rivals applaud as EU fines Kelvin")
    spread = spread_of(earnings, [fine, glasses, court, *_headlines("Kelvin stock up")])
    assert spread == {"kelvin": 3}
    assert fit(earnings, court, spread).margin < 0.6 * fit(earnings, court).margin
    assert join(applause, [(1, fine), (2, glasses), (3, court)]).story == 1


def test_the_place_of_a_large_story() -> None:
    """Where many tell of a flood, the town's name alone makes nothing else part of it."""
    (flood,) = _headlines("Floods hit Tarnava")
    floods = reduce(merged, [flood] * TOLD_BY_MANY)
    trial, rescue = _headlines("Trial opens in Tarnava", "Army clears roads after floods in Tarnava")
    assert fit(trial, flood).margin > 1 > fit(trial, floods).margin
    assert fit(rescue, floods).margin > 1


def test_a_story_told_from_many_sides() -> None:
    """The third account is as near to both others together as to the nearer of them: all name the storm."""
    one, other, third = _headlines(
        "Storm Berta: flights cancelled, trains stopped", "Berta slams into coast", "Army helps clear roads in Berta's wake"
    )
    assert fit(third, merged(one, other)).similarity >= max(fit(third, one).similarity, fit(third, other).similarity)


def test_one_name_in_common() -> None:
    """Two headlines that share a rare name and nothing else are of one event; two that share one other word aren't."""
    named, again, other, wet = _headlines("Storm Berta hits", "Berta claims first life", "Thousands flee floods", "Mayor warns of floods")
    assert fit(named, again).margin >= 1
    assert fit(other, wet).margin == 0


def test_what_is_watched_is_asked_more() -> None:
    """Accounts of one subject are alike by their subject."""
    titles = ("Relatives gather in the rain by the palace", "Relatives gather by the station, police watch")
    (one, other), (watched, again) = (_headlines(*titles, topics=topics) for topics in ((), ("families",)))
    assert fit(one, other).margin > fit(watched, again).margin


def test_distance_grows_with_time() -> None:
    """Nothing in the first day, then more and more; after three days a story is over."""
    one, other = _features(*KAZAN), _features(*KAZAN_AGAIN)
    margins = [_fit(one, other, hours).margin for hours in (1, 24, 36, 60, 73)]
    assert margins[0] == margins[1] > margins[2] > margins[3] >= margins[4] == 0


def test_a_large_story_is_stricter() -> None:
    """A story of more than twenty articles wants more than a small one."""
    one = profile(_features(*KAZAN), NOW)
    many: Profile = one
    for _ in range(LARGE_STORY):
        many = merged(many, one)
    found = profile(_features(*KAZAN_AGAIN), NOW)
    assert fit(found, many).margin < fit(found, one).margin


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        (
            "Wives of mobilised men picket military prosecutor in Kazan",
            "About twenty women in white headscarves stood with placards.",
            "en",
        ),
        ("У Казані дружини мобілізованих вийшли на пікети", "Близько двадцяти жінок у білих хустках стояли з плакатами.", "uk"),
    ],
)
def test_across_languages(title: str, text: str, language: str) -> None:
    """The same picket in English and in Ukrainian joins, and the picket of another city doesn't."""
    found = _features(title, text, language)
    assert _fit(found, _features(*KAZAN)).margin >= 1
    assert _fit(found, _features(*SAMARA)).margin < 1


def test_topic_and_day_alone_never_join_languages() -> None:
    """Without a name, number or group in common nothing joins across alphabets."""
    one = _features("Wives demand return of husbands", "The women recorded a video and a letter.", "en")
    other = _features("Жёны требуют возвращения мужей", "Женщины записали видео и письмо.")
    assert _fit(one, other).margin == 0


def test_titles_of_one_word() -> None:
    """Too little to say anything."""
    assert _fit(_features("Пикет"), _features("Пикет")).margin < 1
    assert join(profile(_features("", ""), NOW), [(1, profile(_features("", ""), NOW))]).story is None
    assert join(profile(_features(*KAZAN), NOW), []).story is None


@settings(deadline=None)
@given(titles=strategies.tuples(WORDS, WORDS), hours=strategies.floats(0, 100))
def test_order_makes_no_difference(titles: tuple[str, str], hours: float) -> None:
    """An article fits a story as the story fits the article."""
    one, other = (profile(_features(title, title), NOW + timedelta(hours=late)) for title, late in zip(titles, (0, hours), strict=True))
    assert fit(one, other).margin == pytest.approx(fit(other, one).margin)
    assert merged(one, other).count == merged(other, one).count == 2


def test_two_stories_in_both_alphabets_agree_in_both() -> None:
    """What the English reports have in common doesn't outweigh that the Russian ones are of two events."""
    russian = [
        profile(_features(*one), NOW)
        for one in (
            ("В Кремле не видят необходимости в новой волне мобилизации", "Набор контрактников идёт по плану, сказал Песков.", "ru"),
            ("Песков прокомментировал обращения жён мобилизованных", "Письма женщин видят, вопросы ротации решает министерство.", "ru"),
        )
    ]
    english = profile(_features("Kremlin spokesman Peskov takes questions", "He spoke to reporters on Thursday.", "en"), NOW)
    one, other = (merged(report, english) for report in russian)
    assert fit(english, english).margin >= 1
    assert fit(russian[0], russian[1]).margin < 1
    assert fit(one, other).margin == pytest.approx((fit(russian[0], russian[1]).margin + fit(english, english).margin) / 2)
