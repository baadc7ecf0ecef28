"""Who polls which source, and how it went."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings, strategies

from storage import claiming, sources
from storage.database import Database, open_database
from storage.tables import SourceRow, table
from tests.building import listed, names_of, outlet


def test_claimed_once(database: Database, now: datetime) -> None:
    """The most overdue first, as many as asked for; nobody else gets them until the lease ends or the poll is settled."""
    with database.write() as connection:
        for number, name in enumerate(("A", "B", "C")):
            sources.add(connection, outlet(name), now - timedelta(hours=number))
        sources.add(connection, outlet("Later"), now + timedelta(seconds=1))
        assert names_of(claiming.claim_due(connection, now, 2)) == ["C", "B"]
        assert names_of(claiming.claim_due(connection, now, 10)) == ["A"]
        assert claiming.claim_due(connection, now, 10) == []
        assert claiming.claim_due(connection, now + timedelta(seconds=2), 0) == []
        # The boundary itself still belongs to the one who claimed it.
        assert names_of(claiming.claim_due(connection, now + claiming.LEASE, 10)) == ["Later"]
        died = now + claiming.LEASE + timedelta(microseconds=1)
        assert names_of(claiming.claim_due(connection, died, 10)) == ["C", "B", "A"]


def test_settled(database: Database, now: datetime) -> None:
    """How it went is recorded, the claim given back, and the next turn planned."""
    with database.write() as connection:
        sources.keep_catalog(connection, [outlet("Herald")], now)
        (herald,) = claiming.claim_due(connection, now, 1)
        claiming.settle(connection, {herald.id: {"failures": 3, "last_error": "Why.", "next_check_at": now + timedelta(minutes=1)}})
        (after,) = sources.every(connection)
        assert (after.failures, str(after.last_error)) == (3, "Why.")
        assert claiming.claim_due(connection, now, 1) == []
        assert names_of(claiming.claim_due(connection, now + timedelta(minutes=1), 1)) == ["Herald"]


def test_a_source_that_moved_to_anothers_address(database: Database, now: datetime) -> None:
    """Two sources may end at one address; the later one keeps its old address, and all else is recorded."""
    with database.write() as connection:
        echo, herald = listed(connection, now, "Echo", "Herald")
        claiming.settle(connection, {echo.id: {"url": "https://echo.example/new", "failures": 0}})
        claiming.settle(connection, {herald.id: {"url": "https://echo.example/new", "failures": 5}})
        claiming.settle(connection, {echo.id: {"url": "https://echo.example/new", "failures": 7}})
        assert [(each.source.url, each.failures) for each in sources.every(connection)] == [
            ("https://echo.example/new", 7),
            ("https://herald.example/rss", 5),
        ]


def test_asked_for_by_name(database: Database, now: datetime) -> None:
    """Named sources are given whether due or not, the ones that are off too; without names all that are on."""
    with database.write() as connection:
        sources.keep_catalog(connection, [outlet("A"), outlet("B", enabled=False), outlet("C"), outlet("D")], now)
        sources.remove(connection, "D")
        claiming.claim_due(connection, now, 10)
        assert names_of(claiming.claim_named(connection, now, ["B", "C", "D", "nobody"])) == ["B", "C"]
        assert names_of(claiming.claim_named(connection, now, None)) == ["A", "C"]
        assert claiming.claim_named(connection, now, []) == []


def test_nobody_polls_what_another_does(database: Database, now: datetime) -> None:
    """Several programs that claim at the same moment share the sources out, each to one."""
    with database.write() as connection:
        sources.keep_catalog(connection, [*[outlet(f"S{number}") for number in range(60)]], now)
    others = [open_database(database.url) for _ in range(3)]

    def claim(each: Database) -> list[str]:
        with each.write() as connection:
            return names_of(claiming.claim_due(connection, now, 7))

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
            sources.add(connection, outlet(f"S{number}"), now + timedelta(seconds=offset))
            connection.execute(table(SourceRow).update().where(table(SourceRow).c.name == f"S{number}").values(state=state))
        on = sorted(offset for offset, state in dues if state == "on")
        claimed = [each.next_check_at for each in claiming.claim_due(connection, now, 100)]
        assert claimed == [now + timedelta(seconds=offset) for offset in on if offset <= 0]
