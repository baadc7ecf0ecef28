"""/watch: a rule is tried on what is kept, saved, shown, renamed and removed, and what it finds comes with the digest."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.commands.watch import LONGEST_RULE, MOST_WATCHES
from bot.lookout import Watched
from bot.render import fits
from storage import subscribers, watches
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with somebody who has been greeted."""
    talk = Talk(database, watched, now)
    talk.write("/start")
    return talk


def _publish(talk: Talk, *titles: str, age: timedelta = timedelta(), text: str = "") -> list[int]:
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{title}", title=title, text=text, topics=()) for title in titles]
        return admit(connection, talk.now - age, *batch).new


def _save(talk: Talk, rule: str) -> str:
    assert "watch save" in buttons(talk.write(f"/watch {rule}"))
    return said(talk.press("watch save", quoted=rule))


def _kept(talk: Talk) -> list[watches.Kept]:
    with talk.database.read() as connection:
        return watches.of_subscriber(connection, talk.chat().id)


def test_a_rule_is_tried_before_it_is_saved(talk: Talk) -> None:
    """How many articles it finds, how many a day, and the newest with its words in bold; nothing is stored."""
    _publish(talk, "Старое о Самаре", age=timedelta(days=9))
    _publish(talk, "Суд в Самаре", text="В Самаре судили мобилизованного.")
    text = said(talk.write("/watch Самара"))
    assert "2 articles in the last 9 days, about 0.2 a day" in text
    assert text.index("Суд в Самаре") < text.index("Старое о Самаре")
    assert _kept(talk) == []


def test_words_are_shown_where_they_stand(talk: Talk) -> None:
    """A sample shows the sentence, its words in bold."""
    _publish(talk, "Суд", text="Ничего. В городе Самаре судили мобилизованного. Ещё.")
    assert "В городе <b>Самаре</b> судили мобилизованного." in said(talk.write("/watch Самара"))


def test_what_is_older_than_a_month_isnt_counted(talk: Talk) -> None:
    """The preview looks back thirty days."""
    _publish(talk, "Старое о Самаре", age=timedelta(days=31))
    assert "0 articles" in said(talk.write("/watch Самара"))


def test_a_broad_rule_is_warned_of(talk: Talk) -> None:
    """What finds more than twenty articles a day is said to be too much."""
    _publish(talk, *(f"Самара {number}" for number in range(25)))
    assert "more than anybody reads" in said(talk.write("/watch Самара"))
    assert "more than anybody reads" not in said(talk.write("/watch “Самара 7”"))


@pytest.mark.parametrize("rule", ["Самара and суд", "Самара или суд", "Самара Або суд"])
def test_a_small_operator_is_hinted_at(talk: Talk, rule: str) -> None:
    """Who joins words with “and” is told how it is written; capitals, and a phrase, say what they mean."""
    assert "To join words, write" in said(talk.write(f"/watch {rule}"))
    assert "To join words, write" not in said(talk.write("/watch Самара AND «суд и следствие»"))


def test_what_it_finds_comes_with_the_digest(talk: Talk) -> None:
    """Under the watch's name, once, though it is about none of the topics."""
    assert "Saved" in _save(talk, "Самара")
    (kept,) = _kept(talk)
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, title="Трамвай в Самаре", topics=(), watches=[kept.id]))
    text = said(talk.write("/digest"))
    assert "🔎 Самара" in text
    assert "Трамвай в Самаре" in text
    assert "Трамвай" not in said(talk.write("/digest"))


def test_what_was_kept_is_found_as_well(talk: Talk) -> None:
    """Saving a watch takes up what it would have found since the last digest."""
    _publish(talk, "Трамвай в Самаре")
    _save(talk, "Самара")
    assert _kept(talk)[0].hits == 1
    assert "Трамвай в Самаре" in said(talk.write("/digest"))


def test_another_persons_watch_is_theirs(talk: Talk) -> None:
    """Nobody sees, renames or removes it, and its finds reach nobody else."""
    with talk.database.write() as connection:
        other = subscribers.create(connection, 77, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        number = watches.add(connection, other.id, "Samara", "Самара")
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, title="Трамвай в Самаре", topics=(), watches=[number]))
    talk.write("/topics on all")
    assert "Трамвай" not in said(talk.write("/digest week"))
    for wish in (f"watch show #{number}", f"watch remove #{number}", f"watch name #{number} x"):
        assert "no such watch" in said(talk.press(wish))
    with talk.database.read() as connection:
        assert [each.name for each in watches.of_subscriber(connection, other.id)] == ["Samara"]


def test_listed_renamed_and_removed(talk: Talk) -> None:
    """Each by its place in the list, or by the buttons."""
    _save(talk, "Самара")
    _save(talk, "суд AND Омск")
    talk.write("/watch name 2 Courts in Omsk")
    text = said(talk.write("/watch"))
    assert re.search(r"1\. <b>Самара</b> · 0 articles\n\n2\. <b>Courts in Omsk</b> · 0 articles\n<code>суд AND Омск</code>", text)
    assert "Removed" in said(talk.write("/watch remove 1"))
    (left,) = _kept(talk)
    assert left.name == "Courts in Omsk"
    assert "суд AND Омск" in said(talk.press(f"watch remove #{left.id}"))
    assert _kept(talk) == []
    talk.press("watch save", quoted="суд AND Омск")
    assert [each.rule for each in _kept(talk)] == ["суд AND Омск"]


@pytest.mark.parametrize(
    ("rule", "said_of_it", "marked"),
    [
        ("(Самара", "never closed", "^"),
        ("Самара NEAR Омск", "NEAR/5", "       ^"),
        ("NOT Самара", "needs something to find", "^"),
        ("«Самара", "quotes on both sides", "^"),
        ("а*", "at least 3 letters", "^"),
    ],
)
def test_a_mistake_is_pointed_at(talk: Talk, rule: str, said_of_it: str, marked: str) -> None:
    """What is wrong, and under the rule a mark at the place."""
    text = said(talk.write(f"/watch {rule}"))
    assert said_of_it in text
    assert f"{marked}</pre>" in text
    assert _kept(talk) == []


def test_mistakes_are_explained_in_the_readers_language(database: Database, watched: Watched, now: datetime) -> None:
    """The rule language's own errors are translated."""
    talk = Talk(database, watched, now, language="ru")
    assert re.search("[а-я]{4}", said(talk.write("/watch (Самара")))


def test_no_more_than_a_person_needs(talk: Talk) -> None:
    """There is an end to the number of watches and to the length of a rule, and a rule is kept once."""
    for number in range(MOST_WATCHES):
        _save(talk, f"слово{number}")
    assert talk.press("watch save", quoted="слово1")[0]["text"] == "You have this watch already."
    assert "at most 20" in talk.press("watch save", quoted="ещё")[0]["text"]
    assert len(_kept(talk)) == MOST_WATCHES
    assert "at most 500" in said(talk.write(f"/watch {'а' * (LONGEST_RULE + 1)}"))
    assert all(fits(call["text"]) for call in talk.write("/watch"))


def test_an_old_message_saves_nothing(talk: Talk) -> None:
    """A press under a message that no longer shows the rule is answered with words."""
    assert "too old" in talk.press("watch save")[0]["text"]


def test_forgetting_takes_watches_along(talk: Talk) -> None:
    """Rule, name and finds are gone with the chat."""
    _publish(talk, "Трамвай в Самаре")
    _save(talk, "Самара")
    talk.press("forget yes")
    with talk.database.read() as connection:
        assert watches.every(connection) == {}
        assert connection.exec_driver_sql("SELECT count(*) FROM watch_hits").scalar() == 0
        assert subscribers.find(connection, YOU) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=strategies.text(max_size=120) | strategies.text('()"«»*aб /5ANDORNOTEnear', max_size=60))
def test_any_rule_gets_an_answer(talk: Talk, rule: str) -> None:
    """Whatever is typed, the answer fits a message."""
    calls = talk.write(f"/watch {rule}")
    assert calls
    assert all(fits(call["text"]) for call in calls if "text" in call)
