"""Where articles go: copies to their originals, reports of one event into one story, and everything else apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import Connection, func, select

from feeds import repairing
from feeds.comparing import compare_articles
from feeds.placing import Placed, place
from feeds.recent import ECHO_WINDOW, WINDOW, weighed
from feeds.sameness.features import terms
from storage import archive, retag, stories, story_changes, story_index
from storage.archive import Arrival
from storage.database import Database
from storage.polled import Polled
from storage.records import StorageError
from storage.tables import Article, CopyPosting, Furniture, PastProfile, Story, StoryProfile, StoryTerm, table
from tests.building import GROUPS, admit, arrival, event, listed

PICKET = (
    "В Новосибирске жёны мобилизованных вышли на площадь с плакатами. Около тридцати женщин требовали встречи с губернатором Травниковым "
    "и установления срока службы. Полиция переписала паспорта участниц и ушла, задержанных нет, сообщила одна из женщин."
)
ODD = ["", "слово", "а " * 3000, PICKET, PICKET[:90], "\ud83d", "1" * 5000]
APPEAL = "Поддержите нашу редакцию: мы живём на пожертвования читателей и без вас закроемся уже в этом месяце, оформите донат."


def _rows(connection: Connection) -> dict[int, tuple[int | None, int | None]]:
    articles = table(Article)
    rows = connection.execute(select(articles.c.id, articles.c.story_id, articles.c.copy_of).order_by(articles.c.id))
    return {row.id: (row.story_id, row.copy_of) for row in rows}


def _report(source: Polled, number: int, title: str, text: str, **more: object) -> Arrival:
    return arrival(source, url=f"https://{source.source.name.lower()}.example/{number}", title=title, text=text, **more)  # type: ignore[arg-type]


def test_a_light_edit_is_a_copy(database: Database, now: datetime) -> None:
    """A reprint with another headline and a changed end belongs to its original, whoever brings it and in whichever batch."""
    with database.write() as connection:
        herald, mirror, echo = listed(connection, now, "Herald", "Mirror", "Echo")
        edited = PICKET.replace("Около тридцати", "Порядка тридцати").replace("сообщила одна из женщин.", "рассказали нам.")
        first = _report(herald, 1, "Жёны мобилизованных вышли на площадь", PICKET)
        admit(connection, now, first, _report(mirror, 1, "Пикет жён мобилизованных в Новосибирске", edited))
        admit(connection, now + timedelta(hours=3), _report(echo, 1, "Новосибирск: жёны мобилизованных на площади", PICKET))
        assert _rows(connection) == {1: (1, None), 2: (1, 1), 3: (1, 1)}
        scores = list(connection.scalars(select(table(Article).c.copy_score).order_by(table(Article).c.id)))
        assert scores[0] is None
        assert all(score > 0.5 for score in scores[1:])


def test_another_report_joins_the_story(database: Database, now: datetime) -> None:
    """The same event in other words is one story; the same in another city is another."""
    with database.write() as connection:
        herald, mirror, echo = listed(connection, now, "Herald", "Mirror", "Echo")
        admit(connection, now, _report(herald, 1, "В Новосибирске жёны мобилизованных вышли на площадь", PICKET))
        other = "Тридцать жён мобилизованных собрались в Новосибирске и требуют встречи с губернатором Травниковым. Никого не задержали."
        admit(
            connection,
            now + timedelta(hours=1),
            _report(mirror, 1, "Жёны мобилизованных в Новосибирске ждут Травникова", other),
        )
        city = "Двадцать жён мобилизованных собрались в Самаре и требуют встречи с губернатором. Никого не задержали."
        admit(connection, now + timedelta(hours=2), _report(echo, 1, "Жёны мобилизованных собрались в Самаре", city))
        assert _rows(connection) == {1: (1, None), 2: (1, None), 3: (3, None)}


def test_one_appeal_around_different_articles(database: Database, now: datetime) -> None:
    """What a publisher puts around its articles doesn't make them copies, from the first ones on; it is counted and learnt."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        for number in range(4):
            moment = now + timedelta(hours=number)
            admit(connection, moment, _report(herald, number, f"Новость {number}", f"{APPEAL}\n{event(number)}\n{APPEAL}"))
        assert [copy for _, copy in _rows(connection).values()] == [None] * 4
        assert connection.scalar(select(func.max(table(Furniture).c.groups))) == 4


def test_copies_of_copies_have_one_original(database: Database, now: datetime) -> None:
    """Chains are flattened: each copy points at the earliest."""
    with database.write() as connection:
        polled = listed(connection, now, *(f"S{n}" for n in range(5)))
        for number, source in enumerate(polled):
            text = PICKET.replace("женщин", "жительниц", number % 2)
            admit(connection, now + timedelta(hours=number), _report(source, 1, "Жёны мобилизованных вышли на площадь", text))
        assert set(_rows(connection).values()) == {(1, None), (1, 1)}


def test_what_comes_to_be_wanted_later_is_placed_then(database: Database, now: datetime) -> None:
    """An article that nobody wanted isn't compared with anything; once a topic matches it, it finds its story."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, 1, "Жёны мобилизованных вышли на площадь", PICKET, topics=()))
        assert connection.scalar(select(func.count()).select_from(table(CopyPosting))) == 0
        admit(connection, now, _report(mirror, 1, "Жёны мобилизованных вышли на площадь", PICKET))
        assert _rows(connection) == {1: (None, None), 2: (2, None)}
        retag.retag(connection, [retag.Retag(1, ("way-home",), ())])
        assert not place(connection, [1], GROUPS, now).copies
        assert _rows(connection)[1][0] == 2


def test_the_same_batch_again(database: Database, now: datetime) -> None:
    """Admitting or placing anything twice changes nothing."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        batch = [_report(herald, 1, "Жёны вышли на площадь", PICKET), _report(mirror, 1, "Жёны вышли на площадь", PICKET)]
        admit(connection, now, *batch)
        before = _rows(connection)
        assert admit(connection, now, *reversed(batch)).new == []
        assert place(connection, [1, 2], GROUPS, now) == Placed()
        assert _rows(connection) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=strategies.lists(
        strategies.sampled_from(["", "слово", "а " * 3000, PICKET, PICKET[:90], APPEAL, "\ud83d", "1" * 5000]) | strategies.text(),
        max_size=6,
    )
)
def test_any_texts_are_placed(database: Database, now: datetime, texts: list[str]) -> None:
    """Whatever articles say, each gets a story that is there, and a copy an original that is none."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        number = archive.latest(connection)
        clean = [text.encode("utf-8", "ignore").decode() for text in texts]
        admit(connection, now, *[_report(herald, number + index, text[:40], text) for index, text in enumerate(clean)])
        rows = _rows(connection)
        stories = set(connection.scalars(select(table(Story).c.id)))
        assert all(story in stories for story, _ in rows.values())
        assert all(copy is None or rows[copy][1] is None for _, copy in rows.values())


def test_what_a_batch_repeats(database: Database) -> None:
    """It counts for less at once, before the batch is stored."""
    found = {1: terms("Vela recalls cars", "", "en")}
    with database.read() as connection:
        alone, among = (weighed(connection, found, counted)[1].words for counted in ({}, {"vela": 50, story_index.TOTAL: 100}))
    assert among["vela"] < alone["vela"]


def test_repair(database: Database, now: datetime) -> None:
    """Two stories that are one are merged, with the reason on record, unless a person set them apart."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, 1, "В Новосибирске жёны мобилизованных вышли на площадь", PICKET))
        other = PICKET.replace("Около тридцати женщин", "Три десятка женщин").split(". ")
        admit(
            connection,
            now,
            _report(mirror, 1, "Новосибирск: жёны мобилизованных ждут Травникова", ". ".join(reversed(other))),
        )
        if _rows(connection)[2][0] == 1:
            story_changes.move(connection, [2], None, reason="test", by_hand=False, now=now)
            repairing.renew(connection, [1, 2], GROUPS)
        apart = _rows(connection)
    assert apart[2][0] == 2
    assert repairing.repair_stories(database, GROUPS, now + timedelta(hours=1)) == (0, 1)
    with database.read() as connection:
        assert _rows(connection)[2][0] == 1
        assert [change.kind for change in story_changes.of_story(connection, 1)][-1] == "merge"
    assert repairing.repair_stories(database, GROUPS, now + timedelta(hours=1)) == (0, 0)
    with database.write() as connection:
        story_changes.move(connection, [2], None, reason="by hand", by_hand=True, now=now)
        story_changes.move(connection, [1], None, reason="by hand", by_hand=True, now=now)
    assert repairing.repair_stories(database, GROUPS, now + timedelta(hours=1)) == (0, 0)


def test_renewing_what_a_story_is_found_by(database: Database, now: datetime) -> None:
    """What is worked out anew is what was there, and of a story that is gone nothing is left."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, _report(herald, 1, "Жёны вышли на площадь", PICKET))
        terms = set(connection.scalars(select(table(StoryTerm).c.term)))
        repairing.renew(connection, [1], GROUPS)
        assert len(terms & set(connection.scalars(select(table(StoryTerm).c.term)))) > len(terms) / 2
        repairing.renew(connection, [77], GROUPS)
        assert list(connection.scalars(select(table(StoryProfile).c.story_id))) == [1]


def test_why_two_are_the_same(database: Database, now: datetime) -> None:
    """The figures that decide, for a copy and for two events."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, _report(herald, 1, "Жёны вышли на площадь", PICKET), _report(mirror, 1, "Жёны на площади", PICKET))
        admit(connection, now, _report(herald, 2, "Другое", event(2)))
        same, other = compare_articles(connection, 1, 2, GROUPS), compare_articles(connection, 1, 3, GROUPS)
        assert (same.decision.outcome, same.decision.containment) == ("copy", 1.0)
        assert (other.decision.outcome, other.fit.margin) == ("different", 0.0)
        with pytest.raises(StorageError):
            compare_articles(connection, 1, 99, GROUPS)


def test_an_echo_is_linked(database: Database, now: datetime) -> None:
    """Weeks after a story was over it is told again: a story of its own, linked to the first; another event is linked to nothing."""
    with database.write() as connection:
        herald, mirror, echo = listed(connection, now, "Herald", "Mirror", "Echo")
        admit(connection, now, _report(herald, 1, "В Новосибирске жёны мобилизованных вышли на площадь", PICKET))
        later = now + timedelta(days=12)
        assert story_index.sweep(connection, later - WINDOW, later - ECHO_WINDOW) == 1
        again = "Жёны мобилизованных, что вышли на площадь в Новосибирске, так и ждут встречи с губернатором Травниковым и срока службы."
        admit(connection, later, _report(mirror, 1, "Жёны мобилизованных вышли на площадь в Новосибирске: что было дальше", again))
        admit(connection, later, _report(echo, 1, "Вдова требует выплат", event(3)))
        assert _rows(connection) == {1: (1, None), 2: (2, None), 3: (3, None)}
        assert [stories.echo_of(connection, number) for number in (1, 2, 3)] == [None, 1, None]
        assert stories.echoes_of(connection, 1) == [2]
        end = later + ECHO_WINDOW
        story_index.sweep(connection, end, end)
        assert connection.scalar(select(func.count()).select_from(table(PastProfile))) == 2
        assert story_index.stories_with(connection, ["новосибирск"], past=True) == {"новосибирск": [2]}


def test_who_is_placed_later_but_was_seen_first_is_the_original(database: Database, now: datetime) -> None:
    """An older article that somebody comes to want takes the place of those that copied it, with all their copies, in their story."""
    with database.write() as connection:
        herald, mirror, echo = listed(connection, now, "Herald", "Mirror", "Echo")
        older = _report(herald, 1, "В Новосибирске жёны мобилизованных вышли на площадь", PICKET, topics=())
        admit(connection, now, older)
        copies = [_report(source, 1, "Жёны мобилизованных вышли на площадь", PICKET) for source in (mirror, echo)]
        admit(connection, now + timedelta(hours=1), *copies)
        assert _rows(connection) == {1: (None, None), 2: (2, None), 3: (2, 2)}
        assert not place(connection, [1], GROUPS, now + timedelta(hours=2)).copies
        assert _rows(connection) == {1: (2, None), 2: (2, 1), 3: (2, 1)}
        scores = dict(connection.execute(select(table(Article).c.id, table(Article).c.copy_score)).all())
        assert scores[1] is None
        assert scores[2] is not None
