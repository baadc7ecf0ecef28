"""What is watched for changes while the program runs: a better watchlist is taken up, a broken one isn't, watches come and go."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from bot import lookout
from bot.lookout import Lookout
from bot.settings import Settings, read_settings
from storage import subscribers, watches
from storage.database import Database
from storage.records import WatchlistError
from tests.world import outlets, program, source_list

TOPIC = """
[[topics]]
id = "{id}"
kind = "theme"
names = {{ en = "{id}", ru = "{id}", uk = "{id}" }}
decides = true
[[topics.aliases]]
any = ["{word}"]
"""


def _write(file: Path, content: str) -> None:
    """Write a watchlist as an editor would: another file takes the place of the old one."""
    other = file.with_suffix(".new")
    other.write_text(content, encoding="utf-8")
    other.replace(file)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings with a watchlist of one's own, about trams."""
    file = tmp_path / "own.toml"
    _write(file, TOPIC.format(id="trams", word="tram"))
    return read_settings(data_dir=tmp_path, watchlist=file, telegram_token=None)


@pytest.fixture
def looking(own: Settings, database: Database) -> Lookout:
    """A lookout over that watchlist."""
    return Lookout(own, database, lookout.load(own))


def _recognised(looking: Lookout, text: str) -> list[str]:
    found = looking.watched.recogniser.recognise(text, "", None)
    return [topic.id for topic in found.verdict.topics] + [str(number) for number in found.watches]


def test_a_changed_watchlist_is_taken_up(looking: Lookout, own: Settings) -> None:
    """Once it has stayed the same between two looks; topics and their names change with it."""
    assert looking.refresh() is None
    assert own.watchlist is not None
    _write(own.watchlist, TOPIC.format(id="ships", word="ship"))
    assert looking.refresh() is None
    assert "1 topics" in str(looking.refresh())
    assert (_recognised(looking, "A ship"), _recognised(looking, "A tram")) == (["ships"], [])
    assert list(looking.watched.subjects.names) == ["ships"]
    assert looking.refresh() is None


@pytest.mark.parametrize("broken", ["[[topics]]\nid =", "[[topics]]\nid = 'x'\ncolour = 'red'", "\udcff".encode("utf-8", "surrogatepass")])
def test_a_broken_one_isnt(looking: Lookout, own: Settings, broken: str | bytes) -> None:
    """The old one goes on; what is wrong is said once, and the next good one is taken."""
    assert own.watchlist is not None
    own.watchlist.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    looking.refresh()
    assert "can't be used" in str(looking.refresh())
    assert looking.refresh() is None
    assert _recognised(looking, "A tram") == ["trams"]
    _write(own.watchlist, TOPIC.format(id="ships", word="ship"))
    looking.refresh()
    looking.refresh()
    assert _recognised(looking, "A ship") == ["ships"]


def test_a_file_that_vanishes_for_a_moment(looking: Lookout, own: Settings) -> None:
    """Between two steps of an editor there may be no file at all, which changes nothing."""
    assert own.watchlist is not None
    content = own.watchlist.read_bytes()
    own.watchlist.unlink()
    assert (looking.refresh(), looking.refresh()) == (None, None)
    own.watchlist.write_bytes(content)
    os.utime(own.watchlist, ns=(1, 1))
    looking.refresh()
    assert looking.refresh() is not None
    assert _recognised(looking, "A tram") == ["trams"]


def test_watches_come_and_go(looking: Lookout, database: Database) -> None:
    """A saved watch holds for what comes next, a removed one no longer; one that can't be read stops no other."""
    with database.write() as connection:
        chat = subscribers.create(connection, 1, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        first = watches.add(connection, chat.id, "Samara", "Самара OR Samara")
        watches.add(connection, chat.id, "broken", "((")
    looking.refresh()
    assert _recognised(looking, "В Самаре") == [str(first)]
    with database.write() as connection:
        watches.remove(connection, chat.id, first)
        second = watches.add(connection, chat.id, "Omsk", "Омск")
    assert second > first
    looking.refresh()
    assert (_recognised(looking, "В Самаре"), _recognised(looking, "В Омске")) == ([], [str(second)])


def test_many_changes(looking: Lookout, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After many changes everything is put together anew, with the same outcome."""
    monkeypatch.setattr(lookout, "_MOST_CHANGES", 3)
    with database.write() as connection:
        chat = subscribers.create(connection, 1, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
    numbers = []
    for number in range(8):
        with database.write() as connection:
            numbers.append(watches.add(connection, chat.id, f"w{number}", f"word{number}"))
        looking.refresh()
        assert _recognised(looking, f"word0 word{number}") == list(dict.fromkeys([str(numbers[0]), str(numbers[number])]))


def test_a_command_that_runs_once_knows_the_watches(own: Settings, database: Database, now: datetime) -> None:
    """``homefront poll`` notes what subscribers watch for, like the running program."""
    with database.write() as connection:
        chat = subscribers.create(connection, 1, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        number = watches.add(connection, chat.id, "Omsk", "Омск")
    assert lookout.late_recogniser(own, database)().recognise("В Омске", "", now).watches == (number,)


def test_what_is_watched_for_is_made_when_it_is_asked_for(own: Settings, database: Database, now: datetime) -> None:
    """Made once, and then with the watches of that moment; a watchlist that can't be used is told before."""
    late = lookout.late_recogniser(own, database)
    with database.write() as connection:
        chat = subscribers.create(connection, 1, 0, language="en", time_zone="UTC", cursor=0, month="2026-11")
        number = watches.add(connection, chat.id, "Omsk", "Омск")
    assert late().recognise("В Омске", "", now).watches == (number,)
    assert late() is late()
    assert own.watchlist is not None
    own.watchlist.write_text("topics = 1", encoding="utf-8")
    with pytest.raises(WatchlistError):
        lookout.late_recogniser(own, database)


def test_the_running_program_tells_its_operators(tmp_path: Path) -> None:
    """A changed watchlist is taken up without a restart; a broken one is reported and changes nothing."""
    file = tmp_path / "own.toml"
    _write(file, TOPIC.format(id="trams", word="tram"))
    with outlets() as held:
        held.rss("/a", "Herald", [])
        sources = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": f"{held.base}/a"})
        with program(tmp_path / "data", sources, HOMEFRONT_WATCHLIST=str(file), HOMEFRONT_OPERATORS="1001") as running:
            running.ask("/start")
            _write(file, "[[topics")
            running.wait(lambda: [m for m in running.messages() if "can't be used" in m["text"]], "the error")
            _write(file, TOPIC.format(id="ships", word="ship"))
            running.wait(lambda: [m for m in running.messages() if "changed watchlist" in m["text"]], "the news")
            assert "ships" in str(running.ask("/topics"))
