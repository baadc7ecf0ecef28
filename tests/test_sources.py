"""The list of sources as stored: what the catalog says and what operators said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from storage import articles, claiming, sources
from storage.database import Database
from storage.records import Source, SourceError
from storage.tables import Revision, table
from tests.building import admit, arrival, listed, names_of, outlet


def _list(connection: Connection, now: datetime, *listing: Source) -> None:
    sources.keep_catalog(connection, listing, now)


def _states(connection: Connection) -> dict[str, tuple[str, str]]:
    return {each.source.name: (each.source.url, each.state) for each in sources.every(connection, removed=True)}


def test_the_catalog_is_stored_as_it_says(database: Database, now: datetime) -> None:
    """A source comes back with every field that its operator wrote; one that is off isn't due."""
    full = Source("Herald", "https://herald.example/rss", "telegram", "Herald Group", "group", "uk", 900, note="why")
    off = outlet("Quiet", enabled=False)
    with database.write() as connection:
        _list(connection, now, full, off)
        assert [each.source for each in sources.every(connection)] == [full, off]
        assert names_of(claiming.claim_due(connection, now, 10)) == ["Herald"]


def test_keeping_the_same_catalog_again(database: Database, now: datetime) -> None:
    """A restart changes nothing: what is known of the polling stays."""
    with database.write() as connection:
        _list(connection, now, outlet("Herald"))
        (herald,) = claiming.claim_due(connection, now, 1)
        later = now + timedelta(hours=1)
        claiming.settle(
            connection, {herald.id: {"etag": '"7"', "failures": 2, "last_error": "why", "next_check_at": later, "body_hash": b"h"}}
        )
        before = sources.every(connection)
        _list(connection, later, outlet("Herald"))
        assert sources.every(connection) == before


def test_an_edited_catalog_is_followed(database: Database, now: datetime) -> None:
    """New descriptions and addresses are taken over; who isn't listed any more is polled no more, and what it brought stays."""
    with database.write() as connection:
        _, herald = listed(connection, now, "Echo", "Herald")
        admit(connection, now, arrival(herald))
        _list(connection, now, outlet("Echo", "https://echo.example/new", standing="state", note="moved"))
        assert _states(connection) == {"Echo": ("https://echo.example/new", "on"), "Herald": (herald.source.url, "removed")}
        assert names_of(sources.every(connection)) == ["Echo"]
        assert len(articles.addresses_of(connection, herald.id, 10)) == 1


def test_what_operators_did_is_spared(database: Database, now: datetime) -> None:
    """The catalog takes away nothing that they added, brings nothing back that they removed, and renames nothing of theirs."""
    with database.write() as connection:
        _list(connection, now, outlet("Herald"), outlet("Echo"))
        assert sources.remove(connection, "Echo")
        sources.add(connection, outlet("Mine", note="my own"), now)
        _list(
            connection,
            now,
            outlet("Herald"),
            outlet("Echo"),
            outlet("Mine", "https://other.example/"),
            outlet("X", "https://mine.example/rss"),
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
        claiming.settle(connection, {herald.id: {"etag": '"7"', "body_hash": b"h"}})
        _list(connection, now, outlet("The Herald", herald.source.url))
        (renamed,) = sources.every(connection)
        assert (renamed.id, renamed.source.name, renamed.etag) == (herald.id, "The Herald", '"7"')
        _list(connection, now, outlet("The Herald", "https://new.example/rss"))
        (moved,) = sources.every(connection)
        assert (moved.id, moved.etag, moved.body_hash) == (herald.id, None, None)


def test_taking_back_what_two_removed_sources_were(database: Database, now: datetime) -> None:
    """One has the name and another the address: it is the one with the address; what the other brought stays that one's."""
    with database.write() as connection:
        _, second = listed(connection, now, "A", "B")
        assert sources.remove(connection, "A")
        assert sources.remove(connection, "B")
        sources.add(connection, outlet("A", "https://b.example/rss"), now)
        assert [(each.id, each.source.url) for each in sources.every(connection)] == [(second.id, "https://b.example/rss")]


def test_a_source_with_a_new_name_is_still_polled(database: Database, now: datetime) -> None:
    """Who corrects a name in the list doesn't lose the source."""
    with database.write() as connection:
        _list(connection, now, outlet("Herald"))
        _list(connection, now, outlet("The Herald", "https://herald.example/rss"))
        _list(connection, now, outlet("The Herald", "https://herald.example/rss"))
        assert [each.source.url for each in sources.every(connection)] == ["https://herald.example/rss"]


@pytest.mark.parametrize(
    "edited",
    [
        [outlet("A", "https://b.example/rss"), outlet("B", "https://a.example/rss")],
        [outlet("A", "https://b.example/rss")],
        [outlet("B", "https://a.example/rss")],
    ],
)
def test_addresses_that_change_owners(database: Database, now: datetime, edited: list[Source]) -> None:
    """Two sources may swap addresses, or one may take over that of another that left the list."""
    with database.write() as connection:
        _list(connection, now, outlet("A"), outlet("B"))
        _list(connection, now, *edited)
        assert {each.source.name: each.source.url for each in sources.every(connection)} == {each.name: each.url for each in edited}


def test_a_source_that_comes_back_into_the_list(database: Database, now: datetime) -> None:
    """Taken out of the list and put back, it is polled again."""
    with database.write() as connection:
        for listing in ([outlet("Herald"), outlet("Echo")], [outlet("Echo")], [outlet("Herald"), outlet("Echo")]):
            _list(connection, now, *listing)
        assert names_of(sources.every(connection)) == ["Echo", "Herald"]


@pytest.mark.parametrize("before", [True, False])
def test_switching_a_source_in_the_list(database: Database, now: datetime, before: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Enabled = true or false in the list takes effect at the next start."""
    with database.write() as connection:
        _list(connection, now, outlet("Herald", enabled=before))
        _list(connection, now, outlet("Herald", enabled=not before))
        assert [each.state for each in sources.every(connection)] == ["off" if before else "on"]


def test_adding_what_is_there(database: Database, now: datetime) -> None:
    """A name or an address that is taken is refused with the source that has it."""
    with database.write() as connection:
        _list(connection, now, outlet("Herald"))
        for again in (outlet("Herald", "https://x.example/"), outlet("Other", "https://herald.example/rss")):
            with pytest.raises(SourceError, match="in the list already, as “Herald”"):
                sources.add(connection, again, now)
        assert names_of(sources.every(connection)) == ["Herald"]


def test_removing_and_taking_back(database: Database, now: datetime) -> None:
    """By name or by address, once; taken back it is due at once and its articles are its own again."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
        assert not sources.remove(connection, "herald")
        assert sources.remove(connection, "https://herald.example/rss")
        assert not sources.remove(connection, "Herald")
        assert (sources.every(connection), claiming.claim_due(connection, now, 5)) == ([], [])
        later = now + timedelta(days=1)
        sources.add(connection, outlet("Herald", note="back"), later)
        (back,) = sources.every(connection)
        assert (back.id, back.state, back.source.note, back.next_check_at) == (herald.id, "on", "back", later)
        _list(connection, later)
        assert names_of(sources.every(connection)) == ["Herald"]


def test_taking_back_a_name_with_an_address_that_is_taken(database: Database, now: datetime) -> None:
    """It is refused like any other address that is taken."""
    with database.write() as connection:
        _list(connection, now, outlet("A"), outlet("B"))
        sources.remove(connection, "A")
        with pytest.raises(SourceError, match="in the list already, as “B”"):
            sources.add(connection, outlet("A", "https://b.example/rss"), now)


def test_names_are_data(database: Database, now: datetime) -> None:
    """Quotes, percent signs and line breaks in names mean nothing to the database."""
    names = ["'; DROP TABLE sources; --", "%", "_", '"', "a\nb", "😀", "x" * 5_000]
    with database.write() as connection:
        for number, name in enumerate(names):
            sources.add(connection, outlet(name, f"https://x.example/{number}"), now)
        assert not sources.remove(connection, "%%")
        for name in names:
            assert sources.remove(connection, name)
        assert sources.every(connection) == []


def test_a_feed_that_moved_brings_nothing_twice(database: Database, now: datetime) -> None:
    """A permanent redirect changes where the feed is, not what its entries are: known, unchanged, no news."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald), arrival(herald, guid="7", url=None, title="Кратко", text="Без адреса."))
        claiming.settle(connection, {herald.id: {"url": "https://new.example/rss"}})
        (moved,) = claiming.claim_named(connection, now, ["Herald"])
        again = admit(connection, now, arrival(moved), arrival(moved, guid="7", url=None, title="Кратко", text="Без адреса."))
        assert (again.new, again.known, again.revised) == ([], 2, 0)
        assert connection.scalar(select(func.count()).select_from(table(Revision))) == 0


def test_an_empty_list(database: Database, now: datetime) -> None:
    """Nothing listed, nothing due, nothing to remove."""
    with database.write() as connection:
        _list(connection, now)
        assert (sources.every(connection), claiming.claim_due(connection, now, 5)) == ([], [])
        assert not sources.remove(connection, "")
