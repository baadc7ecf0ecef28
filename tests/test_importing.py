"""A corpus goes into the archive once, in the order of its dates, and is never news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from feeds.importing import BATCH, Imported, Importer, Watcher
from feeds.lines import LineError
from feeds.recogniser import Recogniser
from feeds.rematch import judge
from feeds.repairing import MOST_IMPORTED, Trail
from storage import archive, claiming, cursors, retention, search, sources, story_index
from storage.database import Database
from storage.records import Source
from storage.tables import Article, Revision, SourceRow, Story, StoryChange, StoryTerm, table
from tests.building import LONG, admit, arrival, event, listed
from tests.corpora import json_file, line


class Stop(Exception):  # noqa: N818 - it isn't an error
    """Stands for whatever ends a program."""


class Reader:
    """Somebody who imports files into a database."""

    def __init__(self, database: Database, recogniser: Recogniser, folder: Path, now: datetime) -> None:
        """Begin with an empty archive."""
        self.database, self.recogniser, self.folder, self.now = database, recogniser, folder, now
        self.refused: dict[int, str] = {}

    def take(self, *lines: Mapping[str, Any] | bytes, everything: bool = True, stop_at: int | None = None) -> Imported:
        """Import these lines as a file; ``stop_at``: the program ends when it has dealt with so many."""

        def stored(done: int, _of: int) -> None:
            if stop_at is not None and done >= stop_at:
                raise Stop

        watcher = Watcher(self.refused.__setitem__, stored=stored)
        with json_file(self.folder / "corpus.jsonl", lines).open("rb") as stream:
            return Importer(self.database, self.recogniser, self.now, everything, watcher).run(stream, "jsonl")

    def rows(self) -> list[Any]:
        """All articles in their order."""
        with self.database.read() as connection:
            return list(connection.execute(select(table(Article)).order_by(table(Article).c.id)))

    def count(self, row: type[Any]) -> int:
        """How many rows there are of a table."""
        with self.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table(row))) or 0)


@pytest.fixture
def reader(database: Database, recogniser: Recogniser, tmp_path: Path, now: datetime) -> Reader:
    """A reader of an empty archive."""
    return Reader(database, recogniser, tmp_path, now)


def test_a_corpus(reader: Reader) -> None:
    """Matched, told under the name that it gives, as old as it says, numbered below zero in the order of its dates."""
    counts = reader.take(line(3), line(0), line(2, id=7, source=...))
    assert counts == Imported(lines=3, new=3, matched=2)
    rows = reader.rows()
    assert [(row.id, row.given_id, row.outlet) for row in rows] == [
        (-3, '"a0"', "Sample Gazette"),
        (-2, "7", "gazette.example"),
        (-1, '"a3"', "Sample Gazette"),
    ]
    assert [row.first_seen_at for row in rows] == [datetime.fromisoformat(line(number)["published"]) for number in (0, 2, 3)]
    assert [row.matched for row in rows] == [True, True, False]
    assert all(row.story_id is not None for row in rows)


def test_the_same_file_again(reader: Reader) -> None:
    """It adds nothing, and changes nothing."""
    lines = [line(number) for number in range(5)]
    reader.take(*lines)
    before = reader.rows()
    assert reader.take(*lines) == Imported(lines=5, known=5)
    assert reader.rows() == before
    assert reader.count(Revision) == 0


def test_the_same_articles_in_another_file(reader: Reader) -> None:
    """They are known by id and by address; what is new goes in below what was there."""
    reader.take(line(0), line(1, id=...))
    counts = reader.take(line(1, id=...), line(0), line(2))
    assert counts == Imported(lines=3, new=1, matched=1, known=2)
    assert len(reader.rows()) == 3
    assert min(row.id for row in reader.rows()) < -2


def test_a_changed_text(reader: Reader) -> None:
    """Under the same id it is a revision; it keeps its number even where only now it is on the subject, and is no news."""
    reader.take(line(1))
    (before,) = reader.rows()
    counts = reader.take(line(1, text=LONG))
    assert (counts.new, counts.known, counts.revised, reader.count(Revision)) == (0, 1, 1, 1)
    (after,) = reader.rows()
    assert (after.id, after.matched, after.text, after.given_id) == (before.id, True, LONG, before.given_id)
    with reader.database.read() as connection:
        assert cursors.changed(connection, ["way-home", "families"], 0, archive.latest(connection)) == []


def test_bad_lines(reader: Reader) -> None:
    """They are refused with their numbers, the rest goes in."""
    counts = reader.take(b"nonsense", line(0), line(1, id="a0"), b"", line(2, published="9999-01-01"), line(4))
    assert (counts.lines, counts.refused, counts.new) == (5, 3, 2)
    assert list(reader.refused) == [1, 3, 5]
    assert reader.refused[3] == "its id was there before"


def test_an_id_of_another_source(reader: Reader) -> None:
    """It is another article's."""
    assert reader.take(line(0), line(1, id="a0", source="Another Gazette")).new == 2


def test_a_source_of_the_list(reader: Reader, now: datetime) -> None:
    """What names one belongs to it, and is known again when that is polled."""
    with reader.database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
    reader.take(line(0, source="Herald"))
    (row,) = reader.rows()
    assert (row.source_id, row.outlet) == (herald.id, None)
    with reader.database.write() as connection:
        again = admit(connection, now, arrival(herald, url=row.url, title=row.title, text=row.text))
    assert (again.new, again.known, again.revised) == ([], 1, 0)


def test_the_source_of_imports_is_in_no_list(reader: Reader, now: datetime) -> None:
    """It is never polled, nobody sees it, and a source may be called the same."""
    reader.take(line(0))
    with reader.database.write() as connection:
        assert sources.every(connection) == []
        assert claiming.claim_due(connection, now + timedelta(days=1), 10) == []
        sources.keep_catalog(connection, [Source("Herald", "https://herald.example/rss")], now)
        assert [each.source.name for each in sources.every(connection)] == ["Herald"]
        assert connection.scalar(select(func.count()).select_from(table(SourceRow))) == 2


@pytest.mark.parametrize("everything", [True, False])
def test_copies_and_stories(reader: Reader, *, everything: bool) -> None:
    """Among all articles, or among those on the subject."""
    told = [
        line(0), line(0, id="b", source="B", url="https://b.example/0", published="2023-01-01T10:00:00Z"),
        line(1), line(1, id="c", source="C", url="https://c.example/1", published="2023-01-02T12:00:00Z"),
    ]  # fmt: skip
    counts = reader.take(*told, everything=everything)
    assert counts.copies == (2 if everything else 1)
    assert [row.copy_of for row in reader.rows()] == [None, -4, None, -2 if everything else None]


def test_what_was_left_out_is_placed_later(reader: Reader) -> None:
    """The same file, imported as a whole after it was for the subject only."""
    lines = [line(number) for number in range(4)]
    reader.take(*lines, everything=False)
    assert sum(row.story_id is None for row in reader.rows()) == 2
    assert reader.take(*lines).new == 0
    assert sum(row.story_id is None for row in reader.rows()) == 0


def test_an_import_that_was_stopped(reader: Reader) -> None:
    """It goes on where it was, and comes out as if nothing had happened."""
    lines = [line(number) for number in range(2 * BATCH)]
    with pytest.raises(Stop):
        reader.take(*reversed(lines), stop_at=BATCH)
    assert len(reader.rows()) == BATCH
    assert reader.take(*reversed(lines)).new == BATCH
    rows = reader.rows()
    assert [row.id for row in rows] == list(range(-2 * BATCH, 0))
    assert [row.first_seen_at for row in rows] == sorted(row.first_seen_at for row in rows)


def test_what_lies_in_the_past_crowds_out_nothing(reader: Reader) -> None:
    """Stories are found by their terms only while they are recent, also those of a corpus of years."""
    reader.take(
        *(
            line(0, id=year, url=f"https://a.example/{year}", text=f"{LONG} {event(year)}", published=f"{year}-05-01")
            for year in range(2000, 2020)
        )
    )
    assert (reader.count(Story), reader.count(StoryTerm)) == (20, 0)


def test_no_news(reader: Reader, now: datetime) -> None:
    """No cursor meets it, however late it comes in; searching finds it."""
    with reader.database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now - timedelta(days=400), arrival(herald, title="Старое", text=f"{LONG} {event(1)}"))
    reader.take(line(0, published=now.isoformat()))
    with reader.database.read() as connection:
        assert cursors.changed(connection, ["way-home", "families"], 1, archive.latest(connection)) == []
        assert cursors.seq_before(connection, now + timedelta(1)) == 1
        assert [hit.id for hit in search.search(connection, search.parse("Образец")).hits] == [1, -1]


def test_a_story_that_is_told_already(reader: Reader, now: datetime) -> None:
    """An imported report of a live story joins it, and makes it neither new nor newer."""
    with reader.database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        before = _story(connection)
    reader.take(line(0, title="Пикет «Пути домой»", text=LONG, published=(now - timedelta(hours=2)).isoformat()))
    with reader.database.read() as connection:
        after = _story(connection)
    assert (after.changed_seq, after.last_seen_at) == (before.changed_seq, before.last_seen_at)
    assert (after.id, after.articles, after.first_seen_at) == (before.id, 2, before.first_seen_at - timedelta(hours=2))


def test_it_never_leaves(reader: Reader, now: datetime) -> None:
    """What is on no topic stays as well; a changed watchlist looks at all of it."""
    reader.take(line(1), line(0))
    with reader.database.write() as connection:
        assert retention.retire(connection, now + timedelta(days=1)) == 0
    judged = [one for batch in judge(reader.database, reader.recogniser.matcher) for one in batch]
    assert [one.article.id for one in judged] == [-2, -1]
    assert not any(one.changed for one in judged)


def test_a_language_that_is_given(reader: Reader) -> None:
    """It is believed where it is one of the three."""
    reader.take(line(0, lang="uk-UA"), line(1, lang="fr"))
    assert [row.language for row in reader.rows()] == ["uk", "ru"]


def test_a_file_without_columns(reader: Reader, tmp_path: Path) -> None:
    """Nothing in it can be read, and nothing is stored."""
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with (tmp_path / "bad.csv").open("rb") as stream, pytest.raises(LineError):
        Importer(reader.database, reader.recogniser, datetime(2026, 1, 1, tzinfo=UTC)).run(stream, "csv")
    assert reader.rows() == []


def _story(connection: Connection) -> Any:
    return connection.execute(select(table(Story)).order_by(table(Story).c.id.desc())).first()


def test_stories_are_put_right(reader: Reader) -> None:
    """Two accounts that share nothing are one story when a third one has told both sides of it."""
    reader.take(*_told(0, 1, 2, outlet="herald"))
    assert len({row.story_id for row in reader.rows()}) == 1
    assert reader.count(StoryChange) == 1


_TOLD = (
    "Canto blaze kills firefighter",
    "Thousands leave homes as hills burn",
    "Canto blaze: thousands leave homes, firefighter dies as hills burn",
)


def _told(*which: int, outlet: str, more: Mapping[str, Any] = MappingProxyType({})) -> list[dict[str, Any]]:
    return [
        line(
            number,
            **{
                "id": f"{outlet} {number}",
                "source": outlet,
                "url": f"https://{outlet}.example/{number}",
                "title": _TOLD[number],
                "text": "",
                "lang": "en",
                "published": f"2023-05-01T0{number}:00:00",
                **more,
            },
        )
        for number in which
    ]


def test_another_file_of_the_same_days(reader: Reader) -> None:
    """What it tells joins the stories of the first, and those become one where only both files together show it."""
    days_before = _told(0, outlet="chronicle", more={"published": "2023-04-20"})
    reader.take(*days_before, *_told(0, 1, outlet="herald"))
    assert len({row.story_id for row in reader.rows()}) == 3
    reader.take(*_told(2, outlet="mirror"))
    told = [row.story_id for row in reader.rows()]
    assert len(told) == 4
    assert sorted(Counter(told).values()) == [1, 3]
    assert reader.count(StoryTerm) == 0


def test_a_file_of_the_days_before(reader: Reader) -> None:
    """Stories whose first report comes in later than theirs are put right as well."""
    reader.take(*_told(2, outlet="mirror"))
    reader.take(*_told(0, 1, outlet="herald"))
    assert len({row.story_id for row in reader.rows()}) == 1


def test_an_import_beside_what_was_polled(reader: Reader) -> None:
    """An archive of its own days, months ago, has its stories joined too."""
    with reader.database.write() as connection:
        (herald,) = listed(connection, reader.now, "Herald")
        then = datetime(2023, 5, 1, tzinfo=UTC)
        admit(connection, then, arrival(herald, title=_TOLD[0], text=""))
        story_index.sweep(connection, reader.now, reader.now)
        story_index.sweep(connection, reader.now, reader.now)
    reader.take(*_told(2, outlet="mirror"))
    assert len({row.story_id for row in reader.rows()}) == 1


def test_how_often_stories_are_put_right() -> None:
    """Never before some thousands have come; then so that each article is part of few repairs, and none of more than can be held."""
    trail, begun, repaired = Trail(), datetime(2023, 1, 1, tzinfo=UTC), Counter[int]()
    for first in range(0, 60_000, 300):
        trail.add((begun, number) for number in range(first, first + 300))
        if trail.is_due():
            assert len(trail.articles()) <= MOST_IMPORTED
            repaired.update(trail.articles())
            trail.go_on()
    assert max(repaired.values()) <= 4
    trail.add([(begun + timedelta(days=30), 60_000)])
    trail.go_on()
    assert trail.articles() == [60_000]
