"""The list of sources as stored: what the catalog says, what operators said, who polls what and how it went."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import Connection, func, select

from storage import sources
from storage.database import Database, open_database
from storage.records import Source, SourceError
from storage.tables import Revision, SourceRow, table
from tests.building import admit, arrival, listed


def _source(name: str, url: str = "", **fields: object) -> Source:
    made = Source(name, url or f"https://{name.lower()}.example/rss", publisher=name, standing="exile")
    return replace(made, **fields)  # type: ignore[arg-type] # fields of Source


def _list(connection: Connection, now: datetime, *listing: Source) -> None:
    sources.keep_catalog(connection, listing, now)


def _states(connection: Connection) -> dict[str, tuple[str, str]]:
    return {each.source.name: (each.source.url, each.state) for each in sources.every(connection, removed=True)}


def _names(polled: list[sources.Polled]) -> list[str]:
    return [each.source.name for each in polled]


def test_the_catalog_is_stored_as_it_says(database: Database, now: datetime) -> None:
    """A source comes back with every field that its operator wrote; one that is off isn't due."""
    full = Source("Herald", "https://herald.example/rss", "telegram", "Herald Group", "group", "uk", 900, note="why")
    off = _source("Quiet", enabled=False)
    with database.write() as connection:
        _list(connection, now, full, off)
        assert [each.source for each in sources.every(connection)] == [full, off]
        assert _names(sources.claim_due(connection, now, 10)) == ["Herald"]


def test_keeping_the_same_catalog_again(database: Database, now: datetime) -> None:
    """A restart changes nothing: what is known of the polling stays."""
    with database.write() as connection:
        _list(connection, now, _source("Herald"))
        (herald,) = sources.claim_due(connection, now, 1)
        later = now + timedelta(hours=1)
        sources.settle(
            connection, {herald.id: {"etag": '"7"', "failures": 2, "last_error": "why", "next_check_at": later, "body_hash": b"h"}}
        )
        before = sources.every(connection)
        _list(connection, later, _source("Herald"))
        assert sources.every(connection) == before


def test_an_edited_catalog_is_followed(database: Database, now: datetime) -> None:
    """New descriptions and addresses are taken over; who isn't listed any more is polled no more, and what it brought stays."""
    with database.write() as connection:
        _, herald = listed(connection, now, "Echo", "Herald")
        admit(connection, now, arrival(herald))
        _list(connection, now, _source("Echo", "https://echo.example/new", standing="state", note="moved"))
        assert _states(connection) == {"Echo": ("https://echo.example/new", "on"), "Herald": (herald.source.url, "removed")}
        assert _names(sources.every(connection)) == ["Echo"]
        assert len(sources.article_addresses(connection, herald.id, 10)) == 1


def test_what_operators_did_is_spared(database: Database, now: datetime) -> None:
    """The catalog takes away nothing that they added, brings nothing back that they removed, and renames nothing of theirs."""
    with database.write() as connection:
        _list(connection, now, _source("Herald"), _source("Echo"))
        assert sources.remove(connection, "Echo")
        sources.add(connection, _source("Mine", note="my own"), now)
        _list(
            connection,
            now,
            _source("Herald"),
            _source("Echo"),
            _source("Mine", "https://other.example/"),
            _source("X", "https://mine.example/rss"),
        )
        assert _states(connection) == {
            "Echo": ("https://echo.example/rss", "removed"),
            "Herald": ("https://herald.example/rss", "on"),
            "Mine": ("https://mine.example/rss", "on"),
        }


def test_a_new_name_is_the_same_source(database: Database, now: datetime) -> None:
    """What it brought is its own under the new name; of the document at a new address nothing is known yet."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        sources.settle(connection, {herald.id: {"etag": '"7"', "body_hash": b"h"}})
        _list(connection, now, _source("The Herald", herald.source.url))
        (renamed,) = sources.every(connection)
        assert (renamed.id, renamed.source.name, renamed.etag) == (herald.id, "The Herald", '"7"')
        _list(connection, now, _source("The Herald", "https://new.example/rss"))
        (moved,) = sources.every(connection)
        assert (moved.id, moved.etag, moved.body_hash) == (herald.id, None, None)


def test_taking_back_what_two_removed_sources_were(database: Database, now: datetime) -> None:
    """One has the name and another the address: it is the one with the address; what the other brought stays that one's."""
    with database.write() as connection:
        _, second = listed(connection, now, "A", "B")
        assert sources.remove(connection, "A")
        assert sources.remove(connection, "B")
        sources.add(connection, _source("A", "https://b.example/rss"), now)
        assert [(each.id, each.source.url) for each in sources.every(connection)] == [(second.id, "https://b.example/rss")]


def test_a_source_with_a_new_name_is_still_polled(database: Database, now: datetime) -> None:
    """Who corrects a name in the list doesn't lose the source."""
    with database.write() as connection:
        _list(connection, now, _source("Herald"))
        _list(connection, now, _source("The Herald", "https://herald.example/rss"))
        _list(connection, now, _source("The Herald", "https://herald.example/rss"))
        assert [each.source.url for each in sources.every(connection)] == ["https://herald.example/rss"]


@pytest.mark.parametrize(
    "edited",
    [
        [_source("A", "https://b.example/rss"), _source("B", "https://a.example/rss")],
        [_source("A", "https://b.example/rss")],
        [_source("B", "https://a.example/rss")],
    ],
)
def test_addresses_that_change_owners(database: Database, now: datetime, edited: list[Source]) -> None:
    """Two sources may swap addresses, or one may take over that of another that left the list."""
    with database.write() as connection:
        _list(connection, now, _source("A"), _source("B"))
        _list(connection, now, *edited)
        assert {each.source.name: each.source.url for each in sources.every(connection)} == {each.name: each.url for each in edited}


def test_a_source_that_comes_back_into_the_list(database: Database, now: datetime) -> None:
    """Taken out of the list and put back, it is polled again."""
    with database.write() as connection:
        for listing in ([_source("Herald"), _source("Echo")], [_source("Echo")], [_source("Herald"), _source("Echo")]):
            _list(connection, now, *listing)
        assert _names(sources.every(connection)) == ["Echo", "Herald"]


@pytest.mark.parametrize("before", [True, False])
def test_switching_a_source_in_the_list(database: Database, now: datetime, before: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Enabled = true or false in the list takes effect at the next start."""
    with database.write() as connection:
        _list(connection, now, _source("Herald", enabled=before))
        _list(connection, now, _source("Herald", enabled=not before))
        assert [each.state for each in sources.every(connection)] == ["off" if before else "on"]


def test_adding_what_is_there(database: Database, now: datetime) -> None:
    """A name or an address that is taken is refused with the source that has it."""
    with database.write() as connection:
        _list(connection, now, _source("Herald"))
        for again in (_source("Herald", "https://x.example/"), _source("Other", "https://herald.example/rss")):
            with pytest.raises(SourceError, match="in the list already, as “Herald”"):
                sources.add(connection, again, now)
        assert _names(sources.every(connection)) == ["Herald"]


def test_removing_and_taking_back(database: Database, now: datetime) -> None:
    """By name or by address, once; taken back it is due at once and its articles are its own again."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        assert not sources.remove(connection, "herald")
        assert sources.remove(connection, "https://herald.example/rss")
        assert not sources.remove(connection, "Herald")
        assert (sources.every(connection), sources.claim_due(connection, now, 5)) == ([], [])
        later = now + timedelta(days=1)
        sources.add(connection, _source("Herald", note="back"), later)
        (back,) = sources.every(connection)
        assert (back.id, back.state, back.source.note, back.next_check_at) == (herald.id, "on", "back", later)
        _list(connection, later)
        assert _names(sources.every(connection)) == ["Herald"]


def test_taking_back_a_name_with_an_address_that_is_taken(database: Database, now: datetime) -> None:
    """It is refused like any other address that is taken."""
    with database.write() as connection:
        _list(connection, now, _source("A"), _source("B"))
        sources.remove(connection, "A")
        with pytest.raises(SourceError, match="in the list already, as “B”"):
            sources.add(connection, _source("A", "https://b.example/rss"), now)


def test_names_are_data(database: Database, now: datetime) -> None:
    """Quotes, percent signs and line breaks in names mean nothing to the database."""
    names = ["'; DROP TABLE sources; --", "%", "_", '"', "a\nb", "😀", "x" * 5_000]
    with database.write() as connection:
        for number, name in enumerate(names):
            sources.add(connection, _source(name, f"https://x.example/{number}"), now)
        assert not sources.remove(connection, "%%")
        for name in names:
            assert sources.remove(connection, name)
        assert sources.every(connection) == []


def test_claimed_once(database: Database, now: datetime) -> None:
    """The most overdue first, as many as asked for; nobody else gets them until the lease ends or the poll is settled."""
    with database.write() as connection:
        for number, name in enumerate(("A", "B", "C")):
            sources.add(connection, _source(name), now - timedelta(hours=number))
        sources.add(connection, _source("Later"), now + timedelta(seconds=1))
        assert _names(sources.claim_due(connection, now, 2)) == ["C", "B"]
        assert _names(sources.claim_due(connection, now, 10)) == ["A"]
        assert sources.claim_due(connection, now, 10) == []
        assert sources.claim_due(connection, now + timedelta(seconds=2), 0) == []
        # The boundary itself still belongs to the one who claimed it.
        assert _names(sources.claim_due(connection, now + sources.LEASE, 10)) == ["Later"]
        died = now + sources.LEASE + timedelta(microseconds=1)
        assert _names(sources.claim_due(connection, died, 10)) == ["C", "B", "A"]


def test_settled(database: Database, now: datetime) -> None:
    """How it went is recorded, the claim given back, and the next turn planned."""
    with database.write() as connection:
        _list(connection, now, _source("Herald"))
        (herald,) = sources.claim_due(connection, now, 1)
        sources.settle(connection, {herald.id: {"failures": 3, "last_error": "Why.", "next_check_at": now + timedelta(minutes=1)}})
        (after,) = sources.every(connection)
        assert (after.failures, after.last_error) == (3, "Why.")
        assert sources.claim_due(connection, now, 1) == []
        assert _names(sources.claim_due(connection, now + timedelta(minutes=1), 1)) == ["Herald"]


def test_a_source_that_moved_to_anothers_address(database: Database, now: datetime) -> None:
    """Two sources may end at one address; the later one keeps its old address, and all else is recorded."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        sources.settle(connection, {echo.id: {"url": "https://echo.example/new", "failures": 0}})
        sources.settle(connection, {herald.id: {"url": "https://echo.example/new", "failures": 5}})
        sources.settle(connection, {echo.id: {"url": "https://echo.example/new", "failures": 7}})
        assert [(each.source.url, each.failures) for each in sources.every(connection)] == [
            ("https://echo.example/new", 7),
            ("https://herald.example/rss", 5),
        ]


def test_a_feed_that_moved_brings_nothing_twice(database: Database, now: datetime) -> None:
    """A permanent redirect changes where the feed is, not what its entries are: known, unchanged, no news."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald), arrival(herald, guid="7", url=None, title="Кратко", text="Без адреса."))
        sources.settle(connection, {herald.id: {"url": "https://new.example/rss"}})
        (moved,) = sources.claim_named(connection, now, ["Herald"])
        again = admit(connection, now, arrival(moved), arrival(moved, guid="7", url=None, title="Кратко", text="Без адреса."))
        assert (again.new, again.known, again.revised) == ([], 2, 0)
        assert connection.scalar(select(func.count()).select_from(table(Revision))) == 0


def test_asked_for_by_name(database: Database, now: datetime) -> None:
    """Named sources are given whether due or not, the ones that are off too; without names all that are on."""
    with database.write() as connection:
        _list(connection, now, _source("A"), _source("B", enabled=False), _source("C"), _source("D"))
        sources.remove(connection, "D")
        sources.claim_due(connection, now, 10)
        assert _names(sources.claim_named(connection, now, ["B", "C", "D", "nobody"])) == ["B", "C"]
        assert _names(sources.claim_named(connection, now, None)) == ["A", "C"]
        assert sources.claim_named(connection, now, []) == []


def test_nobody_polls_what_another_does(database: Database, now: datetime) -> None:
    """Several programs that claim at the same moment share the sources out, each to one."""
    with database.write() as connection:
        _list(connection, now, *[_source(f"S{number}") for number in range(60)])
    others = [open_database(database.url) for _ in range(3)]

    def claim(each: Database) -> list[str]:
        with each.write() as connection:
            return _names(sources.claim_due(connection, now, 7))

    with ThreadPoolExecutor(4) as pool:
        claimed = [name for names in pool.map(claim, [database, *others] * 3) for name in names]
    assert sorted(claimed) == sorted({*claimed})
    assert len(claimed) == 60
    for each in others:
        each.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=strategies.lists(strategies.tuples(strategies.integers(-300, 300), strategies.sampled_from(["on", "off", "removed"])), max_size=12)
)
def test_exactly_those_that_are_due(database: Database, now: datetime, dues: list[tuple[int, str]]) -> None:
    """Whatever the moments and states, all that are on and due are claimed in order, and the next moment is the earliest."""
    with database.write() as connection:
        connection.execute(table(SourceRow).delete())
        for number, (offset, state) in enumerate(dues):
            sources.add(connection, _source(f"S{number}"), now + timedelta(seconds=offset))
            connection.execute(table(SourceRow).update().where(table(SourceRow).c.name == f"S{number}").values(state=state))
        on = sorted(offset for offset, state in dues if state == "on")
        claimed = [each.next_check_at for each in sources.claim_due(connection, now, 100)]
        assert claimed == [now + timedelta(seconds=offset) for offset in on if offset <= 0]


def test_an_empty_list(database: Database, now: datetime) -> None:
    """Nothing listed, nothing due, nothing to remove."""
    with database.write() as connection:
        _list(connection, now)
        assert (sources.every(connection), sources.claim_due(connection, now, 5)) == ([], [])
        assert not sources.remove(connection, "")
