"""What people do in the chat page, in a real browser: each walk from its first word to its last, with pictures of what they saw.

The newcomer's first visit is in ``test_browser.py``. The pictures are for looking at, in ``.cache/screenshots``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.voice import LANGUAGES
from tests.browsing import chromium, needs_chromium, picture
from tests.world import YOU, Program, outlets, program, source_list

pytestmark = needs_chromium
FORUM = "Sample forum"
PATIENCE = 20_000  # milliseconds
TOWNS = ("Samara", "Omsk", "Perm", "Tomsk", "Penza", "Tver", "Orel", "Tula")
NUMBERS = ("four", "nine", "twelve", "fifteen", "twenty", "thirty", "forty", "sixty")


def _articles() -> list[dict[str, str]]:
    """One report a town, as different as towns are, and one that is found by its title."""
    told = [
        {
            "guid": town,
            "link": f"https://herald.example/{town.lower()}",
            "title": f"Put' Domoi: {number} wives of mobilised men meet in {town}",
            "text": f"The Way Home says that {number} wives came together in {town} and wrote about the return of mobilised men. A sample.",
        }
        for town, number in zip(TOWNS, NUMBERS, strict=True)
    ]
    lost = {"guid": "w", "link": "https://herald.example/w", "title": "Солдатские вдовы России просят о встрече"}
    return [*told, {**lost, "text": "Солдатские вдовы России отправили обращение президенту о мобилизации. Это образец."}]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program, with what one outlet told."""
    folder: Path = tmp_path_factory.mktemp("walks")
    with outlets() as held:
        held.rss("/herald", "herald", _articles())
        listed = source_list(folder / "sources.toml", {"name": "Sample Herald", "url": f"{held.base}/herald", "standing": "exile"})
        with program(folder / "data", listed) as started:
            started.wait(lambda: "9 articles" in started.ask("/status")["text"] or None, "the articles")
            yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, running: Program) -> Iterator[Page]:
    """The chat page as it is for somebody new, as wide as a desk."""
    running.call("reset")
    running.ask("/forget yes")
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.goto(running.page)
    yield opened
    opened.close()


def _say(page: Page, text: str) -> None:
    field = page.get_by_role("combobox")
    field.fill(text)
    field.press("Enter")


def _answer(page: Page, words: str | re.Pattern[str]) -> Locator:
    """The newest message of the bot's, once it says these words."""
    last = page.locator("article:not(.row--out)").last
    expect(last).to_contain_text(words, timeout=PATIENCE)
    return last


def _press(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("article:not(.row--out)").last.locator(".keys").get_by_role("button", name=name).first.click()


def _open(page: Page, chat: str) -> None:
    page.locator(".peer", has_text=chat).first.click()


def test_looking_up_turning_pages_and_opening_a_story(page: Page) -> None:
    """A word typed with a mistake in the command, a page further and back, a story, and the timeline of its topic."""
    _say(page, "/serach wives")
    _answer(page, "Did you mean /search?")
    _press(page, "/search")
    first = _answer(page, "wives")
    expect(first.locator("strong, b").filter(has_text="wives").first).to_be_visible()
    expect(first).to_contain_text("Tula")
    _press(page, "Older")
    expect(_answer(page, "Samara")).not_to_contain_text("Tula")
    _press(page, "Newer")
    expect(_answer(page, "Tula")).not_to_contain_text("Samara")
    picture(page, "search")
    _press(page, "📖 1")
    _answer(page, re.compile(r"Story \d+"))
    picture(page, "story")
    _press(page, "What else happened")
    shown = _answer(page, "The Way Home")
    expect(shown.get_by_role("img").first).to_be_visible(timeout=PATIENCE)
    picture(page, "timeline")


def test_a_watch_is_tried_before_it_is_kept(page: Page) -> None:
    """The rule's finds are shown, then it is kept, listed and removed."""
    _say(page, "/watch wives NEAR/5 Omsk")
    _answer(page, "Omsk")
    picture(page, "watch")
    _press(page, re.compile("Keep|Save|Watch"))
    _say(page, "/watch")
    _answer(page, "Omsk")


def test_how_much_was_told(page: Page) -> None:
    """A picture with words for those who can't see it."""
    _say(page, "/trend Way Home")
    shown = _answer(page, "The Way Home")
    expect(shown.get_by_role("img").first).to_be_visible()
    picture(page, "trend")


def test_a_forum_with_a_topic_a_thread(page: Page, running: Program) -> None:
    """Each thread has its own topics; a member who isn't an administrator looks things up and settles nothing."""
    forum = running.call("new_chat", kind="forum", title=FORUM)
    thread = running.call("new_thread", chat_id=forum, name="Widows")
    member = running.call("new_person", first_name="Olena")
    running.call("add_person", chat_id=forum, person_id=member)
    greeting = running.wait(lambda: running.messages(forum), "a greeting")
    assert "/start" in greeting[0]["text"]
    running.call("say", chat_id=forum, text="/subscribe Soldiers' Widows", thread_id=thread)
    running.wait(lambda: _with(running, forum, "is on"), "the topic of the thread")
    running.call("say", chat_id=forum, text="/subscribe Way Home", person_id=member, thread_id=thread)
    running.wait(lambda: _with(running, forum, "administrators"), "the refusal")
    running.call("say", chat_id=forum, text="/search Soldiers' Widows", person_id=member, thread_id=thread)
    found = running.wait(lambda: _with(running, forum, "Солдатские вдовы"), "what was looked up")
    assert found[0]["message_thread_id"] == thread
    _open(page, FORUM)
    expect(page.get_by_role("article").last).to_contain_text("вдовы")
    picture(page, "forum")


def test_a_channel_gets_its_digest(page: Page, running: Program) -> None:
    """Opened from one's own chat, given a topic, and posted in at once, without a button."""
    channel = next(chat["id"] for chat in running.view("chats") if chat["type"] == "channel")
    _say(page, "/channel @front_page")
    _answer(page, "Your channel")
    picture(page, "channel-panel")
    _say(page, "/subscribe Soldiers' Widows")
    _answer(page, "For your channel")
    running.call("say", chat_id=YOU, text="/channel")
    _answer(page, "Post now")
    _say(page, "/channel off")
    _answer(page, "about this chat again")
    assert not running.messages(channel)


def test_discreet_then_forgotten(page: Page) -> None:
    """A neutral line that opens at a tap, then everything is erased, and it is proved."""
    _say(page, "/subscribe Way Home")
    _answer(page, "is on")
    _say(page, "/discreet")
    _answer(page, re.compile("discreet|neutral", re.IGNORECASE))
    picture(page, "discreet")
    _press(page, re.compile("On|Turn"))
    _say(page, "/forget")
    _answer(page, "can't be undone")
    _press(page, "Erase everything")
    _answer(page, "left: 0")
    picture(page, "forgotten")


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_a_newcomer_in_another_language(page: Page, running: Program, language: str) -> None:
    """The client's language is offered first; topics, hour and a first digest are in it."""
    running.call("set_language", person_id=YOU, language_code=language)
    try:
        _say(page, "/start")
        greeting = running.messages()[-1]["message_id"] if _answer(page, LANGUAGES[language]) else 0
        for step, words in ((f"start language {language}", "▫️"), ("start on all", "✅"), ("start hours", "08:00")):
            running.call("press", chat_id=YOU, message_id=greeting, data=step)
            expect(page.locator(".keys").last).to_contain_text(words, timeout=PATIENCE)
            picture(page, f"{language}-{step.replace(' ', '-')}")
        running.call("press", chat_id=YOU, message_id=greeting, data="start hour 08:00")
        _answer(page, "Sample Herald")
        picture(page, f"{language}-digest")
        for command in ("/help", "/status", "/alerts", "/discreet", "/privacy"):
            answer = running.ask(command)
            expect(page.locator(f'article[data-id="{answer["message_id"]}"]')).to_be_visible()
            picture(page, f"{language}-{command[1:]}")
    finally:
        running.call("set_language", person_id=YOU, language_code="en")


def _with(running: Program, chat_id: int, words: str) -> list[dict[str, Any]]:
    return [message for message in running.messages(chat_id) if words in message["text"]]
