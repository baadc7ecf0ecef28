"""The main job from end to end: the real program as a process, driven over HTTP through its local chat."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tests.world import YOU, Outlets, Program, outlets, program, source_list

PICKET = {
    "guid": "sample-1",
    "link": "https://sample-herald.example/news/picket",
    "title": "Активистки «Пути домой» снова пришли к Вечному огню",
    "text": "Жёны мобилизованных возложили цветы в Москве и попросили вернуть мужей. Это образец для проверки, а не новость.",
}
APPEAL = {
    "guid": "sample-2",
    "link": "https://sample-herald.example/news/appeal",
    "title": "Soldiers' Widows of Russia write to the president",
    "text": "The Soldiers' Widows of Russia sent an open letter about mobilisation to the president. A sample for a test, not news.",
}
LATER = {
    "guid": "sample-3",
    "link": "https://sample-herald.example/news/council",
    "title": "Совет жён и матерей просит о встрече",
    "text": "В Совете жён и матерей рассказали о письме в министерство обороны. Это образец для проверки, а не новость.",
}
ASIDE = {"guid": "sample-4", "link": "https://sample-herald.example/sport", "title": "Football results", "text": "Two goals. A sample."}
DAY = 24 * 3600


def test_the_main_job(tmp_path: Path) -> None:
    """Newcomer to digest, nothing twice or lost over a kill and a restart, search by an inflected form, and nothing left behind."""
    with outlets() as held:
        held.rss("/herald.xml", "Sample Herald", [])
        held.rss("/mirror.xml", "Sample Mirror", [])
        listed = source_list(
            tmp_path / "sources.toml",
            {"name": "Sample Herald", "url": f"{held.base}/herald.xml", "standing": "exile"},
            {"name": "Sample Mirror", "url": f"{held.base}/mirror.xml", "publisher": "Mirror House"},
        )
        data = tmp_path / "data"
        with program(data, listed) as first:
            _set_up(first)
            _first_digest(first, held)
            held.rss("/herald.xml", "Sample Herald", [LATER, PICKET, APPEAL, ASIDE])
            moved = first.view("clock")["now"]
            first.kill()
        with program(data, listed) as second:
            second.call("clock", now=moved)
            _second_digest(second)
            _search(second)
            _forget(second, data)
            assert second.stop() == 0


def _set_up(running: Program) -> None:
    """Language, topics and hour in three taps."""
    greeting = running.ask("/start")
    running.press(greeting, "start language ru")
    topics = running.wait(lambda: _with_button(running, "start on all"), "the topics")
    running.press(topics, "start on all")
    topics = running.wait(lambda: _with_button(running, "start hours"), "the way to the hours")
    running.press(topics, "start hours")
    hours = running.wait(lambda: _with_button(running, "start hour 08:00"), "the hours")
    running.press(hours, "start hour 08:00")
    running.wait(lambda: next((m for m in running.messages() if "08:00" in m["text"]), None), "the end of setting up")


def _first_digest(running: Program, held: Outlets) -> None:
    """Items appear in two feeds; at the hour they come, each once, though one address is in both feeds."""
    held.rss("/herald.xml", "Sample Herald", [PICKET, APPEAL, ASIDE])
    held.rss("/mirror.xml", "Sample Mirror", [{**PICKET, "guid": "another guid", "link": f"{PICKET['link']}?utm_source=mirror"}])
    digest = _next_digest(running, PICKET["title"])
    assert digest["text"].count(PICKET["title"]) == 1
    assert APPEAL["title"] in digest["text"]
    assert ASIDE["title"] not in digest["text"]
    links = {entity["url"].partition("?")[0] for entity in digest["entities"] if entity["type"] == "text_link"}
    assert {PICKET["link"], APPEAL["link"]} <= links


def _second_digest(running: Program) -> None:
    """After a kill, the next digest has the new item alone."""
    before = len(running.messages())
    digest = _next_digest(running, LATER["title"])
    assert PICKET["title"] not in digest["text"]
    assert APPEAL["title"] not in digest["text"]
    running.call("clock", advance=DAY)
    answer = running.ask("/digest")
    assert LATER["title"] not in answer["text"]
    assert sum(PICKET["title"] in message["text"] for message in running.messages()[before:]) == 0


def _search(running: Program) -> None:
    """An inflected form finds the item, with the words that were found in bold."""
    answer = running.ask("/search путями домой")
    assert PICKET["title"] in answer["text"]
    assert running.ask("мобилизованным")["text"].count(PICKET["title"]) == 1


def _forget(running: Program, data: Path) -> None:
    """After /forget no table has a row about the chat."""
    question = running.ask("/forget")
    running.press(question, "forget yes")
    running.wait(lambda: next((m for m in running.messages() if "0" in m["text"] and "/start" in m["text"]), None), "the farewell")
    running.wait(lambda: not rows_about(data / "homefront.sqlite", YOU), "the last row to go")


def rows_about(path: Path, chat_id: int) -> list[str]:
    """Every table that has the chat's number in any column of any row."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'")
        ]
        found = [
            name
            for name in tables
            for row in connection.execute(f"SELECT * FROM {name}")
            if any(str(chat_id) in str(value) for value in row)
        ]
        owned = [
            name
            for name in ("subscriptions", "watches", "digests")
            if connection.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,)
        ]
    finally:
        connection.close()
    return found + owned


def _next_digest(running: Program, title: str) -> dict[str, Any]:
    """Let the sources be polled and the hour come, and return the digest with that headline."""
    before = len(running.messages())
    running.call("clock", advance=3600)
    running.wait(lambda: "🔎" in running.ask(f'/search "{title}"')["text"] or None, "the item in the archive")
    running.call("clock", advance=DAY)
    return running.wait(
        lambda: next((message for message in running.messages()[before:] if f"▸ {title}" in message["text"]), None),
        f"a digest with {title}",
    )


def _with_button(running: Program, data: str) -> dict[str, Any] | None:
    for message in running.messages():
        rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
        if any(button.get("callback_data") == data for row in rows for button in row):
            return message
    return None
