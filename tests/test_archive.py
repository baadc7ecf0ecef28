"""Seen, revised, copied or new: what becomes of entries, whatever their order, batches and repetitions."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import func, select

from feeds.sameness.changes import is_trivial
from storage import archive, search
from storage.database import Database
from storage.tables import Article, MentionRow, Revision, SeenKey, Story, table
from tests.building import LONG, admit, arrival, listed


def test_an_entry_is_new_once(database: Database, now: datetime) -> None:
    """The same entry again, in the same batch or a later one, is known."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        first = admit(connection, now, arrival(herald), arrival(herald))
        again = admit(connection, now, arrival(herald))
        assert (len(first.new), first.matched, first.known) == (1, 1, 1)
        assert (again.new, again.known, again.revised) == ([], 1, 0)


def test_one_address_in_two_sources_is_one_article(database: Database, now: datetime) -> None:
    """A second source with the same canonical address adds nothing, and what it says of it is no revision."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        admit(connection, now, arrival(herald))
        second = admit(connection, now, arrival(mirror, text="Only the lead."))
        assert (second.new, second.known, second.revised) == ([], 1, 0)


def test_documents_admitted_together(database: Database, now: datetime) -> None:
    """Each document has its own counts; what two of them bring is one article, which only its own source revises."""
    with database.write() as connection:
        herald, mirror, tribune = listed(connection, now, "Herald", "Mirror", "Tribune")
        (known,) = admit(connection, now, arrival(herald)).new
        own, new = arrival(herald, title="Пикет разогнали"), arrival(tribune, url="https://tribune.example/1", text="Другое.")
        repeated = arrival(mirror, url="https://tribune.example/1", text="Только начало.", topics=())
        documents = [[arrival(mirror, text="Только начало.")], [own], [], [new], [repeated]]
        outcomes = archive.admit_all(connection, documents, now)
        assert [(len(each.new), each.known, each.revised) for each in outcomes] == [(0, 1, 0), (0, 1, 1), (0, 0, 0), (1, 0, 0), (0, 1, 0)]
        assert [each.wanted for each in outcomes] == [[], [], [], outcomes[3].new, []]
        titles = dict(connection.execute(select(table(Article).c.id, table(Article).c.title)).all())
        assert titles == {known: "Пикет разогнали", outcomes[3].new[0]: new.entry.title}


def test_a_changed_text_is_a_revision(database: Database, now: datetime) -> None:
    """The old words are kept, the new ones are searched, and the article stays the same one."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        (number,) = admit(connection, now, arrival(herald)).new
        changed = admit(connection, now, arrival(herald, title="Пикет разогнали"))
        assert (changed.new, changed.revised) == ([], 1)
        kept = connection.execute(select(table(Revision))).one()
        assert (kept.article_id, kept.title, kept.text) == (number, "Пикет «Пути домой»", LONG)
        assert [hit.id for hit in search.search(connection, search.parse("разогнать")).hits] == [number]
        assert not search.search(connection, search.parse("путь")).hits
        assert admit(connection, now, arrival(herald, title="Пикет разогнали")).revised == 0


def test_a_guid_holds_when_the_address_changes(database: Database, now: datetime) -> None:
    """An entry that moved keeps its identity by its guid, and from then on by its new address too."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, guid="7"))
        moved = admit(connection, now, arrival(herald, guid="7", url="https://herald.example/moved"))
        bare = admit(connection, now, arrival(herald, url="https://herald.example/moved"))
        assert (moved.new, bare.new) == ([], [])


def test_the_same_words_elsewhere_are_a_copy(database: Database, now: datetime) -> None:
    """A copy is stored, points at the earliest and joins its story; it opens none."""
    with database.write() as connection:
        herald, mirror, echo = listed(connection, now, "Herald", "Mirror", "Echo")
        (original,) = admit(connection, now, arrival(herald)).new
        admit(connection, now, arrival(mirror, url="https://mirror.example/1"))
        admitted = admit(connection, now + timedelta(hours=1), arrival(echo, url="https://echo.example/1"))
        assert admitted.copies == 1
        rows = connection.execute(select(table(Article)).order_by(table(Article).c.id)).all()
        assert [row.copy_of for row in rows] == [None, original, original]
        story = connection.execute(select(table(Story))).one()
        assert (story.id, story.articles, story.publishers, story.changed_seq) == (original, 3, 3, rows[-1].id)


def test_short_texts_are_never_copies(database: Database, now: datetime) -> None:
    """An alert that recurs word for word is told each time."""
    with database.write() as connection:
        herald, mirror = listed(connection, now, "Herald", "Mirror")
        alert: dict[str, Any] = {"title": "Объявлена мобилизация", "text": ""}
        first = admit(connection, now, arrival(herald, url="https://herald.example/1", **alert))
        second = admit(connection, now, arrival(herald, url="https://herald.example/2", **alert))
        third = admit(connection, now, arrival(mirror, url="https://mirror.example/3", **alert))
        assert [len(each.new) for each in (first, second, third)] == [1, 1, 1]
        assert third.copies == 0


def test_an_entry_without_guid_and_address_is_known_by_its_words(database: Database, now: datetime) -> None:
    """What has nothing else is recognised by what it says."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, url=None, title="Кратко", text=""))
        assert admit(connection, now, arrival(herald, url=None, title="Кратко", text="")).known == 1
        assert len(admit(connection, now, arrival(herald, url=None, title="Иное", text="")).new) == 1


def test_numbers_grow_without_gaps(database: Database, now: datetime) -> None:
    """Known entries use up no numbers, so that the index stays dense."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://herald.example/{n}", title=f"Заголовок {n}", text=f"Текст {n}") for n in range(5)]
        assert admit(connection, now, *batch).new == [1, 2, 3, 4, 5]
        assert admit(connection, now, *batch, arrival(herald, url="https://herald.example/new", title="Ещё")).new == [6]
        assert archive.latest(connection) == 6


def test_mentions_and_an_empty_batch(database: Database, now: datetime) -> None:
    """Mentions are stored with their article; a batch of nothing changes nothing."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        assert admit(connection, now).new == []
        admit(connection, now, arrival(herald, topics=("way-home", "protest")), arrival(herald, url="https://herald.example/2", topics=()))
        assert connection.scalar(select(func.count()).select_from(table(MentionRow))) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=strategies.permutations(range(6)), cuts=strategies.lists(strategies.integers(1, 5), max_size=3))
def test_any_order_and_batching_gives_the_same_articles(
    order: list[int], cuts: list[int], tmp_path_factory: pytest.TempPathFactory, blank: Path, now: datetime
) -> None:
    """However entries are split into batches and repeated, each is one article."""
    database = Database(Path(shutil.copy(blank, tmp_path_factory.mktemp("order"))))
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        entries = [arrival(herald, url=f"https://herald.example/{n}", title=f"Новость {n}", text=f"{LONG} {n}") for n in order]
        bounds = [0, *sorted(cuts), len(entries)]
        for start, end in pairwise(bounds):
            admit(connection, now, *entries[start:end], *entries[:end])
        assert connection.scalar(select(func.count()).select_from(table(Article))) == len(entries)
        assert connection.scalar(select(func.count(func.distinct(table(SeenKey).c.article_id)))) == len(entries)
    database.close()


def test_a_trifle_is_no_revision(database: Database, now: datetime) -> None:
    """A counter or the time of the last update changes nothing worth keeping; real words do, and so does what makes it news."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        archive.admit_all(connection, [[arrival(herald, text=f"{LONG} 12 comments")]], now, is_trivial)[0]
        counted = archive.admit_all(connection, [[arrival(herald, text=f"{LONG} 345 comments")]], now, is_trivial)[0]
        changed = archive.admit_all(connection, [[arrival(herald, text=f"{LONG} Всех отпустили. 345 comments")]], now, is_trivial)[0]
        assert (counted.revised, changed.revised) == (0, 1)
        assert connection.scalar(select(func.count()).select_from(table(Revision))) == 1
