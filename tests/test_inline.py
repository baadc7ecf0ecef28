"""Searching from any chat: results, the next of them, and what is answered where there are none."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.inline import RESULTS
from bot.lookout import Watched
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk
from tests.world import program, source_list


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with twenty articles in the archive."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        batch = [arrival(herald, url=f"https://h.example/{n}", title=f"Пикет <b> & №{n}", text=f"Жёны {n}.") for n in range(1, 21)]
        assert len(admit(connection, now, *batch).new) == 20
    return Talk(database, watched, now)


def _ask(talk: Talk, query: str, offset: str = "", language: str = "en") -> dict[str, Any]:
    person = {"id": YOU, "is_bot": False, "first_name": "Name", "language_code": language}
    (call,) = talk.take({"update_id": next(talk._numbers), "inline_query": {"id": "i1", "from": person, "query": query, "offset": offset}})
    assert (call["method"], call["inline_query_id"]) == ("answerInlineQuery", "i1")
    return call


def _numbers(answer: dict[str, Any]) -> list[int]:
    return [int(result["id"]) for result in answer["results"]]


def test_all_results_by_and_by(talk: Talk) -> None:
    """The newest first, then, scrolled to their end, the others; each with what is sent when it is chosen."""
    first = _ask(talk, "пикеты")
    assert _numbers(first) == list(range(20, 20 - RESULTS, -1))
    assert len(first["next_offset"].encode()) <= 64
    second = _ask(talk, "пикеты", first["next_offset"])
    assert _numbers(second) == list(range(20 - RESULTS, 0, -1))
    assert "next_offset" not in second
    content = first["results"][0]["input_message_content"]
    assert content["message_text"] == '<a href="https://h.example/20">Пикет &lt;b&gt; &amp; №20</a>\n<i>Herald · 2026-11-22</i>'
    assert content["parse_mode"] == "HTML"


def test_the_answer_is_the_same_for_everybody(talk: Talk) -> None:
    """Nothing of who asked is in it, so that Telegram may keep it for all."""
    assert _ask(talk, "пикеты", language="uk") == _ask(talk, "пикеты", language="en")
    assert _ask(talk, "пикеты")["is_personal"] is False


def test_nothing_typed_yet(talk: Talk) -> None:
    """The newest articles."""
    assert _numbers(_ask(talk, ""))[:2] == [20, 19]


@pytest.mark.parametrize("typed", ['"пикет', "(пикет OR", "topic:wayhom пикет", "gbrtns", "пикет небывалое"])
def test_half_a_query(talk: Talk, typed: str) -> None:
    """While somebody types, what they probably mean is searched for."""
    assert len(_numbers(_ask(talk, typed))) == RESULTS


@pytest.mark.parametrize("typed", ["небывалое", "-пикет", "ж" * 2000])
def test_nothing_found(talk: Talk, typed: str) -> None:
    """A button in the person's own language leads to the bot, and the answer is kept for them alone."""
    answer = _ask(talk, typed, language="ru")
    assert answer["results"] == []
    assert answer["is_personal"] is True
    assert answer["button"] == {"text": "Ничего нет. Спросите меня в чате", "start_parameter": "search"}


@pytest.mark.parametrize("offset", ["x", "~1.1.nx", "~5.5.bn", "9" * 100])
def test_any_offset(talk: Talk, offset: str) -> None:
    """Made-up places give some page, never an error."""
    assert len(_numbers(_ask(talk, "пикет", offset))) <= RESULTS


def test_a_small_circle(talk: Talk) -> None:
    """Strangers get nothing where the bot isn't for all."""
    talk.allowed = frozenset({5})
    answer = _ask(talk, "пикет")
    assert answer["results"] == []
    assert "button" not in answer


def test_nothing_of_it_is_kept(talk: Talk) -> None:
    """What was looked for is erased once it has been answered."""
    _ask(talk, "пикет тайна")
    with talk.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT body, chat_id FROM inbox").all()
    assert "тайна" not in json.dumps([tuple(row) for row in kept], ensure_ascii=False)


def test_in_the_running_program(tmp_path: Path, blank: Path, now: datetime) -> None:
    """Typed in the local chat, answered by the program, and the chosen result is sent by the person who asked."""
    (tmp_path / "data").mkdir()
    stored = tmp_path / "data" / "homefront.sqlite"
    shutil.copy(blank, stored)
    database = Database(stored)
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, title="Пикет у министерства"))
    database.close()
    listing = source_list(tmp_path / "sources.toml", {"name": "Herald", "url": "http://127.0.0.1:9/rss"})
    with program(tmp_path / "data", listing) as running:
        asked = running.call("inline", chat_id=YOU, text="пикеты")
        found = running.wait(lambda: running.view("query", query_id=asked["query_id"])["answer"], "results")
        assert [result["title"] for result in found["results"]] == ["Пикет у министерства"]
        running.call("choose", query_id=asked["query_id"], result_id=found["results"][0]["id"])
        sent = running.view("transcript", chat_id=YOU)[-1]
        assert sent["text"] == "Пикет у министерства\nHerald · 2026-11-22"
        assert running.stop() == 0
